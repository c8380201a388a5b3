#include "gateway/xmpp/content_show.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/body/charset.h"
#include "gateway/body/cpim.h"
#include "gateway/body/mime_decode.h"
#include "gateway/body/refusal.h"
#include "gateway/xmpp/content_parts.h"
#include "gateway/xmpp/html_text.h"

/** Longest charset name that is worth a try (RFC 2978, 2.3: 40). */
#define CHARSET_SIZE 41

/* Of several texts in several languages none is the language. */
static void take_language(struct content_reading *r, const struct mime *entity)
{
	struct span rest = entity->language, first;

	if (r->shown > 0 || !span_cut(&rest, ',', &first) ||
	    !span_copy(mime_trim(first), r->out->language,
		       sizeof r->out->language))
		r->out->language[0] = '\0';
}

/* Parts of a message begin on lines of their own. */
static bool append(struct content_reading *r, struct span utf8,
		   const struct mime *entity)
{
	const bool gap = r->len > 0 && r->text[r->len - 1] != '\n';
	char *text = realloc(r->text, r->len + gap + utf8.len + 1);

	if (!text)
		return refuse_no_memory(r->no);
	r->text = text;
	if (gap && utf8.len)
		text[r->len++] = '\n';
	if (utf8.len)
		memcpy(text + r->len, utf8.at, utf8.len);
	r->len += utf8.len;
	take_language(r, entity);
	r->shown++;
	return true;
}

static bool to_utf8(struct content_reading *r, const struct mime *entity,
		    char **utf8_out, size_t *len_out)
{
	char charset[CHARSET_SIZE];
	struct text name;

	*utf8_out = NULL;
	text_init(&name, charset, sizeof charset);
	(void)mime_parameter(entity->type, "charset", &name);
	if (name.cut)
		return refuse(r->no, 415, "unknown charset");
	return charset_to_utf8(entity->body, charset, utf8_out, len_out, r->no);
}

static bool show_plain(struct content_reading *r, const struct mime *entity)
{
	char *utf8;
	size_t len;
	bool done;

	if (!to_utf8(r, entity, &utf8, &len))
		return false;
	done = append(r, (struct span){ utf8, len }, entity);
	free(utf8);
	return done;
}

/* CONF-14: XHTML-IM is deprecated, so only the text goes on. */
static bool show_html(struct content_reading *r, const struct mime *entity)
{
	struct text text;
	char *utf8, *plain;
	size_t len;
	bool done;

	if (!to_utf8(r, entity, &utf8, &len))
		return false;
	plain = malloc(len + 1);
	if (plain) {
		text_init(&text, plain, len + 1);
		html_text((struct span){ utf8, len }, &text);
		done = append(r, (struct span){ plain, text.len }, entity);
	} else {
		done = refuse_no_memory(r->no);
	}
	free(plain);
	free(utf8);
	return done;
}

/* The first one counts. */
static bool take_subject(struct content_reading *r, const struct cpim *cpim)
{
	struct text text;

	if (cpim->subject.len == 0 || r->out->subject)
		return true;
	r->out->subject = malloc(cpim->subject.len + 1);
	if (!r->out->subject)
		return refuse_no_memory(r->no);
	text_init(&text, r->out->subject, cpim->subject.len + 1);
	cpim_unescape(cpim->subject, &text);
	(void)span_copy(cpim->subject_language, r->out->subject_language,
			sizeof r->out->subject_language);
	return true;
}

static bool show_cpim(struct content_reading *r, const struct mime *entity)
{
	struct cpim cpim;

	if (!cpim_read(entity->body, &cpim))
		return refuse(r->no, 400, "broken message/cpim");
	if (cpim.required) /* IM-24 */
		return refuse(r->no, 415, "message/cpim requires an extension");
	return content_show_part(r, &cpim.content) && take_subject(r, &cpim);
}

struct kind {
	const char *type;
	unsigned rank;
	bool (*show)(struct content_reading *r, const struct mime *entity);
};

static const struct kind kinds[] = {
	{ "text/plain", CONTENT_RANK_MAX, show_plain },
	{ "text/html", 1, show_html },
	{ "message/cpim", 2, show_cpim },
	{ "multipart/alternative", 2, content_show_best },
	{ "multipart/related", 2, content_show_root },
	{ "multipart/signed", 2, content_show_first }, /* SEC-1 */
	/* its parts are messages unless they say otherwise */
	{ "multipart/digest", 0, NULL },
};

/* RFC 2046, 5.1.3: a multipart that nobody knows is a mixed one. */
static const struct kind mixed = { "multipart/", 2, content_show_mixed };

static const struct kind *kind_of(const struct mime *entity)
{
	const struct span type = mime_value(entity->type);

	if (!entity->type.at) /* RFC 2045, 5.2 */
		return &kinds[0];
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (span_is_nocase(type, kinds[i].type))
			return &kinds[i];
	return span_starts_nocase(type, mixed.type) ? &mixed : NULL;
}

unsigned content_rank(const struct mime *entity)
{
	const struct kind *kind = kind_of(entity);

	return kind ? kind->rank : 0;
}

static bool is_one_of(struct span value, const char *const *words)
{
	for (; *words; words++)
		if (span_is_nocase(value, *words))
			return true;
	return false;
}

/* Undo the transfer encoding.
 * @param own_out  the decoded body, or NULL when it was not encoded; free() */
static bool decode(struct content_reading *r, struct mime *entity,
		   char **own_out)
{
	static const char *const none[] = { "", "7bit", "8bit", "binary",
					    NULL };
	const struct span how = mime_value(entity->transfer);
	const bool base64 = span_is_nocase(how, "base64");
	size_t len = 0;

	*own_out = NULL;
	if (is_one_of(how, none))
		return true;
	if (!base64 && !span_is_nocase(how, "quoted-printable"))
		return refuse(r->no, 415, "transfer encoding not supported");
	*own_out = malloc(entity->body.len + 1);
	if (!*own_out)
		return refuse_no_memory(r->no);
	if (!(base64 ? mime_decode_base64
		     : mime_decode_quoted)(entity->body, *own_out, &len)) {
		free(*own_out);
		*own_out = NULL;
		return refuse(r->no, 400, "broken transfer encoding");
	}
	entity->body = (struct span){ *own_out, len };
	return true;
}

/* SIP-4: what stands in the way of a look at the body. */
static bool check(struct content_reading *r, const struct mime *entity)
{
	static const char *const identity[] = { "", "identity", NULL };

	if (content_rank(entity) == 0)
		return refuse(r->no, 415, "media type not supported");
	if (!is_one_of(mime_value(entity->encoding), identity))
		return refuse(r->no, 415, "content encoding not supported");
	if (r->depth == CONTENT_DEPTH_MAX ||
	    r->entities == CONTENT_ENTITIES_MAX)
		return refuse(r->no, 415, "body is nested too deep");
	return true;
}

bool content_show(struct content_reading *r, const struct mime *entity)
{
	struct mime decoded = *entity;
	char *own;
	bool done;

	if (!check(r, entity) || !decode(r, &decoded, &own))
		return false;
	r->depth++;
	r->entities++;
	done = kind_of(&decoded)->show(r, &decoded);
	r->depth--;
	free(own);
	return done;
}
