#include "gateway/cli/queue_text.h"

#include <inttypes.h>
#include <string.h>

#include "gateway/log_text.h"

#define MINUTE INT64_C(60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/** Room for a duration, terminator included. */
#define DURATION_SIZE 32

void queue_text_duration(struct text *t, int64_t seconds)
{
	int64_t s = seconds > 0 ? seconds : 0;

	if (s < MINUTE)
		text_addf(t, "%" PRId64 "s", s);
	else if (s < HOUR)
		text_addf(t, "%" PRId64 "m%02" PRId64 "s", s / MINUTE,
			  s % MINUTE);
	else if (s < DAY)
		text_addf(t, "%" PRId64 "h%02" PRId64 "m", s / HOUR,
			  s % HOUR / MINUTE);
	else
		text_addf(t, "%" PRId64 "d%02" PRId64 "h", s / DAY,
			  s % DAY / HOUR);
}

static int64_t number_of(json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static const char *raw_text_of(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void text_of(json_t *object, const char *key, char out[LOG_VALUE_SIZE])
{
	const struct log_field field =
		FIELD_TEXT(key, raw_text_of(object, key));

	log_value(&field, false, out);
}

static void duration_of(json_t *object, const char *key,
			char out[DURATION_SIZE])
{
	struct text text;

	text_init(&text, out, DURATION_SIZE);
	queue_text_duration(&text, number_of(object, key));
}

/* When it is tried again. */
static void next_of(json_t *message, char out[DURATION_SIZE])
{
	const char *state = raw_text_of(message, "state");
	struct text text;

	duration_of(message, "next_s", out);
	text_init(&text, out, DURATION_SIZE);
	if (strcmp(state, "held") == 0 || strcmp(state, "taken") == 0)
		text_add(&text, state);
	else if (number_of(message, "next_s") > 0)
		queue_text_duration(&text, number_of(message, "next_s"));
	else
		text_add(&text, "now");
}

#define ROW "%-20s  %-7s  %5s  %-6s  %-24s  %s\n"

void queue_text_head(FILE *out)
{
	fprintf(out, ROW, "ID", "AGE", "TRIES", "NEXT", "TO", "LAST ERROR");
}

void queue_text_row(json_t *message, FILE *out)
{
	char id[LOG_VALUE_SIZE], to[LOG_VALUE_SIZE], reason[LOG_VALUE_SIZE];
	char age[DURATION_SIZE], next[DURATION_SIZE], tries[DURATION_SIZE];
	struct text text;

	text_of(message, "id", id);
	text_of(message, "to", to);
	text_of(message, "reason", reason);
	duration_of(message, "age_s", age);
	next_of(message, next);
	text_init(&text, tries, sizeof tries);
	text_addf(&text, "%" PRId64, number_of(message, "tries"));
	fprintf(out, ROW, id, age, tries, next, to, *reason ? reason : "-");
}

void queue_text_foot(json_t *counts, FILE *out)
{
	char oldest[DURATION_SIZE];
	int64_t waiting = number_of(counts, "waiting");
	int64_t held = number_of(counts, "held");
	int64_t taken = number_of(counts, "taken");

	if (waiting + held + taken == 0) {
		fputs("the queue is empty\n", out);
		return;
	}
	duration_of(counts, "oldest_s", oldest);
	fprintf(out, "%" PRId64 " waiting", waiting);
	if (held > 0)
		fprintf(out, ", %" PRId64 " held", held);
	if (taken > 0)
		fprintf(out, ", %" PRId64 " on their way", taken);
	fprintf(out,
		", oldest %s. imgw queue show ID | retry ID | hold ID |"
		" drop ID\n",
		oldest);
}

static void print_text(json_t *message, const char *key, FILE *out)
{
	char value[LOG_VALUE_SIZE];

	text_of(message, key, value);
	if (*value)
		fprintf(out, "%-12s  %s\n", key, value);
}

static void print_duration(json_t *message, const char *name, const char *key,
			   FILE *out)
{
	char value[DURATION_SIZE];

	duration_of(message, key, value);
	fprintf(out, "%-12s  %s\n", name, value);
}

/* Its lines stay lines; all else that is no text is escaped. */
static void print_body(const char *body, FILE *out)
{
	for (const char *at = body; *at;) {
		size_t len = strcspn(at, "\n");
		char line[LOG_VALUE_SIZE / 4], value[LOG_VALUE_SIZE];
		const struct log_field field = FIELD_TEXT("body", line);
		struct text text;

		if (len > sizeof line - 1)
			len = sizeof line - 1;
		text_init(&text, line, sizeof line);
		text_add_span(&text, (struct span){ at, len });
		log_value(&field, false, value);
		fputs(value, out);
		at += len;
		if (*at == '\n') {
			fputc('\n', out);
			at++;
		}
	}
	fputc('\n', out);
}

void queue_text_message(json_t *message, FILE *out)
{
	static const char *const who[] = { "id",     "state",  "node",
					   "reason", "origin", "via",
					   "from",   "to",     "target" };
	static const char *const what[] = { "call_id", "stanza_id", "purpose",
					    "content_type" };
	char next[DURATION_SIZE];

	for (size_t i = 0; i < sizeof who / sizeof who[0]; i++)
		print_text(message, who[i], out);
	next_of(message, next);
	print_duration(message, "age", "age_s", out);
	fprintf(out, "%-12s  %" PRId64 "\n", "tries",
		number_of(message, "tries"));
	fprintf(out, "%-12s  %s\n", "next", next);
	print_duration(message, "expires in", "left_s", out);
	for (size_t i = 0; i < sizeof what / sizeof what[0]; i++)
		print_text(message, what[i], out);
	fprintf(out, "%-12s  %" PRId64 " octets\n", "size",
		number_of(message, "size"));
	if (json_object_get(message, "body"))
		print_body(raw_text_of(message, "body"), out);
}
