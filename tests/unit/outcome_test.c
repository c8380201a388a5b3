#include "tests/unit/unit.h"

#include "gateway/outcome.h"

static const struct outcome_profile rfc = { .final_4xx = false };
static const struct outcome_profile carrier = { .final_4xx = true };
static const struct outcome_profile strict = { .strict = true };

/* Table 6.1: condition, final for a full JID, for a bare one, and for a bare
 * one with final_class 4xx. */
static const struct {
	const char *word;
	int full, bare, bare_4xx;
} from_xmpp[] = {
	{ "bad-request", 400, 400, 400 },
	{ "conflict", 400, 400, 400 },
	{ "feature-not-implemented", 501, 501, 501 },
	{ "forbidden", 403, 603, 403 },
	{ "gone", 410, 410, 410 },
	{ "internal-server-error", 500, 500, 500 },
	{ "item-not-found", 404, 604, 404 },
	{ "jid-malformed", 400, 400, 400 },
	{ "not-acceptable", 406, 606, 406 },
	{ "not-allowed", 403, 403, 403 },
	{ "not-authorized", 403, 403, 403 },
	{ "policy-violation", 403, 403, 403 },
	{ "recipient-unavailable", 480, 600, 480 },
	{ "redirect", 480, 480, 480 },
	{ "registration-required", 403, 403, 403 },
	{ "remote-server-not-found", 404, 404, 404 },
	{ "remote-server-timeout", 504, 504, 504 },
	{ "resource-constraint", 500, 500, 500 },
	{ "service-unavailable", 480, 480, 480 },
	{ "subscription-required", 400, 400, 400 },
	{ "undefined-condition", 400, 400, 400 },
	{ "unexpected-request", 400, 400, 400 },
	{ "something-new", 400, 400, 400 },
};

static void map_14_each_condition_has_its_sip_final(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof from_xmpp / sizeof from_xmpp[0]; i++) {
		enum condition c = condition_of_word(from_xmpp[i].word);

		assert_int_equal(outcome_of_condition(c, true, &rfc, NULL).code,
				 from_xmpp[i].full);
		assert_int_equal(
			outcome_of_condition(c, false, &rfc, NULL).code,
			from_xmpp[i].bare);
		assert_int_equal(
			outcome_of_condition(c, false, &carrier, NULL).code,
			from_xmpp[i].bare_4xx);
	}
}

static void conf_10_strict_makes_service_unavailable_403(void **state)
{
	(void)state;
	assert_int_equal(outcome_of_condition(CONDITION_SERVICE_UNAVAILABLE,
					      false, &strict, NULL)
				 .code,
			 403);
}

static void sip_20_no_condition_ever_becomes_408_or_503(void **state)
{
	(void)state;
	for (int c = CONDITION_NONE; c < CONDITION_COUNT; c++)
		for (int full = 0; full < 2; full++) {
			int code = outcome_of_condition((enum condition)c, full,
							&rfc, NULL)
					   .code;

			assert_int_not_equal(code, 408);
			assert_int_not_equal(code, 503);
			assert_int_not_equal(code, 401);
			assert_int_not_equal(code, 405);
			assert_int_not_equal(code, 407);
		}
}

