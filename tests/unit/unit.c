#include "tests/unit/unit.h"

#include <stdatomic.h>

/* The linker's --wrap sends our calls here. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t max);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t max);

static atomic_uint made; /* allocations of this run, in any thread */
static unsigned fail_at; /* which one fails; 0: none */

static bool fails(void)
{
	return atomic_fetch_add(&made, 1) + 1 == fail_at;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t max)
{
	return fails() ? NULL : __real_strndup(text, max);
}

unsigned unit_fail_allocations(void (*exercise)(void))
{
	for (fail_at = 1;; fail_at++) {
		made = 0;
		exercise();
		if (made < fail_at)
			break;
	}
	fail_at = 0;
	return made;
}
