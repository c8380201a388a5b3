#include "enum/naptr_regexp.h"

#include <string.h>

#include "enum/regex.h"

/* A field taken apart; the parts still hold their escapes. */
struct substitution {
	char delimiter;
	struct span ere;
	struct span replacement;
};

/* ENUM-18: not 1-9, not the flag "i". Nor a backslash: whether it escapes or
 * delimits, nobody could tell (ENUM-19). */
static bool is_delimiter(char c)
{
	return !(c >= '1' && c <= '9') && ascii_lower(c) != 'i' && c != '\\';
}

/* Cut a part off, up to a delimiter that no backslash escapes. */
static bool cut_part(struct span *rest, char delimiter, struct span *part_out)
{
	for (size_t i = 0; i < rest->len; i++) {
		if (rest->at[i] == delimiter) {
			*part_out = (struct span){ rest->at, i };
			*rest = span_skip(*rest, i + 1);
			return true;
		}
		if (rest->at[i] == '\\')
			i++;
	}
	return false;
}

/* Three delimiters, no less, no more: what follows can only be the flag,
 * which does nothing to digits (ENUM-18, 19, 21). */
static bool split(struct span field, struct substitution *out)
{
	struct span rest = span_skip(field, 1);

	if (field.len == 0 || field.len > NAPTR_REGEXP_MAX ||
	    !is_delimiter(field.at[0]))
		return false;
	out->delimiter = field.at[0];
	return cut_part(&rest, out->delimiter, &out->ere) &&
	       cut_part(&rest, out->delimiter, &out->replacement) &&
	       (rest.len == 0 || span_is_nocase(rest, "i"));
}

/* An escaped delimiter stands for itself (RFC 3402, 3.2). Where the bare
 * character would be an operator of the ERE its backslash stays; in a bracket
 * expression that is one member more, which no number contains. */
static struct span unescape_ere(const struct substitution *s, char *out)
{
	const char c = s->delimiter;
	bool is_operator = c && strchr(".[]^$*+?{}()|", c);
	size_t len = 0;

	for (size_t i = 0; i < s->ere.len; i++) {
		if (s->ere.at[i] == '\\' && i + 1 < s->ere.len) {
			i++;
			if (s->ere.at[i] != c || is_operator)
				out[len++] = '\\';
		}
		out[len++] = s->ere.at[i];
	}
	return (struct span){ out, len };
}

/* One escape of the replacement. ENUM-20, 23: "\0" is none. */
static bool add_escape(char c, char delimiter, unsigned group_count,
		       const struct span groups[REGEX_GROUPS],
		       struct text *result)
{
	if (c >= '1' && c <= '9') {
		unsigned group = (unsigned)(c - '0');

		if (group > group_count)
			return false;
		text_add_span(result, groups[group]);
		return true;
	}
	if (c != delimiter && c != '\\')
		return false;
	text_add_char(result, c);
	return true;
}

static enum enum_status substitute(const struct substitution *s,
				   unsigned group_count,
				   const struct span groups[REGEX_GROUPS],
				   struct text *result)
{
	const struct span from = s->replacement;

	for (size_t i = 0; i < from.len; i++) {
		if (from.at[i] != '\\')
			text_add_char(result, from.at[i]);
		else if (++i == from.len ||
			 !add_escape(from.at[i], s->delimiter, group_count,
				     groups, result))
			return ENUM_BAD_REGEXP;
	}
	return ENUM_OK;
}

enum enum_status naptr_regexp_apply(struct span field, struct span subject,
				    struct text *result)
{
	struct span groups[REGEX_GROUPS] = { { NULL, 0 } };
	char pattern[NAPTR_REGEXP_MAX];
	struct substitution s;
	struct regex *regex;
	enum enum_status status;

	if (!split(field, &s))
		return ENUM_BAD_REGEXP;
	if (span_is(s.ere, "^.*$")) /* most rules; needs no engine */
		return substitute(&s, 0, groups, result);
	status = regex_compile(unescape_ere(&s, pattern), &regex);
	if (status != ENUM_OK)
		return status;
	status = regex_match(regex, subject, groups);
	if (status == ENUM_OK)
		status = substitute(&s, regex_group_count(regex), groups,
				    result);
	regex_destroy(&regex);
	return status;
}
