#include "gateway/xmpp/content_parts.h"

#include <string.h>

#include "gateway/body/mime_split.h"
#include "gateway/body/refusal.h"

/** Longest Content-ID that a start parameter may name. */
#define ID_SIZE 256

static bool split(struct content_reading *r, const struct mime *multipart,
		  struct mime_parts *out)
{
	return mime_split(multipart, out) ||
	       refuse(r->no, 400, "multipart is broken or has too many parts");
}

static bool is_for_display(const struct mime *part)
{
	const struct span value = mime_value(part->disposition);

	return value.len == 0 || span_is_nocase(value, "render") ||
	       span_is_nocase(value, "inline");
}

static bool is_optional(const struct mime *part)
{
	char handling[sizeof "optional"];
	struct text text;

	text_init(&text, handling, sizeof handling);
	return mime_parameter(part->disposition, "handling", &text) &&
	       !text.cut &&
	       span_is_nocase((struct span){ handling, text.len }, "optional");
}

/* Nothing stays of a part that fails. */
static bool try_part(struct content_reading *r, const struct mime *part)
{
	const struct content_reading before = *r;

	if (!is_for_display(part))
		return refuse(r->no, 415, "a body part is not for display");
	if (content_show(r, part))
		return true;
	r->len = before.len;
	r->shown = before.shown;
	return false;
}

static bool ran_out_of_memory(const struct content_reading *r)
{
	return r->no->code == 500;
}

bool content_show_part(struct content_reading *r, const struct mime *part)
{
	return try_part(r, part) ||
	       (is_optional(part) && !ran_out_of_memory(r));
}

bool content_show_mixed(struct content_reading *r, const struct mime *multipart)
{
	struct mime_parts parts;

	if (!split(r, multipart, &parts))
		return false;
	for (size_t i = 0; i < parts.count; i++)
		if (!content_show_part(r, &parts.at[i]))
			return false;
	return true;
}

/* The last part of this rank that can be shown.
 * @return whether there is no more to look for */
static bool try_rank(struct content_reading *r, const struct mime_parts *parts,
		     unsigned rank, bool *done_out)
{
	for (size_t i = parts->count; i > 0; i--) {
		const struct mime *part = &parts->at[i - 1];

		if (content_rank(part) != rank)
			continue;
		*done_out = try_part(r, part);
		if (*done_out || ran_out_of_memory(r))
			return true;
	}
	return false;
}

bool content_show_best(struct content_reading *r, const struct mime *multipart)
{
	struct mime_parts parts;
	bool done = false;

	if (!split(r, multipart, &parts))
		return false;
	*r->no = outcome_of_sip(415, "no alternative can be shown");
	for (unsigned rank = CONTENT_RANK_MAX; rank > 0; rank--)
		if (try_rank(r, &parts, rank, &done))
			return done;
	return false;
}

/* RFC 2387, 3.2: the part that start names, else the first. */
static const struct mime *root_of(const struct mime *multipart,
				  const struct mime_parts *parts)
{
	char start[ID_SIZE];
	struct text text;

	text_init(&text, start, sizeof start);
	if (!mime_parameter(multipart->type, "start", &text) || text.cut)
		return &parts->at[0];
	for (size_t i = 0; i < parts->count; i++)
		if (span_is(mime_trim(parts->at[i].id), start))
			return &parts->at[i];
	return &parts->at[0];
}

bool content_show_root(struct content_reading *r, const struct mime *multipart)
{
	struct mime_parts parts;

	return split(r, multipart, &parts) &&
	       content_show_part(r, root_of(multipart, &parts));
}

bool content_show_first(struct content_reading *r, const struct mime *multipart)
{
	struct mime_parts parts;

	return split(r, multipart, &parts) &&
	       content_show_part(r, &parts.at[0]);
}
