#include "routing/policy.h"

#include "enum/text.h"

/* RFC 3966, 3: what people write into a number to read it better. */
static bool is_visual_separator(char c)
{
	return c == '-' || c == '.' || c == '(' || c == ')';
}

static const char *skip_separators(const char *text)
{
	while (is_visual_separator(*text))
		text++;
	return text;
}

/* How many characters agree; 0 unless all of the prefix does. An empty
 * prefix is no prefix: a catch-all is written "+". */
static size_t match_prefix(const char *prefix, const char *number)
{
	size_t matched = 0;

	for (prefix = skip_separators(prefix); *prefix;
	     prefix = skip_separators(prefix + 1)) {
		number = skip_separators(number);
		if (*number++ != *prefix)
			return 0;
		matched++;
	}
	return matched;
}

const struct policy_number *policy_overlay(const struct policy *policy,
					   const char *number)
{
	const struct policy_number *best = NULL;
	size_t best_length = 0;

	for (size_t i = 0; i < policy->number_count; i++) {
		size_t length = match_prefix(policy->numbers[i].match, number);

		if (length > best_length) {
			best_length = length;
			best = &policy->numbers[i];
		}
	}
	return best;
}

bool policy_is_own_domain(const struct policy *policy, const char *domain)
{
	for (size_t i = 0; i < policy->own_domain_count; i++)
		if (span_is_nocase(span_of(domain), policy->own_domains[i]))
			return true;
	return false;
}
