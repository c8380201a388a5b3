#include "gateway/config_number.h"

#include <inttypes.h>
#include <string.h>

/* No duration is longer, in units of its own: keeps products in range. */
#define DURATION_COUNT_MAX 1000000000ul

static const struct {
	const char *name;
	int64_t ms;
} units[] = {
	{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 },
	{ "s", 1000 },	   { "ms", 1 },
};

#define UNIT_COUNT (sizeof units / sizeof units[0])

static void add_duration(int64_t ms, struct text *out)
{
	for (size_t i = 0; i < UNIT_COUNT; i++) {
		if (ms == 0 || ms % units[i].ms)
			continue;
		text_addf(out, "%" PRId64 "%s", ms / units[i].ms,
			  units[i].name);
		return;
	}
	text_add(out, "0s");
}

static struct span digits_of(struct span text)
{
	size_t len = 0;

	while (len < text.len && ascii_is_digit(text.at[len]))
		len++;
	return (struct span){ text.at, len };
}

static bool duration_ms(struct span text, int64_t *ms_out)
{
	struct span digits = digits_of(text);
	struct span unit = span_skip(text, digits.len);
	unsigned long count;

	if (!span_number(digits, DURATION_COUNT_MAX, &count))
		return false;
	if (count == 0 && unit.len == 0) {
		*ms_out = 0;
		return true;
	}
	for (size_t i = 0; i < UNIT_COUNT; i++) {
		if (span_is(unit, units[i].name)) {
			*ms_out = (int64_t)count * units[i].ms;
			return true;
		}
	}
	return false;
}

enum gateway_status config_duration_parse(const struct config_scalar *scalar,
					  void *value_out, struct text *why)
{
	const struct config_row *row = scalar->row;
	int64_t ms;

	if (!duration_ms(scalar->text, &ms))
		return config_not_a(scalar, "a duration", why);
	if (ms < row->min || ms > row->max) {
		text_add_span(why, scalar->text);
		text_add(why, " is out of range (");
		add_duration(row->min, why);
		text_add(why, " to ");
		add_duration(row->max, why);
		text_add_char(why, ')');
		return GATEWAY_BAD_CONFIG;
	}
	memcpy(value_out, &ms, sizeof ms);
	return GATEWAY_OK;
}

void config_duration_write(const struct config_row *row, const void *value,
			   FILE *out)
{
	char buffer[32];
	struct text text;
	int64_t ms;

	(void)row;
	memcpy(&ms, value, sizeof ms);
	text_init(&text, buffer, sizeof buffer);
	add_duration(ms, &text);
	fputs(buffer, out);
}

static bool is_zero_word(const struct config_scalar *scalar)
{
	return scalar->row->zero && span_is(scalar->text, scalar->row->zero);
}

enum gateway_status config_integer_parse(const struct config_scalar *scalar,
					 void *value_out, struct text *why)
{
	const struct config_row *row = scalar->row;
	unsigned long number = 0;
	uint64_t value;

	if (!is_zero_word(scalar)) {
		if (!span_number(scalar->text, UINT32_MAX, &number))
			return config_not_a(scalar, "a number", why);
		if ((int64_t)number < row->min || (int64_t)number > row->max) {
			text_addf(why,
				  "%lu is out of range (%" PRId64 " to %" PRId64
				  ")",
				  number, row->min, row->max);
			return GATEWAY_BAD_CONFIG;
		}
	}
	value = number;
	memcpy(value_out, &value, sizeof value);
	return GATEWAY_OK;
}

void config_integer_write(const struct config_row *row, const void *value,
			  FILE *out)
{
	uint64_t number;

	memcpy(&number, value, sizeof number);
	if (number == 0 && row->zero)
		fputs(row->zero, out);
	else
		fprintf(out, "%" PRIu64, number);
}

enum gateway_status config_rate_parse(const struct config_scalar *scalar,
				      void *value_out, struct text *why)
{
	struct span digits = digits_of(scalar->text);
	struct span unit = span_skip(scalar->text, digits.len);
	unsigned long count = 0;
	double rate = 0;

	if (!is_zero_word(scalar)) {
		if (!span_number(digits, 1000000, &count) || count == 0 ||
		    (!span_is(unit, "/s") && !span_is(unit, "/m")))
			return config_not_a(scalar, "a rate", why);
		rate = (double)count / (span_is(unit, "/s") ? 1 : 60);
	}
	memcpy(value_out, &rate, sizeof rate);
	return GATEWAY_OK;
}

void config_rate_write(const struct config_row *row, const void *value,
		       FILE *out)
{
	double rate;

	memcpy(&rate, value, sizeof rate);
	if (rate <= 0)
		fputs(row->zero, out);
	else if (rate - (double)(long)rate <= 0)
		fprintf(out, "%.0f/s", rate);
	else
		fprintf(out, "%.0f/m", rate * 60);
}
