#include "tests/fake/store_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enum/text.h"
#include "tests/fake/fake.h"
#include "tests/fake/store_disk_fake.h"

struct fake_engine {
	struct fake_engine *next; /* of those that are open */
	struct loop *loop;
	struct store *front;
	const struct store_options *options;
	struct disk *disk;
	struct store_job *first, **last; /* submitted */
	struct loop_timer *timer;	 /* the first one is done then */
	struct loop_timer *say;		 /* what was scripted is told then */
	int64_t delay_ms;
	char reason[STORE_REASON_SIZE]; /* unavailable, or "" */
	bool asked, own, lost;
};

/* What lies on the disks outlives the stores, as it should. */
static struct disk *disks;
static struct fake_engine *engines;

static struct fake_engine *find(const char *url)
{
	for (struct fake_engine *e = engines; e; e = e->next)
		if (!strcmp(e->disk->url, url))
			return e;
	fake_abort("the store %s is not open", url);
}

static struct disk *find_disk(const char *url)
{
	struct disk *disk = disks;

	while (disk && strcmp(disk->url, url) != 0)
		disk = disk->next;
	if (disk)
		return disk;
	disk = fake_alloc(sizeof *disk);
	disk->url = fake_copy(url);
	disk->next = disks;
	disks = disk;
	return disk;
}

/* Take the first job that can be done out; NULL: none. While the store is not
 * available, those that settle stay. */
static struct store_job *next_job(struct fake_engine *engine)
{
	struct store_job **link = &engine->first, *job;

	while (*link && engine->reason[0] && store_job_settles(*link))
		link = &(*link)->next;
	job = *link;
	if (!job)
		return NULL;
	*link = job->next;
	if (!*link)
		engine->last = link;
	return job;
}

static void set_unavailable(const struct fake_engine *engine,
			    struct store_job *job)
{
	struct text reason;

	job->status = STORE_UNAVAILABLE;
	text_init(&reason, job->reason, sizeof job->reason);
	text_add(&reason, engine->reason);
}

/* All that was submitted before the timer fired. */
static void on_timer(void *arg)
{
	struct fake_engine *engine = arg;
	struct store_job *job, *done = NULL, **last = &done;

	while ((job = next_job(engine))) {
		if (engine->reason[0])
			set_unavailable(engine, job);
		else
			disk_do(engine->disk, job, engine->options);
		job->next = NULL;
		*last = job;
		last = &job->next;
	}
	while ((job = done)) {
		done = job->next;
		store_job_return(engine->front, job);
	}
}

static void on_say(void *arg)
{
	struct fake_engine *engine = arg;

	store_say_available(engine->front, !engine->reason[0],
			    engine->reason[0] ? engine->reason
					      : "the store works again");
	if (engine->asked && engine->own == engine->lost) {
		engine->own = !engine->lost;
		store_say_owner(engine->front, engine->own);
	}
}

static enum store_status fake_open(struct loop *loop, struct store *front,
				   const struct store_options *options,
				   void **engine_out, char *why,
				   size_t why_size)
{
	struct fake_engine *engine = fake_alloc(sizeof *engine);

	engine->loop = loop;
	engine->front = front;
	engine->options = options;
	engine->last = &engine->first;
	if (loop_timer_create(loop, on_timer, engine, &engine->timer) ||
	    loop_timer_create(loop, on_say, engine, &engine->say)) {
		loop_timer_destroy(&engine->timer);
		free(engine);
		(void)snprintf(why, why_size, "out of memory");
		return STORE_NO_MEMORY;
	}
	engine->disk = find_disk(options->url);
	disk_give_back(engine->disk, loop_wall_ms(loop));
	engine->next = engines;
	engines = engine;
	*engine_out = engine;
	return STORE_OK;
}

static void fake_submit(void *arg, struct store_job *job)
{
	struct fake_engine *engine = arg;

	if (!engine->first)
		loop_timer_set(engine->timer, engine->delay_ms);
	job->next = NULL;
	*engine->last = job;
	engine->last = &job->next;
}

static void fake_own(void *arg, const char *name)
{
	struct fake_engine *engine = arg;

	(void)name;
	engine->asked = true;
	loop_timer_set(engine->say, 0);
}

static void fake_close(void *arg, int64_t patience_ms)
{
	struct fake_engine *engine = arg, **link = &engines;
	struct store_job *job;

	(void)patience_ms;
	on_timer(engine);
	while ((job = engine->first)) {
		engine->first = job->next;
		store_job_return(engine->front, job);
	}
	disk_give_back(engine->disk, loop_wall_ms(engine->loop));
	while (*link != engine)
		link = &(*link)->next;
	*link = engine->next;
	loop_timer_destroy(&engine->timer);
	loop_timer_destroy(&engine->say);
	free(engine);
}

static const struct store_engine fake_engine = {
	.open = fake_open,
	.submit = fake_submit,
	.own = fake_own,
	.close = fake_close,
};

const struct store_engine *store_engine_find(const char *url, char *why,
					     size_t why_size)
{
	/* those of a configuration, which nobody opens */
	if (!strncmp(url, "fake:", 5) || !strncmp(url, "postgres", 8))
		return &fake_engine;
	(void)snprintf(why, why_size, "a fake store begins with fake:");
	return NULL;
}

void store_fake_fail(const char *url, const char *reason)
{
	struct fake_engine *engine = find(url);
	struct text text;

	text_init(&text, engine->reason, sizeof engine->reason);
	text_add(&text, reason ? reason : "");
	loop_timer_set(engine->say, 0);
	loop_timer_set(engine->timer, engine->delay_ms);
}

void store_fake_slow(const char *url, int64_t delay_ms)
{
	find(url)->delay_ms = delay_ms;
}

void store_fake_own(const char *url, bool yes)
{
	struct fake_engine *engine = find(url);

	engine->lost = !yes;
	loop_timer_set(engine->say, 0);
}

size_t store_fake_rows(const char *url)
{
	size_t count = 0;

	for (struct disk_row *row = find_disk(url)->rows; row; row = row->next)
		count++;
	return count;
}

void store_fake_wipe(void)
{
	if (engines)
		fake_abort("the store %s is open", engines->disk->url);
	while (disks) {
		struct disk *disk = disks;

		disks = disk->next;
		disk_destroy(disk);
	}
}
