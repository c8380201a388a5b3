#include "gateway/sip/sipside.h"

#include <stdlib.h>

#include "gateway/sip/sip_private.h"

static void open_face(struct sipside *side)
{
	side->face = (struct side){ .name = "sip",
				    .send = sipside_send,
				    .cancel = sipside_cancel,
				    .answer = sipside_answer };
}

enum gateway_status sipside_create(struct loop *loop,
				   const struct sipside_options *options,
				   struct sipside **sipside_out)
{
	struct sipside *side = calloc(1, sizeof *side);
	enum gateway_status status = GATEWAY_NO_MEMORY;

	*sipside_out = NULL;
	if (!side)
		return status;
	open_face(side);
	side->loop = loop;
	side->options = *options;
	loop_random(loop, side->key, sizeof side->key);
	side->lanes = sipside_lanes_create();
	if (!side->lanes)
		goto failed;
	if (loop_timer_create(loop, sipside_report_failed, side,
			      &side->failed_timer) != ENUM_OK)
		goto failed;
	status = sipside_agent_open(side);
	if (status != GATEWAY_OK)
		goto failed;
	*sipside_out = side;
	return GATEWAY_OK;
failed:
	sipside_destroy(&side);
	return status;
}

void sipside_connect(struct sipside *sipside, struct relay_table *relays)
{
	sipside->relays = relays;
}

struct side *sipside_side(struct sipside *sipside)
{
	return &sipside->face;
}

void sipside_drain(struct sipside *sipside)
{
	sipside->draining = true;
}

void sipside_destroy(struct sipside **sipside)
{
	struct sipside *side = *sipside;

	if (!side)
		return;
	if (side->agent)
		nta_agent_destroy(side->agent);
	loop_timer_destroy(&side->failed_timer);
	sipside_lanes_destroy(side->lanes);
	free(side);
	*sipside = NULL;
}
