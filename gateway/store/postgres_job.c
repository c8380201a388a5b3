#include <stdlib.h>
#include <string.h>

#include "gateway/store/postgres_item.h"
#include "gateway/store/postgres_private.h"
#include "gateway/store/postgres_sql.h"
#include "gateway/store/store_message.h"

/** Strings that had to be wrapped for one statement. */
struct wrapped {
	char *at[POSTGRES_VALUES_MAX];
	size_t count;
};

static void call(struct postgres *pg, enum postgres_statement statement,
		 const struct postgres_values *values, postgres_got_fn *got)
{
	postgres_pipe_call(pg->pipe, postgres_sql_name(statement), NULL, values,
			   got, pg);
}

/* Text from outside: the mapping keeps it as it came, the server takes UTF-8
 * only. NULL when there is no memory for what has to be changed. */
static void add_outside(struct postgres_values *values, struct span text,
			struct wrapped *wrapped)
{
	char *copy;

	if (postgres_text_is_fit(text)) {
		postgres_add_span(values, text);
		return;
	}
	copy = postgres_text_wrap(text);
	if (!copy) {
		postgres_add_null(values);
		return;
	}
	wrapped->at[wrapped->count++] = copy;
	postgres_add_text(values, copy);
}

static void wrapped_clear(struct wrapped *wrapped)
{
	while (wrapped->count > 0)
		free(wrapped->at[--wrapped->count]);
}

/* Answers. Each ends the job that it answers but for the first of a take. */

/* @return the job, or NULL: its statement failed */
static struct store_job *answered(struct postgres *pg, const PGresult *result)
{
	struct store_job *job = pg->answering;

	postgres_note_failure(&pg->failure, result);
	return postgres_is_ok(result) ? job : NULL;
}

static void read_items(struct postgres *pg, const PGresult *result,
		       struct store_job *job)
{
	if (!postgres_items(result, job))
		job->status = STORE_NO_MEMORY;
	else if (job->count == 0 && (job->kind == STORE_JOB_CHANGE || *job->id))
		job->status = STORE_NOT_FOUND;
	if (job->status == STORE_NO_MEMORY && job->kind == STORE_JOB_TAKE)
		pg->is_short_of_memory = true;
}

static void got_put(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;
	struct store_job *job = answered(pg, result);

	if (job && PQntuples(result) == 1) {
		job->seq = (uint64_t)postgres_number(result, 0, 0);
		job->behind = postgres_bool(result, 0, 1);
		/* the older one may have gone while this one came */
		pg->wants_wake |= job->behind;
	} else if (job) {
		job->status = STORE_DUPLICATE;
	}
	postgres_round_advance(pg);
}

/* Of what settles: is there something for somebody to take now? */
static void got_settled(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	if (answered(pg, result) && postgres_bool(result, 0, 0))
		pg->wants_wake = true;
	postgres_round_advance(pg);
}

static void got_taken(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;
	struct store_job *job = answered(pg, result);

	if (job)
		read_items(pg, result, job);
}

static void got_next(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;
	struct store_job *job = answered(pg, result);

	if (job) {
		job->next_due_ms = postgres_time_ms(result, 0, 0);
		job->next_expiry_ms = postgres_time_ms(result, 0, 1);
	}
	postgres_round_advance(pg);
}

static void got_items(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;
	struct store_job *job = answered(pg, result);

	if (job)
		read_items(pg, result, job);
	if (job && job->kind == STORE_JOB_CHANGE && job->status == STORE_OK)
		pg->wants_wake = true;
	postgres_round_advance(pg);
}

static void got_counts(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;
	struct store_job *job = answered(pg, result);

	for (int i = 0; job && i < STORE_STATE_COUNT; i++)
		job->counts.in_state[i] =
			(uint64_t)postgres_number(result, 0, i);
	if (job)
		job->counts.oldest_put_ms =
			postgres_time_ms(result, 0, STORE_STATE_COUNT);
	postgres_round_advance(pg);
}

static void got_note(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	(void)answered(pg, result);
	postgres_round_advance(pg);
}

static bool copy_value(struct store_job *job, struct span value)
{
	job->value = malloc(value.len + 1);
	if (!job->value)
		return false;
	memcpy(job->value, value.at, value.len);
	job->value[value.len] = '\0';
	job->value_len = value.len;
	return true;
}

static void got_look(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;
	struct store_job *job = answered(pg, result);

	if (job && PQntuples(result) == 0)
		job->status = STORE_NOT_FOUND;
	else if (job && !copy_value(job, postgres_span(result, 0, 0)))
		job->status = STORE_NO_MEMORY;
	postgres_round_advance(pg);
}

/* Questions */

static void add_column(struct postgres_values *values,
		       const struct message *message, size_t column,
		       struct wrapped *wrapped)
{
	struct store_value value = store_message_get(message, column);

	switch (value.type) {
	case STORE_NULL: postgres_add_null(values); break;
	case STORE_NUMBER: postgres_add_number(values, value.number); break;
	case STORE_TEXT: add_outside(values, value.octets, wrapped); break;
	case STORE_OCTETS: postgres_add_span(values, value.octets);
	}
}