/* Table 6.2, with the type of RFC 6120. */
static const struct {
	int code;
	const char *word, *type;
} from_sip[] = {
	{ 300, "redirect", "modify" },
	{ 302, "redirect", "modify" },
	{ 305, "redirect", "modify" },
	{ 399, "redirect", "modify" },
	{ 301, "gone", "cancel" },
	{ 380, "not-acceptable", "modify" },
	{ 406, "not-acceptable", "modify" },
	{ 415, "not-acceptable", "modify" },
	{ 416, "not-acceptable", "modify" },
	{ 421, "not-acceptable", "modify" },
	{ 482, "not-acceptable", "modify" },
	{ 483, "not-acceptable", "modify" },
	{ 488, "not-acceptable", "modify" },
	{ 505, "not-acceptable", "modify" },
	{ 606, "not-acceptable", "modify" },
	{ 400, "bad-request", "modify" },
	{ 402, "bad-request", "modify" },
	{ 493, "bad-request", "modify" },
	{ 499, "bad-request", "modify" },
	{ 401, "not-authorized", "auth" },
	{ 403, "forbidden", "auth" },
	{ 404, "item-not-found", "cancel" },
	{ 481, "item-not-found", "cancel" },
	{ 484, "item-not-found", "cancel" },
	{ 485, "item-not-found", "cancel" },
	{ 604, "item-not-found", "cancel" },
	{ 405, "feature-not-implemented", "cancel" },
	{ 420, "feature-not-implemented", "cancel" },
	{ 439, "feature-not-implemented", "cancel" },
	{ 501, "feature-not-implemented", "cancel" },
	{ 407, "registration-required", "auth" },
	{ 408, "remote-server-timeout", "wait" },
	{ 504, "remote-server-timeout", "wait" },
	{ 410, "gone", "cancel" },
	{ 413, "policy-violation", "modify" },
	{ 414, "policy-violation", "modify" },
	{ 440, "policy-violation", "modify" },
	{ 489, "policy-violation", "modify" },
	{ 513, "policy-violation", "modify" },
	{ 423, "resource-constraint", "wait" },
	{ 430, "recipient-unavailable", "wait" },
	{ 480, "recipient-unavailable", "wait" },
	{ 486, "recipient-unavailable", "wait" },
	{ 487, "recipient-unavailable", "wait" },
	{ 600, "recipient-unavailable", "wait" },
	{ 603, "recipient-unavailable", "wait" },
	{ 699, "recipient-unavailable", "wait" },
	{ 491, "unexpected-request", "wait" },
	{ 500, "internal-server-error", "cancel" },
	{ 503, "internal-server-error", "cancel" },
	{ 599, "internal-server-error", "cancel" },
	{ 502, "remote-server-not-found", "cancel" },
};

static void map_14_each_sip_final_has_its_condition_and_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof from_sip / sizeof from_sip[0]; i++) {
		struct outcome o = outcome_of_sip(from_sip[i].code, NULL);

		assert_string_equal(condition_word(o.condition),
				    from_sip[i].word);
		assert_string_equal(condition_type(o.condition),
				    from_sip[i].type);
		assert_true(o.reason[0] != '\0');
	}
}

static void success_has_a_kind_and_no_condition(void **state)
{
	(void)state;
	assert_int_equal(outcome_of_sip(200, NULL).kind, OUTCOME_DELIVERED);
	assert_int_equal(outcome_of_sip(202, NULL).kind, OUTCOME_ACCEPTED);
	assert_int_equal(outcome_of_sip(299, NULL).kind, OUTCOME_DELIVERED);
	assert_int_equal(outcome_of_sip(200, NULL).condition, CONDITION_NONE);
	assert_string_equal(condition_word(CONDITION_NONE), "");
}

static const struct {
	int code;
	enum outcome_kind kind;
} kinds[] = {
	{ 302, OUTCOME_PERMANENT }, { 404, OUTCOME_PERMANENT },
	{ 480, OUTCOME_TEMPORARY }, { 486, OUTCOME_TEMPORARY },
	{ 500, OUTCOME_TEMPORARY }, { 501, OUTCOME_PERMANENT },
	{ 503, OUTCOME_TEMPORARY }, { 504, OUTCOME_TEMPORARY },
	{ 505, OUTCOME_PERMANENT }, { 513, OUTCOME_PERMANENT },
	{ 603, OUTCOME_PERMANENT },
};

static void a_final_is_temporary_or_permanent(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		assert_int_equal(outcome_of_sip(kinds[i].code, NULL).kind,
				 kinds[i].kind);
}

static void conf_16_a_dns_failure_is_500_with_retry_after(void **state)
{
	struct outcome o = outcome_of_route(ROUTE_TEMPORARY, "DNS");

	(void)state;
	assert_int_equal(o.code, 500);
	assert_true(o.retry_after_s > 0);
	assert_int_equal(o.kind, OUTCOME_TEMPORARY);
	assert_string_equal(o.reason, "DNS");
}

