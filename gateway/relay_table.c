/* The table of relays: its life, and what is in it. */

#include "gateway/relay_private.h"

#include <stdlib.h>

static void on_drained(void *arg)
{
	struct relay_table *table = arg;

	if (table->options.drained)
		table->options.drained(table->options.drained_arg);
}

enum gateway_status relay_create(const struct relay_options *options,
				 struct relay_table **table_out)
{
	struct relay_table *table = calloc(1, sizeof *table);

	*table_out = table;
	if (!table)
		return GATEWAY_NO_MEMORY;
	table->options = *options;
	if (relay_memory_init(&table->memory, options->loop,
			      &options->memory) == GATEWAY_OK &&
	    loop_timer_create(options->loop, on_drained, table,
			      &table->drain_timer) == ENUM_OK)
		return GATEWAY_OK;
	relay_memory_clear(&table->memory);
	free(table);
	*table_out = NULL;
	return GATEWAY_NO_MEMORY;
}

size_t relay_count(const struct relay_table *table)
{
	return table->count;
}

static void table_add(struct relay_table *table, struct relay *r)
{
	r->table = table;
	r->next = table->first;
	if (r->next)
		r->next->previous = r;
	table->first = r;
	table->count++;
}

struct relay *relay_new(struct relay_table *table, struct message *message,
			struct origin *origin, loop_timer_fn *on_deadline)
{
	struct relay *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	if (loop_timer_create(table->options.loop, on_deadline, r,
			      &r->deadline) != ENUM_OK) {
		free(r);
		return NULL;
	}
	r->message = message;
	r->origin = origin;
	r->record = (struct record){ .message = message,
				     .arrived_ms = message->arrived_ms,
				     .planned_ms = -1,
				     .sent_ms = -1 };
	r->deadline_at_ms =
		loop_now_ms(table->options.loop) + table->options.deadline_ms;
	loop_timer_set(r->deadline, table->options.deadline_ms);
	table_add(table, r);
	return r;
}

void relay_table_remove(struct relay_table *table, struct relay *r)
{
	if (r->next)
		r->next->previous = r->previous;
	if (r->previous)
		r->previous->next = r->next;
	else
		table->first = r->next;
	table->count--;
	if (table->count == 0 && table->draining)
		loop_timer_set(table->drain_timer, 0);
}

void relay_drain(struct relay_table *table)
{
	table->draining = true;
	if (table->count == 0)
		loop_timer_set(table->drain_timer, 0);
}
