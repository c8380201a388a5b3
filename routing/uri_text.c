#include "routing/uri_text.h"

#include <string.h>

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool is_hex(char c)
{
	return is_one_of(c, "0123456789abcdefABCDEF");
}

bool uri_is_unreserved(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c) ||
	       is_one_of(c, "-_.!~*'()");
}

bool uri_is_user_char(char c)
{
	return uri_is_unreserved(c) || is_one_of(c, "&=+$,;?/");
}

bool uri_is_param_char(char c)
{
	return uri_is_unreserved(c) || is_one_of(c, "[]/:&+$");
}

bool uri_is_text(struct span s, uri_char_fn *allowed)
{
	for (size_t i = 0; i < s.len; i++) {
		if (allowed(s.at[i]))
			continue;
		if (s.at[i] != '%' || s.len - i < 3 || !is_hex(s.at[i + 1]) ||
		    !is_hex(s.at[i + 2]))
			return false;
		i += 2;
	}
	return true;
}

void uri_encode(struct span s, uri_char_fn *allowed, struct text *out)
{
	for (size_t i = 0; i < s.len; i++) {
		if (allowed(s.at[i]))
			text_add_char(out, s.at[i]);
		else
			text_addf(out, "%%%02X", (unsigned char)s.at[i]);
	}
}
