#define _POSIX_C_SOURCE 200809L /* strcasecmp */

#include "tests/fake/zone_fake.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <arpa/inet.h>

#include "enum/text.h"
#include "tests/fake/dns_fake.h"
#include "tests/fake/fake.h"

static const struct {
	const char *word;
	unsigned type;
} types[] = {
	{ "A", DNS_A },
	{ "AAAA", DNS_AAAA },
	{ "SRV", DNS_SRV },
	{ "NAPTR", DNS_NAPTR },
	{ "CNAME", ZONE_TYPE_CNAME },
};

static const struct {
	const char *word;
	enum zone_word meaning;
} words[] = {
	{ "NXDOMAIN", ZONE_NXDOMAIN }, { "NODATA", ZONE_NODATA },
	{ "SERVFAIL", ZONE_SERVFAIL }, { "REFUSED", ZONE_REFUSED },
	{ "NOTIMP", ZONE_NOTIMP },     { "SILENT", ZONE_SILENT },
	{ "OVERLOAD", ZONE_OVERLOAD }, { "GARBAGE", ZONE_GARBAGE },
	{ "DELAY", ZONE_DELAY },       { "SECURE", ZONE_SECURE },
};

#define FIELDS_MAX 10 /* of a NAPTR, with TTL and class */

struct fields {
	struct span at[FIELDS_MAX];
	size_t count, next;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* One field; quotes are cut off, escapes stay for whoever reads it. */
static struct span cut_field(const char **line)
{
	bool quoted = **line == '"';
	const char *start = quoted ? *line + 1 : *line;
	const char *end = start;

	while (*end && (quoted ? *end != '"' : !is_blank(*end)))
		end += *end == '\\' && end[1] ? 2 : 1;
	*line = quoted && *end ? end + 1 : end;
	return (struct span){ start, (size_t)(end - start) };
}

static struct fields cut_line(const char *line)
{
	struct fields fields = { .count = 0 };
	const char *at = line;

	for (;;) {
		while (is_blank(*at))
			at++;
		if (!*at || *at == ';')
			return fields;
		if (fields.count == FIELDS_MAX)
			fake_abort("too many fields: %s", line);
		fields.at[fields.count++] = cut_field(&at);
	}
}

static struct span next_field(struct fields *f)
{
	if (f->next == f->count)
		fake_abort("a line of the zone ends too early");
	return f->at[f->next++];
}

static unsigned next_number(struct fields *f, unsigned long max)
{
	struct span field = next_field(f);
	unsigned long value;

	if (!span_number(field, max, &value))
		fake_abort("not a number up to %lu: %.*s", max, (int)field.len,
			   field.at);
	return (unsigned)value;
}

/* A name without the dot at the end; the root is "". */
static void next_name(struct fields *f, char name_out[DNS_NAME_SIZE])
{
	struct span field = next_field(f);

	if (field.len && field.at[field.len - 1] == '.')
		field.len--;
	if (!span_copy(field, name_out, DNS_NAME_SIZE))
		fake_abort("the name is too long: %s", field.at);
}

static unsigned char unescape(struct span *rest)
{
	unsigned long value;
	struct span digits = { rest->at + 1, 3 };

	if (rest->at[0] != '\\' || rest->len < 2) {
		value = (unsigned char)rest->at[0];
		*rest = span_skip(*rest, 1);
	} else if (rest->len >= 4 && span_number(digits, 255, &value)) {
		*rest = span_skip(*rest, 4);
	} else {
		value = (unsigned char)rest->at[1];
		*rest = span_skip(*rest, 2);
	}
	return (unsigned char)value;
}

static void read_string(struct fields *f, struct wire *data)
{
	struct span rest = next_field(f);
	unsigned char string[1 + 255];
	size_t len = 0;

	while (rest.len) {
		if (len == 255)
			fake_abort("a character-string is over 255 octets");
		string[++len] = unescape(&rest);
	}
	string[0] = (unsigned char)len;
	wire_put(data, string, len + 1);
}

static void read_address(struct fields *f, int family, size_t len,
			 struct wire *data)
{
	struct span field = next_field(f);
	char text[DNS_ADDRESS_SIZE];
	unsigned char octets[16];

	if (!span_copy(field, text, sizeof text) ||
	    inet_pton(family, text, octets) != 1)
		fake_abort("not an address: %s", field.at);
	wire_put(data, octets, len);
}

static void read_rdata(struct fields *f, struct zone_line *line,
		       struct wire *data)
{
	char name[DNS_NAME_SIZE];
	bool naptr = line->type == DNS_NAPTR;

	if (line->type == DNS_A) {
		read_address(f, AF_INET, 4, data);
	} else if (line->type == DNS_AAAA) {
		read_address(f, AF_INET6, 16, data);
	} else if (line->type == ZONE_TYPE_CNAME) {
		next_name(f, line->cname);
		wire_put_name(data, line->cname);
	} else {
		for (int numbers = naptr ? 2 : 3; numbers > 0; numbers--)
			wire_put_16(data, next_number(f, 65535));
		for (int strings = naptr ? 3 : 0; strings > 0; strings--)
			read_string(f, data);
		next_name(f, name);
		wire_put_name(data, name);
	}
}

static void read_data(struct fields *f, struct zone_line *line)
{
	struct wire *data = fake_alloc(sizeof *data);

	read_rdata(f, line, data);
	line->data = fake_alloc(data->len);
	memcpy(line->data, data->at, data->len);
	line->len = data->len;
	free(data);
}

static unsigned read_type(struct fields *f)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (f->next < f->count &&
		    span_is_nocase(f->at[f->next], types[i].word)) {
			f->next++;
			return types[i].type;
		}
	return ZONE_TYPE_ANY;
}

static enum zone_word read_word(struct fields *f)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (f->next < f->count &&
		    span_is(f->at[f->next], words[i].word)) {
			f->next++;
			return words[i].meaning;
		}
	return ZONE_RECORD;
}

static void read_ttl(struct fields *f, struct zone_line *line)
{
	unsigned long ttl_s;

	if (f->next == f->count ||
	    !span_number(f->at[f->next], INT32_MAX, &ttl_s))
		return;
	f->next++;
	line->has_ttl = true;
	line->ttl_s = (uint32_t)ttl_s;
}

void zone_fake_add(struct zone_fake *zone, const char *text)
{
	struct zone_line *line = fake_alloc(sizeof *line);
	struct fields fields = cut_line(text);
	struct zone_line **end = &zone->lines;

	line->ttl_s = DNS_FAKE_TTL_S;
	next_name(&fields, line->name);
	read_ttl(&fields, line);
	if (fields.next < fields.count && span_is(fields.at[fields.next], "IN"))
		fields.next++;
	line->type = read_type(&fields);
	line->word = read_word(&fields);
	if (line->word == ZONE_DELAY)
		line->delay_ms = next_number(&fields, INT32_MAX);
	else if (line->word == ZONE_RECORD && line->type != ZONE_TYPE_ANY)
		read_data(&fields, line);
	else if (line->word == ZONE_RECORD)
		fake_abort("no type and no word: %s", text);
	if (fields.next != fields.count)
		fake_abort("too many fields: %s", text);
	while (*end)
		end = &(*end)->next;
	*end = line;
}

void zone_fake_forget(struct zone_fake *zone, const char *name)
{
	struct zone_line **link = &zone->lines;

	while (*link) {
		struct zone_line *line = *link;

		if (name && strcasecmp(line->name, name) != 0) {
			link = &line->next;
			continue;
		}
		*link = line->next;
		free(line->data);
		free(line);
	}
}
