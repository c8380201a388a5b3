#define _POSIX_C_SOURCE 200809L /* mkstemp */

#include "tests/story/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/admission.h"
#include "gateway/config.h"
#include "gateway/notes.h"
#include "gateway/queue.h"
#include "gateway/relay.h"
#include "gateway/routes.h"
#include "tests/fake/fake.h"
#include "tests/fake/loop_fake.h"
#include "tests/fake/store_fake.h"

/** What every story starts from; the story's own lines follow and must not
 *  name these sections again. */
static const char base[] =
	"sip: {listen: [\"udp:192.0.2.2:5060\"], domains: [gw.example.net],"
	" trust: [192.0.2.11], admit: [192.0.2.12]}\n"
	"dns: {resolvers: [\"192.0.2.53:53\"]}\n"
	"xmpp: {domain: gw.example.net,"
	" component: {connect: \"127.0.0.1:5347\", secret_file: \"%s\"}}\n"
	"%s";

static void on_drained(void *arg)
{
	((struct world *)arg)->drained = true;
}

/* The reader insists on a secret that nobody else can read. */
static void make_secret(char *path)
{
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, "secret", 6) != 6 || close(fd) != 0)
		fake_abort("no temporary file for the secret");
}

static struct config *read_config(const char *yaml)
{
	char secret[] = "/tmp/imgw-story-XXXXXX";
	size_t size = sizeof base + sizeof secret + strlen(yaml);
	struct config *config = NULL;
	char *text = fake_alloc(size);

	make_secret(secret);
	(void)snprintf(text, size, base, secret, yaml);
	if (config_read_text("story.yaml", span_of(text), stderr, &config) !=
	    GATEWAY_OK)
		fake_abort("the configuration of this story has errors");
	(void)unlink(secret);
	free(text);
	return config;
}

static void make_parts(struct world *w)
{
	const struct admission_options admission = {
		.trust = w->config->sip.trust,
		.trust_count = w->config->sip.trust_count,
		.admit = w->config->sip.admit,
		.admit_count = w->config->sip.admit_count,
		.per_sender = w->config->limits.per_sender,
		.drop_expired = w->config->routing.drop_expired,
	};

	if (routes_create(w->loop, w->config, &w->routes) != GATEWAY_OK ||
	    admission_create(w->loop, &admission, &w->admission) != GATEWAY_OK)
		fake_abort("no world");
}

static void make_queue(struct world *w)
{
	struct queue_options options = {
		.loop = w->loop,
		.url = WORLD_STORE,
		.node = "story",
		.retry_ms = w->config->queue.retry_ms,
		.retry_count = w->config->queue.retry_count,
		.expire_ms = w->config->queue.expire_ms,
		.seen_ms = w->config->limits.repeat_window_ms,
		.lease_ms = w->config->queue.lease_ms,
		.waiting_max = w->config->queue.max,
	};
	char why[128];

	for (size_t i = 0; i < w->config->queue.hold_count; i++)
		options.hold[w->config->queue.hold[i]] = true;
	if (queue_create(&options, &w->queue, why, sizeof why) != GATEWAY_OK)
		fake_abort("no queue: %s", why);
}

static void make_relays(struct world *w)
{
	struct relay_options options = {
		.loop = w->loop,
		.plan = routes_plan(w->routes),
		.admission = w->admission,
		.sides = { side_fake_side(w->sides[PROTOCOL_SIP]),
			   side_fake_side(w->sides[PROTOCOL_XMPP]) },
		.deadline_ms = w->config->sip.deadline_ms,
		.queue = w->queue,
		.memory = { .pause_max_ms = w->config->routing.pause_max_ms,
			    .dead_max_ms = config_last_retry_ms(w->config),
			    .repeat_window_ms =
				    w->config->limits.repeat_window_ms,
			    .bindings = { .age_ms = w->config->replies
							    .binding_age_ms,
					  .by_number =
						  w->config->replies.from ==
						  CONFIG_REPLY_FROM_NUMBER } },
		.in_flight_max = (size_t)w->config->routing.relays_max,
		.drained = on_drained,
		.drained_arg = w,
	};

	if (notes_create(&w->notes) != GATEWAY_OK)
		fake_abort("no notes");
	options.memory.bindings.notes = w->notes;
	if (relay_create(&options, &w->relays) != GATEWAY_OK)
		fake_abort("no relay table");
	if (!w->queue)
		return;
	notes_open(w->notes, queue_store(w->queue));
	queue_connect(w->queue, w->relays, options.sides);
}

void world_open(struct world *w, const char *yaml)
{
	*w = (struct world){ .loop = loop_fake_create(),
			     .dns = w->dns,
			     .sides = { side_fake_create("sip"),
					side_fake_create("xmpp") },
			     .config = read_config(yaml) };
	make_parts(w);
	if (strstr(yaml, "queue:"))
		make_queue(w);
	make_relays(w);
}

void world_restart(struct world *w)
{
	bool stored = w->queue != NULL;

	if (relay_count(w->relays) != 0)
		fake_abort("%zu relays are in flight", relay_count(w->relays));
	relay_destroy(&w->relays);
	notes_destroy(&w->notes);
	queue_destroy(&w->queue);
	if (stored)
		make_queue(w);
	make_relays(w);
}

static struct world_message *add(struct world *w, const char *name)
{
	struct world_message *m;

	if (w->message_count == WORLD_MESSAGES_MAX)
		fake_abort("too many messages in one story");
	m = &w->messages[w->message_count++];
	if (!span_copy(span_of(name), m->name, sizeof m->name))
		fake_abort("the name %s is too long", name);
	return m;
}

/* Nobody waits for an answer to what tells of a failure. */
static struct world_message *add_notice(struct world *w, const char *name)
{
	struct world_message *m = add(w, name);

	m->answer.count = 1;
	return m;
}

void world_submit(struct world *w, const char *name, struct message *message)
{
	struct world_message *m = add(w, name);

	relay_submit(w->relays, message, side_fake_origin(&m->answer));
}

struct world_message *world_find(struct world *w, const char *name)
{
	for (size_t i = 0; i < w->message_count; i++)
		if (strcmp(w->messages[i].name, name) == 0)
			return &w->messages[i];
	if (span_starts_nocase(span_of(name), "failure-of-"))
		return add_notice(w, name);
	fake_abort("no message is called %s", name);
}

void world_close(struct world *w)
{
	for (size_t i = 0; i < w->message_count; i++)
		if (w->messages[i].answer.count != 1)
			fake_abort("%s was answered %u times",
				   w->messages[i].name,
				   w->messages[i].answer.count);
	if (relay_count(w->relays) != 0)
		fake_abort("%zu relays are left", relay_count(w->relays));
	relay_destroy(&w->relays);
	notes_destroy(&w->notes);
	queue_destroy(&w->queue);
	store_fake_wipe();
	admission_destroy(&w->admission);
	routes_destroy(&w->routes);
	config_destroy(&w->config);
	side_fake_destroy(&w->sides[PROTOCOL_SIP]);
	side_fake_destroy(&w->sides[PROTOCOL_XMPP]);
	loop_fake_destroy(&w->loop);
	dns_fake_destroy(&w->dns);
}
