#define _GNU_SOURCE /* struct ucred */

#include "gateway/admin/admin_http.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <microhttpd.h>

/** Connections at once; more wait to be taken. */
#define CONNECTIONS_MAX 16

/** Of a request line and its headers, octets. */
#define REQUEST_MAX 8192

/** A connection that is silent for so long, or as old as that, is closed. */
#define SILENCE_S 5u
#define LIFE_MS	  15000

struct guest {
	int fd; /* -1: free place */
	int64_t end_ms;
};

struct admin_http {
	struct loop *loop;
	struct MHD_Daemon *daemon;
	struct loop_watch *watch;
	struct loop_timer *timer;
	admin_handle_fn *handle;
	void *arg;
	struct admin_request *waiting;
	struct guest guests[CONNECTIONS_MAX];
	bool room; /* a connection has ended in this turn */
};

/* Connections */

static int socket_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info ? info->connect_fd : -1;
}

static void on_connection(void *arg, struct MHD_Connection *connection,
			  void **place,
			  enum MHD_ConnectionNotificationCode what)
{
	struct admin_http *http = arg;
	struct guest *guest = *place;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (guest)
			guest->fd = -1;
		http->room = true;
		return;
	}
	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		if (http->guests[i].fd >= 0)
			continue;
		http->guests[i].fd = socket_of(connection);
		http->guests[i].end_ms = loop_now_ms(http->loop) + LIFE_MS;
		*place = &http->guests[i];
		return;
	}
}

/* However steadily its octets drip. */
static void end_old_connections(struct admin_http *http)
{
	int64_t now = loop_now_ms(http->loop);

	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		struct guest *guest = &http->guests[i];

		if (guest->fd >= 0 && guest->end_ms <= now)
			(void)shutdown(guest->fd, SHUT_RDWR);
	}
}

/* The loop */

/* Once it was full the daemon listens again only when it is run again. */
static int64_t next_turn_ms(struct admin_http *http)
{
	MHD_UNSIGNED_LONG_LONG wait_ms;

	if (http->room)
		return 0;
	if (MHD_get_timeout(http->daemon, &wait_ms) != MHD_YES)
		return -1;
	return wait_ms < LIFE_MS ? (int64_t)wait_ms : LIFE_MS;
}

static void turn(void *arg)
{
	struct admin_http *http = arg;
	int64_t wait_ms;

	end_old_connections(http);
	http->room = false;
	(void)MHD_run(http->daemon);
	wait_ms = next_turn_ms(http);
	if (wait_ms >= 0)
		loop_timer_set(http->timer, wait_ms);
	else
		loop_timer_clear(http->timer);
}

static void on_ready(int fd, unsigned events, void *arg)
{
	(void)fd;
	(void)events;
	turn(arg);
}

/* Answers */

static enum MHD_Result send_text(struct MHD_Connection *connection,
				 unsigned code, const char *text)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result sent = MHD_NO; /* the connection is closed */

	if (!response)
		return sent;
	if (MHD_add_response_header(response, "Content-Type",
				    "application/json") == MHD_YES &&
	    MHD_add_response_header(response, "Connection", "close") == MHD_YES)
		sent = MHD_queue_response(connection, code, response);
	MHD_destroy_response(response);
	return sent;
}

static enum MHD_Result send_answer(struct admin_request *request)
{
	char *text =
		request->body ? json_dumps(request->body, JSON_COMPACT) : NULL;
	enum MHD_Result sent;

	if (!text)
		return send_text(request->connection, 500,
				 "{\"error\":\"out of memory\"}");
	sent = send_text(request->connection, request->code, text);
	free(text);
	return sent;
}

static void stop_waiting(struct admin_request *request)
{
	struct admin_request **link = &request->http->waiting;

	while (*link && *link != request)
		link = &(*link)->next;
	if (*link)
		*link = request->next;
	request->waits = false;
}

void admin_answer(struct admin_request *request, unsigned code, json_t *body)
{
	request->code = code;
	request->body = body;
	if (!request->waits)
		return;
	stop_waiting(request);
	MHD_resume_connection(request->connection);
	loop_timer_set(request->http->timer, 0);
}

void admin_answer_error(struct admin_request *request, unsigned code,
			const char *text)
{
	admin_answer(request, code, json_pack("{s:s}", "error", text));
}

/* Requests */

static void identify(struct admin_request *request)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	if (getsockopt(socket_of(request->connection), SOL_SOCKET, SO_PEERCRED,
		       &peer, &size) != 0)
		return;
	request->uid = (long)peer.uid;
	request->pid = (long)peer.pid;
}

