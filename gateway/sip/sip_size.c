#include "gateway/sip/sip_private.h"

#include <string.h>

#include <sofia-sip/msg_header.h>

static bool is_via_for(const sip_via_t *via, const struct hop *hop)
{
	const bool v6 = strchr(hop->address, ':') != NULL;
	const struct span name = span_of(sip_via_transport(via));

	return span_is_nocase(name, transport_word(hop->transport)) &&
	       (via->v_host[0] == '[') == v6;
}

/* What NTA will put on top: the Via of the listener that it sends from, with
 * our branch and rport. */
static size_t via_size(const struct sipside *side, const struct hop *hop,
		       size_t branch_len)
{
	const sip_via_t *via = nta_agent_via(side->agent);
	size_t size = strlen("Via:  ;branch=;rport\r\n") + branch_len;

	while (via && !is_via_for(via, hop))
		via = via->v_next;
	if (!via)
		return size;
	size += strlen(via->v_protocol) + strlen(via->v_host);
	if (via->v_port)
		size += 1 + strlen(via->v_port);
	return size;
}

size_t sipside_request_size(struct sipside *side, msg_t *request,
			    const struct attempt *attempt)
{
	char branch[SIPSIDE_BRANCH_SIZE];
	su_home_t *home = msg_home(request);
	size_t size = 0;
	char *text = msg_as_string(home, request, NULL, 0, &size);

	su_free(home, text);
	sipside_write_branch(side, attempt, branch);
	return size + via_size(side, &attempt->hop, strlen(branch));
}
