#include "gateway/reports.h"

#include <stdlib.h>
#include <string.h>

/** Chains of the table; the ids in it are random. */
#define CHAINS 4096

struct entry {
	struct entry *next, *previous; /* by age */
	struct entry *next_in_chain;
	struct report report;
	char text[]; /* the strings of the report */
};

struct reports {
	struct loop *loop;
	size_t max, count;
	int64_t age_s;
	struct entry *oldest, *youngest;
	struct entry *chains[CHAINS];
};

/* The strings of a report. */
static const size_t strings[] = {
	offsetof(struct report, id),	  offsetof(struct report, original_id),
	offsetof(struct report, sender),  offsetof(struct report, recipient),
	offsetof(struct report, route),	  offsetof(struct report, cpim_from),
	offsetof(struct report, cpim_to),
};

#define STRINGS (sizeof strings / sizeof strings[0])

static const char **string_at(struct report *report, size_t i)
{
	return (const char **)((char *)report + strings[i]);
}

static struct entry *entry_create(const struct report *report)
{
	struct report copy = *report;
	struct entry *entry;
	size_t size = 0;
	char *at;

	for (size_t i = 0; i < STRINGS; i++)
		if (*string_at(&copy, i))
			size += strlen(*string_at(&copy, i)) + 1;
	entry = malloc(sizeof *entry + size);
	if (!entry)
		return NULL;
	at = entry->text;
	for (size_t i = 0; i < STRINGS; i++) {
		const char **string = string_at(&copy, i);
		size_t len = *string ? strlen(*string) + 1 : 0;

		if (!len)
			continue;
		memcpy(at, *string, len);
		*string = at;
		at += len;
	}
	entry->report = copy;
	return entry;
}

static struct entry **chain_of(struct reports *reports, const char *id)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (; *id; id++)
		hash = (hash ^ (unsigned char)*id) * 16777619u;
	return &reports->chains[hash % CHAINS];
}

static void add(struct reports *reports, struct entry *entry)
{
	struct entry **chain = chain_of(reports, entry->report.id);

	entry->next_in_chain = *chain;
	*chain = entry;
	entry->next = NULL;
	entry->previous = reports->youngest;
	if (entry->previous)
		entry->previous->next = entry;
	else
		reports->oldest = entry;
	reports->youngest = entry;
	reports->count++;
}

static void drop(struct reports *reports, struct entry *entry)
{
	struct entry **at = chain_of(reports, entry->report.id);

	while (*at != entry)
		at = &(*at)->next_in_chain;
	*at = entry->next_in_chain;
	if (entry->previous)
		entry->previous->next = entry->next;
	else
		reports->oldest = entry->next;
	if (entry->next)
		entry->next->previous = entry->previous;
	else
		reports->youngest = entry->previous;
	reports->count--;
	free(entry);
}

static struct entry *find(struct reports *reports, const char *id)
{
	const int64_t now_s = loop_wall_s(reports->loop);
	struct entry *entry;

	while (reports->oldest && reports->oldest->report.until_s <= now_s)
		drop(reports, reports->oldest);
	entry = *chain_of(reports, id);
	while (entry && strcmp(entry->report.id, id) != 0)
		entry = entry->next_in_chain;
	return entry;
}

enum gateway_status reports_create(struct loop *loop, size_t max, int64_t age_s,
				   struct reports **reports_out)
{
	struct reports *reports = calloc(1, sizeof *reports);

	*reports_out = reports;
	if (!reports)
		return GATEWAY_NO_MEMORY;
	reports->loop = loop;
	reports->max = max;
	reports->age_s = age_s;
	return GATEWAY_OK;
}

void reports_destroy(struct reports **reports)
{
	if (!*reports)
		return;
	while ((*reports)->oldest)
		drop(*reports, (*reports)->oldest);
	free(*reports);
	*reports = NULL;
}

enum gateway_status reports_note(struct reports *reports,
				 const struct report *report)
{
	struct entry *entry;

	if (!reports || find(reports, report->id))
		return GATEWAY_OK;
	entry = entry_create(report);
	if (!entry)
		return GATEWAY_NO_MEMORY;
	if (entry->report.until_s == 0)
		entry->report.until_s =
			loop_wall_s(reports->loop) + reports->age_s;
	if (reports->count >= reports->max)
		drop(reports, reports->oldest);
	add(reports, entry);
	return GATEWAY_OK;
}

void reports_forget(struct reports *reports, const char *id)
{
	struct entry *entry = reports ? find(reports, id) : NULL;

	if (entry)
		drop(reports, entry);
}

