#include "gateway/store/store_crash.h"

#ifdef IMGW_CRASH_POINTS

#include <stdatomic.h>
#include <stdlib.h>

#include "enum/text.h"

void store_crash_point(void)
{
	static atomic_ulong passed;
	unsigned long at = 0;

	if (span_number(span_of(getenv("IMGW_CRASH_AT")), 1000000000, &at) &&
	    atomic_fetch_add(&passed, 1) + 1 == at)
		_Exit(86);
}

#else
/* ISO C wants a declaration in every file. */
enum store_crash_nothing { STORE_CRASH_NOTHING };
#endif
