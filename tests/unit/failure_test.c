#include "gateway/xmpp/failure.h"

#include "gateway/xmpp/compose.h"
#include "tests/unit/stanza_unit.h"
#include "tests/unit/unit.h"

#define DOMAIN "gw.example.net"
#define PHONE  "+12025550199@gw.example.net"
#define ALICE  "alice@im.example/r1"

static const struct {
	const char *stanza_id;
	struct outcome outcome;
	const char *xml;
} cases[] = {
	{ "m1",
	  { .kind = OUTCOME_PERMANENT,
	    .code = 404,
	    .condition = CONDITION_ITEM_NOT_FOUND,
	    .reason = "Not Found" },
	  "<message from='" PHONE "' to='" ALICE "' id='m1' type='error'>"
	  "<error type='cancel'><item-not-found "
	  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
	  "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Not Found"
	  "</text></error></message>" },
	{ NULL,
	  { .kind = OUTCOME_TEMPORARY,
	    .code = 513,
	    .condition = CONDITION_POLICY_VIOLATION,
	    .reason = "too long" },
	  "<message from='" PHONE "' to='" ALICE "' type='error'>"
	  "<error type='modify'><policy-violation "
	  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
	  "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>too long"
	  "</text></error></message>" },
	{ "m2",
	  { .kind = OUTCOME_PERMANENT,
	    .code = 301,
	    .condition = CONDITION_GONE,
	    .reason = "Moved Permanently",
	    .address = "tel:+12025550123" },
	  "<message from='" PHONE "' to='" ALICE "' id='m2' type='error'>"
	  "<error type='cancel'><gone "
	  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>"
	  "xmpp:+12025550123@gw.example.net</gone>"
	  "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Moved "
	  "Permanently</text></error></message>" },
};

static struct message failed(size_t i)
{
	return (struct message){
		.id = "AAAAAAAAAAAAAAAAAAAA",
		.origin = PROTOCOL_XMPP,
		.from = (char *)(uintptr_t)ALICE,
		.to = (char *)(uintptr_t)PHONE,
		.stanza_id = (char *)(uintptr_t)cases[i].stanza_id
	};
}

/* The stanza of what tells of a failure, as the XMPP side writes it. */
static xmpp_stanza_t *write_it(xmpp_ctx_t *ctx, size_t i)
{
	const struct compose_options options = { .domain = DOMAIN };
	const struct message message = failed(i);
	xmpp_stanza_t *stanza = NULL;
	struct message *notice;
	struct outcome no;

	if (failure_message(&message, &cases[i].outcome, &notice) != GATEWAY_OK)
		return NULL;
	assert_true(failure_is_one(notice));
	assert_false(failure_is_one(&message));
	assert_string_equal(notice->target, "alice@im.example");
	(void)!compose_stanza(ctx, &options, notice, notice->target, &stanza,
			      &no);
	message_destroy(&notice);
	return stanza;
}

static void xmpp_6_a_failure_is_an_error_that_answers_the_stanza(void **state)
{
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		xmpp_stanza_t *want = stanza_parse(ctx, cases[i].xml);
		xmpp_stanza_t *got = write_it(ctx, i);

		assert_non_null(got);
		if (!stanza_same(got, want))
			fail_msg("case %zu", i);
		xmpp_stanza_release(want);
		xmpp_stanza_release(got);
	}
	xmpp_ctx_free(ctx);
}

static void issue_5_who_fails_again_is_told_by_the_same_key(void **state)
{
	const struct message message = failed(0);
	struct message *first, *second;

	(void)state;
	assert_int_equal(failure_message(&message, &cases[0].outcome, &first),
			 GATEWAY_OK);
	assert_int_equal(failure_message(&message, &cases[1].outcome, &second),
			 GATEWAY_OK);
	assert_true(first->has_key && second->has_key);
	assert_memory_equal(first->key, second->key, sizeof first->key);
	message_destroy(&first);
	message_destroy(&second);
}

static void exercise(void)
{
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
	xmpp_stanza_t *stanza = ctx ? write_it(ctx, 2) : NULL;

	if (stanza)
		xmpp_stanza_release(stanza);
	if (ctx)
		xmpp_ctx_free(ctx);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			xmpp_6_a_failure_is_an_error_that_answers_the_stanza),
		cmocka_unit_test(
			issue_5_who_fails_again_is_told_by_the_same_key),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("failure", tests, NULL, NULL);
}
