#define _XOPEN_SOURCE 700 /* mkdtemp, setenv */

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/store_live.h"

/* A process puts messages into a SQLite store and says on a pipe which ones
 * the store has answered for; every third one it then finishes. It is killed,
 * and another process looks at what is there. */

#define MESSAGES  60
#define IN_FLIGHT 7

struct place {
	char folder[32], path[64], url[80];
};

/* The one that dies. */
struct writer {
	struct loop *loop;
	struct store *store;
	struct message *message;
	unsigned asked, done;
	int pipe;
	struct loop_timer *more;
};

struct asked {
	struct writer *writer;
	unsigned number;
};

static void got_put(const struct store_put_result *result, void *arg)
{
	struct asked *asked = arg;
	struct writer *w = asked->writer;
	unsigned char number = (unsigned char)asked->number;

	free(asked);
	if (result->status != STORE_OK)
		_exit(2);
	if (number % 3 == 0)
		store_finish(w->store, result->seq);
	else if (write(w->pipe, &number, 1) != 1)
		_exit(3);
	if (++w->done == MESSAGES)
		loop_stop(w->loop);
	loop_timer_set(w->more, 0);
}

static void ask_more(void *arg)
{
	struct writer *w = arg;

	while (w->asked < MESSAGES && w->asked < w->done + IN_FLIGHT) {
		const struct store_item item = { .message = w->message,
						 .lane = w->asked % 5,
						 .via = PROTOCOL_XMPP };
		struct asked *asked = malloc(sizeof *asked);
		struct store_put *put;

		if (!asked)
			_exit(4);
		*asked = (struct asked){ w, w->asked++ };
		(void)snprintf(w->message->id, sizeof w->message->id, "%u",
			       asked->number);
		if (store_put(w->store, &item, got_put, asked, &put))
			_exit(5);
	}
}

static struct store_options options_of(const struct place *p)
{
	return (struct store_options){ .url = p->url,
				       .node = "gw1",
				       .seen_ms = 60000,
				       .waiting_max = 1000 };
}

static void write_until_death(const struct place *p, int pipe)
{
	const struct store_options options = options_of(p);
	struct writer w = { .loop = live_loop(),
			    .message = message_create(),
			    .pipe = pipe };
	char why[256];

	if (!w.message ||
	    store_open(w.loop, &options, &w.store, why, sizeof why) ||
	    loop_timer_create(w.loop, ask_more, &w, &w.more))
		_exit(6);
	loop_timer_set(w.more, 0);
	loop_run(w.loop);
	_exit(0); /* without a close, as if killed at the end */
}

/* Kill the writer when it has said so many numbers; 0: let it run.
 *  @return how many it said, noted in `said` */
static unsigned listen_to(int pipe, pid_t writer, unsigned kill_at, bool *said)
{
	unsigned char number;
	unsigned count = 0;

	while (read(pipe, &number, 1) == 1) {
		assert_in_range(number, 0, MESSAGES - 1);
		said[number] = true;
		if (++count == kill_at)
			assert_int_equal(kill(writer, SIGKILL), 0);
	}
	return count;
}

/* @return how the writer ended, as of waitpid */
static int run_writer(const struct place *p, unsigned kill_at, bool *said)
{
	int ends[2], status = 0;
	pid_t writer;

	assert_int_equal(pipe(ends), 0);
	writer = fork();
	assert_true(writer >= 0);
	if (writer == 0) {
		(void)close(ends[0]);
		write_until_death(p, ends[1]);
	}
	(void)close(ends[1]);
	(void)listen_to(ends[0], writer, kill_at, said);
	(void)close(ends[0]);
	assert_int_equal(waitpid(writer, &status, 0), writer);
	return status;
}

/* All that was answered for and not finished comes, in order, once. */
static void check_store(struct place *p, const bool *said)
{
	struct world *w = calloc(1, sizeof *w);
	bool there[MESSAGES] = { false };

	assert_non_null(w);
	world_init(w, live_loop(), p->url);
	world_open(w);
	while (world_take(w) > 0)
		for (size_t i = 0; i < w->count; i++) {
			unsigned long number =
				strtoul(w->items[i].id, NULL, 10);

			assert_in_range(number, 0, MESSAGES - 1);
			assert_false(there[number]);
			there[number] = true;
			assert_true(w->items[i].resent);
		}
	for (unsigned i = 0; i < MESSAGES; i++)
		if (said[i])
			assert_true(there[i]);
	world_close(w);
	loop_destroy(&w->loop);
	free(w);
}

static void remove_files(const struct place *p)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-lock" };
	char name[80];

	for (unsigned i = 0; i < 4; i++) {
		(void)snprintf(name, sizeof name, "%s%s", p->path, tails[i]);
		(void)unlink(name);
	}
	assert_int_equal(rmdir(p->folder), 0);
}

/* @return how the writer ended */
static int crash(unsigned kill_at)
{
	struct place p;
	bool said[MESSAGES] = { false };
	int status;

	(void)snprintf(p.folder, sizeof p.folder, "/tmp/imgw-crash-XXXXXX");
	assert_non_null(mkdtemp(p.folder));
	(void)snprintf(p.path, sizeof p.path, "%s/queue.db", p.folder);
	(void)snprintf(p.url, sizeof p.url, "sqlite:%s", p.path);
	status = run_writer(&p, kill_at, said);
	(void)unsetenv("IMGW_CRASH_AT");
	check_store(&p, said);
	remove_files(&p);
	return status;
}

static void what_was_answered_outlives_a_kill(void **state)
{
	(void)state;
	for (unsigned kill_at = 1; kill_at < MESSAGES / 2; kill_at += 3) {
		int status = crash(kill_at);

		assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	}
}

#ifdef IMGW_CRASH_POINTS
static void what_was_answered_outlives_a_crash_at_each_commit(void **state)
{
	unsigned at = 0, crashed = 0;
	char number[16];
	int status;

	(void)state;
	do {
		(void)snprintf(number, sizeof number, "%u", ++at);
		assert_int_equal(setenv("IMGW_CRASH_AT", number, 1), 0);
		status = crash(0);
		crashed += WIFEXITED(status) && WEXITSTATUS(status) == 86;
	} while (WEXITSTATUS(status) == 86);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_in_range(crashed, 20, 1000);
	print_message("%u crash points passed\n", crashed);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_answered_outlives_a_kill),
#ifdef IMGW_CRASH_POINTS
		cmocka_unit_test(
			what_was_answered_outlives_a_crash_at_each_commit),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
