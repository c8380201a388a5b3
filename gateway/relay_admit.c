/* Stop 2: may the message come in? What earlier messages say about it may be
 * known to the store only. */

#include "gateway/relay_private.h"

/* The steps in the order of time. */
static void ask_binding(struct relay *r);
static void got_binding(void *arg);

void relay_admit(struct relay *r)
{
	struct outcome no;

	if (admission_judge(r->table->options.admission, r->message, &no))
		ask_binding(r);
	else
		relay_admitted(r, &no);
}

static void ask_binding(struct relay *r)
{
	if (!bindings_ask(r->table->memory.bindings, r->message, got_binding, r,
			  &r->look))
		got_binding(r);
}

static void got_binding(void *arg)
{
	struct relay *r = arg;
	struct outcome no;

	r->look = NULL;
	r->admitted = relay_memory_admits(&r->table->memory, r->message, &no);
	relay_admitted(r, r->admitted ? NULL : &no);
}
