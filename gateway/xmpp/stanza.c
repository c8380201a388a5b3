#include "gateway/xmpp/stanza.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

/* XML 1.0, 2.2, without CR, which is dealt with before. */
static bool is_xml_char(ucs4_t c)
{
	return c == '\t' || c == '\n' || (c >= 0x20 && c <= 0xd7ff) ||
	       (c >= 0xe000 && c <= 0xfffd) || (c >= 0x10000 && c <= 0x10ffff);
}

/* Read one character. @return octets read, 0: broken UTF-8 */
static size_t read_char(struct span text, ucs4_t *c_out)
{
	const uint8_t *at = (const uint8_t *)text.at;
	int len = u8_mbtoucr(c_out, at, text.len);

	if (len <= 0)
		return 0;
	if (*c_out != '\r')
		return (size_t)len;
	*c_out = '\n';
	return text.len > 1 && text.at[1] == '\n' ? 2 : 1;
}

enum gateway_status stanza_clean(struct span text, bool strict,
				 char **clean_out)
{
	/* one octet may become the three of U+FFFD */
	char *clean = text.len < SIZE_MAX / 3 ? malloc(text.len * 3 + 1) : NULL;
	char *end = clean;

	*clean_out = clean;
	if (!clean)
		return GATEWAY_NO_MEMORY;
	while (text.len > 0) {
		ucs4_t c = 0;
		size_t len = read_char(text, &c);

		if (len == 0 && strict) {
			free(clean);
			*clean_out = NULL;
			return GATEWAY_BAD_CONTENT;
		}
		if (len == 0 || !is_xml_char(c))
			c = 0xfffd;
		end += u8_uctomb((uint8_t *)end, c, 4);
		text = span_skip(text, len ? len : 1);
	}
	*end = '\0';
	return GATEWAY_OK;
}

xmpp_stanza_t *stanza_new(xmpp_ctx_t *ctx, const char *name, const char *ns)
{
	xmpp_stanza_t *stanza = xmpp_stanza_new(ctx);

	if (!stanza)
		return NULL;
	if (xmpp_stanza_set_name(stanza, name) == XMPP_EOK &&
	    stanza_set(stanza, "xmlns", ns))
		return stanza;
	xmpp_stanza_release(stanza);
	return NULL;
}

xmpp_stanza_t *stanza_add(xmpp_stanza_t *parent, const char *name,
			  const char *ns)
{
	xmpp_stanza_t *child;

	if (!parent)
		return NULL;
	child = stanza_new(xmpp_stanza_get_context(parent), name, ns);
	if (child)
		(void)xmpp_stanza_add_child_ex(parent, child, 0);
	return child;
}

bool stanza_set(xmpp_stanza_t *stanza, const char *name, const char *value)
{
	if (!stanza)
		return false;
	return !value ||
	       xmpp_stanza_set_attribute(stanza, name, value) == XMPP_EOK;
}

bool stanza_set_text(xmpp_stanza_t *element, const char *text)
{
	xmpp_stanza_t *node;

	if (!element)
		return false;
	node = xmpp_stanza_new(xmpp_stanza_get_context(element));
	if (!node)
		return false;
	(void)xmpp_stanza_add_child_ex(element, node, 0);
	return xmpp_stanza_set_text(node, text) == XMPP_EOK;
}

bool stanza_add_text(xmpp_stanza_t *parent, const char *name, const char *ns,
		     const char *text)
{
	if (!text)
		return parent != NULL;
	return stanza_set_text(stanza_add(parent, name, ns), text);
}

bool stanza_add_lenient(xmpp_stanza_t *parent, const char *name, const char *ns,
			const char *text)
{
	char *clean = NULL;
	bool done;

	if (!text)
		return parent != NULL;
	if (stanza_clean(span_of(text), false, &clean) != GATEWAY_OK)
		return false;
	done = stanza_add_text(parent, name, ns, clean);
	free(clean);
	return done;
}

struct stanza_address stanza_address(xmpp_stanza_t *stanza)
{
	return (struct stanza_address){ .from = xmpp_stanza_get_from(stanza),
					.to = xmpp_stanza_get_to(stanza),
					.id = xmpp_stanza_get_id(stanza) };
}

xmpp_stanza_t *stanza_answer(xmpp_ctx_t *ctx, const char *name,
			     const char *type,
			     const struct stanza_address *address)
{
	xmpp_stanza_t *answer = stanza_new(ctx, name, NULL);

	if (stanza_set(answer, "from", address->to) &&
	    stanza_set(answer, "to", address->from) &&
	    stanza_set(answer, "id", address->id) &&
	    stanza_set(answer, "type", type))
		return answer;
	if (answer)
		xmpp_stanza_release(answer);
	return NULL;
}

xmpp_stanza_t *stanza_error(xmpp_ctx_t *ctx, const char *name,
			    const struct stanza_address *address,
			    enum condition condition, const char *text)
{
	xmpp_stanza_t *answer = stanza_answer(ctx, name, "error", address);
	xmpp_stanza_t *error = stanza_add(answer, "error", NULL);

