#define _POSIX_C_SOURCE 200809L /* sigaction, sigprocmask */

#include "gateway/app.h"

#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "gateway/admin/admin.h"
#include "gateway/admission.h"
#include "gateway/log.h"
#include "gateway/loop.h"
#include "gateway/relay.h"
#include "gateway/reports.h"
#include "gateway/reports_saved.h"
#include "gateway/routes.h"
#include "gateway/sip/sipside.h"
#include "gateway/xmpp/xmppside.h"

struct app {
	const struct config *config;
	struct loop *loop;
	int signals; /* signalfd, or -1 */
	struct loop_watch *signal_watch;
	struct routes *routes;
	struct admission *admission;
	struct notes *notes;
	struct reports *reports;
	struct reports_saved *saved;
	struct sipside *sipside;
	struct xmppside *xmppside; /* NULL: not configured */
	struct queue *queue;	   /* NULL: queue.store is off */
	struct relay_table *relays;
	struct admin *admin; /* NULL: its socket cannot be had */
	bool draining;
};

static void drain(struct app *app)
{
	log_event(LOG_LEVEL_INFO, "stopping",
		  FIELD_INT("in_flight", relay_count(app->relays)));
	(void)sd_notify(0, "STOPPING=1");
	app->draining = true;
	sipside_drain(app->sipside);
	if (app->xmppside)
		xmppside_drain(app->xmppside);
	if (app->queue)
		queue_drain(app->queue);
	relay_drain(app->relays);
}

static void stop_loop(void *arg)
{
	struct app *app = arg;

	loop_stop(app->loop);
}

/* What the server has taken need not be sent again after the restart. */
static void on_drained(void *arg)
{
	struct app *app = arg;

	if (app->xmppside)
		xmppside_flush(app->xmppside, stop_loop, app);
	else
		stop_loop(app);
}

/* A new configuration is checked, not swapped in: say so honestly. */
static void reload(struct app *app)
{
	struct config *fresh = NULL;
	enum gateway_status status =
		config_read(app->config->file, stderr, &fresh);

	config_destroy(&fresh);
	log_event(status == GATEWAY_OK ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR,
		  "reload", FIELD_TEXT("file", app->config->file),
		  FIELD_TEXT("result", gateway_status_text(status)),
		  FIELD_TEXT("in_force", "the old one until a restart"));
}

static void on_signal(int fd, unsigned events, void *arg)
{
	struct app *app = arg;
	struct signalfd_siginfo info;

	(void)events;
	if (read(fd, &info, sizeof info) != (ssize_t)sizeof info)
		return;
	if (info.ssi_signo == SIGHUP)
		reload(app);
	else if (app->draining)
		loop_stop(app->loop);
	else
		drain(app);
}

static enum gateway_status start_signals(struct app *app)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	(void)sigaction(SIGPIPE, &ignore, NULL);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	app->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (app->signals < 0 ||
	    loop_watch_create(app->loop, app->signals, LOOP_READ, on_signal,
			      app, &app->signal_watch) != ENUM_OK)
		return GATEWAY_NO_MEMORY;
	return GATEWAY_OK;
}

static struct outcome_profile profile_of(const struct config *c)
{
	return (struct outcome_profile){ .final_4xx = c->routing.final_4xx,
					 .strict = c->routing.strict,
					 .redirects = c->routing.redirects };
}

static enum gateway_status start_admission(struct app *app)
{
	const struct config *c = app->config;
	const struct admission_options options = {
		.trust = c->sip.trust,
		.admit = c->sip.admit,
		.trust_count = c->sip.trust_count,
		.admit_count = c->sip.admit_count,
		.per_admitted_peer = c->limits.per_admitted_peer,
		.per_peer = c->limits.per_peer,
		.per_sender = c->limits.per_sender,
		.per_recipient = c->limits.per_recipient,
		.loop_count = (unsigned)c->limits.loop_count,
		.loop_window_ms = c->limits.loop_window_ms,
		.drop_expired = c->routing.drop_expired,
	};

	return admission_create(app->loop, &options, &app->admission);
}

static enum gateway_status start_reports(struct app *app)
{
	const struct config *c = app->config;
	enum gateway_status status = notes_create(&app->notes);

