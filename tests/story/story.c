/** Plays a story: a whole relay, or several, as a text script. See README.md
 *  in this folder for the language. */

#define _POSIX_C_SOURCE 200809L /* getline */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/config.h"
#include "gateway/relay.h"
#include "tests/fake/fake.h"
#include "tests/fake/loop_fake.h"
#include "tests/story/story.h"

_Noreturn void story_fail(const struct story *s, const char *what,
			  const char *got)
{
	fprintf(stderr, "%s:%u: %s%s%s\n", s->file, s->line, what,
		got ? ": " : "", got ? got : "");
	exit(1);
}

const char *story_word(const struct story *s, size_t index)
{
	if (index >= s->count)
		story_fail(s, "a word is missing at the end of the line", NULL);
	return s->words[index];
}

bool story_is(const struct story *s, size_t index, const char *text)
{
	return index < s->count && strcmp(s->words[index], text) == 0;
}

static void need_world(struct story *s)
{
	if (s->open)
		return;
	world_open(&s->world, s->yaml);
	s->open = true;
}

int64_t story_duration_ms(const struct story *s, const char *text)
{
	char *unit;
	double value = strtod(text, &unit);

	if (strcmp(unit, "ms") == 0)
		return (int64_t)value;
	if (strcmp(unit, "s") == 0)
		return (int64_t)(value * 1000);
	story_fail(s, "not a duration", text);
}

static int number(const struct story *s, const char *text)
{
	unsigned long value;

	if (!span_number(span_of(text), 100000, &value))
		story_fail(s, "not a number", text);
	return (int)value;
}

enum protocol story_protocol(const struct story *s, const char *name)
{
	if (strcmp(name, "sip") == 0)
		return PROTOCOL_SIP;
	if (strcmp(name, "xmpp") == 0)
		return PROTOCOL_XMPP;
	story_fail(s, "no such side", name);
}

static struct side_fake *side_called(struct story *s, const char *name)
{
	return s->world.sides[story_protocol(s, name)];
}

static void put(struct story *s, char **member, const char *value)
{
	if (message_set(member, value) != GATEWAY_OK)
		story_fail(s, "out of memory", NULL);
}

static void set_key(const struct story *s, struct message *m, const char *key)
{
	m->has_key = message_key(&key, 1, m->key);
	if (!m->has_key)
		story_fail(s, "out of memory", NULL);
}

/* SIDE sends NAME to URI [from URI] [peer ADDRESS] [require TAGS] [key KEY]
 * [skip-enum] [in-dialog] [merged] [sips] [expires SECONDS] */
static void send_options(struct story *s, struct message *m)
{
	for (size_t i = 5; i < s->count; i++) {
		if (story_is(s, i, "from"))
			put(s, &m->from, story_word(s, ++i));
		else if (story_is(s, i, "require"))
			put(s, &m->require, story_word(s, ++i));
		else if (story_is(s, i, "peer"))
			(void)span_copy(span_of(story_word(s, ++i)), m->peer,
					sizeof m->peer);
		else if (story_is(s, i, "key"))
			set_key(s, m, story_word(s, ++i));
		else if (story_is(s, i, "expires"))
			m->expires_s =
				m->arrived_s + number(s, story_word(s, ++i));
		else if (story_is(s, i, "skip-enum"))
			m->skip_enum = true;
		else if (story_is(s, i, "in-dialog"))
			m->in_dialog = true;
		else if (story_is(s, i, "merged"))
			m->merged = true;
		else if (story_is(s, i, "sips"))
			m->secure_only = true;
		else
			story_fail(s, "no such property of a message",
				   s->words[i]);
	}
}

