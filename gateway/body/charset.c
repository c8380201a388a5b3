#include "gateway/body/charset.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "gateway/body/refusal.h"

/** Octets of UTF-8 that one octet of another charset may become. */
#define GROWTH 6

/** What stands for a character that cannot be. */
#define REPLACEMENT 0xfffd

static bool is_utf8(struct span charset)
{
	return charset.len == 0 || span_is_nocase(charset, "utf-8") ||
	       span_is_nocase(charset, "us-ascii");
}

/* Names only: "//" would switch on options of iconv. */
static bool is_name(struct span charset)
{
	for (size_t i = 0; i < charset.len; i++)
		if (!ascii_is_alpha(charset.at[i]) &&
		    !ascii_is_digit(charset.at[i]) &&
		    !strchr("-_.:+", charset.at[i]))
			return false;
	return true;
}

static bool copy(struct span text, char **utf8_out, size_t *len_out,
		 struct outcome *no_out)
{
	if (text.len && u8_check((const uint8_t *)text.at, text.len))
		return refuse(no_out, 400, "text is not UTF-8");
	*utf8_out = malloc(text.len + 1);
	if (!*utf8_out)
		return refuse_no_memory(no_out);
	if (text.len)
		memcpy(*utf8_out, text.at, text.len);
	*len_out = text.len;
	return true;
}

/* The whole text through iconv, and its last shift state.
 * @return octets written, or (size_t)-1 */
static size_t convert(iconv_t converter, struct span text, char *out,
		      size_t size)
{
	char *in = (char *)(uintptr_t)text.at, *end = out;
	size_t in_len = text.len, left = size;

	if (iconv(converter, &in, &in_len, &end, &left) == (size_t)-1 ||
	    iconv(converter, NULL, NULL, &end, &left) == (size_t)-1)
		return (size_t)-1;
	return size - left;
}

static bool convert_all(iconv_t converter, struct span text, char **utf8_out,
			size_t *len_out, struct outcome *no_out)
{
	size_t size = text.len * GROWTH + 1;

	*utf8_out = malloc(size);
	if (!*utf8_out)
		return refuse_no_memory(no_out);
	*len_out = convert(converter, text, *utf8_out, size);
	if (*len_out != (size_t)-1)
		return true;
	free(*utf8_out);
	*utf8_out = NULL;
	return refuse(no_out, 400, "text does not match its charset");
}

bool charset_to_utf8(struct span text, const char *charset, char **utf8_out,
		     size_t *len_out, struct outcome *no_out)
{
	iconv_t converter = (iconv_t)-1;
	bool done;

	*utf8_out = NULL;
	*len_out = 0;
	if (is_utf8(span_of(charset)))
		return copy(text, utf8_out, len_out, no_out);
	if (is_name(span_of(charset)))
		converter = iconv_open("UTF-8", charset);
	if (converter == (iconv_t)-1)
		return refuse(no_out, 415, "unknown charset");
	done = convert_all(converter, text, utf8_out, len_out, no_out);
	(void)iconv_close(converter);
	return done;
}

void charset_add_char(struct text *text, uint32_t character)
{
	uint8_t octets[4];
	int len = -1;

	if (character)
		len = u8_uctomb(octets, character, sizeof octets);
	if (len < 0)
		len = u8_uctomb(octets, REPLACEMENT, sizeof octets);
	text_add_span(text, (struct span){ (const char *)octets, (size_t)len });
}