static void send_put(struct postgres *pg, struct store_job *job)
{
	struct postgres_values values;
	struct wrapped wrapped = { .count = 0 };
	char *more = NULL;

	postgres_values_init(&values);
	postgres_add_number(&values, (int64_t)job->lane);
	postgres_add_text(&values, protocol_word(job->via_one));
	postgres_add_time(&values, job->asked_ms);
	postgres_add_time(&values, job->due_ms);
	postgres_add_time(&values, job->expires_ms);
	postgres_add_text(&values, pg->options->node);
	postgres_add_number(&values, pg->life);
	postgres_add_number(&values, ++pg->tickets);
	postgres_add_time(&values, job->asked_ms + pg->options->seen_ms);
	for (size_t i = 0; i < STORE_MESSAGE_COLUMNS; i++)
		add_column(&values, job->message, i, &wrapped);
	if (!store_message_more(job->message, &more))
		postgres_pipe_fail(pg->pipe, "out of memory");
	if (more)
		add_outside(&values, span_of(more), &wrapped);
	else
		postgres_add_null(&values);
	call(pg, POSTGRES_PUT, &values, got_put);
	free(more);
	wrapped_clear(&wrapped);
}

static void send_seq(struct postgres *pg, enum postgres_statement statement,
		     uint64_t seq)
{
	struct postgres_values values;

	postgres_values_init(&values);
	postgres_add_number(&values, (int64_t)seq);
	call(pg, statement, &values, got_settled);
}

/* A put that failed may be there all the same, see postgres_private.h; and
 * that of this round has no answer yet. */
static void send_cancel(struct postgres *pg, struct store_job *job)
{
	struct postgres_values values;

	if (job->put->seq) {
		send_seq(pg, POSTGRES_FORGET, job->put->seq);
		return;
	}
	postgres_values_init(&values);
	postgres_add_text(&values, job->put->message->id);
	call(pg, POSTGRES_CANCEL_ID, &values, got_settled);
}

static void send_defer(struct postgres *pg, struct store_job *job)
{
	struct postgres_values values;
	struct wrapped wrapped = { .count = 0 };

	postgres_values_init(&values);
	postgres_add_number(&values, (int64_t)job->seq);
	postgres_add_time(&values, job->due_ms);
	postgres_add_number(&values, job->tried);
	add_outside(&values, span_of(job->reason), &wrapped);
	postgres_add_number(&values, pg->life);
	postgres_add_time(&values, job->asked_ms);
	call(pg, POSTGRES_DEFER, &values, got_settled);
	wrapped_clear(&wrapped);
}

static void send_take(struct postgres *pg, struct store_job *job)
{
	struct postgres_values values;
	char room[32];
	struct text sides;

	text_init(&sides, room, sizeof room);
	for (int side = 0; side < PROTOCOL_COUNT; side++)
		if (job->via & STORE_VIA(side))
			text_addf(&sides, "%s%s", sides.len ? "," : "",
				  protocol_word((enum protocol)side));
	postgres_values_init(&values);
	postgres_add_number(&values, pg->life);
	postgres_add_text(&values, room);
	postgres_add_time(&values, job->asked_ms);
	postgres_add_text(&values, pg->options->node);
	postgres_add_number(&values, ++pg->tickets);
	postgres_add_number(&values, (int64_t)job->max);
	call(pg, POSTGRES_TAKE, &values, got_taken);
	values.count = 2;
	call(pg, POSTGRES_NEXT, &values, got_next);
}

static void send_list(struct postgres *pg, struct store_job *job)
{
	struct postgres_values values;

	postgres_values_init(&values);
	if (*job->id) {
		postgres_add_text(&values, job->id);
		call(pg, POSTGRES_LIST_ID, &values, got_items);
		return;
	}
	postgres_add_number(&values, (int64_t)job->seq);
	postgres_add_number(&values, (int64_t)job->max);
	call(pg, POSTGRES_LIST_AFTER, &values, got_items);
}

static void send_change(struct postgres *pg, struct store_job *job)
{
	static const enum postgres_statement changes[] = {
		[STORE_RETRY] = POSTGRES_RETRY,
		[STORE_HOLD] = POSTGRES_HOLD,
		[STORE_DROP] = POSTGRES_DROP,
	};
	struct postgres_values values;

	postgres_values_init(&values);
	postgres_add_text(&values, job->id);
	if (job->change == STORE_RETRY)
		postgres_add_time(&values, job->asked_ms);
	call(pg, changes[job->change], &values, got_items);
}

static void send_note(struct postgres *pg, struct store_job *job)
{
	bool looks = job->kind == STORE_JOB_LOOK;
	struct postgres_values values;
	struct wrapped wrapped = { .count = 0 };

	postgres_values_init(&values);
	add_outside(&values, span_of(job->note_kind), &wrapped);
	add_outside(&values, span_of(job->note_key), &wrapped);
	if (!looks)
		postgres_add_span(&values, job->note_value);
	postgres_add_time(&values, looks ? job->asked_ms : job->expires_ms);
	call(pg, looks ? POSTGRES_LOOK : POSTGRES_NOTE, &values,
	     looks ? got_look : got_note);
	wrapped_clear(&wrapped);
}

void postgres_job_send(struct postgres *pg, struct store_job *job)
{
	switch (job->kind) {
	case STORE_JOB_PUT: send_put(pg, job); break;
	case STORE_JOB_CANCEL: send_cancel(pg, job); break;
	case STORE_JOB_FINISH: send_seq(pg, POSTGRES_FINISH, job->seq); break;
	case STORE_JOB_FORGET: send_seq(pg, POSTGRES_FORGET, job->seq); break;
	case STORE_JOB_DEFER: send_defer(pg, job); break;
	case STORE_JOB_TAKE: send_take(pg, job); break;
	case STORE_JOB_COUNT: call(pg, POSTGRES_COUNT, NULL, got_counts); break;
	case STORE_JOB_LIST: send_list(pg, job); break;
	case STORE_JOB_CHANGE: send_change(pg, job); break;
	case STORE_JOB_NOTE:
	case STORE_JOB_LOOK: send_note(pg, job); break;
	case STORE_JOB_KIND_COUNT: break;
	}
}