static void set_target(struct message *m, const char *to)
{
	struct span uri = span_of(to), local = uri;

	if (m->origin == PROTOCOL_XMPP) {
		m->kind = PLAN_REPLY;
		(void)span_cut(&local, '@', &uri);
	} else if (span_starts_nocase(uri, "tel:")) {
		m->kind = PLAN_NUMBER;
		uri = span_skip(uri, 4);
	} else if (span_starts_nocase(uri, "sip:")) {
		m->kind = PLAN_JID;
		uri = span_skip(uri, 4);
	} else {
		m->kind = PLAN_IM;
	}
	m->target = fake_alloc(uri.len + 1);
	(void)span_copy(uri, m->target, uri.len + 1);
}

static void do_send(struct story *s)
{
	struct world *w = &s->world;
	struct message *m = message_create();

	if (!m || !story_is(s, 3, "to"))
		story_fail(s, "SIDE sends NAME to URI ...", NULL);
	message_arrive(m, w->loop);
	m->origin = story_is(s, 0, "sip") ? PROTOCOL_SIP : PROTOCOL_XMPP;
	put(s, &m->from, "tel:+12025550199");
	put(s, &m->to, story_word(s, 4));
	put(s, m->origin == PROTOCOL_SIP ? &m->call_id : &m->stanza_id,
	    story_word(s, 2));
	(void)span_copy(span_of("192.0.2.11"), m->peer, sizeof m->peer);
	set_target(m, story_word(s, 4));
	send_options(s, m);
	world_submit(w, story_word(s, 2), m);
	loop_fake_advance(w->loop, 0);
}

static struct attempt *open_attempt(struct story *s)
{
	struct attempt *a = side_fake_attempt(side_called(s, s->words[0]),
					      story_word(s, 2));

	if (!a)
		story_fail(s, "there is no attempt", s->words[2]);
	return a;
}

void story_expect(const struct story *s, size_t index, const char *got)
{
	if (strcmp(story_word(s, index), got) != 0)
		story_fail(s, "it is", got);
}

/* SIDE tries NAME at RECIPIENT [ADDRESS PORT TRANSPORT] */
static void do_tries(struct story *s)
{
	const struct hop *hop = &open_attempt(s)->hop;
	char port[8];

	story_expect(s, 4, hop->recipient);
	if (s->count <= 5)
		return;
	story_expect(s, 5, hop->address);
	(void)snprintf(port, sizeof port, "%u", hop->port);
	story_expect(s, 6, port);
	story_expect(s, 7, transport_word(hop->transport));
}

/* SIDE answers NAME CODE, or: SIDE fails NAME CODE [retry-after SECONDS]
 * (another hop may do) */
static void do_report(struct story *s, bool try_next)
{
	struct attempt *a = open_attempt(s);
	struct outcome o = outcome_of_sip(number(s, story_word(s, 3)), NULL);

	world_find(&s->world, story_word(s, 2))->seq = a->message->seq;
	o.try_next = try_next;
	o.remote = !try_next;
	o.silent = try_next && o.code == 504;
	o.wire = &o;
	if (story_is(s, 4, "retry-after"))
		o.retry_after_s = (unsigned)number(s, story_word(s, 5));
	side_fake_report(side_called(s, s->words[0]), a, &o);
	loop_fake_advance(s->world.loop, 0);
}

static void do_gave_up(struct story *s)
{
	if (side_fake_cancelled(side_called(s, s->words[0])) != 1)
		story_fail(s, "no attempt was given up", NULL);
}

/* NAME ends CODE KIND [retry-after] [wire] */
static void do_ends(struct story *s)
{
	const struct side_fake_answer *a =
		&world_find(&s->world, s->words[0])->answer;
	char code[8];

	if (a->count != 1)
		story_fail(s, "it was not answered exactly once", s->words[0]);
	(void)snprintf(code, sizeof code, "%d", a->outcome.code);
	story_expect(s, 2, code);
	story_expect(s, 3, outcome_kind_word(a->outcome.kind));
	if (story_is(s, 4, "retry-after") != (a->outcome.retry_after_s > 0))
		story_fail(s, "Retry-After is not as expected", NULL);
	if (story_is(s, 4, "wire") != a->has_wire)
		story_fail(s, "the passing on of a final is not as expected",
			   NULL);
}

