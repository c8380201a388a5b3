#include "gateway/store/store_job.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/store/store_message.h"

bool store_job_settles(const struct store_job *job)
{
	switch (job->kind) {
	case STORE_JOB_CANCEL:
	case STORE_JOB_FINISH:
	case STORE_JOB_FORGET:
	case STORE_JOB_DEFER: return true;
	case STORE_JOB_PUT:
	case STORE_JOB_TAKE:
	case STORE_JOB_COUNT:
	case STORE_JOB_LIST:
	case STORE_JOB_CHANGE:
	case STORE_JOB_NOTE:
	case STORE_JOB_LOOK:
	case STORE_JOB_KIND_COUNT: break;
	}
	return false;
}

struct store_job *store_job_create(enum store_job_kind kind)
{
	struct store_job *job = calloc(1, sizeof *job);

	if (job)
		job->kind = kind;
	return job;
}

/* Copy octets and a terminator; @return where the next go */
static char *append(char *at, struct span s)
{
	if (s.len)
		memcpy(at, s.at, s.len);
	at[s.len] = '\0';
	return at + s.len + 1;
}

struct store_job *store_job_create_note(enum store_job_kind kind,
					const char *note_kind,
					const char *note_key, struct span value)
{
	struct span word = span_of(note_kind), key = span_of(note_key);
	struct store_job *job =
		calloc(1, sizeof *job + word.len + key.len + value.len + 3);
	char *at;

	if (!job)
		return NULL;
	job->kind = kind;
	at = (char *)(job + 1);
	job->note_kind = at;
	at = append(at, word);
	job->note_key = at;
	at = append(at, key);
	job->note_value = (struct span){ at, value.len };
	(void)append(at, value);
	return job;
}

struct store_put *store_put_create(const struct store_item *item)
{
	struct store_put *put = calloc(1, sizeof *put);

	if (!put)
		return NULL;
	put->job.kind = STORE_JOB_PUT;
	put->job.message = store_message_pack(item->message);
	if (!put->job.message) {
		free(put);
		return NULL;
	}
	put->job.lane = item->lane;
	put->job.via_one = item->via;
	put->job.due_ms = item->due_ms;
	put->job.expires_ms = item->expires_ms;
	put->cancel.kind = STORE_JOB_CANCEL;
	put->cancel.put = &put->job;
	put->pending = 1;
	return put;
}

void store_job_clear_answer(struct store_job *job)
{
	for (size_t i = 0; i < job->count; i++)
		message_destroy(&job->items[i].message);
	free(job->items);
	free(job->value);
	job->items = NULL;
	job->count = 0;
	job->value = NULL;
	job->value_len = 0;
	job->next_due_ms = 0;
	job->behind = false;
	job->status = STORE_OK;
}

static void put_destroy(struct store_put *put)
{
	if (--put->pending > 0)
		return;
	free((void *)(uintptr_t)put->job.message);
	free(put);
}

void store_job_destroy(struct store_job *job)
{
	if (job->kind == STORE_JOB_PUT) {
		put_destroy((struct store_put *)(void *)job);
	} else if (job->kind == STORE_JOB_CANCEL) {
		char *at = (char *)job - offsetof(struct store_put, cancel);

		put_destroy((struct store_put *)(void *)at);
	} else {
		store_job_clear_answer(job);
		free(job);
	}
}
