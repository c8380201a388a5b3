#include "routing/jid.h"

#include "routing/jid_prep.h"

/* RFC 7622, 3.1: first the resource is set apart, then the localpart; either
 * may hold what separates the others. */
enum route_status jid_parse(struct span text, struct jid *jid_out)
{
	struct span local, domain = { NULL, 0 };
	enum route_status status = ROUTE_OK;

	jid_out->local[0] = '\0';
	jid_out->resource[0] = '\0';
	if (!span_cut(&text, '/', &domain))
		return ROUTE_BAD_DOMAIN;
	if (text.at)
		status = jid_prep_resource(text, jid_out->resource);
	if (status == ROUTE_OK && span_find(domain, '@') >= 0 &&
	    span_cut(&domain, '@', &local))
		status = jid_prep_local(local, jid_out->local);
	if (status == ROUTE_OK)
		status = jid_prep_domain(domain, jid_out->domain);
	return status;
}

void jid_write(const struct jid *jid, bool full, struct text *out)
{
	if (jid->local[0]) {
		text_add(out, jid->local);
		text_add_char(out, '@');
	}
	text_add(out, jid->domain);
	if (full && jid->resource[0]) {
		text_add_char(out, '/');
		text_add(out, jid->resource);
	}
}
