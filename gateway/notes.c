#include "gateway/notes.h"

#include <stdlib.h>

struct notes_look {
	struct notes_look *next, *previous;
	struct notes *notes;
	notes_fn *done; /* NULL: nobody waits any more */
	void *arg;
};

struct notes {
	struct store *store;
	struct notes_look *looks;
	size_t count;
};

enum gateway_status notes_create(struct notes **notes_out)
{
	*notes_out = calloc(1, sizeof **notes_out);
	return *notes_out ? GATEWAY_OK : GATEWAY_NO_MEMORY;
}

void notes_destroy(struct notes **notes)
{
	if (!*notes)
		return;
	for (struct notes_look *look = (*notes)->looks, *next; look;
	     look = next) {
		next = look->next;
		free(look);
	}
	free(*notes);
	*notes = NULL;
}

void notes_open(struct notes *notes, struct store *store)
{
	notes->store = store;
}

bool notes_are_kept(const struct notes *notes)
{
	return notes && notes->store;
}

void notes_write(struct notes *notes, const char *kind, const char *key,
		 struct span value, int64_t expires_ms)
{
	if (notes_are_kept(notes))
		store_note(notes->store, kind, key, value, expires_ms);
}

static void add(struct notes *notes, struct notes_look *look)
{
	look->notes = notes;
	look->next = notes->looks;
	if (look->next)
		look->next->previous = look;
	notes->looks = look;
	notes->count++;
}

static void drop(struct notes_look *look)
{
	struct notes *notes = look->notes;

	if (look->next)
		look->next->previous = look->previous;
	if (look->previous)
		look->previous->next = look->next;
	else
		notes->looks = look->next;
	notes->count--;
	free(look);
}

static void on_look(enum store_status status, struct span value, void *arg)
{
	struct notes_look *look = arg;
	const struct span nothing = { NULL, 0 };
	notes_fn *done = look->done;
	void *caller = look->arg;

	drop(look);
	if (done)
		done(status == STORE_OK ? value : nothing, caller);
}

bool notes_ask(struct notes *notes, const char *kind, const char *key,
	       notes_fn *done, void *arg, struct notes_look **look_out)
{
	struct notes_look *look;

	*look_out = NULL;
	if (!notes_are_kept(notes) || notes->count >= NOTES_LOOKS_MAX)
		return false;
	look = calloc(1, sizeof *look);
	if (!look)
		return false;
	look->done = done;
	look->arg = arg;
	if (store_look(notes->store, kind, key, on_look, look) != STORE_OK) {
		free(look);
		return false;
	}
	add(notes, look);
	*look_out = look;
	return true;
}

void notes_cancel(struct notes_look **look)
{
	if (*look)
		(*look)->done = NULL;
	*look = NULL;
}
