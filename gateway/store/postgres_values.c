#include "gateway/store/postgres_values.h"

#include <stdlib.h>
#include <string.h>

#include <unistr.h>

/** 2000-01-01 in seconds since 1970: where PostgreSQL's time begins. */
#define EPOCH_S INT64_C(946684800)

/** Nothing is later than the end of the year 9999. */
#define LAST_MS INT64_C(253402300799000)

void postgres_values_init(struct postgres_values *values)
{
	values->count = 0;
}

static void add(struct postgres_values *values, const char *at, size_t len)
{
	int i = values->count++;

	values->at[i] = at;
	values->len[i] = (int)len;
	values->format[i] = 1;
}

void postgres_add_number(struct postgres_values *values, int64_t number)
{
	char *at = values->integers[values->count];
	uint64_t rest = (uint64_t)number;

	for (int i = 7; i >= 0; i--, rest >>= 8)
		at[i] = (char)(unsigned char)(rest & 0xff);
	add(values, at, 8);
}

void postgres_add_time(struct postgres_values *values, int64_t time_ms)
{
	if (time_ms < 0)
		time_ms = 0;
	if (time_ms > LAST_MS)
		time_ms = LAST_MS;
	postgres_add_number(values, (time_ms - EPOCH_S * 1000) * 1000);
}

void postgres_add_span(struct postgres_values *values, struct span octets)
{
	/* NULL would be SQL's NULL, not an empty string */
	add(values, octets.at ? octets.at : "", octets.len);
}

void postgres_add_text(struct postgres_values *values, const char *text)
{
	postgres_add_span(values, span_of(text));
}

void postgres_add_null(struct postgres_values *values)
{
	add(values, NULL, 0);
}

/* U+10FF80 to U+10FFFF, which stand for octets: F4 8F BE 80 to F4 8F BF BF. */
static bool is_wrapped(const char *at, size_t len)
{
	return len >= 4 && (memcmp(at, "\xf4\x8f\xbe", 3) == 0 ||
			    memcmp(at, "\xf4\x8f\xbf", 3) == 0);
}

static bool has_wrapped(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (is_wrapped(text.at + i, text.len - i))
			return true;
	return false;
}

bool postgres_text_is_fit(struct span text)
{
	return text.len == 0 ||
	       (!memchr(text.at, '\0', text.len) &&
		!u8_check((const uint8_t *)text.at, text.len) &&
		!has_wrapped(text));
}

char *postgres_text_wrap(struct span text)
{
	char *wrapped = malloc(4 * text.len + 1), *at = wrapped;

	if (!wrapped)
		return NULL;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char octet = (unsigned char)text.at[i];

		if (octet < 0x80) {
			*at++ = text.at[i];
			continue;
		}
		*at++ = '\xf4';
		*at++ = '\x8f';
		*at++ = octet < 0xc0 ? '\xbe' : '\xbf';
		*at++ = (char)(0x80 | (octet & 0x3f));
	}
	*at = '\0';
	return wrapped;
}

size_t postgres_text_unwrap(char *text, size_t len)
{
	size_t to = 0;

	for (size_t from = 0; from < len; from++) {
		char c = text[from];

		if (is_wrapped(text + from, len - from)) {
			int high = text[from + 2] == '\xbe' ? 0x80 : 0xc0;

			c = (char)(high | (text[from + 3] & 0x3f));
			from += 3;
		}
		text[to++] = c;
	}
	text[to] = '\0';
	return to;
}

struct span postgres_span(const PGresult *result, int row, int column)
{
	return (struct span){
		PQgetvalue(result, row, column),
		(size_t)PQgetlength(result, row, column),
	};
}

/* Integers of 2, 4 or 8 octets. */
int64_t postgres_number(const PGresult *result, int row, int column)
{
	struct span octets = postgres_span(result, row, column);
	uint64_t number = 0;

	if (octets.len == 0)
		return 0;
	if (octets.at[0] & 0x80)
		number = UINT64_MAX;
	for (size_t i = 0; i < octets.len; i++)
		number = number << 8 | (unsigned char)octets.at[i];
	return (int64_t)number;
}

int64_t postgres_time_ms(const PGresult *result, int row, int column)
{
	if (PQgetisnull(result, row, column))
		return 0;
	return postgres_number(result, row, column) / 1000 + EPOCH_S * 1000;
}

bool postgres_bool(const PGresult *result, int row, int column)
{
	return postgres_number(result, row, column) != 0;
}

bool postgres_is_ok(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

unsigned long postgres_changed(const PGresult *result)
{
	unsigned long changed = 0;

	/* PQcmdTuples only reads, but is not declared so */
	const char *said = PQcmdTuples((PGresult *)(uintptr_t)result);

	return span_number(span_of(said), UINT32_MAX, &changed) ? changed : 0;
}
