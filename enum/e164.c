#include "enum/e164.h"

#include <string.h>

#include "enum/text.h"

/** A domain name in text is at most this long (RFC 1035, 3.1: 255 octets on
 *  the wire). */
#define NAME_MAX_LEN 253

/* '+' and at least one digit, of any length */
static bool is_plus_and_digits(struct span s)
{
	if (s.len < 2 || s.at[0] != '+')
		return false;
	for (size_t i = 1; i < s.len; i++)
		if (!ascii_is_digit(s.at[i]))
			return false;
	return true;
}

bool e164_is_number(const char *text)
{
	struct span s = span_of(text);

	return is_plus_and_digits(s) && s.len <= 1 + E164_DIGITS_MAX;
}

enum enum_status e164_owner_name(const char *aus, const char *apex,
				 char *name_out, size_t size)
{
	struct span digits = span_of(aus);
	struct text name;

	text_init(&name, name_out, size);
	if (!is_plus_and_digits(digits))
		return ENUM_BAD_SYNTAX;
	if (digits.len > 1 + E164_DIGITS_MAX)
		return ENUM_TOO_LONG;
	for (size_t i = digits.len - 1; i > 0; i--) {
		text_add_char(&name, aus[i]);
		text_add_char(&name, '.');
	}
	text_add(&name, apex);
	if (!name.cut && name.len <= NAME_MAX_LEN)
		return ENUM_OK;
	name_out[0] = '\0';
	return ENUM_TOO_LONG;
}
