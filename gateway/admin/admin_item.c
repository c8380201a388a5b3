#define _POSIX_C_SOURCE 200809L /* strdup */

#include "gateway/admin/admin_item.h"

#include <stdlib.h>
#include <string.h>

#include "enum/text.h"
#include "gateway/log_text.h"

/* As the log would write it: every octet that is not ASCII as \xNN. */
static json_t *escaped(struct span s, bool mask)
{
	size_t size = s.len * 4 + 1;
	char *buffer = malloc(size);
	struct text text;
	json_t *value;

	if (!buffer)
		return NULL;
	text_init(&text, buffer, size);
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] >= 0x20 && s.at[i] < 0x7f)
			text_add_char(&text, s.at[i]);
		else
			text_addf(&text, "\\x%02x", (unsigned char)s.at[i]);
	}
	if (mask)
		log_mask(buffer);
	value = json_string(buffer);
	free(buffer);
	return value;
}

static json_t *masked(const char *text)
{
	char *copy = strdup(text);
	json_t *value;

	if (!copy)
		return NULL;
	log_mask(copy);
	value = json_string(copy);
	free(copy);
	return value;
}

/* NULL becomes null. */
static json_t *text_json(const char *text, bool mask)
{
	json_t *value;

	if (!text)
		return json_null();
	value = mask ? masked(text) : json_string(text);
	return value ? value : escaped(span_of(text), mask);
}

static json_t *body_json(const struct message *message)
{
	const struct span body = { message->body, message->body_len };
	json_t *value = json_stringn(body.at ? body.at : "", body.len);

	return value ? value : escaped(body, false);
}

/* Takes a value of NULL, and then says no. */
static bool add(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) == 0;
}

static bool add_number(json_t *object, const char *key, int64_t number)
{
	return add(object, key, json_integer(number));
}

static const char *purpose_word(enum message_purpose purpose)
{
	switch (purpose) {
	case MESSAGE_TEXT: break;
	case MESSAGE_COMPOSING: return "composing";
	case MESSAGE_REPORT: return "report";
	}
	return "text";
}

/* Whole seconds from `from_ms` to `to_ms`, 0 when that is over. */
static int64_t seconds(int64_t from_ms, int64_t to_ms)
{
	return to_ms > from_ms ? (to_ms - from_ms) / 1000 : 0;
}

static bool add_times(json_t *o, const struct store_item *item, int64_t now_ms)
{
	return add_number(o, "tries", item->tries) &&
	       add_number(o, "put_ms", item->put_ms) &&
	       add_number(o, "age_s", seconds(item->put_ms, now_ms)) &&
	       add_number(o, "due_ms", item->due_ms) &&
	       add_number(o, "next_s", seconds(now_ms, item->due_ms)) &&
	       add_number(o, "expires_ms", item->expires_ms) &&
	       add_number(o, "left_s", seconds(now_ms, item->expires_ms));
}

static bool add_who(json_t *o, const struct message *m, bool mask)
{
	return add(o, "from", text_json(m->from, mask)) &&
	       add(o, "to", text_json(m->to, mask)) &&
	       add(o, "target", text_json(m->target, mask)) &&
	       add(o, "call_id", text_json(m->call_id, mask)) &&
	       add(o, "stanza_id", text_json(m->stanza_id, mask)) &&
	       add(o, "content_type", text_json(m->content_type, false)) &&
	       add_number(o, "size", (int64_t)m->body_len);
}

json_t *admin_item_json(const struct store_item *item,
			const struct admin_view *view)
{
	const struct message *m = item->message;
	json_t *o = json_object();

	if (add(o, "id", json_string(m->id)) &&
	    add_number(o, "seq", (int64_t)m->seq) &&
	    add(o, "state", json_string(store_state_word(item->state))) &&
	    add(o, "node", text_json(item->node, false)) &&
	    add(o, "purpose", json_string(purpose_word(m->purpose))) &&
	    add(o, "origin", json_string(protocol_word(m->origin))) &&
	    add(o, "via", json_string(protocol_word(item->via))) &&
	    add_times(o, item, view->now_ms) &&
	    add(o, "reason", text_json(item->reason, view->mask)) &&
	    add_who(o, m, view->mask) &&
	    (!view->body || add(o, "body", body_json(m))))
		return o;
	json_decref(o);
	return NULL;
}

json_t *admin_counts_json(const struct store_counts *counts, int64_t now_ms)
{
	int64_t oldest_s = counts->oldest_put_ms
				   ? seconds(counts->oldest_put_ms, now_ms)
				   : 0;
	json_t *o = json_object();
	bool whole = o != NULL;

	for (unsigned i = 0; i < STORE_STATE_COUNT; i++)
		whole = whole && add_number(o, store_state_word(i),
					    (int64_t)counts->in_state[i]);
	if (whole && add_number(o, "oldest_s", oldest_s))
		return o;
	json_decref(o);
	return NULL;
}
