#include "gateway/body/cpim_write.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/body/datetime.h"
#include "gateway/body/imdn.h"

/** Everything around addresses, ids and content. */
#define FIXED_SIZE 512

/** "imdn.IMDN-Route: <>" and the line end, for each. */
#define ROUTE_SIZE 24

static void add_address(struct text *out, const char *name, struct span uri)
{
	text_add(out, name);
	text_add(out, ": <");
	text_add_span(out, uri);
	text_add(out, ">\r\n");
}

/* RFC 5438, 6.1: the prefix is ours to choose; nobody gets it wrong so. */
static void add_imdn(struct text *out, const struct cpim_envelope *e)
{
	struct span rest = e->routes, route;

	text_add(out, "NS: imdn <urn:ietf:params:imdn>\r\n");
	text_addf(out, "imdn.Message-ID: %s\r\n", e->message_id);
	if (e->wants) {
		text_add(out, "imdn.Disposition-Notification: ");
		imdn_dispositions_write(e->wants, out);
		text_add(out, "\r\n");
	}
	while (span_cut(&rest, ' ', &route))
		add_address(out, "imdn.IMDN-Route", route);
}

static void add_all(struct text *out, const struct cpim_envelope *e)
{
	add_address(out, "From", e->from);
	add_address(out, "To", e->to);
	text_add(out, "DateTime: ");
	datetime_write(e->date_s, out);
	text_add(out, "\r\n");
	add_imdn(out, e);
	text_addf(out, "\r\nContent-type: %s\r\n", e->content_type);
	if (e->disposition)
		text_addf(out, "Content-Disposition: %s\r\n", e->disposition);
	text_add(out, "\r\n");
	text_add_span(out, e->content);
}

static size_t room_for(const struct cpim_envelope *e)
{
	size_t size = FIXED_SIZE + e->from.len + e->to.len +
		      strlen(e->message_id) + strlen(e->content_type) +
		      e->routes.len + ROUTE_SIZE + e->content.len;

	for (size_t i = 0; i < e->routes.len; i++)
		if (e->routes.at[i] == ' ')
			size += ROUTE_SIZE;
	return size;
}

bool cpim_write(const struct cpim_envelope *envelope, char **body_out,
		size_t *len_out)
{
	const size_t size = room_for(envelope);
	struct text text;

	*body_out = malloc(size);
	*len_out = 0;
	if (!*body_out)
		return false;
	text_init(&text, *body_out, size);
	add_all(&text, envelope);
	*len_out = text.len;
	return true;
}
