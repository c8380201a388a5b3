#include "gateway/sip/sipside.h"

#include <stdlib.h>

#include "gateway/sip/sip_private.h"
#include "gateway/sip/sip_refused.h"

static void open_face(struct sipside *side)
{
	side->face = (struct side){ .name = "sip",
				    .send = sipside_send,
				    .cancel = sipside_cancel,
				    .answer = sipside_answer,
				    .failed = sipside_failed };
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
	side->nonces = sipside_nonces_create(loop, options->auth.nonce_life_ms);
	side->keys = sipside_keys_create(loop);
	side->transactions =
		sipside_transactions_create(loop, options->transactions_max);
	status = sipside_refused_create(loop, &side->refused);
	if (status != GATEWAY_OK)
		goto failed;
	status = GATEWAY_NO_MEMORY;
	side->connections = sipside_connections_create(loop, &side->options);
	if (!side->lanes || !side->nonces || !side->keys ||
	    !side->transactions || !side->connections)
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
	sipside_tls_destroy(&side->tls);
	sipside_connections_destroy(&side->connections);
	loop_timer_destroy(&side->failed_timer);
	sipside_failures_clear(side);
	sipside_nonces_destroy(&side->nonces);
	sipside_transactions_destroy(side->transactions);
	sipside_keys_destroy(side->keys);
	sipside_lanes_destroy(side->lanes);
	key_table_destroy(&side->refused);
	free(side);
	*sipside = NULL;
}

bool sipside_forget_failed(struct sipside *side, struct attempt *attempt)
{
	struct attempt **link = &side->failed;

	while (*link && *link != attempt)
		link = (struct attempt **)&(*link)->state;
	if (!*link)
		return false;
	*link = attempt->state;
	attempt->state = NULL;
	return true;
}

void sipside_report_failed(void *arg)
{
	const struct outcome outcome = sipside_no_memory();
	struct sipside *side = arg;

	while (side->failed) {
		struct attempt *attempt = side->failed;

		(void)sipside_forget_failed(side, attempt);
		attempt->done(attempt, &outcome);
	}
}
