#include "gateway/body/mime.h"

#include <string.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span trim_end(struct span s)
{
	while (s.len > 0 && is_space(s.at[s.len - 1]))
		s.len--;
	return s;
}

struct span mime_trim(struct span s)
{
	while (s.len > 0 && is_space(s.at[0]))
		s = span_skip(s, 1);
	return trim_end(s);
}

bool mime_line(struct span *rest, struct span *line_out)
{
	if (!span_cut(rest, '\n', line_out))
		return false;
	if (line_out->len > 0 && line_out->at[line_out->len - 1] == '\r')
		line_out->len--;
	return true;
}

/* A field with the lines that are folded into it (RFC 5322, 2.2.3).
 * @return false: the blank line, or the end */
static bool cut_field(struct span *rest, struct span *field_out)
{
	struct span more;

	if (!mime_line(rest, field_out) || field_out->len == 0)
		return false;
	while (rest->len > 0 && (rest->at[0] == ' ' || rest->at[0] == '\t') &&
	       mime_line(rest, &more))
		field_out->len = (size_t)(more.at + more.len - field_out->at);
	return true;
}

static struct span *slot_of(struct mime *mime, struct span name)
{
	const struct {
		const char *name;
		struct span *slot;
	} slots[] = {
		{ "Content-Type", &mime->type },
		{ "Content-Encoding", &mime->encoding },
		{ "Content-Transfer-Encoding", &mime->transfer },
		{ "Content-Disposition", &mime->disposition },
		{ "Content-Language", &mime->language },
		{ "Content-ID", &mime->id },
	};

	for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++)
		if (span_is_nocase(name, slots[i].name))
			return slots[i].slot;
	return NULL;
}

static bool is_name(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_visible(name.at[i]))
			return false;
	return name.len > 0;
}

static bool take_field(struct mime *mime, struct span field)
{
	struct span value = field, name;
	struct span *slot;

	if (span_find(field, ':') < 0 || !span_cut(&value, ':', &name))
		return false;
	name = trim_end(name);
	if (!is_name(name))
		return false;
	slot = slot_of(mime, name);
	if (!slot)
		return true;
	if (slot->at)
		return false;
	*slot = value;
	return true;
}

bool mime_read(struct span octets, struct mime *out)
{
	struct span field;

	memset(out, 0, sizeof *out);
	while (cut_field(&octets, &field))
		if (!take_field(out, field))
			return false;
	out->body = octets.at ? octets : (struct span){ "", 0 };
	return true;
}

/* Octets up to a semicolon outside of quotes, or all. */
static size_t piece_len(struct span s)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < s.len && (quoted || s.at[i] != ';'); i++) {
		if (s.at[i] == '"')
			quoted = !quoted;
		else if (quoted && s.at[i] == '\\')
			i++;
	}
	return i < s.len ? i : s.len;
}

static struct span cut_piece(struct span *rest)
{
	struct span piece = { rest->at, piece_len(*rest) };

	*rest = span_skip(*rest, piece.len + 1);
	return mime_trim(piece);
}

struct span mime_value(struct span field)
{
	return cut_piece(&field);
}

static void add_unquoted(struct text *out, struct span value)
{
	if (value.len == 0 || value.at[0] != '"') {
		text_add_span(out, value);
		return;
	}
	for (size_t i = 1; i < value.len && value.at[i] != '"'; i++) {
		if (value.at[i] == '\\' && i + 1 < value.len)
			i++;
		text_add_char(out, value.at[i]);
	}
}

bool mime_parameter(struct span field, const char *name, struct text *out)
{
	(void)cut_piece(&field);
	while (field.len > 0) {
		struct span value = cut_piece(&field), own;

		if (span_find(value, '=') > 0 && span_cut(&value, '=', &own) &&
		    span_is_nocase(mime_trim(own), name)) {
			add_unquoted(out, mime_trim(value));
			return true;
		}
	}
	return false;
}
