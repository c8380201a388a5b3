/** A body from SIP: the first line is the Content-Type, the second the
 *  Content-Encoding, the rest the body. What comes out must be clean. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "enum/text.h"
#include "gateway/xmpp/content.h"
#include "gateway/xmpp/stanza.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_clean(const char *text)
{
	char *again;

	if (stanza_clean(span_of(text), true, &again) != GATEWAY_OK)
		abort();
	if (strcmp(text, again) != 0)
		abort();
	free(again);
}

/* The line as the SIP side would keep it: NULL when it is empty. */
static bool set_line(char **member, struct span line)
{
	char text[256];

	if (!span_copy(line, text, sizeof text))
		return false;
	return message_set(member, text[0] ? text : NULL) == GATEWAY_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { (const char *)data, size }, type, encoding;
	struct message *m = message_create();
	struct content content;
	struct outcome no;

	if (!m)
		abort();
	if (span_cut(&rest, '\n', &type) && set_line(&m->content_type, type) &&
	    span_cut(&rest, '\n', &encoding) &&
	    set_line(&m->content_encoding, encoding) &&
	    message_set_body(m, rest.at, rest.len) == GATEWAY_OK) {
		if (content_read(m, &content, &no))
			check_clean(content.text);
		else if (no.code != 400 && no.code != 415)
			abort();
		content_clear(&content);
	}
	message_destroy(&m);
	return 0;
}