/* RFC 5438, 3: all that may be said of one type. */
static unsigned type_of(enum message_report what)
{
	return what == MESSAGE_DISPLAYED
		       ? MESSAGE_DISPLAYED
		       : MESSAGE_DELIVERED | MESSAGE_FAILED | MESSAGE_FORBIDDEN;
}

static unsigned wish_for(enum message_report what)
{
	return what == MESSAGE_FORBIDDEN ? MESSAGE_FAILED : (unsigned)what;
}

static bool is_believed(const struct report *report, enum protocol origin,
			const char *from, enum message_report what)
{
	return report->origin == origin &&
	       (!from || strcmp(report->recipient, from) == 0) &&
	       report->wants & wish_for(what);
}

/* @return false: it was sent, and not because of this message */
static bool mark(struct report *report, enum message_report what,
		 const char *by)
{
	char *last = what == MESSAGE_DISPLAYED ? report->display_by
					       : report->delivery_by;

	if (report->sent & type_of(what))
		return by && strcmp(by, last) == 0;
	report->sent |= (unsigned)what;
	(void)span_copy(span_of(by), last, MESSAGE_ID_SIZE);
	return true;
}

const struct report *reports_take(struct reports *reports, const char *id,
				  enum protocol origin, const char *from,
				  enum message_report what, const char *by)
{
	struct entry *entry = reports ? find(reports, id) : NULL;

	if (!entry || !is_believed(&entry->report, origin, from, what) ||
	    !mark(&entry->report, what, by))
		return NULL;
	return &entry->report;
}

void reports_each(const struct reports *reports,
		  void (*each)(const struct report *report, void *arg),
		  void *arg)
{
	const struct entry *entry = reports ? reports->oldest : NULL;

	for (; entry; entry = entry->next)
		each(&entry->report, arg);
}

/* The first of the routes, or all there is. */
static struct span first_of(const char *routes)
{
	struct span rest = span_of(routes), first = { 0 };

	(void)span_cut(&rest, ' ', &first);
	return first;
}

/* CONF-26: to the first IMDN-Record-Route, else to whoever the From was. A
 * number is written as PLAN_REPLY wants it. */
static enum gateway_status set_target(struct message *m,
				      const struct report *report)
{
	struct span uri = report->route ? first_of(report->route)
					: span_of(report->sender);
	char *text = malloc(uri.len + 1);
	enum gateway_status status;

	if (!text)
		return GATEWAY_NO_MEMORY;
	(void)span_copy(uri, text, uri.len + 1);
	status = message_set(&m->to, text);
	if (status == GATEWAY_OK)
		status = message_set(&m->target, span_starts_nocase(uri, "tel:")
							 ? text + strlen("tel:")
							 : text);
	free(text);
	return status;
}

static const char *either(const char *best, const char *else_this)
{
	return best ? best : else_this;
}

static enum gateway_status fill(struct message *m, const struct report *report,
				const char *from)
{
	enum gateway_status status = set_target(m, report);

	if (status == GATEWAY_OK)
		status = message_set(&m->from, from);
	if (status == GATEWAY_OK)
		status = message_set(&m->report_of, report->original_id);
	if (status == GATEWAY_OK)
		status = message_set(&m->report_route, report->route);
	if (status == GATEWAY_OK)
		status = message_set(&m->report_from, report->cpim_to);
	if (status == GATEWAY_OK)
		status = message_set(&m->report_to,
				     either(report->cpim_from, report->sender));
	return status;
}

enum gateway_status reports_message(const struct report *report,
				    enum message_report what, const char *from,
				    struct message **message_out)
{
	struct message *m = message_create();
	enum gateway_status status = GATEWAY_NO_MEMORY;

	if (m) {
		m->origin = PROTOCOL_XMPP;
		m->purpose = MESSAGE_REPORT;
		m->kind = PLAN_REPLY;
		m->report = what;
		m->report_date_s = report->date_s;
		status = fill(m, report, from);
	}
	if (status != GATEWAY_OK)
		message_destroy(&m);
	*message_out = m;
	return status;
}

struct message *reports_failure(struct reports *reports, const char *id,
				enum message_report what)
{
	const struct report *report =
		reports_take(reports, id, PROTOCOL_SIP, NULL, what, NULL);
	struct message *message;
	unsigned char random[15];

	if (!report || reports_message(report, what, report->recipient,
				       &message) != GATEWAY_OK)
		return NULL;
	loop_random(reports->loop, random, sizeof random);
	message_set_id(message, random);
	message->arrived_ms = loop_now_ms(reports->loop);
	message->arrived_s = loop_wall_s(reports->loop);
	return message;
}
