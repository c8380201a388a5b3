#include "gateway/sip/sip_body.h"

#include <stdlib.h>

#include "gateway/body/iscomposing.h"
#include "gateway/side.h"
#include "gateway/sip/sip_report.h"

static bool is_ascii(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] > 0x7f)
			return false;
	return true;
}

/* MAP-20: text has CRLF here. @return false: out of memory */
static bool write_lines(const struct message *message,
			struct sipside_body *body)
{
	size_t len = 0;
	char *out = malloc(2 * message->body_len + 1);

	if (!out)
		return false;
	for (size_t i = 0; i < message->body_len; i++) {
		char c = message->body[i];

		if (c == '\n' && (len == 0 || out[len - 1] != '\r'))
			out[len++] = '\r';
		out[len++] = c;
	}
	body->own = out;
	body->text = (struct span){ out, len };
	return true;
}

static bool write_text(const struct message *message, struct sipside_body *body)
{
	body->content_type = message->content_type;
	body->text = (struct span){ message->body, message->body_len };
	if (message->content_type)
		return true;
	if (!write_lines(message, body))
		return false;
	body->content_type = is_ascii(body->text) ? "text/plain"
						  : "text/plain;charset=UTF-8";
	return true;
}

/* RCPT-11. @return false: out of memory */
static bool write_composing(const struct message *message,
			    struct sipside_body *body)
{
	struct text text;

	body->content_type = ISCOMPOSING_TYPE;
	body->own = malloc(ISCOMPOSING_SIZE);
	if (!body->own)
		return false;
	text_init(&text, body->own, ISCOMPOSING_SIZE);
	iscomposing_write(message->composing, &text);
	body->text = (struct span){ text.at, text.len };
	return true;
}

bool sipside_body_write(struct sipside *side, const struct attempt *attempt,
			bool wrap, struct sipside_body *out)
{
	const struct message *message = attempt->message;

	*out = (struct sipside_body){ .own = NULL };
	switch (message->purpose) {
	case MESSAGE_COMPOSING: return write_composing(message, out);
	case MESSAGE_REPORT:
		if (message->report_of)
			return sipside_report_write(attempt, out);
		break;
	case MESSAGE_TEXT: break;
	}
	return write_text(message, out) &&
	       (!wrap || sipside_report_wrap(side, attempt, out));
}

void sipside_body_clear(struct sipside_body *body)
{
	free(body->own);
	body->own = NULL;
}
