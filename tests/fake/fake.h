#ifndef IMGW_TESTS_FAKE_H
#define IMGW_TESTS_FAKE_H

/** What the fakes share: memory for their own book-keeping, which does not
 *  fail under unit_fail_allocations, and a way to stop a test whose script is
 *  wrong. */

#include <stddef.h>

/** Zeroed memory, freed with free(). @return never NULL */
void *fake_alloc(size_t size);

/** A copy of a string, freed with free(). @return never NULL */
char *fake_copy(const char *text);

/** Say why on stderr and abort: the test itself is wrong. */
_Noreturn void fake_abort(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