static void table_0_5_every_other_end_of_a_plan_is_404(void **state)
{
	(void)state;
	for (int s = ROUTE_BAD_URI; s < ROUTE_STATUS_COUNT; s++) {
		if (s == ROUTE_TEMPORARY)
			continue;
		assert_int_equal(
			outcome_of_route((enum route_status)s, "no").code, 404);
	}
}

static void sip_32_a_503_from_downstream_becomes_500(void **state)
{
	(void)state;
	assert_int_equal(outcome_code_upstream(503, &rfc), 500);
	assert_int_equal(outcome_code_upstream(486, &rfc), 486);
	assert_int_equal(outcome_code_upstream(603, &rfc), 603);
}

static void conf_9_final_class_4xx_turns_every_6xx(void **state)
{
	(void)state;
	assert_int_equal(outcome_code_upstream(600, &carrier), 486);
	assert_int_equal(outcome_code_upstream(603, &carrier), 403);
	assert_int_equal(outcome_code_upstream(604, &carrier), 404);
	assert_int_equal(outcome_code_upstream(606, &carrier), 406);
	assert_int_equal(outcome_code_upstream(699, &carrier), 480);
}

static void a_reason_is_never_empty_and_never_too_long(void **state)
{
	char text[400];
	struct outcome o;

	(void)state;
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	o = outcome_of_sip(404, text);
	assert_int_equal(strlen(o.reason), OUTCOME_REASON_SIZE - 1);
	for (int code = 200; code < 700; code++) {
		assert_true(outcome_of_sip(code, "").reason[0] != '\0');
		assert_true(outcome_phrase(code)[0] != '\0');
	}
}

static const struct {
	enum condition condition;
	int without, with; /* routing.redirects */
} moves[] = {
	{ CONDITION_GONE, 410, 301 },
	{ CONDITION_REDIRECT, 480, 302 },
	{ CONDITION_ITEM_NOT_FOUND, 604, 604 },
};

static void map_15_a_new_address_makes_301_and_302_by_option(void **state)
{
	const struct outcome_profile on = { .redirects = true };

	(void)state;
	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
		struct outcome o = outcome_of_condition(moves[i].condition,
							false, &rfc, NULL);

		outcome_set_address(&o, "sip:bob@im.example", &rfc);
		assert_int_equal(o.code, moves[i].without);
		assert_string_equal(o.address, "");
		outcome_set_address(&o, "sip:bob@im.example", &on);
		assert_int_equal(o.code, moves[i].with);
		assert_string_equal(o.address, moves[i].with < 400
						       ? "sip:bob@im.example"
						       : "");
	}
}

static void words_go_both_ways(void **state)
{
	(void)state;
	for (int c = CONDITION_NONE + 1; c < CONDITION_OVER_RATE; c++)
		assert_int_equal(
			condition_of_word(condition_word((enum condition)c)),
			c);
	assert_string_equal(outcome_kind_word(OUTCOME_ACCEPTED), "accepted");
	assert_string_equal(outcome_kind_word(OUTCOME_KIND_COUNT), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_14_each_condition_has_its_sip_final),
		cmocka_unit_test(conf_10_strict_makes_service_unavailable_403),
		cmocka_unit_test(sip_20_no_condition_ever_becomes_408_or_503),
		cmocka_unit_test(
			map_14_each_sip_final_has_its_condition_and_type),
		cmocka_unit_test(success_has_a_kind_and_no_condition),
		cmocka_unit_test(a_final_is_temporary_or_permanent),
		cmocka_unit_test(conf_16_a_dns_failure_is_500_with_retry_after),
		cmocka_unit_test(table_0_5_every_other_end_of_a_plan_is_404),
		cmocka_unit_test(sip_32_a_503_from_downstream_becomes_500),
		cmocka_unit_test(conf_9_final_class_4xx_turns_every_6xx),
		cmocka_unit_test(a_reason_is_never_empty_and_never_too_long),
		cmocka_unit_test(
			map_15_a_new_address_makes_301_and_302_by_option),
		cmocka_unit_test(words_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
