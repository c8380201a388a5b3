#include "gateway/xmpp/xmpp_starved.h"

static void on_timer(void *arg)
{
	struct outcome end = outcome_of_route(ROUTE_NO_MEMORY, "out of memory");
	struct xmppside_starved *starved = arg;

	while (starved->first) {
		struct attempt *attempt = starved->first;

		starved->first = attempt->state;
		attempt->state = NULL;
		attempt->done(attempt, &end);
	}
}

enum gateway_status xmppside_starved_init(struct xmppside_starved *starved,
					  struct loop *loop)
{
	starved->first = NULL;
	return loop_timer_create(loop, on_timer, starved, &starved->timer) ==
			       ENUM_OK
		       ? GATEWAY_OK
		       : GATEWAY_NO_MEMORY;
}

void xmppside_starved_clear(struct xmppside_starved *starved)
{
	loop_timer_destroy(&starved->timer);
}

void xmppside_starved_add(struct xmppside_starved *starved,
			  struct attempt *attempt)
{
	attempt->state = starved->first;
	starved->first = attempt;
	loop_timer_set(starved->timer, 0);
}

bool xmppside_starved_remove(struct xmppside_starved *starved,
			     struct attempt *attempt)
{
	struct attempt *before = NULL, *a = starved->first;

	while (a && a != attempt) {
		before = a;
		a = a->state;
	}
	if (!a)
		return false;
	if (before)
		before->state = a->state;
	else
		starved->first = a->state;
	a->state = NULL;
	return true;
}
