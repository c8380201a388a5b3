#ifndef IMGW_TESTS_STORE_CONFORMANCE_H
#define IMGW_TESTS_STORE_CONFORMANCE_H

/** What gateway/store.h promises, sentence by sentence, for any engine. Who
 *  includes this gives setup and teardown, which open and close the world
 *  that is the state of each case, on an empty store. */

#include "tests/unit/store_cases_life.h"
#include "tests/unit/store_cases_message.h"
#include "tests/unit/store_cases_order.h"

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#define STORE_CONFORMANCE                                                  \
	CASE(a_full_message_comes_back_as_it_was_put),                     \
	CASE(an_empty_message_comes_back_as_it_was_put),                   \
	CASE(a_message_that_is_not_utf8_comes_back_as_it_was_put),         \
	CASE(a_message_keeps_its_time_of_arrival),                         \
	CASE(what_is_put_is_taken_by_us_at_once),                          \
	CASE(seqs_are_in_the_order_of_arrival),                            \
	CASE(a_known_key_is_a_duplicate),                                  \
	CASE(duplicates_asked_for_together_are_found),                     \
	CASE(messages_without_a_key_are_never_duplicates),                 \
	CASE(a_finished_message_is_gone_and_its_key_stays),                \
	CASE(a_forgotten_message_is_gone_with_its_key),                    \
	CASE(a_key_is_forgotten_after_its_time),                           \
	CASE(the_key_of_a_message_that_waits_is_kept),                     \
	CASE(a_message_behind_a_waiting_one_waits_too),                    \
	CASE(a_message_behind_a_taken_one_does_not_wait),                  \
	CASE(a_lane_comes_in_order_when_its_first_is_due),                 \
	CASE(what_has_expired_comes_whatever_it_waits_for),                \
	CASE(what_has_expired_and_is_deferred_comes_at_its_time),          \
	CASE(what_is_held_does_not_expire),                                \
	CASE(an_older_one_that_is_deferred_holds_back_the_younger),        \
	CASE(a_stuck_lane_holds_back_nobody_else),                         \
	CASE(no_more_than_asked_for_are_taken),                            \
	CASE(only_what_goes_by_a_side_that_is_there_is_taken),             \
	CASE(one_that_cannot_leave_holds_back_its_lane),                   \
	CASE(a_long_lane_is_drained_in_order),                             \
	CASE(only_tries_that_count_are_counted),                           \
	CASE(a_long_reason_is_cut),                                        \
	CASE(what_was_taken_comes_again_after_a_restart),                  \
	CASE(a_lane_is_in_order_after_a_restart),                          \
	CASE(a_cancelled_put_leaves_nothing),                              \
	CASE(a_cancelled_put_is_gone_after_a_restart),                     \
	CASE(a_cancelled_duplicate_leaves_the_first_alone),                \
	CASE(a_cancelled_put_makes_way),                                   \
	CASE(an_operator_sees_what_is_there),                              \
	CASE(an_operator_has_it_tried_now),                                \
	CASE(a_held_message_waits_for_the_operator),                       \
	CASE(a_held_message_behind_another_keeps_its_place),               \
	CASE(a_dropped_message_comes_with_the_answer),                     \
	CASE(what_is_taken_is_not_changed),                                \
	CASE(the_counts_are_those_of_the_states),                          \
	CASE(a_note_is_found_until_its_time),                              \
	CASE(a_second_note_replaces_the_first),                            \
	CASE(the_name_asked_for_becomes_ours),                             \
	CASE(more_than_may_wait_is_refused),                               \
	CASE(nothing_is_called_after_the_close_and_all_is_done),           \
	CASE(closing_nothing_is_allowed)

#endif