static void do_waits(struct story *s)
{
	if (world_find(&s->world, s->words[0])->answer.count != 0)
		story_fail(s, "it was answered already", s->words[0]);
}

static void do_asked(struct story *s)
{
	size_t first = story_is(s, 1, "nothing") ? 2 : 1;

	for (size_t i = first; i < s->count; i++) {
		const char *got = dns_fake_asked(s->world.dns, s->asked);

		story_expect(s, i, got ? got : "(nothing)");
		s->asked++;
	}
	if (dns_fake_asked(s->world.dns, s->asked))
		story_fail(s, "also asked",
			   dns_fake_asked(s->world.dns, s->asked));
}

static void do_drained(struct story *s, bool want)
{
	if (s->world.drained != want)
		story_fail(s, "drained", s->world.drained ? "yes" : "no");
}

static void do_line(struct story *s)
{
	need_world(s);
	if (story_is(s, 1, "sends"))
		do_send(s);
	else if (story_is(s, 1, "tries"))
		do_tries(s);
	else if (story_is(s, 1, "answers"))
		do_report(s, false);
	else if (story_is(s, 1, "fails"))
		do_report(s, true);
	else if (story_is(s, 1, "gave") && story_is(s, 2, "up"))
		do_gave_up(s);
	else if (story_is(s, 1, "ends"))
		do_ends(s);
	else if (story_is(s, 1, "waits"))
		do_waits(s);
	else if (story_is(s, 0, "asked"))
		do_asked(s);
	else if (story_is(s, 0, "pass"))
		loop_fake_advance(s->world.loop,
				  story_duration_ms(s, story_word(s, 1)));
	else if (story_is(s, 0, "drain"))
		relay_drain(s->world.relays);
	else if (story_is(s, 0, "drained"))
		do_drained(s, story_is(s, 1, "yes"));
	else if (!story_queue_line(s))
		story_fail(s, "no such sentence", s->words[0]);
}

static void split(struct story *s, char *line)
{
	char *rest = line, *piece;

	s->count = 0;
	while (*(rest += strspn(rest, " \t\n"))) {
		if (s->count == STORY_WORDS_MAX)
			story_fail(s, "too many words", NULL);
		piece = rest;
		rest += strcspn(rest, " \t\n");
		if (*rest)
			*rest++ = '\0';
		s->words[s->count++] = piece;
	}
}

/* Indented lines belong to the `config` or `zone` above them. */
static void do_indented(struct story *s, char section, const char *line)
{
	size_t used = strlen(s->yaml);

	if (section == 'z') {
		dns_fake_zone(s->world.dns, line);
	} else if (section == 'c') {
		if (s->open)
			story_fail(s,
				   "config must stand before anything happens",
				   NULL);
		(void)snprintf(s->yaml + used, sizeof s->yaml - used, "%s\n",
			       line);
	} else {
		story_fail(s, "an indented line without config or zone", line);
	}
}

static void play(struct story *s, FILE *file)
{
	char *line = NULL, section = 0;
	size_t size = 0;

	while (getline(&line, &size, file) >= 0) {
		s->line++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\t') {
			do_indented(s, section, line + 1);
			continue;
		}
		section = 0;
		if (strcmp(line, "config") == 0 || strcmp(line, "zone") == 0)
			section = line[0];
		else if (line[0] != '\0' && line[0] != '#') {
			split(s, line);
			do_line(s);
		}
	}
	free(line);
}

int main(int argc, char **argv)
{
	struct story story = { .file = argc == 2 ? argv[1] : "" };
	FILE *file = fopen(story.file, "r");

	if (!file) {
		fprintf(stderr, "usage: story FILE.story\n");
		return 64;
	}
	story.world.dns = dns_fake_create();
	dns_fake_use(story.world.dns);
	play(&story, file);
	fclose(file);
	if (!story.open)
		story_fail(&story, "nothing happens in this story", NULL);
	world_close(&story.world);
	printf("%s\n", story.file);
	return 0;
}
