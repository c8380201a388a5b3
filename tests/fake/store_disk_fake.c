#include "tests/fake/store_disk_fake.h"

#include <stdlib.h>
#include <string.h>

#include "enum/text.h"
#include "gateway/store/store_message.h"
#include "tests/fake/fake.h"

/* Messages */

static struct disk_row **find_row(struct disk *disk, uint64_t seq)
{
	struct disk_row **link = &disk->rows;

	while (*link && (*link)->item.message->seq != seq)
		link = &(*link)->next;
	return link;
}

static void drop_row(struct disk_row **link)
{
	struct disk_row *row = *link;

	*link = row->next;
	free(row->item.message);
	free(row);
}

static bool is_known(struct disk *disk, const struct store_job *job)
{
	char name[DISK_NAME_SIZE];
	const struct disk_note *key;

	if (!job->message->has_key)
		return false;
	disk_note_key(job->message, name);
	key = *disk_note_find(&disk->keys, name);
	return key && key->until_ms > job->asked_ms;
}

/* Keys live seen_ms after the last change of their message. */
static void keep_key(struct disk *disk, const struct message *message,
		     int64_t until_ms)
{
	const struct span nothing = { NULL, 0 };
	char name[DISK_NAME_SIZE];

	disk_note_key(message, name);
	if (message->has_key)
		disk_note_set(&disk->keys, name, nothing, until_ms);
}

static void drop_key(struct disk *disk, const struct message *message)
{
	char name[DISK_NAME_SIZE];

	disk_note_key(message, name);
	if (message->has_key)
		disk_note_drop(disk_note_find(&disk->keys, name));
}

/* Does one of the lane wait that is older than `seq`? */
static bool is_behind(const struct disk *disk, uint64_t lane, uint64_t seq)
{
	for (const struct disk_row *row = disk->rows; row; row = row->next)
		if (row->item.lane == lane && row->item.message->seq < seq &&
		    row->item.state != STORE_TAKEN)
			return true;
	return false;
}

static void do_put(struct disk *disk, struct store_job *job,
		   const struct store_options *options)
{
	struct disk_row *row, **link = &disk->rows;
	struct message *message;

	job->status = is_known(disk, job) ? STORE_DUPLICATE : STORE_OK;
	if (job->status)
		return;
	message = store_message_pack(job->message);
	if (!message) {
		job->status = STORE_NO_MEMORY;
		return;
	}
	row = fake_alloc(sizeof *row);
	message->seq = job->seq = ++disk->last_seq;
	job->behind = is_behind(disk, job->lane, job->seq);
	row->item = (struct store_item){
		.message = message,
		.state = job->behind ? STORE_WAITING : STORE_TAKEN,
		.lane = job->lane,
		.via = job->via_one,
		.put_ms = job->asked_ms,
		.due_ms = job->due_ms,
		.expires_ms = job->expires_ms,
	};
	keep_key(disk, message, job->asked_ms + options->seen_ms);
	while (*link)
		link = &(*link)->next;
	*link = row;
}

static void do_remove(struct disk *disk, const struct store_job *job,
		      const struct store_options *options)
{
	bool cancel = job->kind == STORE_JOB_CANCEL;
	struct disk_row **link =
		find_row(disk, cancel ? job->put->seq : job->seq);

	if (!*link || (cancel && job->put->status != STORE_OK))
		return;
	if (job->kind == STORE_JOB_FINISH)
		keep_key(disk, (*link)->item.message,
			 job->asked_ms + options->seen_ms);
	else
		drop_key(disk, (*link)->item.message);
	drop_row(link);
}

static void do_defer(struct disk *disk, const struct store_job *job,
		     const struct store_options *options)
{
	struct disk_row *row = *find_row(disk, job->seq);
	struct text reason;

	if (!row || row->item.state != STORE_TAKEN)
		return;
	row->item.state = STORE_WAITING;
	row->item.due_ms = job->due_ms;
	row->item.tries += job->tried;
	text_init(&reason, row->item.reason, sizeof row->item.reason);
	text_add(&reason, job->reason);
	keep_key(disk, row->item.message,
		 row->item.expires_ms + options->seen_ms);
}

/* A full copy of what is packed. */
static struct message *unpack(const struct message *packed)
{
	struct message *message = message_create();
	char *more = NULL;
	bool ok = message && store_message_more(packed, &more);

	for (size_t i = 0; ok && i < STORE_MESSAGE_COLUMNS; i++) {
		struct store_value value = store_message_get(packed, i);

		ok = store_message_set(message, i, &value);
	}
	ok = ok && store_message_set_more(message, more);
	free(more);
	if (!ok)
		message_destroy(&message);
	else
		message->seq = packed->seq;
	return message;
}

/* Add the row to the job's items; false: out of memory. */
static bool add_item(struct store_job *job, const struct disk_row *row,
		     const char *node)
{
	struct store_item *item = &job->items[job->count];
	struct text name;

	*item = row->item;
	item->message = unpack(row->item.message);
	if (!item->message)
		return false;
	job->count++;
	text_init(&name, item->node, sizeof item->node);
	if (item->state == STORE_TAKEN)
		text_add(&name, node);
	return true;
}

static size_t count_rows(const struct disk *disk)
{
	size_t count = 0;

	for (const struct disk_row *row = disk->rows; row; row = row->next)
		count++;
	return count;
}

