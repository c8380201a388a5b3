#include "gateway/sip/sip_connection.h"
#include "gateway/sip/sip_private.h"
#include "tests/unit/sip_live.h"

/** Connections that others make (SEC-17, SIP-42). */

#define PEERS 6

static int peers[PEERS];

static void open_with(struct sipside_connection_limits limits)
{
	struct sipside_options options;

	live_reserve();
	options = live_options();
	options.connections = limits;
	live_open_with(&options);
	for (size_t i = 0; i < PEERS; i++)
		peers[i] = -1;
}

static int close_all(void **state)
{
	for (size_t i = 0; i < PEERS; i++)
		if (peers[i] >= 0)
			close(peers[i]);
	return live_close(state);
}

static int connect_from(const char *address)
{
	struct sockaddr_in to = live_address("127.0.0.1", atoi(live.port));
	int fd = live_socket(SOCK_STREAM, address, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	live_run(30);
	return fd;
}

static bool is_closed(int fd)
{
	char octet;

	return recv(fd, &octet, 1, MSG_DONTWAIT | MSG_PEEK) == 0;
}

static void send_octets(int fd, const char *text)
{
	(void)send(fd, text, strlen(text), MSG_NOSIGNAL);
	live_run(30);
}

static void sec_17_a_peer_has_so_many_connections(void **state)
{
	(void)state;
	open_with((struct sipside_connection_limits){ .per_peer = 2 });
	for (size_t i = 0; i < 3; i++)
		peers[i] = connect_from("127.0.0.1");
	peers[3] = connect_from("127.0.0.4");
	assert_false(is_closed(peers[0]));
	assert_false(is_closed(peers[1]));
	assert_true(is_closed(peers[2]));
	assert_false(is_closed(peers[3]));
	assert_int_equal(sipside_connections_count(live.side->connections), 3);
	/* one that ends makes room */
	close(peers[0]);
	live_run(30);
	peers[0] = connect_from("127.0.0.1");
	assert_false(is_closed(peers[0]));
}

static void sec_17_strangers_leave_room_for_others(void **state)
{
	(void)state;
	open_with((struct sipside_connection_limits){ .total = 4 });
	live.trust = ADMISSION_NOBODY; /* 127.0.0.3 is trusted */
	for (size_t i = 0; i < 3; i++)
		peers[i] = connect_from("127.0.0.1");
	assert_false(is_closed(peers[1]));
	assert_true(is_closed(peers[2]));
	for (size_t i = 3; i < 6; i++)
		peers[i] = connect_from("127.0.0.3");
	assert_false(is_closed(peers[3]));
	assert_false(is_closed(peers[4]));
	assert_true(is_closed(peers[5]));
}

static void sec_17_a_message_that_drips_is_not_waited_for(void **state)
{
	(void)state;
	open_with((struct sipside_connection_limits){ .message_ms = 1500 });
	peers[0] = connect_from("127.0.0.1");
	peers[1] = connect_from("127.0.0.1");
	send_octets(peers[0], "MESSAGE tel:+12025550100 SIP/2.0\r\nX: ");
	for (size_t i = 0; i < 50 && !is_closed(peers[0]); i++) {
		send_octets(peers[0], "a");
		live_run(70);
	}
	assert_true(is_closed(peers[0]));
	assert_false(is_closed(peers[1])); /* it has begun nothing */
}

static void sec_17_a_peer_that_ends_its_messages_may_go_on(void **state)
{
	char text[4096], branch[8];

	(void)state;
	open_with((struct sipside_connection_limits){ .message_ms = 1200 });
	peers[0] = connect_from("127.0.0.1");
	for (size_t i = 0; i < 30; i++) {
		/* whenever one looks, a message is under way */
		snprintf(branch, sizeof branch, "p%zu", i);
		live_request_text(&(struct live_request){ .branch = branch,
							  .transport = "TCP" },
				  text, sizeof text);
		if (i > 0)
			send_octets(peers[0], text + 20);
		(void)send(peers[0], text, 20, MSG_NOSIGNAL);
		live_run(100);
	}
	assert_false(is_closed(peers[0]));
	assert_int_equal(live.count, 29);
}

static void sip_44_an_idle_connection_is_closed(void **state)
{
	(void)state;
	open_with((struct sipside_connection_limits){ .idle_ms = 1500 });
	peers[0] = connect_from("127.0.0.1");
	peers[1] = connect_from("127.0.0.1");
	for (size_t i = 0; i < 40 && !is_closed(peers[0]); i++) {
		send_octets(peers[1], "\r\n\r\n"); /* RFC 5626, 3.5.1 */
		live_run(70);
	}
	assert_true(is_closed(peers[0]));
	assert_false(is_closed(peers[1]));
}

static void exercise(void)
{
	struct sipside_options options = live_options();
	struct sipside_connections *connections =
		sipside_connections_create(live.loop, &options);

	sipside_connections_destroy(&connections);
	assert_null(connections);
	sipside_connections_destroy(&connections);
}

static void on_ready(int fd, unsigned events, void *arg)
{
	(void)fd;
	(void)events;
	(void)arg;
}

/* What else is watched may look as if somebody had connected to us. */
static void sec_17_what_is_not_of_sip_is_left_alone(void **state)
{
	struct sockaddr_in to;
	struct loop_watch *watch;
	int listener;

	(void)state;
	open_with((struct sipside_connection_limits){ .total = 0 });
	to = live_address("127.0.0.5", atoi(live.port));
	listener = live_socket(SOCK_STREAM, "127.0.0.5", atoi(live.port));
	assert_int_equal(listen(listener, 1), 0);
	peers[0] = live_socket(SOCK_STREAM, "127.0.0.1", 0);
	assert_int_equal(connect(peers[0], (struct sockaddr *)&to, sizeof to),
			 0);
	peers[1] = accept(listener, NULL, NULL);
	close(listener);
	assert_int_equal(loop_watch_create(live.loop, peers[1], LOOP_READ,
					   on_ready, NULL, &watch),
			 ENUM_OK);
	assert_int_equal(sipside_connections_count(live.side->connections), 0);
	loop_watch_destroy(&watch);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	live_reserve();
	assert_int_equal(loop_create(&live.loop), GATEWAY_OK);
	assert_true(unit_fail_allocations(exercise) >= 2);
	loop_destroy(&live.loop);
	close(live.peer);
}

#define LIVE(test) cmocka_unit_test_teardown(test, close_all)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(sec_17_a_peer_has_so_many_connections),
		LIVE(sec_17_strangers_leave_room_for_others),
		LIVE(sec_17_a_message_that_drips_is_not_waited_for),
		LIVE(sec_17_a_peer_that_ends_its_messages_may_go_on),
		LIVE(sip_44_an_idle_connection_is_closed),
		LIVE(sec_17_what_is_not_of_sip_is_left_alone),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
