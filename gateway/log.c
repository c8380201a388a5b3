#define _POSIX_C_SOURCE 200809L /* clock_gettime, fstat */

#include "gateway/log.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "enum/text.h"
#include "gateway/log_text.h"

/* A line of PIPE_BUF octets goes into a pipe whole or not at all. */
#define LINE_SIZE 4096

/* Fields of one event; more are left out. */
#define FIELDS_MAX 32

/* "IMGW_" and the key, "=", the value. */
#define JOURNAL_FIELD_SIZE (LOG_VALUE_SIZE + 64)

static struct log_options options = { .level = LOG_LEVEL_INFO };
static bool to_journal;
static unsigned long lost; /* lines that stderr could not take */

static const struct {
	const char *word;
	int priority; /* syslog(3) */
} levels[] = {
	[LOG_LEVEL_ERROR] = { "error", 3 },
	[LOG_LEVEL_WARNING] = { "warning", 4 },
	[LOG_LEVEL_INFO] = { "info", 6 },
	[LOG_LEVEL_DEBUG] = { "debug", 7 },
};

/* Has systemd tied stderr to the journal? JOURNAL_STREAM is "device:inode".*/
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char buffer[64];
	struct text own;
	struct stat about;

	if (!stream || fstat(STDERR_FILENO, &about) != 0)
		return false;
	text_init(&own, buffer, sizeof buffer);
	text_addf(&own, "%ju:%ju", (uintmax_t)about.st_dev,
		  (uintmax_t)about.st_ino);
	return strcmp(stream, buffer) == 0;
}

void log_open(const struct log_options *wanted)
{
	options = *wanted;
	to_journal = options.target == LOG_TARGET_JOURNAL ||
		     (options.target == LOG_TARGET_AUTO && stderr_is_journal());
}

bool log_enabled(enum log_level level)
{
	return level <= options.level;
}

static void add_time(struct text *out)
{
	struct timespec now;
	struct tm utc;
	char date[sizeof "2026-11-22T18:00:00"];

	clock_gettime(CLOCK_REALTIME, &now);
	if (!gmtime_r(&now.tv_sec, &utc) ||
	    !strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc))
		return;
	text_addf(out, "%s.%03ldZ", date, now.tv_nsec / 1000000);
}

/* stderr: one write, and none that would block */

static bool write_line(const char *line, size_t len)
{
	struct pollfd ready = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&ready, 1, 0) == 1 && ready.revents & POLLOUT &&
	       write(STDERR_FILENO, line, len) == (ssize_t)len;
}

static void say_lost(void)
{
	char buffer[128];
	struct text line;

	text_init(&line, buffer, sizeof buffer);
	add_time(&line);
	text_addf(&line, " level=warning event=log-lost lines=%lu\n", lost);
	if (write_line(buffer, line.len))
		lost = 0;
}

static void emit(struct text *line)
{
	/* `at` has one octet more than `size`, see write_text */
	line->at[line->len++] = '\n';
	if (lost)
		say_lost();
	if (!write_line(line->at, line->len))
		lost++;
}

static void add_pairs(struct text *line, const char *event,
		      const struct log_field *fields)
{
	char value[LOG_VALUE_SIZE];

	log_pair(line, "event", event);
	for (; fields->key; fields++) {
		log_value(fields, options.mask_numbers, value);
		log_pair(line, fields->key, value);
	}
}

static void write_text(enum log_level level, const char *event,
		       const struct log_field *fields)
{
	char buffer[LINE_SIZE];
	struct text line;

	text_init(&line, buffer, sizeof buffer - 1);
	add_time(&line);
	log_pair(&line, "level", levels[level].word);
	add_pairs(&line, event, fields);
	emit(&line);
}

/* JSON lines */

static json_t *json_value(const struct log_field *field)
{
	char value[LOG_VALUE_SIZE];

	if (field->kind == LOG_KIND_INT)
		return json_integer(field->number);
	if (field->kind == LOG_KIND_MS)
		return json_real(field->ms);
	if (!field->text)
		return json_null();
	log_value(field, options.mask_numbers, value);
	return json_string(value);
}

static json_t *json_event(enum log_level level, const char *event,
			  const struct log_field *fields)
{
	json_t *object = json_object();
	char buffer[64];
	struct text now;
	int bad;

	text_init(&now, buffer, sizeof buffer);
	add_time(&now);
	bad = json_object_set_new(object, "time", json_string(buffer));
	bad |= json_object_set_new(object, "level",
				   json_string(levels[level].word));
	bad |= json_object_set_new(object, "event", json_string(event));
	for (; fields->key; fields++)
		bad |= json_object_set_new(object, fields->key,
					   json_value(fields));
	if (!bad)
		return object;
	json_decref(object);
	return NULL;
}

/* @return false: out of memory, or too long for one line */
static bool write_json(enum log_level level, const char *event,
		       const struct log_field *fields)
{
	json_t *object = json_event(level, event, fields);
	char buffer[LINE_SIZE];
	struct text line = { .at = buffer, .size = sizeof buffer - 1 };

	line.len = object ? json_dumpb(object, buffer, line.size,
				       JSON_COMPACT | JSON_ENSURE_ASCII |
					       JSON_REAL_PRECISION(7))
			  : 0;
	json_decref(object);
	if (line.len == 0 || line.len > line.size)
		return false;
	emit(&line);
	return true;
}

/* the journal: native fields */

struct journal {
	char texts[FIELDS_MAX][JOURNAL_FIELD_SIZE];
	struct iovec vectors[FIELDS_MAX];
	int count;
};

static void add_journal(struct journal *journal, const char *prefix,
			const char *key, const char *value)
{
	struct text text;

	if (journal->count == FIELDS_MAX)
		return;
	text_init(&text, journal->texts[journal->count], JOURNAL_FIELD_SIZE);
	text_add(&text, prefix);
	for (; *key; key++) {
		char c = ascii_lower(*key);

		text_add_char(&text, c >= 'a' && c <= 'z'
					     ? (char)(c - 'a' + 'A')
				     : ascii_is_digit(c) ? c
							 : '_');
	}
	text_add_char(&text, '=');
	text_add(&text, value);
	journal->vectors[journal->count++] =
		(struct iovec){ text.at, text.len };
}

static bool write_journal(enum log_level level, const char *event,
			  const struct log_field *fields)
{
	struct journal journal = { .count = 0 };
	char buffer[LOG_VALUE_SIZE];
	struct text line;

	text_init(&line, buffer, sizeof buffer);
	add_pairs(&line, event, fields);
	add_journal(&journal, "", "message", span_skip(span_of(buffer), 1).at);
	text_init(&line, buffer, sizeof buffer);
	text_addf(&line, "%d", levels[level].priority);
	add_journal(&journal, "", "priority", buffer);
	add_journal(&journal, "", "syslog_identifier", "imgw");
	add_journal(&journal, "IMGW_", "event", event);
	for (; fields->key; fields++) {
		log_value(fields, options.mask_numbers, buffer);
		add_journal(&journal, "IMGW_", fields->key, buffer);
	}
	return sd_journal_sendv(journal.vectors, journal.count) == 0;
}

void log_write(enum log_level level, const char *event,
	       const struct log_field *fields)
{
	if (!log_enabled(level))
		return;
	if (to_journal && write_journal(level, event, fields))
		return;
	if (options.format == LOG_FORMAT_JSON &&
	    write_json(level, event, fields))
		return;
	write_text(level, event, fields);
}
