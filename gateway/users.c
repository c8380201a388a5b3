#include "gateway/users.h"

#include <string.h>

struct line {
	struct span user, realm, hash;
};

/* The next line that says something.
 * @param number  counts all lines
 * @return false: there is none */
static bool next_line(struct span *rest, unsigned *number, struct span *out)
{
	while (span_cut(rest, '\n', out)) {
		(*number)++;
		if (out->len && out->at[out->len - 1] == '\r')
			out->len--;
		if (out->len && out->at[0] != '#')
			return true;
	}
	return false;
}

static bool is_hash(struct span hash)
{
	if (hash.len != 32 && hash.len != 64)
		return false;
	for (size_t i = 0; i < hash.len; i++) {
		char c = ascii_lower(hash.at[i]);

		if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
			return false;
	}
	return true;
}

static const char *read_line(struct span text, struct line *out)
{
	*out = (struct line){ .hash = text };
	if (!span_cut(&out->hash, ':', &out->user) ||
	    !span_cut(&out->hash, ':', &out->realm) ||
	    span_find(out->hash, ':') >= 0 || !out->user.len || !out->realm.len)
		return "not user:realm:hash";
	if (!is_hash(out->hash))
		return "the hash has not 32 or 64 hexadecimal digits";
	return NULL;
}

const char *users_fault(const char *text, unsigned *line_out)
{
	struct span rest = span_of(text), piece;
	const char *fault = NULL;
	unsigned number = 0;
	struct line line;

	while (!fault && next_line(&rest, &number, &piece))
		fault = read_line(piece, &line);
	if (fault)
		*line_out = number;
	return fault;
}

static bool same(struct span a, struct span b)
{
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

/* @param user  NULL: whoever it is */
static bool find(const char *text, const struct span *user, struct span realm,
		 size_t hash_len, struct span *hash_out)
{
	struct span rest = span_of(text), piece;
	unsigned number = 0;
	struct line line;

	while (next_line(&rest, &number, &piece)) {
		if (read_line(piece, &line) || line.hash.len != hash_len ||
		    !same(line.realm, realm) ||
		    (user && !same(line.user, *user)))
			continue;
		*hash_out = line.hash;
		return true;
	}
	return false;
}

bool users_have(const char *text, struct span realm, size_t hash_len)
{
	struct span hash;

	return find(text, NULL, realm, hash_len, &hash);
}

bool users_find(const char *text, struct span user, struct span realm,
		size_t hash_len, char out[USERS_HASH_SIZE])
{
	struct span hash = { NULL, 0 };

	out[0] = '\0';
	if (!user.len || !find(text, &user, realm, hash_len, &hash) ||
	    !span_copy(hash, out, USERS_HASH_SIZE))
		return false;
	for (char *c = out; *c; c++)
		*c = ascii_lower(*c);
	return true;
}
