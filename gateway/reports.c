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
	struct reports_watch watch; /* its functions NULL: nobody */
	bool texts;
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
	/* what was put back is not as old as it stands in the list */
	return entry && entry->report.until_s > now_s ? entry : NULL;
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
	reports_drop_all(*reports);
	free(*reports);
	*reports = NULL;
}

void reports_set_watch(struct reports *reports,
		       const struct reports_watch *watch)
{
	reports->watch = *watch;
}

void reports_set_texts(struct reports *reports, bool yes)
{
	reports->texts = yes;
}

bool reports_write_texts(const struct reports *reports)
{
	return reports && reports->texts;
}

void reports_drop_all(struct reports *reports)
{
	while (reports && reports->oldest)
		drop(reports, reports->oldest);
}

/* @return NULL: out of memory */
static struct entry *enter(struct reports *reports, const struct report *report)
{
	struct entry *entry = entry_create(report);

	if (!entry)
		return NULL;
	if (entry->report.until_s == 0)
		entry->report.until_s =
			loop_wall_s(reports->loop) + reports->age_s;
	if (reports->count >= reports->max)
		drop(reports, reports->oldest);
	add(reports, entry);
	return entry;
}

enum gateway_status reports_note(struct reports *reports,
				 const struct report *report)
{
	struct entry *entry;

	if (!reports || find(reports, report->id))
		return GATEWAY_OK;
	entry = enter(reports, report);
	if (!entry)
		return GATEWAY_NO_MEMORY;
	if (reports->watch.noted)
		reports->watch.noted(&entry->report, reports->watch.arg);
	return GATEWAY_OK;
}

static void merge(struct report *report, const struct report *saved)
{
	const unsigned more = saved->sent & ~report->sent;

	if (more & MESSAGE_DISPLAYED)
		memcpy(report->display_by, saved->display_by,
		       sizeof report->display_by);
	if (more & ~(unsigned)MESSAGE_DISPLAYED)
		memcpy(report->delivery_by, saved->delivery_by,
		       sizeof report->delivery_by);
	report->sent |= saved->sent;
}

enum gateway_status reports_restore(struct reports *reports,
				    const struct report *report)
{
	struct entry *entry = reports ? find(reports, report->id) : NULL;

	if (entry) {
		merge(&entry->report, report);
		return GATEWAY_OK;
	}
	return !reports || enter(reports, report) ? GATEWAY_OK
						  : GATEWAY_NO_MEMORY;
}

const struct report *reports_find(struct reports *reports, const char *id)
{
	const struct entry *entry = reports ? find(reports, id) : NULL;

	return entry ? &entry->report : NULL;
}

void reports_forget(struct reports *reports, const char *id)
{
	struct entry *entry = reports ? find(reports, id) : NULL;

	if (!entry)
		return;
	drop(reports, entry);
	if (reports->watch.forgotten)
		reports->watch.forgotten(id, reports->watch.arg);
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
	if (reports->watch.sent)
		reports->watch.sent(&entry->report, reports->watch.arg);
	return &entry->report;
}

enum gateway_status reports_failure(struct reports *reports, const char *id,
				    enum message_report what,
				    struct message **message_out)
{
	const struct report *report =
		reports_take(reports, id, PROTOCOL_SIP, NULL, what, id);
	enum gateway_status status;

	*message_out = NULL;
	if (!report)
		return GATEWAY_OK;
	status = reports_message(report, what, report->recipient, message_out);
	if (status == GATEWAY_OK)
		status = message_set_failure_key(*message_out, id);
	if (status != GATEWAY_OK)
		message_destroy(message_out);
	return status;
}
