#include "enum/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool ascii_is_alpha(char c)
{
	c = ascii_lower(c);
	return c >= 'a' && c <= 'z';
}

bool ascii_is_visible(char c)
{
	return c > 0x20 && c < 0x7f;
}

struct span span_of(const char *text)
{
	return (struct span){ text, text ? strlen(text) : 0 };
}

bool span_is(struct span s, const char *text)
{
	return s.len == strlen(text) &&
	       (s.len == 0 || memcmp(s.at, text, s.len) == 0);
}

bool span_starts_nocase(struct span s, const char *ascii)
{
	size_t len = strlen(ascii);

	if (s.len < len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (ascii_lower(s.at[i]) != ascii_lower(ascii[i]))
			return false;
	return true;
}

bool span_is_nocase(struct span s, const char *ascii)
{
	return s.len == strlen(ascii) && span_starts_nocase(s, ascii);
}

ptrdiff_t span_find(struct span s, char octet)
{
	const char *found = s.len ? memchr(s.at, octet, s.len) : NULL;

	return found ? found - s.at : -1;
}

struct span span_skip(struct span s, size_t n)
{
	if (n > s.len)
		n = s.len;
	return n ? (struct span){ s.at + n, s.len - n } : s;
}

bool span_cut(struct span *rest, char separator, struct span *piece_out)
{
	ptrdiff_t at;

	if (!rest->at)
		return false;
	at = span_find(*rest, separator);
	if (at < 0) {
		*piece_out = *rest;
		*rest = (struct span){ NULL, 0 };
		return true;
	}
	*piece_out = (struct span){ rest->at, (size_t)at };
	*rest = span_skip(*rest, (size_t)at + 1);
	return true;
}

bool span_copy(struct span s, char *out, size_t size)
{
	out[0] = '\0';
	if (s.len >= size || span_find(s, '\0') >= 0)
		return false;
	if (s.len)
		memcpy(out, s.at, s.len);
	out[s.len] = '\0';
	return true;
}

bool span_number(struct span s, unsigned long max, unsigned long *out)
{
	unsigned long value = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned long digit = (unsigned long)(s.at[i] - '0');

		if (!ascii_is_digit(s.at[i]) || value > (max - digit) / 10 ||
		    digit > max)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

static int hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool span_percent_decode(struct span s, char *out, size_t size)
{
	struct text t;

	text_init(&t, out, size);
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == '%') {
			int high = i + 2 < s.len ? hex_value(s.at[i + 1]) : -1;
			int low = i + 2 < s.len ? hex_value(s.at[i + 2]) : -1;

			if (high < 0 || low < 0)
				goto bad;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (c == '\0') /* SIP-41: an identity is never cut short */
			goto bad;
		text_add_char(&t, c);
	}
	if (!t.cut)
		return true;
bad:
	out[0] = '\0';
	return false;
}

void text_init(struct text *t, char *buffer, size_t size)
{
	*t = (struct text){ .at = buffer, .size = size };
	buffer[0] = '\0';
}

void text_add_span(struct text *t, struct span s)
{
	size_t room = t->size - t->len - 1;

	if (s.len > room) {
		s.len = t->cut ? 0 : room;
		t->cut = true;
	}
	if (t->cut && s.len == 0)
		return;
	if (s.len)
		memcpy(t->at + t->len, s.at, s.len);
	t->len += s.len;
	t->at[t->len] = '\0';
}

void text_add(struct text *t, const char *text)
{
	text_add_span(t, span_of(text));
}

void text_add_char(struct text *t, char c)
{
	text_add_span(t, (struct span){ &c, 1 });
}

void text_addf(struct text *t, const char *format, ...)
{
	size_t room = t->size - t->len;
	va_list args;
	int need;

	if (t->cut)
		return;
	va_start(args, format);
	need = vsnprintf(t->at + t->len, room, format, args);
	va_end(args);
	if (need < 0 || (size_t)need >= room) {
		t->len = need < 0 ? t->len : t->size - 1;
		t->at[t->len] = '\0';
		t->cut = true;
		return;
	}
	t->len += (size_t)need;
}
