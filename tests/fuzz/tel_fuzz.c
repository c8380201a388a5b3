/** A telephone-subscriber. What is read back after it was written has the
 *  same canonical writing. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "enum/tel.h"
#include "routing/number_uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_usable(enum enum_status status)
{
	return status == ENUM_OK || status == ENUM_LOCAL_NUMBER;
}

static void canonical(const struct tel *tel, char out[NUMBER_URI_SIZE])
{
	struct text text;

	text_init(&text, out, NUMBER_URI_SIZE);
	number_uri_canonical(tel, false, &text);
	if (text.cut)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char first[NUMBER_URI_SIZE], second[NUMBER_URI_SIZE];
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
	if (!is_usable(tel_parse(span_of(buffer + 4), &again)))
		abort();
	canonical(&tel, first);
	canonical(&again, second);
	if (strcmp(first, second) != 0)
		abort();
	return 0;
}
