#include "gateway/xmpp/xmpp_claims.h"

#include "tests/fake/loop_fake.h"
#include "tests/fake/store_fake.h"
#include "tests/unit/stanza_unit.h"
#include "tests/unit/unit.h"

#define URL   "fake:claims"
#define ALICE "alice@im.example"
#define US    "+12025550199@gw.example.net"
#define ID    "id-of-twenty-letters"

static struct {
	struct loop *loop;
	struct store *store;
	struct notes *notes;
	struct reports *reports;
	struct reports_saved *saved;
	struct xmppside_claims *claims;
	xmpp_ctx_t *ctx;
	unsigned count;
	enum message_report last;
} world;

static void submit(struct message *message, void *arg)
{
	assert_ptr_equal(arg, &world);
	world.count++;
	world.last = message->report;
	assert_string_equal(message->report_of, "34jk324j");
	message_destroy(&message);
}

static void open_node(void)
{
	struct xmppside_claims_options options = { .submit = submit,
						   .arg = &world };

	assert_int_equal(notes_create(&world.notes), GATEWAY_OK);
	notes_open(world.notes, world.store);
	assert_int_equal(reports_create(world.loop, 16, 3600, &world.reports),
			 GATEWAY_OK);
	assert_int_equal(
		reports_saved_create(world.reports, world.notes, &world.saved),
		GATEWAY_OK);
	options.reports = world.reports;
	options.saved = world.saved;
	assert_int_equal(xmppside_claims_create(&options, &world.claims),
			 GATEWAY_OK);
}

static void close_node(void)
{
	xmppside_claims_destroy(&world.claims);
	xmppside_claims_destroy(&world.claims);
	reports_saved_destroy(&world.saved);
	reports_destroy(&world.reports);
	notes_destroy(&world.notes);
}

static void note(void)
{
	const struct report report = {
		.id = ID,
		.origin = PROTOCOL_SIP,
		.wants = MESSAGE_DELIVERED | MESSAGE_DISPLAYED | MESSAGE_FAILED,
		.original_id = "34jk324j",
		.sender = "tel:+12025550199",
		.recipient = ALICE,
	};

	assert_int_equal(reports_note(world.reports, &report), GATEWAY_OK);
}

static int open_world(void **state)
{
	const struct store_options options = { .url = URL,
					       .node = "gw1",
					       .seen_ms = 1000,
					       .lease_ms = 1000,
					       .waiting_max = 4096 };
	char why[128];

	(void)state;
	memset(&world, 0, sizeof world);
	world.loop = loop_fake_create();
	world.ctx = xmpp_ctx_new(NULL, NULL);
	assert_int_equal(
		store_open(world.loop, &options, &world.store, why, sizeof why),
		STORE_OK);
	open_node();
	note();
	return world.ctx ? 0 : -1;
}

static int close_world(void **state)
{
	(void)state;
	close_node();
	store_close(&world.store, 1000);
	store_fake_wipe();
	xmpp_ctx_free(world.ctx);
	loop_fake_destroy(&world.loop);
	return 0;
}

static void restart(void)
{
	close_node();
	open_node();
}

#define STANZA(from, type, inner)                                     \
	"<message from='" from "' to='" US "' type='" type "'>" inner \
	"</message>"
#define RECEIVED(id) "<received xmlns='urn:xmpp:receipts' id='" id "'/>"
#define DISPLAYED    "<displayed xmlns='urn:xmpp:chat-markers:0' id='" ID "'/>"
#define REFUSED                                                       \
	"<message from='" ALICE "' to='" US "' type='error' id='" ID  \
	"'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:" \
	"xmpp-stanzas'/></error></message>"

/* @return whether it may be a report */
static bool take(const char *xml)
{
	xmpp_stanza_t *stanza = stanza_parse(world.ctx, xml);
	const char *type = xmpp_stanza_get_type(stanza);
	bool taken = type && strcmp(type, "error") == 0
			     ? xmppside_claims_take_error(world.claims, stanza)
			     : xmppside_claims_take(world.claims, stanza);

	xmpp_stanza_release(stanza); /* nothing of it is needed any more */
	return taken;
}

static void what_is_known_is_believed_at_once(void **state)
{
	(void)state;
	assert_true(take(STANZA(ALICE "/r1", "chat", RECEIVED(ID))));
	assert_int_equal(world.count, 1);
	assert_false(take(STANZA(ALICE "/r1", "chat", RECEIVED(ID))));
	assert_int_equal(world.count, 1);
}

static void rcpt_9_after_a_restart_the_store_is_asked_first(void **state)
{
	(void)state;
	restart();
	assert_true(take(STANZA(ALICE "/r1", "chat", RECEIVED(ID) DISPLAYED)));
	assert_int_equal(world.count, 0);
	loop_fake_advance(world.loop, 0);
	assert_int_equal(world.count, 2);
	assert_int_equal(world.last, MESSAGE_DISPLAYED);
}

static void rcpt_4_an_error_after_a_restart_is_one_failure(void **state)
{
	(void)state;
	restart();
	assert_true(take(REFUSED));
	assert_true(take(REFUSED));
	loop_fake_advance(world.loop, 0);
	assert_int_equal(world.count, 1);
	assert_int_equal(world.last, MESSAGE_FAILED);
}

static void rcpt_9_what_is_forged_is_not_believed_after_it(void **state)
{
	static const struct {
		const char *xml;
		bool asked;
	} cases[] = {
		{ STANZA("mallory@im.example/r1", "chat", RECEIVED(ID)), true },
		{ STANZA(ALICE, "chat", RECEIVED("AAAAAAAAAAAAAAAAAAAA")),
		  true },
		{ STANZA(ALICE, "chat", RECEIVED("short")), false },
		{ STANZA(ALICE, "chat", RECEIVED(ID ID)), false },
		{ STANZA("@@", "chat", RECEIVED("AAAAAAAAAAAAAAAAAAAB")),
		  true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		restart();
		assert_int_equal(take(cases[i].xml), cases[i].asked);
		loop_fake_advance(world.loop, 0);
		assert_int_equal(world.count, 0);
	}
}

static void what_waits_at_the_end_is_freed(void **state)
{
	(void)state;
	restart();
	assert_true(take(STANZA(ALICE "/r1", "chat", RECEIVED(ID))));
}

static void exercise(void)
{
	xmpp_stanza_t *stanza;

	reports_drop_all(world.reports);
	stanza = stanza_parse(world.ctx,
			      STANZA(ALICE "/r1", "chat", RECEIVED(ID)));
	if (!stanza)
		return;
	if (xmppside_claims_take(world.claims, stanza))
		loop_fake_advance(world.loop, 0);
	xmpp_stanza_release(stanza);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(what_is_known_is_believed_at_once),
		WITH(rcpt_9_after_a_restart_the_store_is_asked_first),
		WITH(rcpt_4_an_error_after_a_restart_is_one_failure),
		WITH(rcpt_9_what_is_forged_is_not_believed_after_it),
		WITH(what_waits_at_the_end_is_freed),
		WITH(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
