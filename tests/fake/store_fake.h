#ifndef IMGW_TESTS_STORE_FAKE_H
#define IMGW_TESTS_STORE_FAKE_H

/** An engine of gateway/store/store_engine.h that keeps all in memory, on the
 *  loop's clock. Link it, and gateway/store's front, in place of the engines:
 *  store_open with any URL that begins with "fake:" opens it.
 *
 *  What was put in stays under its URL after store_close, as on a disk, until
 *  store_fake_wipe; opening it again is a restart.
 *
 *  A job is answered when the loop turns: by a timer without delay, or after
 *  the time that store_fake_slow says. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Let everything that can be UNAVAILABLE be so from now on, and say so
 *  (`available`) when the loop turns; what settles waits. NULL: it works
 *  again. Opens nothing; the URL must be open. */
void store_fake_fail(const char *url, const char *reason);

/** Let jobs take that long from now on; 0: one turn of the loop. */
void store_fake_slow(const char *url, int64_t delay_ms);

/** Take the name of store_own away, or give it: `owner` is said when the loop
 *  turns. A store is given the name that it asks for unless it was lost
 *  before. */
void store_fake_own(const char *url, bool yes);

/** How many messages are in there, in whatever state. */
size_t store_fake_rows(const char *url);

/** Forget everything that was ever put in. All stores must be closed. */
void store_fake_wipe(void);

#endif