	if (status != GATEWAY_OK || c->xmpp.reports_max == 0)
		return status;
	status = reports_create(app->loop, (size_t)c->xmpp.reports_max,
				c->xmpp.report_age_ms / 1000, &app->reports);
	if (status != GATEWAY_OK)
		return status;
	reports_set_texts(app->reports, c->queue.failure_text);
	return reports_saved_create(app->reports, app->notes, &app->saved);
}

static enum gateway_status start_sip(struct app *app)
{
	const struct config *c = app->config;
	const struct sipside_options options = {
		.listen = c->sip.listen,
		.listen_count = c->sip.listen_count,
		.domains = (const char *const *)c->sip.domains,
		.domain_count = c->sip.domain_count,
		.xmpp_domain = c->xmpp.domain,
		.attempt_timeout_ms = c->sip.attempt_timeout_ms,
		.connect_timeout_ms = c->sip.connect_timeout_ms,
		.transactions_max = (size_t)c->sip.transactions_max,
		.connections = {
			.total = (size_t)c->sip.connections.total,
			.per_peer = (size_t)c->sip.connections.per_peer,
			.idle_ms = c->sip.connections.idle_ms,
			.message_ms = c->sip.connections.message_ms,
		},
		.tls = { .cert_file = c->sip.tls.cert_file,
			 .key_file = c->sip.tls.key_file,
			 .ca_file = c->sip.tls.ca_file,
			 .verify = c->sip.tls.verify },
		.admission = app->admission,
		.profile = profile_of(c),
		.auth = { .require = c->sip.auth.require,
			  .require_count = c->sip.auth.require_count,
			  .realm = c->sip.auth.realm,
			  .users = c->sip.auth.users,
			  .nonce_life_ms = c->sip.auth.nonce_life_ms },
		.credentials = { .user = c->replies.auth.user,
				 .password = c->replies.auth.password,
				 .realm = c->replies.auth.realm },
		.reports = app->reports,
		.saved = app->saved,
	};

	return sipside_create(app->loop, &options, &app->sipside);
}

static enum gateway_status start_xmpp(struct app *app)
{
	const struct config *c = app->config;
	const struct xmppside_options options = {
		.domain = c->xmpp.domain,
		.address = c->xmpp.connect.address,
		.port = c->xmpp.connect.port,
		.secret = c->xmpp.secret,
		.sip_addresses = c->replies.sip_addresses,
		.type_chat = c->xmpp.type_chat,
		.error_wait_ms = c->xmpp.error_wait_ms,
		.queue_max = (size_t)c->xmpp.queue_max,
		.profile = profile_of(c),
		.reports = app->reports,
		.saved = app->saved,
	};

	if (!c->xmpp.connect.port)
		return GATEWAY_OK;
	return xmppside_create(app->loop, &options, &app->xmppside);
}

static void on_owner(bool yes, void *arg)
{
	struct app *app = arg;

	if (yes)
		reports_saved_renew(app->saved);
	xmppside_enable(app->xmppside, yes);
}

static enum gateway_status start_queue(struct app *app)
{
	const struct config *c = app->config;
	struct queue_options options = {
		.loop = app->loop,
		.url = c->queue.store,
		.node = c->node,
		.retry_ms = c->queue.retry_ms,
		.retry_count = c->queue.retry_count,
		.expire_ms = c->queue.expire_ms,
		.seen_ms = c->limits.repeat_window_ms,
		.lease_ms = c->queue.lease_ms,
		.waiting_max = c->queue.max,
		.own = app->xmppside ? c->xmpp.domain : NULL,
		.owner = on_owner,
		.owner_arg = app,
	};
	enum gateway_status status;
	char why[256] = "";

	for (size_t i = 0; i < c->queue.hold_count; i++)
		options.hold[c->queue.hold[i]] = true;
	/* between SIP peers the next hop's answer is the answer */
	if (strcmp(options.url, "off") == 0 ||
	    (!c->xmpp.connect.port && !options.hold[PROTOCOL_SIP]))
		return GATEWAY_OK;
	status = queue_create(&options, &app->queue, why, sizeof why);
	if (status != GATEWAY_OK)
		log_event(LOG_LEVEL_ERROR, "store",
			  FIELD_TEXT("state", "unavailable"),
			  FIELD_TEXT("reason", why));
	return status;
}

