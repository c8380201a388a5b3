#include "gateway/notes.h"

#include "tests/fake/loop_fake.h"
#include "tests/fake/store_fake.h"
#include "tests/unit/unit.h"

#define URL "fake:notes"

static struct loop *loop;
static struct store *store;
static struct notes *notes;
static struct {
	unsigned count;
	char value[32];
} got;

static int open_notes(void **state)
{
	const struct store_options options = { .url = URL,
					       .node = "gw1",
					       .seen_ms = 1000,
					       .lease_ms = 1000,
					       .waiting_max = 4096 };
	char why[128];

	(void)state;
	memset(&got, 0, sizeof got);
	loop = loop_fake_create();
	assert_int_equal(store_open(loop, &options, &store, why, sizeof why),
			 STORE_OK);
	assert_int_equal(notes_create(&notes), GATEWAY_OK);
	notes_open(notes, store);
	return 0;
}

static int close_notes(void **state)
{
	(void)state;
	notes_destroy(&notes);
	assert_null(notes);
	notes_destroy(&notes);
	store_close(&store, 1000);
	store_fake_wipe();
	loop_fake_destroy(&loop);
	return 0;
}

static void on_note(struct span value, void *arg)
{
	assert_ptr_equal(arg, &got);
	got.count++;
	assert_true(span_copy(value, got.value, sizeof got.value));
}

static bool ask(struct notes *of, const char *kind, const char *key,
		struct notes_look **look)
{
	return notes_ask(of, kind, key, on_note, &got, look);
}

static const char *found(const char *kind, const char *key)
{
	struct notes_look *look;
	unsigned before = got.count;

	assert_true(ask(notes, kind, key, &look));
	assert_int_equal(got.count, before);
	loop_fake_advance(loop, 0);
	assert_int_equal(got.count, before + 1);
	return got.value;
}

static void write_note(const char *key, const char *value, int64_t expires_ms)
{
	notes_write(notes, "kind", key, span_of(value), expires_ms);
}

static void a_note_is_found_by_its_kind_and_key(void **state)
{
	(void)state;
	write_note("a", "1", INT64_MAX);
	write_note("b", "2", INT64_MAX);
	write_note("a", "3", INT64_MAX);
	assert_string_equal(found("kind", "a"), "3");
	assert_string_equal(found("kind", "b"), "2");
	assert_string_equal(found("kind", "c"), "");
	assert_string_equal(found("other", "a"), "");
	write_note("a", "", 1);
	assert_string_equal(found("kind", "a"), "");
}

static void a_store_that_is_away_finds_nothing(void **state)
{
	(void)state;
	write_note("a", "1", INT64_MAX);
	loop_fake_advance(loop, 0);
	store_fake_fail(URL, "away");
	loop_fake_advance(loop, 0);
	assert_string_equal(found("kind", "a"), "");
	store_fake_fail(URL, NULL);
	loop_fake_advance(loop, 0);
	assert_string_equal(found("kind", "a"), "1");
}

static void who_has_lost_interest_hears_nothing(void **state)
{
	struct notes_look *one, *two;

	(void)state;
	assert_true(ask(notes, "kind", "a", &one));
	assert_true(ask(notes, "kind", "a", &two));
	notes_cancel(&one);
	assert_null(one);
	notes_cancel(&one);
	loop_fake_advance(loop, 0);
	assert_int_equal(got.count, 1);
	assert_true(ask(notes, "kind", "a", &two)); /* and never answered */
}

static void without_a_store_there_is_nothing_to_ask(void **state)
{
	struct notes_look *look;

	(void)state;
	assert_false(notes_are_kept(NULL));
	assert_false(ask(NULL, "kind", "a", &look));
	notes_write(NULL, "kind", "a", span_of("1"), INT64_MAX);
	assert_true(notes_are_kept(notes));
	notes_open(notes, NULL);
	assert_false(notes_are_kept(notes));
	assert_false(ask(notes, "kind", "a", &look));
	assert_null(look);
	write_note("a", "1", INT64_MAX);
}

static void sec_17_only_so_many_questions_are_open(void **state)
{
	struct notes_look *look;

	(void)state;
	for (size_t i = 0; i < NOTES_LOOKS_MAX; i++)
		assert_true(ask(notes, "kind", "a", &look));
	assert_false(ask(notes, "kind", "a", &look));
	loop_fake_advance(loop, 0);
	assert_int_equal(got.count, NOTES_LOOKS_MAX);
	assert_true(ask(notes, "kind", "a", &look));
}

static void exercise(void)
{
	struct notes_look *look;
	struct notes *own;

	if (notes_create(&own) == GATEWAY_OK) {
		notes_open(own, store);
		notes_write(own, "kind", "a", span_of("1"), INT64_MAX);
		if (ask(own, "kind", "a", &look))
			loop_fake_advance(loop, 0);
	}
	notes_destroy(&own);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, open_notes, close_notes)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(a_note_is_found_by_its_kind_and_key),
		WITH(a_store_that_is_away_finds_nothing),
		WITH(who_has_lost_interest_hears_nothing),
		WITH(without_a_store_there_is_nothing_to_ask),
		WITH(sec_17_only_so_many_questions_are_open),
		WITH(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
