/** A message/imdn+xml (RCPT-7): what was read can be written and read again. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/body/imdn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(const struct imdn *imdn)
{
	const struct imdn_content content = { .message_id = imdn->message_id,
					      .recipient =
						      span_of(imdn->message_id),
					      .report = imdn->report };
	struct imdn again;
	char *xml;

	if (!imdn_write(&content, &xml) || !imdn_read(span_of(xml), &again) ||
	    strcmp(again.message_id, imdn->message_id) != 0 ||
	    again.report != imdn->report)
		abort();
	free(xml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span xml = { (const char *)data, size };
	struct imdn imdn;

	if (!imdn_read(xml, &imdn))
		return 0;
	if (!imdn_is_id(span_of(imdn.message_id)))
		abort();
	if (imdn.report)
		check_again(&imdn);
	return 0;
}