static enum gateway_status start_relays(struct app *app)
{
	const struct config *c = app->config;
	const struct relay_options options = {
		.loop = app->loop,
		.plan = routes_plan(app->routes),
		.admission = app->admission,
		.sides = { [PROTOCOL_SIP] = sipside_side(app->sipside),
			   [PROTOCOL_XMPP] =
				   app->xmppside ? xmppside_side(app->xmppside)
						 : NULL },
		.profile = profile_of(c),
		.deadline_ms = c->sip.deadline_ms,
		.queue = app->queue,
		.memory = { .pause_max_ms = c->routing.pause_max_ms,
			    .dead_max_ms = config_last_retry_ms(c),
			    .repeat_window_ms = c->limits.repeat_window_ms,
			    .bindings = { .age_ms = c->replies.binding_age_ms,
					  .by_number = c->replies.from ==
						       CONFIG_REPLY_FROM_NUMBER,
					  .notes = app->notes } },
		.in_flight_max = (size_t)c->routing.relays_max,
		.drained = on_drained,
		.drained_arg = app,
	};

	return relay_create(&options, &app->relays);
}

static void connect_sides(struct app *app)
{
	struct side *const sides[PROTOCOL_COUNT] = {
		[PROTOCOL_SIP] = sipside_side(app->sipside),
		[PROTOCOL_XMPP] =
			app->xmppside ? xmppside_side(app->xmppside) : NULL,
	};

	sipside_connect(app->sipside, app->relays);
	if (app->xmppside)
		xmppside_connect(app->xmppside, app->relays, app->queue);
	if (app->queue) {
		notes_open(app->notes, queue_store(app->queue));
		queue_connect(app->queue, app->relays, sides);
	}
}

static enum gateway_status start_routes(struct app *app)
{
	return routes_create(app->loop, app->config, &app->routes);
}

static enum gateway_status start_admin(struct app *app)
{
	const struct config *c = app->config;
	const struct admin_options options = {
		.loop = app->loop,
		.queue = app->queue,
		.socket = c->admin.socket,
		.node = c->node,
		.mask_numbers = c->log.mask_numbers,
	};

	return admin_create(&options, &app->admin);
}

/* In the order of need; app_stop goes back the same way. */
static const struct {
	const char *name;
	enum gateway_status (*start)(struct app *app);
} parts[] = {
	{ "signals", start_signals },
	{ "routes", start_routes },
	{ "admission", start_admission },
	{ "reports", start_reports },
	{ "sip", start_sip },
	{ "xmpp", start_xmpp },
	{ "queue", start_queue },
	{ "relays", start_relays },
	{ "admin", start_admin },
};

static bool app_start(struct app *app)
{
	enum gateway_status status = loop_create(&app->loop);

	for (size_t i = 0;
	     status == GATEWAY_OK && i < sizeof parts / sizeof parts[0]; i++) {
		status = parts[i].start(app);
		if (status != GATEWAY_OK)
			log_event(LOG_LEVEL_ERROR, "start-failed",
				  FIELD_TEXT("part", parts[i].name),
				  FIELD_TEXT("reason",
					     gateway_status_text(status)));
	}
	return status == GATEWAY_OK;
}

static void app_stop(struct app *app)
{
	relay_destroy(&app->relays);
	xmppside_destroy(&app->xmppside);
	sipside_destroy(&app->sipside);
	reports_saved_destroy(&app->saved);
	reports_destroy(&app->reports);
	notes_destroy(&app->notes);
	queue_destroy(&app->queue);
	admin_destroy(&app->admin);
	admission_destroy(&app->admission);
	routes_destroy(&app->routes);
	loop_watch_destroy(&app->signal_watch);
	if (app->signals >= 0)
		(void)close(app->signals);
	loop_destroy(&app->loop);
}

int app_run(const struct config *config)
{
	struct app app = { .config = config, .signals = -1 };

	if (!app_start(&app)) {
		app_stop(&app);
		return 1;
	}
	connect_sides(&app);
	log_event(LOG_LEVEL_INFO, "ready", FIELD_TEXT("node", config->node),
		  FIELD_TEXT("version", IMGW_VERSION),
		  FIELD_INT("listeners", config->sip.listen_count));
	(void)sd_notify(0, "READY=1");
	loop_run(app.loop);
	app_stop(&app);
	log_event(LOG_LEVEL_INFO, "stopped", FIELD_TEXT("node", config->node));
	return 0;
}
