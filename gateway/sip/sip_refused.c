#include "gateway/sip/sip_refused.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway/body/iscomposing.h"
#include "gateway/sip/sip_lane.h"

/** Ours, but for text/plain: that is tried whatever was refused. */
static const char *const types[] = { SIPSIDE_TYPE_WRAPPED, ISCOMPOSING_TYPE };

enum gateway_status sipside_refused_create(struct loop *loop,
					   struct key_table **out)
{
	return key_table_create(loop, SIPSIDE_REFUSED_MAX,
				SIPSIDE_REFUSED_AGE_MS, out);
}

static bool key_of(const char *uri, const char *type,
		   unsigned char key_out[MESSAGE_KEY_SIZE])
{
	char peer[SIPSIDE_LANE_KEY_SIZE];
	const char *const parts[] = { peer, type };

	sipside_lane_key(uri, peer);
	return message_key(parts, sizeof parts / sizeof parts[0], key_out);
}

static bool matches(const sip_accept_t *range, const char *type)
{
	const char *slash = strchr(type, '/');
	const size_t main_len = (size_t)(slash - type) + 1;

	if (!range->ac_type || (range->ac_q && strtod(range->ac_q, NULL) <= 0))
		return false;
	return strcmp(range->ac_type, "*/*") == 0 ||
	       strcasecmp(range->ac_type, type) == 0 ||
	       (strncasecmp(range->ac_type, type, main_len) == 0 &&
		strcmp(range->ac_type + main_len, "*") == 0);
}

bool sipside_accepts(const sip_accept_t *accept, const char *type)
{
	if (!accept)
		return true;
	while (accept && !matches(accept, type))
		accept = accept->ac_next;
	return accept != NULL;
}

void sipside_refused_note(struct key_table *refused, const char *uri,
			  const char *type, const sip_accept_t *accept)
{
	unsigned char key[MESSAGE_KEY_SIZE];

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if ((strcasecmp(types[i], type) == 0 ||
		     !sipside_accepts(accept, types[i])) &&
		    key_of(uri, types[i], key))
			key_table_put(refused, key, "");
}

bool sipside_refused_holds(const struct key_table *refused, const char *uri,
			   const char *type)
{
	unsigned char key[MESSAGE_KEY_SIZE];

	return key_of(uri, type, key) && key_table_find(refused, key);
}
