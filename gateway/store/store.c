#include "gateway/store.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/store/store_engine.h"
#include "gateway/store/store_job.h"

struct store {
	struct loop *loop;
	struct store_options options;
	const struct store_engine *table;
	void *engine;
	size_t waiting; /* jobs that the engine has */
	bool available;
	bool closing;
};

bool store_url_is_good(const char *url, char *why, size_t why_size)
{
	const struct store_engine *table =
		store_engine_find(url, why, why_size);

	return table && (!table->is_url || table->is_url(url, why, why_size));
}

enum store_status store_open(struct loop *loop,
			     const struct store_options *options,
			     struct store **store_out, char *why,
			     size_t why_size)
{
	struct store *store;
	enum store_status status;
	const struct store_engine *table =
		store_engine_find(options->url, why, why_size);

	*store_out = NULL;
	if (!table)
		return STORE_UNAVAILABLE;
	store = calloc(1, sizeof *store);
	if (!store)
		return STORE_NO_MEMORY;
	store->loop = loop;
	store->options = *options;
	store->table = table;
	store->available = true;
	status = table->open(loop, store, &store->options, &store->engine, why,
			     why_size);
	if (status) {
		free(store);
		return status;
	}
	*store_out = store;
	return STORE_OK;
}

void store_close(struct store **store, int64_t patience_ms)
{
	if (!*store)
		return;
	(*store)->closing = true;
	(*store)->table->close((*store)->engine, patience_ms);
	free(*store);
	*store = NULL;
}

/* Asking. What settles is never refused: it ends what was admitted. */

static void submit(struct store *store, struct store_job *job)
{
	store->waiting++;
	job->asked_ms = loop_wall_ms(store->loop);
	store->table->submit(store->engine, job);
}

static bool is_full(const struct store *store)
{
	return store->waiting >= store->options.waiting_max;
}

/* @return NULL: too much waits (*status says so), or out of memory */
static struct store_job *new_job(struct store *store, enum store_job_kind kind,
				 enum store_status *status)
{
	struct store_job *job = NULL;

	*status = STORE_UNAVAILABLE;
	if (!is_full(store)) {
		job = store_job_create(kind);
		*status = job ? STORE_OK : STORE_NO_MEMORY;
	}
	return job;
}

enum store_status store_put(struct store *store, const struct store_item *item,
			    store_put_fn *done, void *arg,
			    struct store_put **put_out)
{
	struct store_put *put;

	*put_out = NULL;
	if (is_full(store) || !store->available)
		return STORE_UNAVAILABLE;
	put = store_put_create(item);
	if (!put)
		return STORE_NO_MEMORY;
	put->job.done.put = done;
	put->job.arg = arg;
	submit(store, &put->job);
	put->store = store;
	*put_out = put;
	return STORE_OK;
}

void store_put_cancel(struct store_put **put)
{
	if (!*put)
		return;
	(*put)->job.done.put = NULL;
	(*put)->pending++;
	submit((*put)->store, &(*put)->cancel);
	*put = NULL;
}

/* Without memory the message stays taken, and comes again with the next
 * process: rather twice than never. */
static void settle(struct store *store, enum store_job_kind kind, uint64_t seq)
{
	struct store_job *job = store_job_create(kind);

	if (!job)
		return;
	job->seq = seq;
	submit(store, job);
}

void store_finish(struct store *store, uint64_t seq)
{
	settle(store, STORE_JOB_FINISH, seq);
}

void store_forget(struct store *store, uint64_t seq)
{
	settle(store, STORE_JOB_FORGET, seq);
}

void store_defer(struct store *store, uint64_t seq, int64_t due_ms, bool tried,
		 const char *reason)
{
	struct store_job *job = store_job_create(STORE_JOB_DEFER);
	struct text text;

	if (!job)
		return;
	job->seq = seq;
	job->due_ms = due_ms;
	job->tried = tried;
	text_init(&text, job->reason, sizeof job->reason);
	text_add(&text, reason);
	submit(store, job);
}

enum store_status store_take(struct store *store, unsigned via, size_t max,
			     store_take_fn *done, void *arg)
{
	enum store_status status;
	struct store_job *job = new_job(store, STORE_JOB_TAKE, &status);

	if (!job)
		return status;
	job->via = via;
	job->max = max < STORE_TAKE_MAX ? max : STORE_TAKE_MAX;
	job->done.take = done;
	job->arg = arg;
	submit(store, job);
	return STORE_OK;
}

enum store_status store_count(struct store *store, store_counts_fn *done,
			      void *arg)
{
	enum store_status status;
	struct store_job *job = new_job(store, STORE_JOB_COUNT, &status);

	if (!job)
		return status;
	job->done.counts = done;
	job->arg = arg;
	submit(store, job);
	return STORE_OK;
}

