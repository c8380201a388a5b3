#include <string.h>

#include "gateway/cli/resolve_report.h"

/* Where text begins behind "2 enum     ". */
#define INDENT "           "

/* What is printed, and how far it is. */
struct view {
	FILE *out;
	bool records;
	unsigned number;  /* of the step */
	const char *step; /* the word of the line before, or "" */
	unsigned questions;
};

static const char *text_of(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static int int_of(json_t *object, const char *key)
{
	return (int)json_integer_value(json_object_get(object, key));
}

/* For people, what scripts get as a word. */
static const char *why_text(const char *word)
{
	for (unsigned i = 0; i < ENUM_STATUS_COUNT; i++)
		if (strcmp(word, enum_status_word((enum enum_status)i)) == 0)
			return enum_status_text((enum enum_status)i);
	for (unsigned i = 0; i < ROUTE_STATUS_COUNT; i++)
		if (strcmp(word, route_status_word((enum route_status)i)) == 0)
			return route_status_text((enum route_status)i);
	return strcmp(word, "not-reached") == 0 ? "not needed" : word;
}

/* "2 enum     ", or as many blanks while the step stays the same. */
static void begin_line(struct view *view, const char *step)
{
	if (strcmp(view->step, step) == 0) {
		fputs(INDENT, view->out);
		return;
	}
	view->step = step;
	fprintf(view->out, "%u %-8s ", ++view->number, step);
}

static void print_rule(struct view *view, json_t *record)
{
	const char *why = text_of(record, "why");

	fprintf(view->out, INDENT "  %s %d %d %s %s  ", *why ? "  " : "->",
		int_of(record, "order"), int_of(record, "preference"),
		*text_of(record, "flags") ? text_of(record, "flags") : "-",
		text_of(record, "service"));
	if (*why)
		fprintf(view->out, "not used: %s\n", why_text(why));
	else
		fprintf(view->out, "%s\n",
			*text_of(record, "regexp")
				? text_of(record, "regexp")
				: text_of(record, "replacement"));
}

static void print_record(struct view *view, json_t *record)
{
	if (json_object_get(record, "address"))
		fprintf(view->out, INDENT "  %s\n", text_of(record, "address"));
	else if (json_object_get(record, "target"))
		fprintf(view->out, INDENT "  %d %d %d %s\n",
			int_of(record, "priority"), int_of(record, "weight"),
			int_of(record, "port"),
			*text_of(record, "target") ? text_of(record, "target")
						   : ".");
	else
		fprintf(view->out, INDENT "  %d %d %s %s %s\n",
			int_of(record, "order"), int_of(record, "preference"),
			text_of(record, "flags"), text_of(record, "service"),
			text_of(record, "replacement"));
}

static void print_records(struct view *view, json_t *step)
{
	json_t *record;
	size_t i;

	json_array_foreach(json_object_get(step, "records"), i, record)
	{
		if (json_object_get(record, "used"))
			print_rule(view, record);
		else if (view->records)
			print_record(view, record);
	}
}

/* "2 NAPTR", "no NAPTR", "NXDOMAIN" */
static void print_found(struct view *view, json_t *step)
{
	size_t count = json_array_size(json_object_get(step, "records"));
	const char *rcode = text_of(step, "rcode");

	if (strcmp(rcode, "NOERROR") != 0)
		fputs(rcode, view->out);
	else if (count == 0)
		fprintf(view->out, "no %s", text_of(step, "type"));
	else
		fprintf(view->out, "%zu %s", count, text_of(step, "type"));
}

static void print_answer(struct view *view, json_t *step)
{
	const char *apex = text_of(step, "apex");

	view->questions++;
	begin_line(view, text_of(step, "step"));
	if (*apex)
		fprintf(view->out, "%-8s ", apex);
	fprintf(view->out, "%s  ", text_of(step, "name"));
	print_found(view, step);
	fprintf(view->out, "%s  %.1f ms",
		json_is_true(json_object_get(step, "ad")) ? ", secure" : "",
		json_number_value(json_object_get(step, "ms")));
	if (int_of(step, "ttl"))
		fprintf(view->out, "  ttl %d", int_of(step, "ttl"));
	fputc('\n', view->out);
	print_records(view, step);
}

static void print_number(struct view *view, json_t *step)
{
	const char *number = text_of(step, "e164");

	begin_line(view, "number");
	fprintf(view->out, "%s, %zu digits\n", number,
		*number ? strlen(number) - 1 : 0);
}

static void print_overlay(struct view *view, json_t *step)
{
	begin_line(view, "overlay");
	fprintf(view->out, "%s goes to %s\n", text_of(step, "match"),
		text_of(step, "uri"));
}

static void print_im(struct view *view, json_t *step)
{
	begin_line(view, "im");
	fputs(text_of(step, "uri"), view->out);
	if (*text_of(step, "why"))
		fprintf(view->out, "  not used: %s",
			why_text(text_of(step, "why")));
	fputc('\n', view->out);
}

static void print_left_out(struct view *view, json_t *step)
{
	const char *host = text_of(step, "host");

	begin_line(view, "hop");
	fprintf(view->out, "%s%s%s  not used: %s\n", text_of(step, "protocol"),
		*host ? " to " : "", host, why_text(text_of(step, "why")));
}

static const struct {
	const char *step;
	void (*print)(struct view *view, json_t *step);
} printers[] = {
	{ "number", print_number },  { "overlay", print_overlay },
	{ "im", print_im },	     { "enum", print_answer },
	{ "srv", print_answer },     { "naptr", print_answer },
	{ "address", print_answer }, { "hop", print_left_out },
};

static void print_step(struct view *view, json_t *step)
{
	const char *word = text_of(step, "step");

	for (size_t i = 0; i < sizeof printers / sizeof printers[0]; i++)
		if (strcmp(word, printers[i].step) == 0)
			printers[i].print(view, step);
}

static void print_hop(struct view *view, json_t *hop, size_t number)
{
	begin_line(view, "plan");
	if (strcmp(text_of(hop, "protocol"), "xmpp") == 0)
		fprintf(view->out,
			"%zu. XMPP through the component link\n" INDENT
			"   to %s\n",
			number, text_of(hop, "to"));
	else
		fprintf(view->out,
			"%zu. SIP to %s port %d over %s (%s)\n" INDENT
			"   to %s\n",
			number, text_of(hop, "address"), int_of(hop, "port"),
			text_of(hop, "transport"), text_of(hop, "host"),
			text_of(hop, "uri"));
}

static void print_end(struct view *view, json_t *object)
{
	json_t *sip = json_object_get(object, "sip");

	if (int_of(object, "exit") == CLI_YES) {
		fprintf(view->out,
			"route found in %.1f ms, %u queries, DNSSEC %s\n",
			json_number_value(
				json_object_get(object, "elapsed_ms")),
			view->questions, text_of(object, "dnssec"));
		return;
	}
	fprintf(view->out, "no route%s: %s\n",
		int_of(object, "exit") == CLI_TRY_LATER ? " now" : "",
		text_of(object, "reason"));
	if (!sip)
		return;
	fprintf(view->out, "a SIP sender gets %d", int_of(sip, "code"));
	if (int_of(sip, "retry_after"))
		fprintf(view->out, " with Retry-After: %d",
			int_of(sip, "retry_after"));
	fputc('\n', view->out);
}

void resolve_text(json_t *object, bool records, FILE *out)
{
	struct view view = { .out = out, .records = records, .step = "" };
	json_t *item;
	size_t i;

	fprintf(out, "%s\n", text_of(object, "uri"));
	json_array_foreach(json_object_get(object, "steps"), i, item)
		print_step(&view, item);
	json_array_foreach(json_object_get(object, "plan"), i, item)
		print_hop(&view, item, i + 1);
	print_end(&view, object);
}
