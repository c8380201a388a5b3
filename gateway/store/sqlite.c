#include <stdlib.h>

#include "enum/text.h"
#include "gateway/store/sqlite_thread.h"

/* The engine of one node: a file, and a thread that writes it. */
struct sqlite_engine {
	struct store *front;
	struct sqlite_thread *thread;
	struct loop_watch *watch;
	bool own; /* asked for, and to be told */
};

static void on_news(int fd, unsigned events, void *arg)
{
	struct sqlite_engine *engine = arg;
	struct store_job *job;
	struct sqlite_news news;

	(void)fd;
	(void)events;
	sqlite_thread_fetch(engine->thread, &news);
	store_say_available(engine->front, news.available, news.why);
	while ((job = news.done)) {
		news.done = job->next;
		store_job_return(engine->front, job);
	}
	if (engine->own) {
		engine->own = false;
		store_say_owner(engine->front, true);
	}
}

/* A relative path is relative to where we are; "sqlite:///x" is "/x". */
static const char *path_of(const char *url)
{
	const char *path = url + sizeof "sqlite:" - 1;

	if (span_starts_nocase(span_of(path), "///"))
		path += 2;
	return path;
}

static enum store_status sqlite_open(struct loop *loop, struct store *front,
				     const struct store_options *options,
				     void **engine_out, char *why,
				     size_t why_size)
{
	struct sqlite_engine *engine = calloc(1, sizeof *engine);
	enum store_status status;

	if (!engine)
		return STORE_NO_MEMORY;
	engine->front = front;
	status = sqlite_thread_start(path_of(options->url), options,
				     loop_wall_ms(loop), &engine->thread, why,
				     why_size);
	if (status != STORE_OK) {
		free(engine);
		return status;
	}
	if (loop_watch_create(loop, sqlite_thread_fd(engine->thread), LOOP_READ,
			      on_news, engine, &engine->watch) != ENUM_OK) {
		(void)sqlite_thread_stop(&engine->thread, 0);
		free(engine);
		return STORE_NO_MEMORY;
	}
	*engine_out = engine;
	return STORE_OK;
}

static void sqlite_submit(void *arg, struct store_job *job)
{
	struct sqlite_engine *engine = arg;

	sqlite_thread_submit(engine->thread, job);
}

/* Who has the file is alone. */
static void sqlite_own(void *arg, const char *name)
{
	struct sqlite_engine *engine = arg;

	(void)name;
	engine->own = true;
	sqlite_thread_ring(engine->thread);
}

static void sqlite_close(void *arg, int64_t patience_ms)
{
	struct sqlite_engine *engine = arg;
	struct store_job *job, *jobs;

	loop_watch_destroy(&engine->watch);
	jobs = sqlite_thread_stop(&engine->thread, patience_ms);
	while ((job = jobs)) {
		jobs = job->next;
		store_job_return(engine->front, job);
	}
	free(engine);
}

const struct store_engine sqlite_engine = {
	.open = sqlite_open,
	.submit = sqlite_submit,
	.own = sqlite_own,
	.close = sqlite_close,
};
