#include "gateway/xmpp/delay.h"

#include "tests/unit/stanza_unit.h"
#include "tests/unit/unit.h"

#define NOW    1767323045 /* 2026-01-02T03:04:05Z */
#define DOMAIN "gw.example.net"

static const struct {
	const char *what;
	struct message message;
	bool held;
	const char *stamp; /* NULL: none */
} marks[] = {
	{ "new", { .arrived_s = NOW }, false, NULL },
	{ "held", { .arrived_s = NOW }, true, "2026-01-02T03:04:05Z" },
	{ "held before",
	  { .arrived_s = NOW - 7200, .held_since_s = NOW - 7199 },
	  false,
	  "2026-01-02T01:04:05Z" },
	{ "of an old Date",
	  { .arrived_s = NOW, .date_s = NOW - DELAY_OLD_S - 1 },
	  false,
	  "2026-01-02T03:03:04Z" },
	{ "of a Date that is not old yet",
	  { .arrived_s = NOW, .date_s = NOW - DELAY_OLD_S },
	  false,
	  NULL },
	{ "of a Date to come",
	  { .arrived_s = NOW, .date_s = NOW + 3600 },
	  false,
	  NULL },
	{ "held, of a Date to come",
	  { .arrived_s = NOW - 1, .date_s = NOW + 3600 },
	  true,
	  "2026-01-02T03:04:04Z" },
	{ "no text",
	  { .arrived_s = NOW - 3600, .purpose = MESSAGE_COMPOSING },
	  true,
	  NULL },
};

static void xmpp_26_sip_22_what_is_late_says_when_it_was_sent(void **state)
{
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		xmpp_stanza_t *stanza = stanza_parse(ctx, "<message/>");
		xmpp_stanza_t *delay;

		assert_true(delay_mark(stanza, DOMAIN, &marks[i].message, NOW,
				       marks[i].held));
		delay = xmpp_stanza_get_child_by_name_and_ns(stanza, "delay",
							     "urn:xmpp:delay");
		if (!delay != !marks[i].stamp)
			fail_msg("%s", marks[i].what);
		if (delay) {
			assert_string_equal(
				xmpp_stanza_get_attribute(delay, "stamp"),
				marks[i].stamp);
			assert_string_equal(xmpp_stanza_get_from(delay),
					    DOMAIN);
		}
		xmpp_stanza_release(stanza);
	}
	xmpp_ctx_free(ctx);
}

#define DELAY(from, stamp) \
	"<delay xmlns='urn:xmpp:delay' from='" from "' stamp='" stamp "'/>"
#define STAMP "2026-01-02T03:04:05Z"

static const struct {
	const char *inner, *from;
	int64_t sent_s;
} stamps[] = {
	{ DELAY("im.example", STAMP), "alice@im.example/r1", NOW },
	{ DELAY("IM.example", STAMP), "alice@im.example", NOW },
	{ DELAY("im.example", STAMP), "im.example", NOW },
	{ DELAY("room.example", STAMP) DELAY("im.example", STAMP),
	  "alice@im.example/r1", NOW },
	{ DELAY("im.exampl", STAMP), "alice@im.example/r1", 0 },
	{ DELAY("other.example", STAMP), "alice@im.example/r1", 0 },
	{ DELAY("im.example", "yesterday"), "alice@im.example/r1", 0 },
	{ "<delay xmlns='urn:xmpp:delay' stamp='" STAMP "'/>",
	  "alice@im.example/r1", 0 },
	{ "<delay xmlns='urn:xmpp:delay' from='im.example'/>",
	  "alice@im.example/r1", 0 },
	{ "<delay xmlns='x' from='im.example' stamp='" STAMP "'/>",
	  "alice@im.example/r1", 0 },
	{ "", "alice@im.example/r1", 0 },
};

static void xmpp_26_the_senders_server_is_believed(void **state)
{
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof stamps / sizeof stamps[0]; i++) {
		char xml[512];
		xmpp_stanza_t *stanza;

		(void)snprintf(xml, sizeof xml,
			       "<message>%s<body>x</body>"
			       "</message>",
			       stamps[i].inner);
		stanza = stanza_parse(ctx, xml);
		if (delay_read(stanza, stamps[i].from) != stamps[i].sent_s)
			fail_msg("%s", xml);
		xmpp_stanza_release(stanza);
	}
	xmpp_ctx_free(ctx);
}

static void exercise(void)
{
	const struct message m = { .arrived_s = NOW };
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
	xmpp_stanza_t *stanza = xmpp_stanza_new(ctx);

	assert_true(delay_mark(stanza, DOMAIN, &m, NOW, true));
	xmpp_stanza_release(stanza);
	xmpp_ctx_free(ctx);
}

/* What it allocates, the library allocates. */
static void it_needs_no_memory_of_its_own(void **state)
{
	(void)state;
	assert_int_equal(unit_fail_allocations(exercise), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			xmpp_26_sip_22_what_is_late_says_when_it_was_sent),
		cmocka_unit_test(xmpp_26_the_senders_server_is_believed),
		cmocka_unit_test(it_needs_no_memory_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
