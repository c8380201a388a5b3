#include "gateway/store/postgres_item.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/store/postgres_sql.h"
#include "gateway/store/postgres_values.h"
#include "gateway/store/store_message.h"

/** The columns in front of the message's. */
enum { SEQ, STATE, LANE, VIA, TRIES, PUT_AT, DUE_AT, EXPIRES_AT, NODE, REASON };

static_assert(REASON + 1 == POSTGRES_ITEM_COLUMNS, "as postgres_sql.c has it");

static enum store_state state_of(struct span word)
{
	int state = STORE_WAITING;

	while (state < STORE_STATE_COUNT &&
	       !span_is(word, store_state_word((enum store_state)state)))
		state++;
	return state < STORE_STATE_COUNT ? (enum store_state)state
					 : STORE_WAITING;
}

static enum protocol via_of(struct span word)
{
	return span_is(word, protocol_word(PROTOCOL_XMPP)) ? PROTOCOL_XMPP
							   : PROTOCOL_SIP;
}

/* Results may be changed: libpq has copied them, and nobody else looks. */
static struct span text_of(const PGresult *result, int row, int column)
{
	struct span octets = postgres_span(result, row, column);
	char *text = PQgetvalue(result, row, column);

	return (struct span){ text, postgres_text_unwrap(text, octets.len) };
}

static void read_head(const PGresult *result, int row, struct store_item *item)
{
	item->state = state_of(postgres_span(result, row, STATE));
	item->lane = (uint64_t)postgres_number(result, row, LANE);
	item->via = via_of(postgres_span(result, row, VIA));
	item->tries = (unsigned)postgres_number(result, row, TRIES);
	item->put_ms = postgres_time_ms(result, row, PUT_AT);
	item->due_ms = postgres_time_ms(result, row, DUE_AT);
	item->expires_ms = postgres_time_ms(result, row, EXPIRES_AT);
	(void)span_copy(postgres_span(result, row, NODE), item->node,
			sizeof item->node);
	(void)span_copy(text_of(result, row, REASON), item->reason,
			sizeof item->reason);
}

static struct store_value value_of(const PGresult *result, int row, int column,
				   enum store_value_type type)
{
	struct store_value value = { .type = type };

	if (PQgetisnull(result, row, column))
		value.type = STORE_NULL;
	else if (type == STORE_NUMBER)
		value.number = postgres_number(result, row, column);
	else if (type == STORE_TEXT)
		value.octets = text_of(result, row, column);
	else
		value.octets = postgres_span(result, row, column);
	return value;
}

static const char *more_of(const PGresult *result, int row)
{
	int more = POSTGRES_ITEM_COLUMNS + STORE_MESSAGE_COLUMNS;

	return PQgetisnull(result, row, more) ? NULL
					      : text_of(result, row, more).at;
}

static bool read_message(const PGresult *result, int row,
			 struct message *message)
{
	for (size_t i = 0; i < STORE_MESSAGE_COLUMNS; i++) {
		struct store_value value =
			value_of(result, row, POSTGRES_ITEM_COLUMNS + (int)i,
				 store_message_type(i));

		if (!store_message_set(message, i, &value))
			return false;
	}
	message->seq = (uint64_t)postgres_number(result, row, SEQ);
	return store_message_set_more(message, more_of(result, row));
}

bool postgres_items(const PGresult *result, struct store_job *job)
{
	int rows = PQntuples(result);

	if (rows == 0)
		return true;
	job->items = calloc((size_t)rows, sizeof *job->items);
	if (!job->items)
		return false;
	for (int row = 0; row < rows; row++) {
		struct store_item *item = &job->items[row];

		job->count++;
		item->message = message_create();
		if (!item->message ||
		    !read_message(result, row, item->message)) {
			store_job_clear_answer(job);
			return false;
		}
		read_head(result, row, item);
	}
	return true;
}
