/** A pattern, a line feed, a subject. Groups lie within the subject. */

#include <stdint.h>
#include <stdlib.h>

#include "enum/regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_within(struct span inner, struct span outer)
{
	return inner.len == 0 || (inner.at >= outer.at &&
				  inner.at + inner.len <= outer.at + outer.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span subject = { (const char *)data, size }, pattern;
	struct span groups[REGEX_GROUPS];
	struct regex *regex;

	span_cut(&subject, '\n', &pattern);
	if (regex_compile(pattern, &regex) != ENUM_OK)
		return 0;
	if (regex_match(regex, subject, groups) == ENUM_OK)
		for (unsigned i = 0; i < REGEX_GROUPS; i++)
			if (!is_within(groups[i], subject) ||
			    (i > regex_group_count(regex) && groups[i].len))
				abort();
	regex_destroy(&regex);
	return 0;
}
