#include "gateway/log_text.h"

#include <inttypes.h>
#include <string.h>

/* Digits that are hidden, and the fewest that are taken for a number. */
#define MASKED	   4
#define NUMBER_MIN 7

static void add_octet(struct text *out, unsigned char c)
{
	if (c == '\\')
		text_add(out, "\\\\");
	else if (c == '\n')
		text_add(out, "\\n");
	else if (c < 0x20 || c > 0x7e)
		text_addf(out, "\\x%02x", c);
	else
		text_add_char(out, (char)c);
}

void log_value(const struct log_field *field, bool mask,
	       char out[LOG_VALUE_SIZE])
{
	const char *text = field->text ? field->text : "-";
	struct text value;

	text_init(&value, out, LOG_VALUE_SIZE);
	switch (field->kind) {
	case LOG_KIND_INT: text_addf(&value, "%" PRId64, field->number); return;
	case LOG_KIND_MS: text_addf(&value, "%.1f", field->ms); return;
	case LOG_KIND_TEXT:
		while (*text && !value.cut)
			add_octet(&value, (unsigned char)*text++);
		break;
	}
	if (mask)
		log_mask(out);
}

void log_pair(struct text *line, const char *key, const char *value)
{
	bool quotes = !*value || strpbrk(value, " \"=");

	text_addf(line, " %s=", key);
	if (quotes)
		text_add_char(line, '"');
	for (; *value; value++) {
		if (*value == '"')
			text_add_char(line, '\\');
		text_add_char(line, *value);
	}
	if (quotes)
		text_add_char(line, '"');
}

static bool is_separator(char c)
{
	return c == '-' || c == '.' || c == '(' || c == ')';
}

/* Digits with visual separators. @return octets, with `digits_out` digits */
static size_t number_len(const char *text, size_t *digits_out)
{
	size_t len = 0;

	*digits_out = 0;
	for (; ascii_is_digit(text[len]) || is_separator(text[len]); len++)
		*digits_out += ascii_is_digit(text[len]) ? 1 : 0;
	return len;
}

static void hide_last(char *text, size_t len)
{
	for (unsigned hidden = 0; len > 0 && hidden < MASKED; len--) {
		if (!ascii_is_digit(text[len - 1]))
			continue;
		text[len - 1] = 'x';
		hidden++;
	}
}

/* "0.0.1.0.5.5.5.2.0.2.1.": the end of the number comes first.
 * @return octets of the labels, 0 when it is something else */
static size_t owner_name_len(const char *text)
{
	size_t len = 0;

	while (ascii_is_digit(text[len]) && text[len + 1] == '.')
		len += 2;
	return len / 2 >= NUMBER_MIN ? len : 0;
}

void log_mask(char *value)
{
	char *at = value;
	bool fresh = true; /* not inside a word or number */

	while (*at) {
		struct span rest = span_of(at);
		size_t lead = *at == '+'			? 1
			      : span_starts_nocase(rest, "%2b") ? 3
								: 0;
		size_t digits = 0, len = 0;

		if (lead) {
			len = lead + number_len(at + lead, &digits);
			if (digits >= NUMBER_MIN)
				hide_last(at + lead, len - lead);
		} else if (fresh && (len = owner_name_len(at)) > 0) {
			for (size_t i = 0; i < 2 * MASKED; i += 2)
				at[i] = 'x';
		}
		fresh = !ascii_is_digit(*at) && !ascii_is_alpha(*at) &&
			*at != '.';
		at += len ? len : 1;
	}
}
