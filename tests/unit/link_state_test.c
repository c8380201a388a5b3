#include "gateway/xmpp/link_state.h"

#include "tests/unit/unit.h"

#define NO LINK_STATE_COUNT

static void only_the_events_of_the_drawing_are_allowed(void **state)
{
	static const enum link_state
		expected[LINK_STATE_COUNT][LINK_EVENT_COUNT] = {
			/* start, stop, timer, accepted, lost */
			[LINK_DOWN] = { LINK_CONNECTING, NO, NO, NO, NO },
			[LINK_CONNECTING] = { NO, LINK_DOWN, LINK_BACKOFF,
					      LINK_UP, LINK_BACKOFF },
			[LINK_UP] = { NO, LINK_DOWN, NO, NO, LINK_BACKOFF },
			[LINK_BACKOFF] = { NO, LINK_DOWN, LINK_CONNECTING, NO,
					   NO },
		};

	(void)state;
	for (int s = 0; s < LINK_STATE_COUNT; s++)
		for (int e = 0; e < LINK_EVENT_COUNT; e++) {
			enum link_state next = NO;

			assert_int_equal(link_state_next((enum link_state)s,
							 (enum link_event)e,
							 &next),
					 expected[s][e] != NO);
			assert_int_equal(next, expected[s][e]);
		}
}

static void what_is_no_state_allows_nothing(void **state)
{
	enum link_state next = LINK_UP;

	(void)state;
	assert_false(link_state_next(LINK_STATE_COUNT, LINK_EVENT_LOST, &next));
	assert_false(link_state_next(LINK_UP, LINK_EVENT_COUNT, &next));
	assert_int_equal(next, LINK_UP);
}

static void each_state_and_event_has_a_word(void **state)
{
	(void)state;
	assert_string_equal(link_state_word(LINK_DOWN), "down");
	assert_string_equal(link_state_word(LINK_CONNECTING), "connecting");
	assert_string_equal(link_state_word(LINK_UP), "up");
	assert_string_equal(link_state_word(LINK_BACKOFF), "backoff");
	assert_string_equal(link_state_word(LINK_STATE_COUNT), "unknown");
	assert_string_equal(link_event_word(LINK_EVENT_START), "start");
	assert_string_equal(link_event_word(LINK_EVENT_STOP), "stop");
	assert_string_equal(link_event_word(LINK_EVENT_TIMER), "timer");
	assert_string_equal(link_event_word(LINK_EVENT_ACCEPTED), "accepted");
	assert_string_equal(link_event_word(LINK_EVENT_LOST), "lost");
	assert_string_equal(link_event_word(LINK_EVENT_COUNT), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_events_of_the_drawing_are_allowed),
		cmocka_unit_test(what_is_no_state_allows_nothing),
		cmocka_unit_test(each_state_and_event_has_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
