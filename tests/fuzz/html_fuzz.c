/** HTML as text (CONF-14): it fits where the HTML was and does not end with
 *  white space; what was UTF-8 still is. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "gateway/xmpp/html_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_utf8(const void *octets, size_t len)
{
	return len == 0 || !u8_check(octets, len);
}

static void check(struct span html, const struct text *text)
{
	if (text->cut || text->len > html.len)
		abort();
	if (text->len > 0 && strchr(" \t\r\n\f", text->at[text->len - 1]) &&
	    text->at[text->len - 1])
		abort();
	if (is_utf8(html.at, html.len) && !is_utf8(text->at, text->len))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span html = { (const char *)data, size };
	char *out = malloc(size + 1);
	struct text text;

	if (!out)
		abort();
	text_init(&text, out, size + 1);
	html_text(html, &text);
	check(html, &text);
	free(out);
	return 0;
}
