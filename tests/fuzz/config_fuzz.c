/** The configuration reader on arbitrary octets: complaints or a
 *  configuration, never both, and a dump that works. */

#define _POSIX_C_SOURCE 200809L /* open_memstream */

#include <stdint.h>
#include <stdlib.h>

#include "gateway/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config *config;
	char *said = NULL;
	size_t said_len = 0;
	FILE *out = open_memstream(&said, &said_len);
	enum gateway_status status;

	if (!out)
		return 0;
	status = config_read_text("fuzz.yaml",
				  (struct span){ (const char *)data, size },
				  out, &config);
	fflush(out);
	if ((status == GATEWAY_OK) != (said_len == 0) ||
	    (status == GATEWAY_OK) != (config != NULL))
		abort();
	if (config && config_dump(config, false, out) != GATEWAY_OK)
		abort();
	config_destroy(&config);
	fclose(out);
	free(said);
	return 0;
}
