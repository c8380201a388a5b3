#include "gateway/xmpp/connection.h"

#include <sys/resource.h>

#include "tests/unit/link_world.h"

static void xmpp_1_the_handshake_is_the_hash_of_id_and_secret(void **state)
{
	struct world *w = *state;

	start_up(w); /* waits for the hash of the XEP's example */
	assert_int_equal(w->ups, 1);
	assert_int_equal(w->downs, 0);
}

static void xmpp_4_what_is_not_well_formed_ends_the_stream(void **state)
{
	static const char *const cases[] = {
		"<message><body>x</message>",
		"<!DOCTYPE x [<!ENTITY a 'a'>]>",
		"<message><!DOCTYPE x></message>",
		"<message><body>&a;</body></message>",
		"<message a='1' a='2'/>",
		"<message><body>\xff</body></message>",
		"<message><body>\x01</body></message>",
		"\x7f garbage <<<",
		"</wrong>",
	};
	struct world *w = *state;
	struct link_options options = quick(w->server);

	start(w, &options);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_true(server_handshake(w->server));
		assert_true(server_wait(w->server, 5000, is_up, w));
		server_send(w->server, cases[i]);
		assert_true(server_expect(w->server, "stream:error"));
		server_hang_up(w->server);
		server_forget(w->server);
		assert_true(server_wait(w->server, 5000, is_down, w));
	}
	assert_int_equal(w->stanzas, 0);
}

/* The server may do it before its header; libstrophe offers no way to refuse
 * (connection.h), but expat bounds what it grows to. */
static void xmpp_4_entities_of_the_server_do_not_fill_the_memory(void **state)
{
	struct world *w = *state;
	struct link_options options = quick(w->server);
	struct rusage before, after;

	start(w, &options);
	assert_true(server_expect(w->server, "<stream:stream "));
	(void)getrusage(RUSAGE_SELF, &before);
	server_send(w->server,
		    "<!DOCTYPE s [<!ENTITY a '0123456789'>"
		    "<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
		    "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>"
		    "<!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>"
		    "<!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'>"
		    "<!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;'>"
		    "<!ENTITY g '&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;'>"
		    "<!ENTITY h '&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;'>]>"
		    "<stream:stream xmlns='jabber:component:accept' xmlns:"
		    "stream='http://etherx.jabber.org/streams' a='&h;' "
		    "id='" SERVER_STREAM_ID "'>");
	assert_true(server_expect(w->server, "stream:error"));
	(void)getrusage(RUSAGE_SELF, &after);
	assert_true(after.ru_maxrss - before.ru_maxrss < 100L * 1024);
}

static void a_root_that_is_no_stream_is_lost_once(void **state)
{
	struct world *w = *state;
	struct link_options options = quick(w->server);

	start(w, &options);
	assert_true(server_expect(w->server, "<stream:stream "));
	server_forget(w->server);
	server_send(w->server, "<html/>");
	assert_true(server_wait(w->server, 5000, has_returned, w));
	assert_true(server_handshake(w->server));
	assert_true(server_wait(w->server, 5000, is_up, w));
	assert_int_equal(w->ups, 1);
}

static void a_stanza_in_pieces_is_one_stanza(void **state)
{
	static const char *const pieces[] = { "<mess", "age><bo", "dy>a&am",
					      "p;b\xc3", "\xa9</body></messa" };
	struct world *w = *state;

	start_up(w);
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		server_send(w->server, pieces[i]);
		server_pause(w->server, 2);
		assert_int_equal(w->stanzas, 0);
	}
	server_send(w->server, "ge>");
	assert_true(server_wait(w->server, 5000, has_stanza, w));
	assert_string_equal(w->last, "a&b\xc3\xa9");
}

static void the_end_of_the_link_closes_the_stream(void **state)
{
	struct world *w = *state;

	start_up(w);
	assert_int_equal(link_send(w->link, stanza_of(w, "last"), NULL),
			 LINK_QUEUED);
	link_destroy(&w->link);
	assert_true(server_expect(w->server, "last"));
	assert_true(server_expect(w->server, "</stream:stream>"));
	assert_true(server_wait(w->server, 5000, is_refused, w));
	assert_int_equal(w->downs, 0);
}

static void a_name_instead_of_an_address_is_refused(void **state)
{
	static const char *const cases[] = { "localhost", "xmpp.example.net",
					     "127.1", "", "[::1]" };
	struct world *w = *state;
	struct link_options options = quick(w->server);
	const struct link_events events = { .arg = w };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		options.target.address = cases[i];
		assert_int_equal(link_create(w->server->loop, &options, &events,
					     &w->link),
				 GATEWAY_BAD_CONFIG);
		assert_null(w->link);
	}
}

/* select, in libstrophe, aborts for descriptors of 1024 and above. */
static void the_link_returns_when_a_thousand_files_are_open(void **state)
{
	const struct rlimit limit = { 4096, 4096 };
	struct world *w = *state;
	int open_files[1100];

	start_up(w);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	for (int i = 0; i < 1100; i++) {
		open_files[i] = dup(0);
		assert_true(open_files[i] >= 0);
	}
	server_hang_up(w->server);
	assert_true(server_wait(w->server, 5000, is_down, w));
	assert_true(server_handshake(w->server));
	assert_true(server_wait(w->server, 5000, is_up, w));
	for (int i = 0; i < 1100; i++)
		close(open_files[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(xmpp_1_the_handshake_is_the_hash_of_id_and_secret),
		LIVE(xmpp_4_what_is_not_well_formed_ends_the_stream),
		LIVE(xmpp_4_entities_of_the_server_do_not_fill_the_memory),
		LIVE(a_root_that_is_no_stream_is_lost_once),
		LIVE(a_stanza_in_pieces_is_one_stanza),
		LIVE(the_end_of_the_link_closes_the_stream),
		LIVE(a_name_instead_of_an_address_is_refused),
		LIVE(the_link_returns_when_a_thousand_files_are_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
