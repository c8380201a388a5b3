#ifndef IMGW_GATEWAY_SQLITE_PLACE_H
#define IMGW_GATEWAY_SQLITE_PLACE_H

/** Where the file of a SQLite store lies, and how much room there is.
 *
 *  Somebody may delete the file while it is in use, or its log beside it: then
 *  it goes on to exist for us alone, and ends with the process, with all that
 *  was promised. So it is looked for before each commit. */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct sqlite_db;

/** A file as the kernel knows it. */
struct sqlite_inode {
	dev_t device;
	ino_t number; /* 0: it is not there */
};

struct sqlite_place {
	const char *path;
	struct sqlite_inode file, log; /* as opened */
};

enum sqlite_place_state {
	SQLITE_IN_PLACE,
	SQLITE_FILE_GONE,
	SQLITE_LOG_GONE, /* or another one is there */
	SQLITE_FILE_OTHER /* another file is in its place */
};

/** The file has just been opened.
 *  @param path  borrowed */
void sqlite_place_note(struct sqlite_place *place, const char *path);

/** What is there now? Two system calls. */
enum sqlite_place_state sqlite_place_look(const struct sqlite_place *place);

/** Write what we have open to its place, so that it can be closed and opened
 *  again there. Blocks as long as that takes.
 *  @param state  SQLITE_FILE_GONE or SQLITE_LOG_GONE
 *  @return SQLITE_OK, or why it cannot be: nothing is lost, try again */
int sqlite_place_restore(struct sqlite_db *db, const struct sqlite_place *place,
			 enum sqlite_place_state state);

/** Octets that may still be written where the file is; 0: not known. */
int64_t sqlite_place_room(const char *path);

#endif