static struct admin_request *new_request(struct admin_http *http,
					 struct MHD_Connection *connection)
{
	struct admin_request *request = calloc(1, sizeof *request);

	if (!request)
		return NULL;
	request->uid = request->pid = -1;
	request->arg = http->arg;
	request->http = http;
	request->connection = connection;
	identify(request);
	return request;
}

static bool has_body(struct MHD_Connection *connection)
{
	const char *length = MHD_lookup_connection_value(
		connection, MHD_HEADER_KIND, "Content-Length");

	return (length && strcmp(length, "0") != 0) ||
	       MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
					   "Transfer-Encoding");
}

static enum MHD_Result on_argument(void *arg, enum MHD_ValueKind kind,
				   const char *key, const char *value)
{
	struct admin_request *request = arg;

	(void)kind;
	if (admin_route_argument(&request->route, key, value))
		return MHD_YES;
	admin_answer_error(request, 400, "an argument has no meaning here");
	return MHD_NO;
}

static void ask(struct admin_request *request, const char *method,
		const char *path)
{
	unsigned code = admin_route_parse(method, path, &request->route);

	request->asked = true;
	if (code == 200)
		(void)MHD_get_connection_values(request->connection,
						MHD_GET_ARGUMENT_KIND,
						on_argument, request);
	else
		admin_answer_error(request, code,
				   code == 404 ? "no such place"
					       : "not by this method");
	if (!request->code)
		request->http->handle(request);
}

static enum MHD_Result wait_for_answer(struct admin_request *request)
{
	request->waits = true;
	request->next = request->http->waiting;
	request->http->waiting = request;
	MHD_suspend_connection(request->connection);
	return MHD_YES;
}

static enum MHD_Result begin(struct admin_http *http,
			     struct MHD_Connection *connection, void **place)
{
	*place = new_request(http, connection);
	if (!*place)
		return MHD_NO;
	if (has_body(connection))
		return send_text(connection, 413,
				 "{\"error\":\"a request has no body\"}");
	return MHD_YES;
}

/* Called with the headers, and again when they are whole; and after each
 * admin_answer that was waited for. */
static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection,
				  const char *path, const char *method,
				  const char *version, const char *upload,
				  size_t *upload_size, void **place)
{
	struct admin_request *request = *place;

	(void)version;
	(void)upload;
	if (!request)
		return begin(arg, connection, place);
	if (*upload_size > 0)
		return MHD_NO;
	if (!request->asked)
		ask(request, method, path);
	return request->code ? send_answer(request) : wait_for_answer(request);
}

static void on_completed(void *arg, struct MHD_Connection *connection,
			 void **place, enum MHD_RequestTerminationCode why)
{
	struct admin_request *request = *place;

	(void)arg;
	(void)connection;
	(void)why;
	if (!request)
		return;
	stop_waiting(request);
	json_decref(request->body);
	free(request);
	*place = NULL;
}

/* Its life */

static bool start_daemon(struct admin_http *http, int listener)
{
	const union MHD_DaemonInfo *info;

	http->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
		on_request, http, MHD_OPTION_LISTEN_SOCKET, listener,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, SILENCE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_MAX,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
		MHD_OPTION_END);
	if (!http->daemon)
		return false;
	info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	return info &&
	       loop_watch_create(http->loop, info->epoll_fd, LOOP_READ,
				 on_ready, http, &http->watch) == ENUM_OK;
}

enum gateway_status admin_http_create(struct loop *loop, int listener,
				      admin_handle_fn *handle, void *arg,
				      struct admin_http **http_out)
{
	struct admin_http *http = calloc(1, sizeof *http);

	*http_out = NULL;
	if (!http)
		return GATEWAY_NO_MEMORY;
	http->loop = loop;
	http->handle = handle;
	http->arg = arg;
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		http->guests[i].fd = -1;
	if (loop_timer_create(loop, turn, http, &http->timer) == ENUM_OK &&
	    start_daemon(http, listener)) {
		*http_out = http;
		return GATEWAY_OK;
	}
	if (http->daemon) /* the listener is still the caller's */
		(void)MHD_quiesce_daemon(http->daemon);
	admin_http_destroy(&http);
	return GATEWAY_NO_MEMORY;
}

void admin_http_destroy(struct admin_http **http)
{
	struct admin_http *h = *http;

	if (!h)
		return;
	while (h->waiting) /* none may be suspended when the daemon stops */
		admin_answer_error(h->waiting, 503, "the gateway ends");
	loop_watch_destroy(&h->watch);
	if (h->daemon)
		MHD_stop_daemon(h->daemon);
	loop_timer_destroy(&h->timer);
	free(h);
	*http = NULL;
}
