/* The file of the store is deleted, or another one stands in its place; or the
 * disk is full when the process begins. */

#define _XOPEN_SOURCE 700 /* mkdtemp */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/unit/store_sqlite_place.h"

static void wait_until(struct world *w, bool available)
{
	for (int i = 0; i < 700 && w->available != available; i++)
		world_pass(w, 20);
	assert_int_equal(w->available, available);
}

static bool is_private_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && (status.st_mode & 0777) == 0600;
}

static void try_put(struct world *w)
{
	const struct store_item item = { .lane = 9, .via = PROTOCOL_SIP };
	struct message *message = world_message(w);

	if (world_ask_put(w, message, item) == STORE_OK)
		world_wait(w, w->answers + 1);
	else
		w->put.status = STORE_UNAVAILABLE;
}

/* What was promised is there as if nothing had happened, and what is on its way
 * stays so; no put is promised before it is in the file again. */
static void assert_survives(struct place *p, const char *const *tails,
			    size_t count)
{
	struct world *w = &p->world;
	uint64_t waiting = world_put_waiting(w, 1, world_now(w));
	uint64_t taken = world_put(w, 2);

	world_pass(w, 300);
	for (size_t i = 0; i < count; i++)
		remove_file(p, tails[i]);
	try_put(w);
	assert_int_equal(w->put.status, STORE_UNAVAILABLE);
	wait_until(w, false);
	wait_until(w, true);
	assert_true(is_private_file(p->path));
	assert_sql(p, "SELECT count(*) FROM message", "2");
	assert_true(world_put(w, 3) > taken);
	store_finish(w->store, taken);
	assert_int_equal(world_take(w), 1);
	assert_true(w->items[0].seq == waiting);
	assert_int_equal(world_count(w), 2);
	world_restart(w);
	assert_int_equal(world_take(w), 2);
}

static void issue_5_a_deleted_file_is_written_again(void **state)
{
	static const char *const tails[] = { "", "-wal", "-shm" };

	assert_survives(*state, tails, 3);
}

static void issue_5_its_log_may_be_left(void **state)
{
	static const char *const tails[] = { "" };

	assert_survives(*state, tails, 1);
}

static void issue_5_a_deleted_log_is_written_again(void **state)
{
	static const char *const tails[] = { "-wal" };

	assert_survives(*state, tails, 1);
}

static void issue_5_it_is_written_again_at_the_end(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;
	uint64_t waiting = world_put_waiting(w, 1, world_now(w));

	world_pass(w, 300);
	remove_file(p, "");
	world_restart(w);
	assert_int_equal(world_take(w), 1);
	assert_true(w->items[0].seq == waiting);
}

static void issue_5_another_file_in_its_place_is_left_alone(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;
	char aside[96];
	FILE *other;

	(void)world_put_waiting(w, 1, world_now(w));
	world_pass(w, 300);
	(void)snprintf(aside, sizeof aside, "%s/aside", p->folder);
	assert_int_equal(rename(p->path, aside), 0);
	other = fopen(p->path, "w");
	assert_non_null(other);
	assert_int_equal(fclose(other), 0);
	try_put(w);
	assert_int_equal(w->put.status, STORE_UNAVAILABLE);
	wait_until(w, false);
	world_pass(w, 700);
	assert_false(w->available);
	assert_int_equal(rename(aside, p->path), 0);
	wait_until(w, true);
	assert_int_equal(world_take(w), 1);
}

static void limit_files(rlim_t octets)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = octets;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void issue_5_a_disk_that_is_full_at_the_start_is_waited_for(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;

	(void)world_put_waiting(w, 1, world_now(w));
	world_close(w);
	limit_files(0);
	world_open(w);
	wait_until(w, false);
	try_put(w);
	assert_int_equal(w->put.status, STORE_UNAVAILABLE);
	limit_files(RLIM_INFINITY);
	wait_until(w, true);
	assert_int_equal(world_take(w), 1);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(issue_5_a_deleted_file_is_written_again),
		WITH(issue_5_its_log_may_be_left),
		WITH(issue_5_a_deleted_log_is_written_again),
		WITH(issue_5_it_is_written_again_at_the_end),
		WITH(issue_5_another_file_in_its_place_is_left_alone),
		WITH(issue_5_a_disk_that_is_full_at_the_start_is_waited_for),
	};

	(void)signal(SIGXFSZ, SIG_IGN);
	return cmocka_run_group_tests_name("store_sqlite_gone", tests, NULL,
					   NULL);
}