	if (stanza_set(error, "type", condition_type(condition)) &&
	    stanza_add(error, condition_word(condition),
		       XMPP_NS_STANZAS_IETF) &&
	    stanza_add_lenient(error, "text", XMPP_NS_STANZAS_IETF, text))
		return answer;
	if (answer)
		xmpp_stanza_release(answer);
	return NULL;
}

static bool is_ns(xmpp_stanza_t *element, const char *ns)
{
	const char *own = xmpp_stanza_get_ns(element);

	return own && strcmp(own, ns) == 0;
}

/* It becomes a reason phrase: one line, no controls. */
static void copy_line(const char *from, char *out, size_t size)
{
	struct text line;

	text_init(&line, out, size);
	for (; *from && !line.cut; from++)
		text_add_char(&line, (unsigned char)*from < 0x20 ? ' ' : *from);
}

static void read_text(xmpp_stanza_t *element, char *out, size_t size)
{
	char *text = xmpp_stanza_get_text(element);

	if (!text)
		return;
	copy_line(text, out, size);
	xmpp_free(xmpp_stanza_get_context(element), text);
}

/* The first child of <error/> in the namespace of the conditions that is, or
 * is not, the text for people. */
static xmpp_stanza_t *error_child(xmpp_stanza_t *stanza, bool is_text)
{
	xmpp_stanza_t *child = xmpp_stanza_get_child_by_name(stanza, "error");

	child = child ? xmpp_stanza_get_children(child) : NULL;
	for (; child; child = xmpp_stanza_get_next(child)) {
		const char *name = xmpp_stanza_get_name(child);

		if (name && is_ns(child, XMPP_NS_STANZAS_IETF) &&
		    (strcmp(name, "text") == 0) == is_text)
			return child;
	}
	return NULL;
}

xmpp_stanza_t *stanza_error_condition(xmpp_stanza_t *stanza)
{
	return error_child(stanza, false);
}

enum condition stanza_error_read(xmpp_stanza_t *stanza, char *text_out,
				 size_t size)
{
	xmpp_stanza_t *condition = error_child(stanza, false);
	xmpp_stanza_t *text = error_child(stanza, true);

	text_out[0] = '\0';
	if (text)
		read_text(text, text_out, size);
	return condition ? condition_of_word(xmpp_stanza_get_name(condition))
			 : CONDITION_UNDEFINED;
}

const char *stanza_language(xmpp_stanza_t *stanza)
{
	const char *lang = xmpp_stanza_get_attribute(stanza, "xml:lang");

	return lang ? lang : xmpp_stanza_get_attribute(stanza, "lang");
}

/* A child of the stanza's own namespace: <body/> in another one is not a
 * body. */
static bool is_own(xmpp_stanza_t *stanza, xmpp_stanza_t *child,
		   const char *name)
{
	const char *child_name = xmpp_stanza_get_name(child);
	const char *ns = xmpp_stanza_get_ns(child);

	return child_name && strcmp(child_name, name) == 0 &&
	       (!ns || is_ns(stanza, ns));
}

static bool speaks(xmpp_stanza_t *child, const char *stanza_lang)
{
	const char *lang = stanza_language(child);

	return !lang ||
	       (stanza_lang && span_is_nocase(span_of(lang), stanza_lang));
}

xmpp_stanza_t *stanza_choose(xmpp_stanza_t *stanza, const char *name)
{
	const char *lang = stanza_language(stanza);
	xmpp_stanza_t *child, *first = NULL;

	for (child = xmpp_stanza_get_children(stanza); child;
	     child = xmpp_stanza_get_next(child)) {
		if (!is_own(stanza, child, name))
			continue;
		if (speaks(child, lang))
			return child;
		if (!first)
			first = child;
	}
	return first;
}

/* Namespaces whose elements say what a message without a body is. */
static const struct {
	const char *ns;
	enum stanza_content content;
} markers[] = {
	{ "urn:xmpp:carbons:2", STANZA_CARBON },
	{ "urn:xmpp:forward:0", STANZA_CARBON },
	{ "http://jabber.org/protocol/chatstates", STANZA_SIGNAL },
	{ "urn:xmpp:receipts", STANZA_SIGNAL },
	{ "urn:xmpp:chat-markers:0", STANZA_SIGNAL },
};

static bool has_text(xmpp_stanza_t *element)
{
	xmpp_stanza_t *node;

	for (node = xmpp_stanza_get_children(element); node;
	     node = xmpp_stanza_get_next(node)) {
		const char *text = xmpp_stanza_get_text_ptr(node);

		if (text && *text)
			return true;
	}
	return false;
}

enum stanza_content stanza_content(xmpp_stanza_t *stanza)
{
	xmpp_stanza_t *body = stanza_choose(stanza, "body");

	if (body && has_text(body))
		return STANZA_TEXT;
	for (size_t i = 0; i < sizeof markers / sizeof markers[0]; i++)
		if (xmpp_stanza_get_child_by_ns(stanza, markers[i].ns))
			return markers[i].content;
	return STANZA_EMPTY;
}

const char *stanza_content_word(enum stanza_content content)
{
	static const char *const words[] = { "text", "signal", "carbon",
					     "empty" };

	static_assert(sizeof words / sizeof words[0] == STANZA_CONTENT_COUNT,
		      "a word for each content");
	return content < STANZA_CONTENT_COUNT ? words[content] : "unknown";
}
