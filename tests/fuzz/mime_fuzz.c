/** The first line is a Content-Type, the rest a body. It is split into parts
 *  (SIP-4), each of which lies within the body, and decoded in each way
 *  (SIP-30), into no more octets than it had. */

#include <stdint.h>
#include <stdlib.h>

#include "gateway/body/mime_decode.h"
#include "gateway/body/mime_split.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct span inner, struct span outer)
{
	if (inner.len > 0 && (inner.at < outer.at ||
			      inner.at + inner.len > outer.at + outer.len))
		abort();
}

static void check_parts(const struct mime *multipart)
{
	struct mime_parts parts;

	if (!mime_split(multipart, &parts))
		return;
	if (parts.count == 0 || parts.count > MIME_PARTS_MAX)
		abort();
	for (size_t i = 0; i < parts.count; i++) {
		check_inside(parts.at[i].type, multipart->body);
		check_inside(parts.at[i].disposition, multipart->body);
		check_inside(parts.at[i].body, multipart->body);
	}
}

static void check_decoding(struct span body,
			   bool (*decode)(struct span, char *, size_t *))
{
	char *out = malloc(body.len + !body.len); /* not one octet more */
	size_t len = 0;

	if (!out)
		abort();
	if (decode(body, out, &len) && len > body.len)
		abort();
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { (const char *)data, size };
	struct mime mime = { .type = { NULL, 0 } };

	if (!span_cut(&rest, '\n', &mime.type) || !rest.at)
		return 0;
	mime.body = rest;
	check_parts(&mime);
	check_decoding(rest, mime_decode_base64);
	check_decoding(rest, mime_decode_quoted);
	return 0;
}
