#ifndef IMGW_GATEWAY_SQLITE_FILE_H
#define IMGW_GATEWAY_SQLITE_FILE_H

/** The file of a SQLite store: it is there, only we may read it, and no other
 *  gateway has it. */

#include <stdbool.h>
#include <stddef.h>

#include "enum/status.h"

/** Make the folder (mode 0750) if its parent is there, and the file (0600);
 *  lock "PATH-lock", which names our process.
 *
 *  A lock on the file itself would not do: closing a second descriptor of it
 *  would drop SQLite's own locks.
 *  @param lock_out  a descriptor; closing it unlocks. -1 on failure
 *  @param why  on failure a sentence for people */
MUST_USE bool sqlite_file_prepare(const char *path, int *lock_out, char *why,
				  size_t why_size);

#endif
