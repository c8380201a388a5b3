#define _POSIX_C_SOURCE 200809L /* strdup */

#include "gateway/message.h"

#include <stdlib.h>
#include <string.h>

struct message *message_create(void)
{
	return calloc(1, sizeof(struct message));
}

void message_set_id(struct message *message, const unsigned char random[15])
{
	/* base64url: 20 characters of 6 bits hold 15 octets */
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789-_";

	for (unsigned i = 0; i < 20; i++) {
		unsigned bit = i * 6, octet = bit / 8;
		unsigned pair = (unsigned)random[octet] << 8 |
				(octet + 1 < 15 ? random[octet + 1] : 0);

		message->id[i] = digits[pair >> (10 - bit % 8) & 63];
	}
	message->id[20] = '\0';
}

void message_arrive(struct message *message, struct loop *loop)
{
	unsigned char random[15];

	loop_random(loop, random, sizeof random);
	message_set_id(message, random);
	message->arrived_ms = loop_now_ms(loop);
	message->arrived_s = loop_wall_s(loop);
}

enum gateway_status message_set_failure_key(struct message *message,
					    const char *failed_id)
{
	const char *const parts[] = { "failure", failed_id };

	message->has_key = message_key(parts, 2, message->key);
	return message->has_key ? GATEWAY_OK : GATEWAY_NO_MEMORY;
}

int64_t message_sent_s(const struct message *message, int64_t now_s)
{
	if (message->date_s > 0 && message->date_s <= now_s)
		return message->date_s;
	if (message->arrived_s > 0 && message->arrived_s <= now_s)
		return message->arrived_s;
	return now_s;
}

enum gateway_status message_set(char **member, const char *value)
{
	free(*member);
	*member = value ? strdup(value) : NULL;
	return value && !*member ? GATEWAY_NO_MEMORY : GATEWAY_OK;
}

enum gateway_status message_set_body(struct message *message, const void *body,
				     size_t len)
{
	char *copy;

	if (len > MESSAGE_BODY_MAX)
		return GATEWAY_TOO_LARGE;
	copy = malloc(len + 1);
	if (!copy)
		return GATEWAY_NO_MEMORY;
	if (len)
		memcpy(copy, body, len);
	copy[len] = '\0';
	free(message->body);
	message->body = copy;
	message->body_len = len;
	return GATEWAY_OK;
}

void message_destroy(struct message **message)
{
	struct message *m = *message;
	char *owned[24];
	size_t count = 0;

	if (!m)
		return;
	owned[count++] = m->from;
	owned[count++] = m->asserted;
	owned[count++] = m->to;
	owned[count++] = m->to_header;
	owned[count++] = m->target;
	owned[count++] = m->require;
	owned[count++] = m->call_id;
	owned[count++] = m->thread;
	owned[count++] = m->stanza_id;
	owned[count++] = m->report_of;
	owned[count++] = m->report_route;
	owned[count++] = m->report_from;
	owned[count++] = m->report_to;
	owned[count++] = m->condition;
	owned[count++] = m->new_address;
	owned[count++] = m->subject;
	owned[count++] = m->language;
	owned[count++] = m->content_type;
	owned[count++] = m->content_encoding;
	owned[count++] = m->content_disposition;
	owned[count++] = m->body;
	while (count > 0)
		free(owned[--count]);
	free(m);
	*message = NULL;
}
