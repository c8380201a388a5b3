#include "routing/domain.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <idn2.h>
#include <unistr.h>

/* RFC 1035, 2.3.4, in text and without the root. */
#define NAME_MAX_OCTETS	 253
#define LABEL_MAX_OCTETS 63

/* More octets of UTF-8 than any name of that length can have. */
#define UNICODE_SIZE 1024

static bool is_ascii(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] >= 0x80)
			return false;
	return true;
}

/* Most names do not, and then no library is asked. */
static bool needs_idna(struct span domain)
{
	struct span rest = domain, label;

	if (!is_ascii(domain))
		return true;
	while (span_cut(&rest, '.', &label))
		if (span_starts_nocase(label, "xn--"))
			return true;
	return false;
}

static enum route_status status_of_idn(int code)
{
	if (code == IDN2_MALLOC)
		return ROUTE_NO_MEMORY;
	return code == IDN2_OK ? ROUTE_OK : ROUTE_BAD_DOMAIN;
}

static enum route_status take(struct span name, char *out, size_t size)
{
	return span_copy(name, out, size) ? ROUTE_OK : ROUTE_BAD_DOMAIN;
}

/* Never IDN2_USE_STD3_ASCII_RULES: it does not refuse a forbidden character,
 * it leaves it out, and "a b.example" would become another domain. */
static enum route_status look_up(struct span domain, char *out, size_t size)
{
	char unicode[UNICODE_SIZE];
	uint8_t *ascii = NULL;
	enum route_status status;

	if (!span_copy(domain, unicode, sizeof unicode) ||
	    u8_check((const uint8_t *)unicode, domain.len))
		return ROUTE_BAD_DOMAIN;
	status = status_of_idn(idn2_lookup_u8((const uint8_t *)unicode, &ascii,
					      IDN2_NONTRANSITIONAL));
	if (status == ROUTE_OK)
		status = take(span_of((const char *)ascii), out, size);
	idn2_free(ascii);
	return status;
}

/* With its mapping on, the library takes A-labels that stand for nothing,
 * like "xn--6a"; only what comes back the same is a name (RFC 5891, 5.3). */
static enum route_status look_up_and_back(struct span domain, char *out,
					  size_t size)
{
	char unicode[UNICODE_SIZE], again[NAME_MAX_OCTETS + 2];
	enum route_status status = look_up(domain, out, size);

	if (status == ROUTE_OK)
		status = domain_to_unicode(out, unicode, sizeof unicode);
	if (status == ROUTE_OK)
		status = look_up(span_of(unicode), again, sizeof again);
	if (status == ROUTE_OK && strcmp(out, again) != 0)
		status = ROUTE_BAD_DOMAIN;
	return status;
}

static void lower(char *text)
{
	for (; *text; text++)
		*text = ascii_lower(*text);
}

static void drop_last_dot(char *name)
{
	size_t len = strlen(name);

	if (len && name[len - 1] == '.')
		name[len - 1] = '\0';
}

static bool is_label(struct span label)
{
	if (label.len == 0 || label.len > LABEL_MAX_OCTETS ||
	    label.at[0] == '-' || label.at[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++)
		if (!ascii_is_alpha(label.at[i]) &&
		    !ascii_is_digit(label.at[i]) && label.at[i] != '-')
			return false;
	return true;
}

static bool is_name(const char *name)
{
	struct span rest = span_of(name), label;

	if (rest.len > NAME_MAX_OCTETS)
		return false;
	while (span_cut(&rest, '.', &label))
		if (!is_label(label))
			return false;
	return true;
}

enum route_status domain_to_ascii(struct span domain, char *out, size_t size)
{
	enum route_status status;

	if (needs_idna(domain))
		status = look_up_and_back(domain, out, size);
	else
		status = take(domain, out, size);
	if (status != ROUTE_OK)
		return status;
	lower(out);
	drop_last_dot(out);
	return is_name(out) ? ROUTE_OK : ROUTE_BAD_DOMAIN;
}

enum route_status domain_to_unicode(const char *ascii, char *out, size_t size)
{
	char *unicode = NULL;
	enum route_status status;

	if (!needs_idna(span_of(ascii)))
		return take(span_of(ascii), out, size);
	status = status_of_idn(idn2_to_unicode_8z8z(ascii, &unicode, 0));
	if (status == ROUTE_OK)
		status = take(span_of(unicode), out, size);
	idn2_free(unicode);
	return status;
}
