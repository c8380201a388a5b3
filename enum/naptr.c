#include "enum/naptr.h"

#include <string.h>

#include "enum/naptr_regexp.h"
#include "enum/naptr_service.h"

static bool is_before(const struct naptr *a, const struct naptr *b)
{
	if (a->order != b->order)
		return a->order < b->order;
	return a->preference < b->preference;
}

/* By insertion: qsort is not stable, and an answer holds few records
 * (DNS_RECORDS_MAX at most). */
void naptr_sort(const struct naptr **rules, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const struct naptr *rule = rules[i];
		size_t at = i;

		for (; at > 0 && is_before(rule, rules[at - 1]); at--)
			rules[at] = rules[at - 1];
		rules[at] = rule;
	}
}

/* Only the replacement counts (CONF-18). A name with a backslash has octets
 * that cannot be asked for. */
static enum enum_status classify_non_terminal(const struct naptr *rule)
{
	if (rule->replacement[0] == '\0' || strchr(rule->replacement, '\\'))
		return ENUM_BAD_REPLACEMENT;
	return ENUM_OK;
}

static enum enum_status classify_terminal(const struct naptr *rule)
{
	enum enum_status status = naptr_service_check(rule->services);

	if (status != ENUM_OK)
		return status;
	if (rule->regexp.len == 0)
		return ENUM_BAD_REGEXP;
	return rule->replacement[0] ? ENUM_BOTH_FIELDS : ENUM_OK; /* ENUM-33 */
}

enum enum_status naptr_classify(const struct naptr *rule,
				enum naptr_kind *kind_out)
{
	*kind_out = rule->flags.len ? NAPTR_TERMINAL : NAPTR_NON_TERMINAL;
	if (*kind_out == NAPTR_NON_TERMINAL)
		return classify_non_terminal(rule);
	if (!span_is_nocase(rule->flags, "u")) /* ENUM-11, ENUM-12 */
		return ENUM_UNKNOWN_FLAG;
	return classify_terminal(rule);
}

/* RFC 3986, 3.1 */
static bool is_scheme(struct span s)
{
	if (s.len == 0 || !ascii_is_alpha(s.at[0]))
		return false;
	for (size_t i = 1; i < s.len; i++)
		if (!ascii_is_alpha(s.at[i]) && !ascii_is_digit(s.at[i]) &&
		    s.at[i] != '+' && s.at[i] != '-' && s.at[i] != '.')
			return false;
	return true;
}

/* pchar without escapes, '/' and '?': what path and query are made of */
static bool is_path_char(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c) ||
	       (c && strchr("-._~!$&'()*+,;=:@/?", c));
}

/* Three octets that decode to one: "%XX", but not "%00", which would cut an
 * identity short (SIP-41) */
static bool is_escape(struct span s)
{
	char decoded[2];

	s.len = s.len < 3 ? s.len : 3;
	return s.len == 3 && span_percent_decode(s, decoded, sizeof decoded);
}

static bool is_path_and_query(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (is_path_char(s.at[i]))
			continue;
		if (!is_escape(span_skip(s, i)))
			return false;
		i += 2;
	}
	return s.len > 0;
}

/* An absolute URI without fragment (ENUM-27) whose scheme is im (ENUM-6) */
static enum enum_status check_uri(struct span uri)
{
	struct span scheme;

	if (!span_cut(&uri, ':', &scheme) || !uri.at || !is_scheme(scheme))
		return ENUM_BAD_RESULT;
	if (!span_is_nocase(scheme, "im"))
		return ENUM_WRONG_SCHEME;
	return is_path_and_query(uri) ? ENUM_OK : ENUM_BAD_RESULT;
}

enum enum_status naptr_apply(const struct naptr *rule, const char *aus,
			     char *uri_out, size_t size)
{
	struct text uri;
	enum enum_status status;

	text_init(&uri, uri_out, size);
	status = naptr_regexp_apply(rule->regexp, span_of(aus), &uri);
	if (status == ENUM_OK)
		status = uri.cut || uri.len > NAPTR_URI_MAX
				 ? ENUM_BAD_RESULT
				 : check_uri((struct span){ uri.at, uri.len });
	if (status != ENUM_OK)
		uri_out[0] = '\0';
	return status;
}
