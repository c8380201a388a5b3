#include "gateway/body/cpim.h"

#include <string.h>

#include "gateway/body/charset.h"

/** The name space of RFC 3862, 3.4; unnamed headers are in it at first. */
#define CORE "urn:ietf:params:cpim-headers:"

/* Names have a case: "subject" is somebody else's header. */
static const char *const core_names[] = {
	"From", "To", "cc", "DateTime", "Subject", "NS", "Require",
};

/* One line of the metadata. */
struct header {
	struct span name, language, value;
};

struct reading {
	struct cpim *cpim;
	bool foreign; /* unnamed headers are no longer of the core */
};

/* NAMECHAR and the dot of a prefix; the colon ends it. */
static bool is_name(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_visible(name.at[i]) || name.at[i] == ';')
			return false;
	return name.len > 0;
}

/* Octets of ";name=value"; a quoted value may hold spaces. */
static size_t parameter_len(struct span s)
{
	bool quoted = false;
	size_t i;

	for (i = 1; i < s.len; i++) {
		if (s.at[i] == '"')
			quoted = !quoted;
		else if (!quoted && (s.at[i] == ' ' || s.at[i] == ';'))
			break;
		else if (quoted && s.at[i] == '\\')
			i++;
	}
	return i < s.len ? i : s.len;
}

/* The parameters in front of the value, of which only the language counts. */
static void read_parameters(struct header *header)
{
	struct span *rest = &header->value;

	if (span_starts_nocase(*rest, " ;lang="))
		*rest = span_skip(*rest, 1); /* seen in the wild */
	while (rest->len > 0 && rest->at[0] == ';') {
		struct span one = { rest->at + 1, parameter_len(*rest) - 1 };

		*rest = span_skip(*rest, one.len + 1);
		if (span_starts_nocase(one, "lang="))
			header->language = span_skip(one, strlen("lang="));
	}
	if (rest->len > 0 && rest->at[0] == ' ')
		*rest = span_skip(*rest, 1);
}

static bool read_header(struct span line, struct header *out)
{
	*out = (struct header){ .value = line };
	if (span_find(line, ':') < 0 ||
	    !span_cut(&out->value, ':', &out->name) || !is_name(out->name))
		return false;
	read_parameters(out);
	return true;
}

static bool is_core(const struct reading *r, struct span name)
{
	for (size_t i = 0; i < sizeof core_names / sizeof core_names[0]; i++)
		if (span_is(name, core_names[i]))
			return !r->foreign;
	return false;
}

static void take_require(struct reading *r, struct span names)
{
	struct span name;

	while (span_cut(&names, ',', &name))
		if (mime_trim(name).len > 0 && !is_core(r, mime_trim(name)))
			r->cpim->required = true;
}

/* RFC 3862, 4.6: without a prefix it is about names without a prefix. */
static void take_name_space(struct reading *r, struct span value)
{
	value = mime_trim(value);
	if (value.len > 0 && value.at[0] == '<')
		r->foreign = !span_is(value, "<" CORE ">");
}

static void take_subject(struct cpim *cpim, const struct header *header)
{
	const bool plain = header->language.at == NULL;

	if (cpim->subject.at && (!plain || !cpim->subject_language.at))
		return;
	cpim->subject = header->value;
	cpim->subject_language = header->language;
}

static void take_header(struct reading *r, const struct header *header)
{
	if (span_is(header->name, "NS"))
		take_name_space(r, header->value);
	else if (span_is(header->name, "Require"))
		take_require(r, header->value);
	else if (span_is(header->name, "Subject") && !r->foreign)
		take_subject(r->cpim, header);
}

bool cpim_read(struct span body, struct cpim *out)
{
	struct reading r = { .cpim = out };
	struct header header;
	struct span line;

	memset(out, 0, sizeof *out);
	while (mime_line(&body, &line) && line.len > 0) {
		if (!read_header(line, &header))
			return false;
		take_header(&r, &header);
	}
	return body.at && mime_read(body, &out->content);
}

static bool read_code(struct span s, uint32_t *code_out)
{
	*code_out = 0;
	if (s.len < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		char c = ascii_lower(s.at[i]);

		if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
			return false;
		*code_out =
			*code_out * 16 +
			(uint32_t)(ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	return true;
}

/* An escape at its backslash. @return octets read, 0: none */
static size_t read_escape(struct span s, uint32_t *c_out)
{
	static const char letters[] = "btnr\"'\\", means[] = "\b\t\n\r\"'\\";
	const char *letter;

	if (s.len < 2)
		return 0;
	if (s.at[1] == 'u')
		return read_code(span_skip(s, 2), c_out) ? 6 : 0;
	letter = memchr(letters, s.at[1], sizeof letters - 1);
	if (!letter)
		return 0;
	*c_out = (unsigned char)means[letter - letters];
	return 2;
}

void cpim_unescape(struct span value, struct text *out)
{
	while (value.len > 0) {
		uint32_t c = 0;
		size_t used = value.at[0] == '\\' ? read_escape(value, &c) : 0;

		if (used)
			charset_add_char(out, c);
		else
			text_add_char(out, value.at[0]);
		value = span_skip(value, used ? used : 1);
	}
}
