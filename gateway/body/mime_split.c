#include "gateway/body/mime_split.h"

#include <string.h>

/** RFC 2046, 5.1.1: 1 to 70 characters, and the terminator. */
#define BOUNDARY_SIZE 71

enum line_kind {
	LINE_TEXT,
	LINE_DELIMITER,
	LINE_END /* the last delimiter */
};

static enum line_kind kind_of(struct span line, struct span boundary)
{
	bool last;

	if (line.len < 2 + boundary.len || memcmp(line.at, "--", 2) != 0 ||
	    memcmp(line.at + 2, boundary.at, boundary.len) != 0)
		return LINE_TEXT;
	line = span_skip(line, 2 + boundary.len);
	last = span_starts_nocase(line, "--");
	line = span_skip(line, last ? 2 : 0);
	if (mime_trim(line).len > 0)
		return LINE_TEXT;
	return last ? LINE_END : LINE_DELIMITER;
}

/* The line break in front of a delimiter belongs to it. */
static struct span part_between(const char *begin, const char *delimiter)
{
	struct span part = { begin, (size_t)(delimiter - begin) };

	if (part.len > 0 && part.at[part.len - 1] == '\n')
		part.len--;
	if (part.len > 0 && part.at[part.len - 1] == '\r')
		part.len--;
	return part;
}

static bool add_part(struct mime_parts *parts, struct span part)
{
	return parts->count < MIME_PARTS_MAX &&
	       mime_read(part, &parts->at[parts->count++]);
}

static bool split_at(struct span body, struct span boundary,
		     struct mime_parts *out)
{
	const char *begin = NULL; /* of the part that is open */
	struct span line;

	while (mime_line(&body, &line)) {
		enum line_kind kind = kind_of(line, boundary);

		if (kind == LINE_TEXT)
			continue;
		if (begin && !add_part(out, part_between(begin, line.at)))
			return false;
		if (kind == LINE_END)
			return out->count > 0;
		begin = body.at;
	}
	return false;
}

bool mime_split(const struct mime *multipart, struct mime_parts *out)
{
	char boundary[BOUNDARY_SIZE];
	struct text text;

	out->count = 0;
	text_init(&text, boundary, sizeof boundary);
	return mime_parameter(multipart->type, "boundary", &text) &&
	       text.len > 0 && !text.cut &&
	       split_at(multipart->body, (struct span){ boundary, text.len },
			out);
}
