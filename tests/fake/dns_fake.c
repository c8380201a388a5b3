#include "tests/fake/dns_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fake/fake.h"
#include "tests/fake/zone_fake.h"

struct dns_fake {
	struct zone_fake zone;
	char **asked;
	size_t asked_count, asked_size;
	size_t pending;
};

struct dns {
	struct loop *loop;
	struct dns_fake *script;
	int timeout_ms;
	bool dnssec;
	struct dns_query *queries;
};

struct dns_query {
	struct dns_query *next;
	struct dns *dns;
	char name[DNS_NAME_SIZE];
	enum dns_type type;
	dns_answer_fn *done;
	void *arg;
	struct loop_timer *timer;
	struct dns_answer *answer; /* made early, for when memory is out */
};

/* What dns_create has no parameter for. Tests have one thread. */
static struct dns_fake *in_use;

struct dns_fake *dns_fake_create(void)
{
	return fake_alloc(sizeof(struct dns_fake));
}

void dns_fake_destroy(struct dns_fake **script)
{
	struct dns_fake *s = *script;

	if (!s)
		return;
	if (s->pending)
		fake_abort("%zu questions outlive their script", s->pending);
	if (in_use == s)
		in_use = NULL;
	zone_fake_forget(&s->zone, NULL);
	for (size_t i = 0; i < s->asked_count; i++)
		free(s->asked[i]);
	free(s->asked);
	free(s);
	*script = NULL;
}

void dns_fake_use(struct dns_fake *script)
{
	in_use = script;
}

void dns_fake_zone(struct dns_fake *script, const char *line)
{
	zone_fake_add(&script->zone, line);
}

void dns_fake_forget(struct dns_fake *script, const char *name)
{
	zone_fake_forget(&script->zone, name);
}

const char *dns_fake_asked(const struct dns_fake *script, size_t index)
{
	return index < script->asked_count ? script->asked[index] : NULL;
}

size_t dns_fake_asked_count(const struct dns_fake *script)
{
	return script->asked_count;
}

size_t dns_fake_pending(const struct dns_fake *script)
{
	return script->pending;
}

enum enum_status dns_create(struct loop *loop,
			    const struct dns_options *options,
			    struct dns **dns_out)
{
	struct dns *dns = malloc(sizeof *dns);

	if (!dns)
		return ENUM_NO_MEMORY;
	if (!in_use)
		fake_abort("dns_create without dns_fake_use");
	*dns = (struct dns){ .loop = loop,
			     .script = in_use,
			     .timeout_ms = options->timeout_ms,
			     .dnssec = options->dnssec };
	*dns_out = dns;
	return ENUM_OK;
}

void dns_destroy(struct dns **dns)
{
	if (!*dns)
		return;
	while ((*dns)->queries) {
		struct dns_query *query = (*dns)->queries;

		dns_query_cancel(&query);
	}
	free(*dns);
	*dns = NULL;
}

static void log_question(struct dns_fake *script, const char *name,
			 enum dns_type type)
{
	char text[DNS_NAME_SIZE + 8];

	if (script->asked_count == script->asked_size) {
		size_t size = script->asked_size * 2 + 16;
		char **grown = fake_alloc(size * sizeof *grown);

		if (script->asked)
			memcpy(grown, script->asked,
			       script->asked_count * sizeof *grown);
		free(script->asked);
		script->asked = grown;
		script->asked_size = size;
	}
	snprintf(text, sizeof text, "%s/%s", name, dns_type_word(type));
	script->asked[script->asked_count++] = fake_copy(text);
}

/* What the packets say; a failure leaves the answer made early. */
static void fill_answer(struct dns_query *query)
{
	const struct zone_fake *zone = &query->dns->script->zone;
	struct wire *packet;
	struct dns_answer *answer;
	enum enum_status status;

	if (zone_fake_has(zone, query->name, query->type, ZONE_OVERLOAD))
		return;
	if (zone_fake_has(zone, query->name, query->type, ZONE_SILENT)) {
		status = dns_answer_make(query->type, DNS_TIMEOUT, &answer);
	} else {
		packet = fake_alloc(sizeof *packet);
		zone_fake_answer(zone, query->name, query->type, packet);
		status = dns_answer_parse(packet->at, packet->len, query->name,
					  query->type, query->dns->dnssec,
					  &answer);
		free(packet);
	}
	if (status == ENUM_OK) {
		dns_answer_drop(&query->answer);
		query->answer = answer;
	}
}

static void answer_now(void *arg)
{
	struct dns_query *query = arg;
	dns_answer_fn *done = query->done;
	void *done_arg = query->arg;
	struct dns_answer *answer;

	fill_answer(query);
	answer = dns_answer_keep(query->answer);
	dns_query_cancel(&query);
	done(answer, done_arg);
	dns_answer_drop(&answer);
}

static int64_t delay_ms(const struct dns_query *query)
{
	const struct zone_fake *zone = &query->dns->script->zone;

	if (zone_fake_has(zone, query->name, query->type, ZONE_SILENT))
		return query->dns->timeout_ms;
	return zone_fake_delay_ms(zone, query->name, query->type);
}

static enum enum_status query_create(struct dns *dns, const char *name,
				     enum dns_type type,
				     struct dns_query **query_out)
{
	struct dns_query *query = calloc(1, sizeof *query);
	enum enum_status status;

	if (!query)
		return ENUM_NO_MEMORY;
	*query = (struct dns_query){ .dns = dns, .type = type };
	snprintf(query->name, sizeof query->name, "%s", name);
	status = dns_answer_make(type, DNS_OVERLOAD, &query->answer);
	if (status == ENUM_OK)
		status = loop_timer_create(dns->loop, answer_now, query,
					   &query->timer);
	if (status != ENUM_OK) {
		dns_answer_drop(&query->answer);
		free(query);
		return status;
	}
	*query_out = query;
	return ENUM_OK;
}

enum enum_status dns_query_start(struct dns *dns, const char *name,
				 enum dns_type type, dns_answer_fn *done,
				 void *arg, struct dns_query **query_out)
{
	struct dns_query *query;
	enum enum_status status = query_create(dns, name, type, &query);

	if (status != ENUM_OK)
		return status;
	query->done = done;
	query->arg = arg;
	query->next = dns->queries;
	dns->queries = query;
	dns->script->pending++;
	log_question(dns->script, name, type);
	loop_timer_set(query->timer, delay_ms(query));
	*query_out = query;
	return ENUM_OK;
}

void dns_query_cancel(struct dns_query **query)
{
	struct dns_query **link;

	if (!*query)
		return;
	link = &(*query)->dns->queries;
	while (*link != *query)
		link = &(*link)->next;
	*link = (*query)->next;
	(*query)->dns->script->pending--;
	loop_timer_destroy(&(*query)->timer);
	dns_answer_drop(&(*query)->answer);
	free(*query);
	*query = NULL;
}
