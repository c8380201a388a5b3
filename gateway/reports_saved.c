#include "gateway/reports_saved.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/reports_json.h"

#define KIND "report"

struct reports_look {
	struct reports_look *next, *previous;
	struct reports_saved *saved;
	struct notes_look *look;
	char id[MESSAGE_ID_SIZE];
	bool own; /* ours: a message that may be noted already */
	void (*done)(void *arg);
	void *arg;
};

struct reports_saved {
	struct reports *reports;
	struct notes *notes;
	struct reports_look *looks;
};

/* The steps in the order of time. */
static struct reports_look *ask_note(struct reports_saved *saved,
				     const char *id);
static void got_note(struct span value, void *arg);

/* Writing. */

static void save(struct reports_saved *saved, const struct report *report)
{
	char *json = reports_json_write(report);

	/* without memory, or when it is no UTF-8, it ends with the process */
	if (json)
		notes_write(saved->notes, KIND, report->id, span_of(json),
			    report->until_s * 1000);
	free(json);
}

/* One that is tried again must not lose what was sent already. */
static void on_noted(const struct report *report, void *arg)
{
	struct reports_saved *saved = arg;
	struct reports_look *look =
		report->again ? ask_note(saved, report->id) : NULL;

	if (look)
		look->own = true;
	else
		save(saved, report);
}

static void on_sent(const struct report *report, void *arg)
{
	save(arg, report);
}

static void on_forgotten(const char *id, void *arg)
{
	struct reports_saved *saved = arg;
	const struct span nothing = { NULL, 0 };

	notes_write(saved->notes, KIND, id, nothing, 1);
}

/* Asking. */

static void add(struct reports_saved *saved, struct reports_look *look)
{
	look->saved = saved;
	look->next = saved->looks;
	if (look->next)
		look->next->previous = look;
	saved->looks = look;
}

static void drop(struct reports_look *look)
{
	notes_cancel(&look->look);
	if (look->next)
		look->next->previous = look->previous;
	if (look->previous)
		look->previous->next = look->next;
	else
		look->saved->looks = look->next;
	free(look);
}

/* @return NULL: it cannot be asked, or the id is none of ours */
static struct reports_look *ask_note(struct reports_saved *saved,
				     const char *id)
{
	struct reports_look *look;

	if (strlen(id) != MESSAGE_ID_SIZE - 1)
		return NULL;
	look = calloc(1, sizeof *look);
	if (!look)
		return NULL;
	memcpy(look->id, id, sizeof look->id);
	if (!notes_ask(saved->notes, KIND, id, got_note, look, &look->look)) {
		free(look);
		return NULL;
	}
	add(saved, look);
	return look;
}

static void restore(struct reports_saved *saved, const char *id,
		    struct span value)
{
	struct report report;
	json_t *json = reports_json_read(value, id, &report);

	if (json)
		(void)reports_restore(saved->reports, &report);
	json_decref(json);
}

static void save_again(struct reports_saved *saved, const char *id)
{
	const struct report *report = reports_find(saved->reports, id);

	if (report)
		save(saved, report);
}

static void got_note(struct span value, void *arg)
{
	struct reports_look *look = arg;
	void (*done)(void *) = look->done;
	void *caller = look->arg;

	look->look = NULL;
	if (value.len > 0)
		restore(look->saved, look->id, value);
	else if (look->own)
		save_again(look->saved, look->id);
	drop(look);
	if (done)
		done(caller);
}

bool reports_saved_ask(struct reports_saved *saved, const char *id,
		       void (*done)(void *arg), void *arg,
		       struct reports_look **look_out)
{
	*look_out = NULL;
	if (!saved || reports_find(saved->reports, id))
		return false;
	*look_out = ask_note(saved, id);
	if (!*look_out)
		return false;
	(*look_out)->done = done;
	(*look_out)->arg = arg;
	return true;
}

void reports_saved_cancel(struct reports_look **look)
{
	if (*look)
		drop(*look);
	*look = NULL;
}

void reports_saved_renew(struct reports_saved *saved)
{
	if (saved && notes_are_kept(saved->notes))
		reports_drop_all(saved->reports);
}

/* Its life. */

enum gateway_status reports_saved_create(struct reports *reports,
					 struct notes *notes,
					 struct reports_saved **saved_out)
{
	struct reports_saved *saved = calloc(1, sizeof *saved);
	const struct reports_watch watch = { .noted = on_noted,
					     .sent = on_sent,
					     .forgotten = on_forgotten,
					     .arg = saved };

	*saved_out = saved;
	if (!saved)
		return GATEWAY_NO_MEMORY;
	saved->reports = reports;
	saved->notes = notes;
	reports_set_watch(reports, &watch);
	return GATEWAY_OK;
}

void reports_saved_destroy(struct reports_saved **saved)
{
	const struct reports_watch nobody = { .arg = NULL };

	if (!*saved)
		return;
	reports_set_watch((*saved)->reports, &nobody);
	while ((*saved)->looks)
		drop((*saved)->looks);
	free(*saved);
	*saved = NULL;
}
