/** A telephone-subscriber. What parses is equal to itself, and to what is
 *  read back after it was written. */

#include <stdint.h>
#include <stdlib.h>

#include "enum/tel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_usable(enum enum_status status)
{
	return status == ENUM_OK || status == ENUM_LOCAL_NUMBER;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char buffer[TEL_MAX + 16];
	struct tel tel, again;
	struct text out;

	if (!is_usable(
		    tel_parse((struct span){ (const char *)data, size }, &tel)))
		return 0;
	text_init(&out, buffer, sizeof buffer);
	tel_write(&tel, false, &out);
	if (out.cut || !span_starts_nocase(span_of(buffer), "tel:"))
		abort();
	if (!is_usable(tel_parse(span_of(buffer + 4), &again)) ||
	    !tel_equal(&tel, &tel) || !tel_equal(&tel, &again) ||
	    !tel_equal(&again, &tel))
		abort();
	return 0;
}
