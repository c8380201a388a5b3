#include "routing/question.h"

static void got_answer(struct dns_answer *answer, void *arg)
{
	struct question *q = arg;
	double ms = (double)(loop_now_ms(q->loop) - q->asked_ms);

	q->query = NULL;
	route_trace_asked(q->trace, q->name, answer, ms);
	q->got(answer, q->arg);
}

enum route_status question_ask(struct question *question, const char *name,
			       enum dns_type type, dns_answer_fn *got)
{
	if (question->left == 0 ||
	    !span_copy(span_of(name), question->name, sizeof question->name))
		return ROUTE_NOT_FOUND;
	question->left--;
	question->got = got;
	question->asked_ms = loop_now_ms(question->loop);
	return cache_ask_start(question->cache, question->name, type,
			       got_answer, question,
			       &question->query) == ENUM_OK
		       ? ROUTE_OK
		       : ROUTE_NO_MEMORY;
}

void question_cancel(struct question *question)
{
	cache_ask_cancel(&question->query);
}

static uint32_t pick(uint32_t bound, void *arg)
{
	uint32_t random;

	loop_random(arg, &random, sizeof random);
	return random % bound;
}

size_t question_srv_order(const struct question *question,
			  const struct dns_answer *answer,
			  const struct dns_srv *order_out[SRV_TARGETS_MAX])
{
	return srv_order(answer, pick, question->loop, order_out);
}
