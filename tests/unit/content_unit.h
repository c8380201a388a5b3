#ifndef IMGW_TESTS_CONTENT_UNIT_H
#define IMGW_TESTS_CONTENT_UNIT_H

/** What the tests of content_read share: a body and what it must become. */

#include "gateway/xmpp/content.h"
#include "tests/unit/unit.h"

struct content_case {
	const char *type, *encoding, *body;
	size_t len;
	const char *text; /* NULL: refused with `code` */
	int code;
};

static inline struct message *content_message(const char *type,
					      const char *encoding,
					      const char *body, size_t len)
{
	struct message *m = message_create();

	if (m && message_set(&m->content_type, type) == GATEWAY_OK &&
	    message_set(&m->content_encoding, encoding) == GATEWAY_OK &&
	    message_set_body(m, body, len) == GATEWAY_OK)
		return m;
	message_destroy(&m);
	return NULL;
}

static inline void content_check(const struct content_case *c)
{
	struct message *m =
		content_message(c->type, c->encoding, c->body, c->len);
	struct outcome no = { .code = 0 };
	struct content content;
	bool carried;

	assert_non_null(m);
	carried = content_read(m, &content, &no);
	if (carried != (c->text != NULL) || (!carried && no.code != c->code))
		fail_msg("%s: %d %s\n%s", c->type ? c->type : "(none)", no.code,
			 no.reason, c->body);
	if (carried && strcmp(content.text, c->text) != 0)
		fail_msg("\"%s\" instead of \"%s\"", content.text, c->text);
	if (!carried)
		assert_true(no.kind == OUTCOME_PERMANENT && no.reason[0]);
	content_clear(&content);
	message_destroy(&m);
}

/** A body that is a string. @param text  NULL: refused with `code` */
static inline void content_check_text(const char *type, const char *body,
				      const char *text, int code)
{
	const struct content_case c = { .type = type,
					.body = body,
					.len = strlen(body),
					.text = text,
					.code = code };

	content_check(&c);
}

/** One run under failing allocations: read, or 500. */
static inline void content_exercise(const char *type, const char *body,
				    size_t len)
{
	struct message *m = content_message(type, NULL, body, len);
	struct content content = { .text = NULL };
	struct outcome no;

	if (m && !content_read(m, &content, &no))
		assert_int_equal(no.code, 500);
	content_clear(&content);
	message_destroy(&m);
}

#endif