enum store_status store_list(struct store *store, const char *id,
			     uint64_t after_seq, size_t max,
			     store_list_fn *done, void *arg)
{
	enum store_status status;
	struct store_job *job = new_job(store, STORE_JOB_LIST, &status);

	if (!job)
		return status;
	if (id && !span_copy(span_of(id), job->id, sizeof job->id)) {
		store_job_destroy(job);
		return STORE_NOT_FOUND;
	}
	job->seq = after_seq;
	job->max = max;
	job->done.list = done;
	job->arg = arg;
	submit(store, job);
	return STORE_OK;
}

enum store_status store_change(struct store *store, const char *id,
			       enum store_change change, store_list_fn *done,
			       void *arg)
{
	enum store_status status;
	struct store_job *job = new_job(store, STORE_JOB_CHANGE, &status);

	if (!job)
		return status;
	if (!span_copy(span_of(id), job->id, sizeof job->id)) {
		store_job_destroy(job);
		return STORE_NOT_FOUND;
	}
	job->change = change;
	job->done.list = done;
	job->arg = arg;
	submit(store, job);
	return STORE_OK;
}

void store_note(struct store *store, const char *kind, const char *key,
		struct span value, int64_t expires_ms)
{
	struct store_job *job;

	if (is_full(store))
		return;
	job = store_job_create_note(STORE_JOB_NOTE, kind, key, value);
	if (!job)
		return;
	job->expires_ms = expires_ms;
	submit(store, job);
}

enum store_status store_look(struct store *store, const char *kind,
			     const char *key, store_look_fn *done, void *arg)
{
	const struct span nothing = { NULL, 0 };
	struct store_job *job;

	if (is_full(store))
		return STORE_UNAVAILABLE;
	job = store_job_create_note(STORE_JOB_LOOK, kind, key, nothing);
	if (!job)
		return STORE_NO_MEMORY;
	job->done.look = done;
	job->arg = arg;
	submit(store, job);
	return STORE_OK;
}

void store_own(struct store *store, const char *name)
{
	store->table->own(store->engine, name);
}

/* Answers */

static void answer_put(const struct store_job *job)
{
	const struct store_put_result result = {
		.status = job->status,
		.seq = job->seq,
		.behind = job->behind,
		.reason = job->reason[0] ? job->reason
					 : store_status_text(job->status),
	};

	if (job->done.put)
		job->done.put(&result, job->arg);
}

/* The clock of the loop knows nothing of other processes. */
static void set_arrival(const struct store *store, struct store_job *job)
{
	int64_t ahead = loop_wall_ms(store->loop) - loop_now_ms(store->loop);

	for (size_t i = 0; i < job->count; i++)
		job->items[i].message->arrived_ms =
			job->items[i].put_ms - ahead;
}

/* Of two times of which 0 is none. */
static int64_t earlier(int64_t a, int64_t b)
{
	return a && (!b || a < b) ? a : b;
}

static void answer_take(struct store_job *job)
{
	struct store_item *items = job->items;
	size_t count = job->count;

	job->count = 0; /* the messages are the receiver's */
	job->done.take(job->status, items, count,
		       earlier(job->next_due_ms, job->next_expiry_ms),
		       job->arg);
}

static void answer_look(const struct store_job *job)
{
	const struct span value = { job->value, job->value_len };

	job->done.look(job->status, value, job->arg);
}

static void answer(struct store *store, struct store_job *job)
{
	set_arrival(store, job);
	switch (job->kind) {
	case STORE_JOB_PUT: answer_put(job); break;
	case STORE_JOB_TAKE: answer_take(job); break;
	case STORE_JOB_COUNT:
		job->done.counts(job->status, &job->counts, job->arg);
		break;
	case STORE_JOB_LIST:
	case STORE_JOB_CHANGE:
		job->done.list(job->status, job->items, job->count, job->arg);
		break;
	case STORE_JOB_LOOK: answer_look(job); break;
	case STORE_JOB_CANCEL:
	case STORE_JOB_FINISH:
	case STORE_JOB_FORGET:
	case STORE_JOB_DEFER:
	case STORE_JOB_NOTE:
	case STORE_JOB_KIND_COUNT: break;
	}
}

/* Has it made way for what waited behind? */
static bool makes_way(const struct store_job *job)
{
	if (job->kind == STORE_JOB_CHANGE)
		return job->status == STORE_OK && job->change != STORE_HOLD;
	return job->kind == STORE_JOB_CANCEL && job->put->behind;
}

void store_job_return(struct store *store, struct store_job *job)
{
	bool work = makes_way(job);

	store->waiting--;
	if (!store->closing)
		answer(store, job);
	store_job_destroy(job);
	if (work)
		store_say_work(store);
}

void store_say_work(struct store *store)
{
	const struct store_events *events = &store->options.events;

	if (events->work && !store->closing)
		events->work(events->arg);
}

void store_say_available(struct store *store, bool yes, const char *reason)
{
	const struct store_events *events = &store->options.events;
	bool changed = store->available != yes;

	store->available = yes;
	if (changed && events->available && !store->closing)
		events->available(yes, reason, events->arg);
}

void store_say_owner(struct store *store, bool yes)
{
	const struct store_events *events = &store->options.events;

	if (events->owner && !store->closing)
		events->owner(yes, events->arg);
}
