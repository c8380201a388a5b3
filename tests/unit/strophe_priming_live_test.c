#define _POSIX_C_SOURCE 200809L /* fork, kill */

#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <strophe.h>

#include "tests/unit/unit.h"

/** How the child ends when libstrophe has survived. */
#define SURVIVED 42

/* Without the hook the sanitizer would report the crash and exit by itself. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "handle_segv=0:handle_abort=0";
}

static void on_connection(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
			  xmpp_stream_error_t *stream_error, void *arg)
{
	(void)conn;
	(void)event;
	(void)error;
	(void)stream_error;
	(void)arg;
}

/* A component as libstrophe's manual has it, without prime_component of
 * gateway/xmpp/connection.c. It sends its handshake and takes in what the
 * server sends. */
static void run_component(uint16_t port)
{
	const struct rlimit no_core = { 0, 0 };
	const time_t end = time(NULL) + 5;
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
	xmpp_conn_t *conn = xmpp_conn_new(ctx);

	(void)setrlimit(RLIMIT_CORE, &no_core);
	(void)signal(SIGSEGV, SIG_DFL); /* cmocka catches it */
	xmpp_conn_set_jid(conn, "gw.example.net");
	xmpp_conn_set_pass(conn, "test");
	if (xmpp_connect_component(conn, "127.0.0.1", port, on_connection,
				   NULL) != XMPP_EOK)
		_exit(1);
	while (time(NULL) < end && !xmpp_conn_is_disconnected(conn))
		xmpp_run_once(ctx, 10);
	_exit(SURVIVED);
}

static int listen_anywhere(uint16_t *port_out)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(fd, 1), 0);
	(void)getsockname(fd, (struct sockaddr *)&at, &len);
	*port_out = ntohs(at.sin_port);
	return fd;
}

/* Header, handshake, one stanza, end. */
static void serve(int listening)
{
	static const char script[] =
		"<stream:stream xmlns='jabber:component:accept' "
		"xmlns:stream='http://etherx.jabber.org/streams' id='1' "
		"from='gw.example.net'><handshake/>"
		"<message from='a@b' to='gw.example.net'><body>x</body>"
		"</message></stream:stream>";
	char got[4096];
	int fd = accept(listening, NULL, NULL);

	assert_true(fd >= 0);
	(void)!send(fd, script, sizeof script - 1, MSG_NOSIGNAL);
	(void)shutdown(fd, SHUT_WR);
	while (recv(fd, got, sizeof got, 0) > 0)
		;
	close(fd);
}

static void a_component_without_priming_dies(void **state)
{
	uint16_t port;
	int listening = listen_anywhere(&port), status = 0;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0)
		run_component(port);
	serve(listening);
	close(listening);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == SURVIVED)
		fail_msg("priming is no longer needed with this libstrophe");
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_component_without_priming_dies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
