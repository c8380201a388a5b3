#include "gateway/body/mime_decode.h"

#include <stdint.h>
#include <string.h>

#include "gateway/body/mime.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int sextet_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (ascii_is_digit(c))
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

bool mime_decode_base64(struct span in, char *out, size_t *len_out)
{
	uint32_t bits = 0;
	unsigned sextets = 0, padding = 0;

	*len_out = 0;
	for (; in.len > 0; in = span_skip(in, 1)) {
		int sextet = sextet_of(in.at[0]);
		unsigned place = sextets % 4; /* the first completes nothing */

		if (is_space(in.at[0]))
			continue;
		if (in.at[0] == '=') {
			padding++;
			continue;
		}
		if (sextet < 0 || padding > 0)
			return false;
		bits = bits << 6 | (uint32_t)sextet;
		sextets++;
		if (place > 0)
			out[(*len_out)++] = (char)(bits >> (6 - 2 * place));
	}
	return padding <= 2 && (sextets + padding) % 4 == 0;
}

static int hex_of(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* An escaped octet. @return octets read, 0: none */
static size_t read_escape(struct span in, char *octet_out)
{
	int high = in.len > 2 ? hex_of(in.at[1]) : -1;
	int low = in.len > 2 ? hex_of(in.at[2]) : -1;

	if (high < 0 || low < 0)
		return 0;
	*octet_out = (char)(high * 16 + low);
	return 3;
}

/* A line without its end. */
static bool decode_line(struct span line, char *out, size_t *len)
{
	while (line.len > 0) {
		size_t used = 1;

		if (line.at[0] == '=')
			used = read_escape(line, &out[*len]);
		else
			out[*len] = line.at[0];
		if (used == 0)
			return false;
		(*len)++;
		line = span_skip(line, used);
	}
	return true;
}

/* RFC 2045, 6.7 (3): white space at the end of a line was added on the way. */
static struct span without_padding(struct span line)
{
	while (line.len > 0 && is_space(line.at[line.len - 1]))
		line.len--;
	return line;
}

bool mime_decode_quoted(struct span in, char *out, size_t *len_out)
{
	struct span line;

	*len_out = 0;
	while (span_cut(&in, '\n', &line)) {
		struct span text = without_padding(line);
		bool soft = text.len > 0 && text.at[text.len - 1] == '=';
		size_t end = line.len > 0 && line.at[line.len - 1] == '\r';

		text.len -= soft;
		if (!decode_line(text, out, len_out))
			return false;
		if (soft || !in.at)
			continue;
		if (end)
			out[(*len_out)++] = '\r';
		out[(*len_out)++] = '\n';
	}
	return true;
}
