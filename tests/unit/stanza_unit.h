#ifndef IMGW_TESTS_STANZA_UNIT_H
#define IMGW_TESTS_STANZA_UNIT_H

/** What the tests of gateway/xmpp share: reading and comparing stanzas. */

#include <strophe.h>

#include "tests/unit/unit.h"

static inline xmpp_stanza_t *stanza_parse(xmpp_ctx_t *ctx, const char *xml)
{
	xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(ctx, xml);

	if (!stanza)
		fail_msg("not a stanza: %s", xml);
	return stanza;
}

/* Attributes have no order in XML; libstrophe writes them by hash. */
static inline bool stanza_same_attributes(xmpp_stanza_t *a, xmpp_stanza_t *b)
{
	const char *pairs[64];
	int count = xmpp_stanza_get_attributes(a, pairs, 64);

	if (count != 2 * xmpp_stanza_get_attribute_count(b))
		return false;
	for (int i = 0; i < count; i += 2) {
		const char *other = xmpp_stanza_get_attribute(b, pairs[i]);

		if (!other || strcmp(other, pairs[i + 1]) != 0)
			return false;
	}
	return true;
}

static inline bool stanza_same(xmpp_stanza_t *a, xmpp_stanza_t *b);

static inline bool stanza_same_children(xmpp_stanza_t *a, xmpp_stanza_t *b)
{
	a = xmpp_stanza_get_children(a);
	b = xmpp_stanza_get_children(b);
	while (a && b && stanza_same(a, b)) {
		a = xmpp_stanza_get_next(a);
		b = xmpp_stanza_get_next(b);
	}
	return !a && !b;
}

static inline bool stanza_same(xmpp_stanza_t *a, xmpp_stanza_t *b)
{
	if (xmpp_stanza_is_text(a) != xmpp_stanza_is_text(b))
		return false;
	if (xmpp_stanza_is_text(a))
		return strcmp(xmpp_stanza_get_text_ptr(a),
			      xmpp_stanza_get_text_ptr(b)) == 0;
	return strcmp(xmpp_stanza_get_name(a), xmpp_stanza_get_name(b)) == 0 &&
	       stanza_same_attributes(a, b) && stanza_same_children(a, b);
}

/** Do both texts say the same? */
static inline void assert_same_xml(xmpp_ctx_t *ctx, const char *got,
				   const char *expected)
{
	xmpp_stanza_t *a = stanza_parse(ctx, got);
	xmpp_stanza_t *b = stanza_parse(ctx, expected);

	if (!stanza_same(a, b))
		fail_msg("got      %s\nexpected %s", got, expected);
	xmpp_stanza_release(a);
	xmpp_stanza_release(b);
}

/** Does the stanza say what the text says? */
static inline void assert_stanza(xmpp_stanza_t *stanza, const char *expected)
{
	xmpp_ctx_t *ctx = xmpp_stanza_get_context(stanza);
	char *text;
	size_t len;

	assert_int_equal(xmpp_stanza_to_text(stanza, &text, &len), XMPP_EOK);
	assert_same_xml(ctx, text, expected);
	xmpp_free(ctx, text);
}

#endif
