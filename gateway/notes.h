#ifndef IMGW_GATEWAY_NOTES_H
#define IMGW_GATEWAY_NOTES_H

/** Small facts that outlive the process and are known to every node: the notes
 *  of the store (store_note, store_look), for askers that may lose interest
 *  before the answer comes. Without a store nothing is kept and nothing is
 *  found. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/text.h"
#include "gateway/status.h"
#include "gateway/store.h"

/** Questions at once; what more is asked finds nothing. */
#define NOTES_LOOKS_MAX 1024

struct notes;

/** A question under way. */
struct notes_look;

/** @param value  valid in the call; length 0: there is no such note, or nobody
 *                can tell */
typedef void notes_fn(struct span value, void *arg);

/** @param notes_out  the caller's: notes_destroy
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status notes_create(struct notes **notes_out);

/** Free with all questions; clears; takes NULL. The loop does not turn again
 *  before the store is closed. */
void notes_destroy(struct notes **notes);

/** Where they are kept. @param store  borrowed; NULL: nowhere */
void notes_open(struct notes *notes, struct store *store);

/* Everything below takes NULL for the notes: then there is no store. */

/** Is there a place to keep them? */
bool notes_are_kept(const struct notes *notes);

/** Write a note in place of an earlier one; lost when the store is not
 *  available.
 *  @param kind  one word, the same for all notes of a table
 *  @param expires_ms  wall clock; in the past: there is none any more */
void notes_write(struct notes *notes, const char *kind, const char *key,
		 struct span value, int64_t expires_ms);

/** Look one up.
 *  @param done  once, from the loop, never before this returns, never after
 *               notes_cancel
 *  @param look_out  the caller's until then
 *  @return false: there is no store, or it cannot be asked; `done` will not
 *          run */
MUST_USE bool notes_ask(struct notes *notes, const char *kind, const char *key,
			notes_fn *done, void *arg,
			struct notes_look **look_out);

/** The caller has lost interest; clears; takes NULL. */
void notes_cancel(struct notes_look **look);

#endif
