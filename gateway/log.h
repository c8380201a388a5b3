#ifndef IMGW_GATEWAY_LOG_H
#define IMGW_GATEWAY_LOG_H

/** One event, one line: event=NAME key=value ..., or JSON. Only the gateway
 *  logs. Text from outside is escaped, so that one event stays one line.
 *  Bodies and secrets are never passed in here. Every event name stands in
 *  docs/operation.md (a test compares). */

#include <stdbool.h>
#include <stdint.h>

#include "enum/status.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO,
		 LOG_LEVEL_DEBUG };
enum log_target { LOG_TARGET_AUTO, LOG_TARGET_STDERR, LOG_TARGET_JOURNAL };
enum log_format { LOG_FORMAT_AUTO, LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

struct log_options {
	enum log_target target;
	enum log_format format;
	enum log_level level;
	bool mask_numbers; /* +1202555xxxx in every value */
};

/** Choose where lines go; until then: text on stderr, level info.
 *  LOG_TARGET_AUTO: the journal when stderr is the journal (JOURNAL_STREAM),
 *  else stderr. LOG_FORMAT_AUTO: text on a terminal, JSON otherwise... except
 *  that a plain file or pipe gets text too unless asked for JSON. */
void log_open(const struct log_options *options);

struct log_field {
	const char *key;
	enum { LOG_KIND_TEXT, LOG_KIND_INT, LOG_KIND_MS } kind;
	const char *text;   /* NULL is written as "-" */
	int64_t number;
	double ms;
};

/** One field. FIELD_TEXT(key, const char *), FIELD_INT(key, integer),
 *  FIELD_MS(key, double milliseconds). */
#define FIELD_TEXT(k, v) { .key = (k), .kind = LOG_KIND_TEXT, .text = (v) }
#define FIELD_INT(k, v) \
	{ .key = (k), .kind = LOG_KIND_INT, .number = (int64_t)(v) }
#define FIELD_MS(k, v) { .key = (k), .kind = LOG_KIND_MS, .ms = (v) }

/** log_event(LOG_LEVEL_INFO, "ready", FIELD_TEXT("node", name)); */
#define log_event(level, event, ...)                                    \
	log_write((level), (event),                                     \
		  (const struct log_field[]){ __VA_ARGS__, { .key = 0 } })

/** Write one line. @param fields  ended by a NULL key */
void log_write(enum log_level level, const char *event,
	       const struct log_field *fields);

/** Would a line of this level be written? */
bool log_enabled(enum log_level level);

#endif
