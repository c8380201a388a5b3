/** The body of a message/cpim (IM-23, IM-24): what is found lies within it,
 *  and a subject without its escapes is no longer than with them. */

#include <stdint.h>
#include <stdlib.h>

#include "gateway/body/cpim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct span inner, struct span outer)
{
	if (inner.len > 0 && (inner.at < outer.at ||
			      inner.at + inner.len > outer.at + outer.len))
		abort();
}

static void check_subject(struct span subject)
{
	char *out = malloc(subject.len + 1);
	struct text text;

	if (!out)
		abort();
	text_init(&text, out, subject.len + 1);
	cpim_unescape(subject, &text);
	if (text.cut)
		abort();
	free(out);
}

/* What goes out again: no line of it can begin another (SEC-5). */
static void check_uri(struct span address, struct span body)
{
	struct span uri = cpim_uri(address);

	check_inside(uri, body);
	for (size_t i = 0; i < uri.len; i++)
		if (uri.at[i] <= ' ' || uri.at[i] == '>')
			abort();
}

static void check_imdn(const struct cpim *cpim, struct span body)
{
	const struct cpim_imdn *imdn = &cpim->imdn;

	check_uri(cpim->from, body);
	check_uri(cpim->to, body);
	check_inside(cpim->date, body);
	check_inside(imdn->message_id, body);
	check_inside(imdn->dispositions, body);
	check_inside(imdn->original_to, body);
	if (imdn->route_count > CPIM_ROUTES_MAX)
		abort();
	for (size_t i = 0; i < imdn->route_count; i++)
		check_uri(imdn->routes[i], body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span body = { (const char *)data, size };
	struct cpim cpim;

	if (!cpim_read(body, &cpim))
		return 0;
	check_inside(cpim.subject, body);
	check_inside(cpim.subject_language, body);
	check_inside(cpim.content.type, body);
	check_inside(cpim.content.body, body);
	check_subject(cpim.subject);
	check_imdn(&cpim, body);
	return 0;
}
