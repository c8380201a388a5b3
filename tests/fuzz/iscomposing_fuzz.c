/** "Is composing" documents (RCPT-11): the refresh has its bounds, and what is
 *  written is read again. */

#include <stdint.h>
#include <stdlib.h>

#include "gateway/body/iscomposing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_writing(bool active)
{
	char octets[ISCOMPOSING_SIZE];
	struct iscomposing again;
	struct text text;

	text_init(&text, octets, sizeof octets);
	iscomposing_write(active, &text);
	if (text.cut ||
	    !iscomposing_read((struct span){ octets, text.len }, &again) ||
	    again.active != active)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct iscomposing what;

	if (!iscomposing_read((struct span){ (const char *)data, size }, &what))
		return 0;
	if (what.refresh_s == 0 || what.refresh_s > ISCOMPOSING_REFRESH_MAX_S)
		abort();
	check_writing(what.active);
	return 0;
}
