#define _GNU_SOURCE /* tests/unit/store_postgres_world.h */

#include "gateway/reports_saved.h"

#include "tests/unit/store_postgres_world.h"
#include "tests/unit/unit.h"

#define ID	 "id-of-twenty-letters"
#define ALICE	 "alice@im.example"

#define LEASE_MS 60000

/** What a gateway knows beside its store. */
struct node {
	struct world *world;
	struct notes *notes;
	struct reports *reports;
	struct reports_saved *saved;
	bool done;
};

static void open_node(struct node *node, struct world *world)
{
	*node = (struct node){ .world = world };
	assert_int_equal(notes_create(&node->notes), GATEWAY_OK);
	notes_open(node->notes, world->store);
	assert_int_equal(reports_create(world->loop, 16, 3600, &node->reports),
			 GATEWAY_OK);
	assert_int_equal(
		reports_saved_create(node->reports, node->notes, &node->saved),
		GATEWAY_OK);
}

/* Two nodes that nobody takes for dead while the machine is busy. */
static void open_worlds(struct postgres_world *w)
{
	world_close(&w->one);
	w->one.options.lease_ms = w->two.options.lease_ms = LEASE_MS;
	world_open(&w->one);
	world_open(&w->two);
}

static void close_node(struct node *node)
{
	reports_saved_destroy(&node->saved);
	reports_destroy(&node->reports);
	notes_destroy(&node->notes);
}

static void on_done(void *arg)
{
	((struct node *)arg)->done = true;
}

static bool is_done(void *arg)
{
	return ((struct node *)arg)->done;
}

/* What one node has asked of the database before is done by then. */
static void settle(struct node *node)
{
	(void)world_count(node->world);
}

static bool take(struct node *node, enum message_report what)
{
	struct reports_look *look;

	node->done = false;
	if (reports_saved_ask(node->saved, ID, on_done, node, &look))
		assert_true(turn_until(node->world, PATIENCE, is_done, node));
	return reports_take(node->reports, ID, PROTOCOL_SIP, ALICE, what,
			    NULL) != NULL;
}

static void note(struct node *node)
{
	const struct report report = {
		.id = ID,
		.origin = PROTOCOL_SIP,
		.wants = MESSAGE_DELIVERED | MESSAGE_DISPLAYED,
		.original_id = "34jk324j",
		.sender = "tel:+12025550199",
		.recipient = ALICE,
	};

	assert_int_equal(reports_note(node->reports, &report), GATEWAY_OK);
	settle(node);
}

static void rcpt_9_a_report_is_believed_by_another_node(void **state)
{
	struct postgres_world *w = *state;
	struct node one, two;

	open_worlds(w);
	open_node(&one, &w->one);
	open_node(&two, &w->two);
	note(&one);
	assert_true(take(&two, MESSAGE_DELIVERED));
	settle(&two);
	close_node(&one);
	close_node(&two);
}

static void rcpt_3_each_type_goes_on_once_as_the_link_moves(void **state)
{
	struct postgres_world *w = *state;
	struct node one, two;

	open_worlds(w);
	open_node(&one, &w->one);
	open_node(&two, &w->two);
	note(&one);
	assert_true(take(&two, MESSAGE_DELIVERED));
	settle(&two);
	reports_saved_renew(one.saved); /* the link is its own again */
	assert_false(take(&one, MESSAGE_DELIVERED));
	assert_true(take(&one, MESSAGE_DISPLAYED));
	settle(&one);
	reports_saved_renew(two.saved);
	assert_false(take(&two, MESSAGE_DISPLAYED));
	close_node(&one);
	close_node(&two);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(rcpt_9_a_report_is_believed_by_another_node),
		WITH(rcpt_3_each_type_goes_on_once_as_the_link_moves),
	};

	return cmocka_run_group_tests(tests, make_server, end_server);
}
