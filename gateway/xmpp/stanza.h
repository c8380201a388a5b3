#ifndef IMGW_GATEWAY_XMPP_STANZA_H
#define IMGW_GATEWAY_XMPP_STANZA_H

/** Building and reading stanzas: pure helpers on libstrophe's objects. */

#include <stdbool.h>
#include <stddef.h>

#include <strophe.h>

#include "enum/text.h"
#include "gateway/outcome.h"
#include "gateway/status.h"

/** Copy text so that it may stand in XML: characters outside XML Char become
 *  U+FFFD (XMPP-5), CRLF and a lone CR become LF (MAP-20).
 *  @param strict  broken UTF-8 is refused; otherwise it becomes U+FFFD too
 *  @param clean_out  the caller's: free()
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY, GATEWAY_BAD_CONTENT (strict) */
MUST_USE enum gateway_status stanza_clean(struct span text, bool strict,
					  char **clean_out);

/** A new element. @param ns  may be NULL
 *  @return the caller's: xmpp_stanza_release; NULL: out of memory */
xmpp_stanza_t *stanza_new(xmpp_ctx_t *ctx, const char *name, const char *ns);

/** Append an element. @param parent  NULL: nothing happens, so that calls
 *  can be chained
 *  @return borrowed from the parent; NULL: out of memory, or no parent */
xmpp_stanza_t *stanza_add(xmpp_stanza_t *parent, const char *name,
			  const char *ns);

/** Set an attribute; with a NULL value nothing is set.
 *  @return false: out of memory, or the stanza is NULL */
MUST_USE bool stanza_set(xmpp_stanza_t *stanza, const char *name,
			 const char *value);

/** Append text to an element.
 *  @return false: out of memory, or the element is NULL */
MUST_USE bool stanza_set_text(xmpp_stanza_t *element, const char *text);

/** Append <name>text</name>; with NULL text nothing is appended.
 *  @return false: out of memory, or the parent is NULL */
MUST_USE bool stanza_add_text(xmpp_stanza_t *parent, const char *name,
			      const char *ns, const char *text);

/** The same for a text of unknown origin, whose mistakes must not cost the
 *  stanza, nor the stream: see stanza_clean. */
MUST_USE bool stanza_add_lenient(xmpp_stanza_t *parent, const char *name,
				 const char *ns, const char *text);

/** Who sent a stanza to whom, as received; borrowed. */
struct stanza_address {
	const char *from, *to;
	const char *id; /* or NULL */
};

struct stanza_address stanza_address(xmpp_stanza_t *stanza);

/** An empty answer: same id, from and to swapped (XMPP-6).
 *  @param name  "message", "iq", "presence"; @param type  of the answer
 *  @return the caller's; NULL: out of memory */
xmpp_stanza_t *stanza_answer(xmpp_ctx_t *ctx, const char *name,
			     const char *type,
			     const struct stanza_address *address);

/** An error in answer to a stanza (RFC 6120, 8.3).
 *  @param text  for people, or NULL
 *  @return the caller's; NULL: out of memory */
xmpp_stanza_t *stanza_error(xmpp_ctx_t *ctx, const char *name,
			    const struct stanza_address *address,
			    enum condition condition, const char *text);

/** The condition in a stanza of type error; UNDEFINED when there is none.
 *  @param text_out  the error's text on one line, cut to fit, or "" */
enum condition stanza_error_read(xmpp_stanza_t *stanza, char *text_out,
				 size_t size);

/** The element of the condition in a stanza of type error, which holds the
 *  new address of gone and redirect. @return borrowed; NULL: there is none */
xmpp_stanza_t *stanza_error_condition(xmpp_stanza_t *stanza);

/** Of several elements of a name in different languages the one in the
 *  stanza's own language, else the first (RFC 6121, 5.2.3; MAP-19).
 *  @return borrowed; NULL: there is none */
xmpp_stanza_t *stanza_choose(xmpp_stanza_t *stanza, const char *name);

/** Its xml:lang, or NULL. libstrophe drops the prefix of what it reads. */
const char *stanza_language(xmpp_stanza_t *stanza);

/** What a message stanza carries besides addresses. */
enum stanza_content {
	STANZA_TEXT,   /* a body that is not empty */
	STANZA_SIGNAL, /* a chat state, receipt or marker: XEP-0085, -0184,
			* -0333 */
	STANZA_CARBON, /* a copy of somebody's message: XEP-0280, -0297 */
	STANZA_EMPTY,  /* nothing that we know */
	STANZA_CONTENT_COUNT
};

enum stanza_content stanza_content(xmpp_stanza_t *stanza);

/** "text", "signal", "carbon", "empty". */
const char *stanza_content_word(enum stanza_content content);

#endif
