#ifndef IMGW_TESTS_UNIT_H
#define IMGW_TESTS_UNIT_H

/** What every unit test shares: cmocka with its includes in the right order,
 *  and the failure of the n-th allocation. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/** Run `exercise` again and again: with the first allocation of our code
 *  failing, the second, ... until a run needs no more allocations than were
 *  allowed. It walks through the main paths, takes every status as it comes,
 *  frees everything, and asserts nothing about success. The sanitizers see
 *  what is wrong. Only malloc, calloc, realloc, strdup and strndup called from
 *  our objects fail, never those inside libraries.
 *  @return how many allocations a full run makes, for the test to assert */
unsigned unit_fail_allocations(void (*exercise)(void));

#endif
