#include "gateway/body/cpim.h"

#include <string.h>

#include "gateway/body/charset.h"

/** The name space of RFC 3862, 3.4; unnamed headers are in it at first. */
#define CORE "urn:ietf:params:cpim-headers:"

/** That of RFC 5438, 6.1. */
#define IMDN "urn:ietf:params:imdn"

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
	bool foreign;	  /* unnamed headers are no longer of the core */
	struct span imdn; /* its prefix; {NULL}: none was declared */
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

static bool is_same(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Does a name belong to imdn? @param local_out  the name without its prefix */
static bool is_imdn(const struct reading *r, struct span name,
		    struct span *local_out)
{
	struct span prefix = { name.at, 0 };

	*local_out = name;
	if (span_find(name, '.') >= 0)
		(void)span_cut(local_out, '.', &prefix);
	return r->imdn.at && is_same(prefix, r->imdn);
}

/* Where a header of imdn goes. @return NULL: we do not know it */
static struct span *imdn_place(struct cpim_imdn *imdn, struct span name)
{
	if (span_is(name, "Message-ID"))
		return &imdn->message_id;
	if (span_is(name, "Disposition-Notification"))
		return &imdn->dispositions;
	if (span_is(name, "Original-To"))
		return &imdn->original_to;
	if (span_is(name, "IMDN-Record-Route"))
		return &imdn->routes[imdn->route_count];
	return NULL;
}

static bool is_known(struct reading *r, struct span name)
{
	struct cpim_imdn none = { .route_count = 0 };
	struct span local;

	return is_core(r, name) ||
	       (is_imdn(r, name, &local) && imdn_place(&none, local));
}

static void take_require(struct reading *r, struct span names)
{
	struct span name;

	while (span_cut(&names, ',', &name))
		if (mime_trim(name).len > 0 && !is_known(r, mime_trim(name)))
			r->cpim->required = true;
}

/* RFC 3862, 4.6: without a prefix it is about names without a prefix. */
static void take_name_space(struct reading *r, struct span value)
{
	const ptrdiff_t bracket = span_find(value, '<');
	struct span prefix;

	if (bracket < 0)
		return;
	prefix = mime_trim((struct span){ value.at, (size_t)bracket });
	value = mime_trim(span_skip(value, (size_t)bracket));
	if (prefix.len == 0)
		r->foreign = !span_is(value, "<" CORE ">");
	if (span_is(value, "<" IMDN ">"))
		r->imdn = prefix;
	else if (r->imdn.at && is_same(prefix, r->imdn))
		r->imdn = (struct span){ 0 };
}

static void take_imdn(struct cpim_imdn *imdn, struct span name,
		      struct span value)
{
	struct span *place;

	if (imdn->route_count == CPIM_ROUTES_MAX &&
	    span_is(name, "IMDN-Record-Route"))
		return;
	place = imdn_place(imdn, name);
	if (!place || place->at)
		return;
	*place = mime_trim(value);
	if (span_is(name, "IMDN-Record-Route"))
		imdn->route_count++;
}

static void take_first(struct span *place, struct span value)
{
	if (!place->at)
		*place = mime_trim(value);
}

static void take_subject(struct cpim *cpim, const struct header *header)
{
	const bool plain = header->language.at == NULL;

	if (cpim->subject.at && (!plain || !cpim->subject_language.at))
		return;
	cpim->subject = header->value;
	cpim->subject_language = header->language;
}

/* What has its meaning in the core only. */
static void take_core(struct cpim *cpim, const struct header *header)
{
	if (span_is(header->name, "Subject"))
		take_subject(cpim, header);
	else if (span_is(header->name, "From"))
		take_first(&cpim->from, header->value);
	else if (span_is(header->name, "To"))
		take_first(&cpim->to, header->value);
	else if (span_is(header->name, "DateTime"))
		take_first(&cpim->date, header->value);
}

static void take_header(struct reading *r, const struct header *header)
{
	struct span local;

	if (span_is(header->name, "NS"))
		take_name_space(r, header->value);
	else if (span_is(header->name, "Require"))
		take_require(r, header->value);
	else if (is_imdn(r, header->name, &local))
		take_imdn(&r->cpim->imdn, local, header->value);
	else if (!r->foreign)
		take_core(r->cpim, header);
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

struct span cpim_uri(struct span address)
{
	const struct span none = { 0 };
	struct span uri = address;

	while (uri.len > 0 && uri.at[0] != '<')
		uri = span_skip(uri, 1);
	if (uri.len > 0)
		(void)span_cut(&(struct span){ uri.at + 1, uri.len - 1 }, '>',
			       &uri);
	for (size_t i = 0; i < uri.len; i++)
		if (!ascii_is_visible(uri.at[i]) || uri.at[i] == '<' ||
		    uri.at[i] == '"' || uri.at[i] == '\\')
			return none;
	return uri;
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