static bool is_first(const struct disk *disk, const struct disk_row *row,
		     unsigned via)
{
	return row->item.state == STORE_WAITING &&
	       STORE_VIA(row->item.via) & via &&
	       !is_behind(disk, row->item.lane, row->item.message->seq);
}

/* The first of its lane that is due the longest. */
static struct disk_row *next_due(const struct disk *disk, unsigned via)
{
	struct disk_row *best = NULL;

	for (struct disk_row *row = disk->rows; row; row = row->next)
		if (is_first(disk, row, via) &&
		    (!best || row->item.due_ms < best->item.due_ms))
			best = row;
	return best;
}

static void take_expired(struct disk *disk, struct store_job *job)
{
	job->next_expiry_ms = 0;
	for (struct disk_row *row = disk->rows; row; row = row->next) {
		const struct store_item *item = &row->item;
		int64_t at_ms = item->expires_ms > item->due_ms
					? item->expires_ms
					: item->due_ms;

		if (item->state != STORE_WAITING)
			continue;
		row->fresh = at_ms <= job->asked_ms;
		if (row->fresh)
			row->item.state = STORE_TAKEN;
		else if (!job->next_expiry_ms || at_ms < job->next_expiry_ms)
			job->next_expiry_ms = at_ms;
	}
}

static void do_take(struct disk *disk, struct store_job *job,
		    const struct store_options *options)
{
	struct disk_row *row;
	size_t left = job->max;

	take_expired(disk, job);
	while (left > 0 && (row = next_due(disk, job->via)) &&
	       row->item.due_ms <= job->asked_ms) {
		row->item.state = STORE_TAKEN;
		row->fresh = true;
		left--;
	}
	row = next_due(disk, job->via);
	job->next_due_ms = row ? row->item.due_ms : 0;
	job->items = fake_alloc((count_rows(disk) + 1) * sizeof *job->items);
	for (row = disk->rows; row; row = row->next) {
		if (row->fresh && !add_item(job, row, options->node)) {
			job->status = STORE_NO_MEMORY;
			row->item.state = STORE_WAITING;
		}
		row->fresh = false;
	}
}

static void do_count(const struct disk *disk, struct store_job *job)
{
	job->counts = (struct store_counts){ { 0 }, 0 };
	for (const struct disk_row *row = disk->rows; row; row = row->next) {
		job->counts.in_state[row->item.state]++;
		if (!job->counts.oldest_put_ms ||
		    row->item.put_ms < job->counts.oldest_put_ms)
			job->counts.oldest_put_ms = row->item.put_ms;
	}
}

static void do_list(const struct disk *disk, struct store_job *job,
		    const struct store_options *options)
{
	job->items = fake_alloc((job->max + 1) * sizeof *job->items);
	for (const struct disk_row *row = disk->rows; row; row = row->next) {
		bool wanted = job->id[0]
				      ? !strcmp(row->item.message->id, job->id)
				      : row->item.message->seq > job->seq &&
						job->count < job->max;

		if (wanted && !add_item(job, row, options->node))
			job->status = STORE_NO_MEMORY;
	}
	if (job->id[0] && job->count == 0 && !job->status)
		job->status = STORE_NOT_FOUND;
}

static void do_change(struct disk *disk, struct store_job *job,
		      const struct store_options *options)
{
	struct disk_row **link = &disk->rows;

	while (*link && (strcmp((*link)->item.message->id, job->id) != 0 ||
			 (*link)->item.state == STORE_TAKEN))
		link = &(*link)->next;
	job->items = fake_alloc(sizeof *job->items);
	job->status = STORE_NOT_FOUND;
	if (!*link)
		return;
	job->status = STORE_NO_MEMORY;
	if (!add_item(job, *link, options->node))
		return;
	job->status = STORE_OK;
	if (job->change == STORE_DROP) {
		drop_row(link);
		return;
	}
	(*link)->item.state =
		job->change == STORE_HOLD ? STORE_HELD : STORE_WAITING;
	if (job->change == STORE_RETRY)
		(*link)->item.due_ms = job->asked_ms;
}

void disk_do(struct disk *disk, struct store_job *job,
	     const struct store_options *options)
{
	switch (job->kind) {
	case STORE_JOB_PUT: do_put(disk, job, options); break;
	case STORE_JOB_CANCEL:
	case STORE_JOB_FINISH:
	case STORE_JOB_FORGET: do_remove(disk, job, options); break;
	case STORE_JOB_DEFER: do_defer(disk, job, options); break;
	case STORE_JOB_TAKE: do_take(disk, job, options); break;
	case STORE_JOB_COUNT: do_count(disk, job); break;
	case STORE_JOB_LIST: do_list(disk, job, options); break;
	case STORE_JOB_CHANGE: do_change(disk, job, options); break;
	case STORE_JOB_NOTE: disk_note_do(disk, job); break;
	case STORE_JOB_LOOK: disk_note_look(disk, job); break;
	case STORE_JOB_KIND_COUNT: break;
	}
}

void disk_give_back(struct disk *disk, int64_t now_ms)
{
	for (struct disk_row *row = disk->rows; row; row = row->next) {
		if (row->item.state != STORE_TAKEN)
			continue;
		row->item.state = STORE_WAITING;
		row->item.due_ms = now_ms;
		row->item.message->resent = true;
	}
}

void disk_destroy(struct disk *disk)
{
	while (disk->rows)
		drop_row(&disk->rows);
	while (disk->notes)
		disk_note_drop(&disk->notes);
	while (disk->keys)
		disk_note_drop(&disk->keys);
	free(disk->url);
	free(disk);
}
