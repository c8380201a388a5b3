#include "gateway/body/datetime.h"

#define DAY_S 86400

/* Days of the Gregorian calendar from 1970-01-01 on. Years begin in March
 * here, so that the day of a leap year is the last one. */
static int64_t days_of(int64_t year, unsigned month, unsigned day)
{
	const unsigned since_march = (month + 9) % 12;

	year -= month <= 2;
	return 365 * year + year / 4 - year / 100 + year / 400 +
	       (153 * since_march + 2) / 5 + day - 1 - 719468;
}

static unsigned days_in(int64_t year, unsigned month)
{
	return (unsigned)((month == 12 ? days_of(year + 1, 1, 1)
				       : days_of(year, month + 1, 1)) -
			  days_of(year, month, 1));
}

/* The largest year, then month, that does not begin after the day. */
static void date_of(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
	*year = 1970 + days / 366;
	while (days_of(*year + 1, 1, 1) <= days)
		++*year;
	*month = 1;
	while (*month < 12 && days_of(*year, *month + 1, 1) <= days)
		++*month;
	*day = (unsigned)(days - days_of(*year, *month, 1)) + 1;
}

void datetime_write(int64_t at_s, struct text *out)
{
	const unsigned second = (unsigned)(at_s % DAY_S);
	unsigned month, day;
	int64_t year;

	date_of(at_s / DAY_S, &year, &month, &day);
	text_addf(out, "%04d-%02u-%02uT%02u:%02u:%02uZ", (int)year, month, day,
		  second / 3600, second / 60 % 60, second % 60);
}

/* `digits` of them and then this separator, unless it is NUL. */
static bool take(struct span *rest, size_t digits, char separator, unsigned max,
		 unsigned *out)
{
	const struct span number = { rest->at, digits };
	unsigned long value;

	if (rest->len < digits || !span_number(number, max, &value))
		return false;
	*rest = span_skip(*rest, digits);
	*out = (unsigned)value;
	if (!separator)
		return true;
	if (rest->len == 0 || rest->at[0] != separator)
		return false;
	*rest = span_skip(*rest, 1);
	return true;
}

static bool take_date(struct span *rest, int64_t *days_out)
{
	unsigned year, month, day;

	if (!take(rest, 4, '-', 9999, &year) ||
	    !take(rest, 2, '-', 12, &month) || !take(rest, 2, 'T', 31, &day) ||
	    year < 1970 || month == 0 || day == 0 || day > days_in(year, month))
		return false;
	*days_out = days_of(year, month, day);
	return true;
}

/* 60 is a leap second. */
static bool take_time(struct span *rest, int64_t *seconds_out)
{
	unsigned hour, minute, second;

	if (!take(rest, 2, ':', 23, &hour) ||
	    !take(rest, 2, ':', 59, &minute) ||
	    !take(rest, 2, '\0', 60, &second))
		return false;
	*seconds_out = hour * 3600 + minute * 60 + second;
	if (rest->len == 0 || rest->at[0] != '.')
		return true;
	do
		*rest = span_skip(*rest, 1);
	while (rest->len && ascii_is_digit(rest->at[0]));
	return true;
}

static bool take_offset(struct span *rest, int64_t *seconds_out)
{
	unsigned hour, minute;
	int64_t sign;

	*seconds_out = 0;
	if (span_is(*rest, "Z"))
		return true;
	if (rest->len == 0 || (rest->at[0] != '+' && rest->at[0] != '-'))
		return false;
	sign = rest->at[0] == '-' ? -1 : 1;
	*rest = span_skip(*rest, 1);
	if (!take(rest, 2, ':', 23, &hour) ||
	    !take(rest, 2, '\0', 59, &minute) || rest->len)
		return false;
	*seconds_out = sign * (int64_t)(hour * 3600 + minute * 60);
	return true;
}

bool datetime_read(struct span text, int64_t *at_s_out)
{
	int64_t days, seconds, offset;

	if (!take_date(&text, &days) || !take_time(&text, &seconds) ||
	    !take_offset(&text, &offset))
		return false;
	*at_s_out = days * DAY_S + seconds - offset;
	return *at_s_out >= 0;
}
