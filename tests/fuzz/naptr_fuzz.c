/** A NAPTR rule: flags, services and replacement a line each, the rest is
 *  the regexp field. What it yields is a short, clean im: URI. */

#include <stdint.h>
#include <stdlib.h>

#include "enum/naptr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct span uri)
{
	if (!span_starts_nocase(uri, "im:") || uri.len > NAPTR_URI_MAX ||
	    uri.len < 4)
		abort();
	for (size_t i = 0; i < uri.len; i++)
		if (!ascii_is_visible(uri.at[i]) || uri.at[i] == '#')
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char uri[NAPTR_URI_MAX + 1], replacement[256];
	struct span rest = { (const char *)data, size }, line = { NULL, 0 };
	struct naptr rule = { .replacement = replacement };
	enum enum_status status;
	enum naptr_kind kind;

	span_cut(&rest, '\n', &rule.flags);
	span_cut(&rest, '\n', &rule.services);
	span_cut(&rest, '\n', &line);
	span_copy(line, replacement, sizeof replacement);
	rule.regexp = rest;
	status = naptr_classify(&rule, &kind);
	if (status == ENUM_OK && kind == NAPTR_NON_TERMINAL && !replacement[0])
		abort();
	if (naptr_apply(&rule, "+12025550100", uri, sizeof uri) == ENUM_OK)
		check(span_of(uri));
	else if (uri[0])
		abort();
	return 0;
}
