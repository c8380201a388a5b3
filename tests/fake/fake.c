#include "tests/fake/fake.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *fake_alloc(size_t size)
{
	/* Not malloc: the unit tests make that one fail on purpose. */
	size_t rounded = (size + sizeof(max_align_t)) & ~(size_t)15;
	void *memory = aligned_alloc(16, rounded);

	if (!memory)
		fake_abort("out of memory");
	return memset(memory, 0, rounded);
}

char *fake_copy(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(fake_alloc(size), text, size);
}

void fake_abort(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("fake: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}
