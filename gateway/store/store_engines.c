#include <stdio.h>

#include "enum/text.h"
#include "gateway/store/store_engine.h"

static const struct {
	const char *scheme;
	const struct store_engine *engine;
} engines[] = {
	{ "sqlite:", &sqlite_engine },
	{ "postgresql:", &postgres_engine },
	{ "postgres:", &postgres_engine },
};

const struct store_engine *store_engine_find(const char *url, char *why,
					     size_t why_size)
{
	for (size_t i = 0; i < sizeof engines / sizeof engines[0]; i++)
		if (span_starts_nocase(span_of(url), engines[i].scheme))
			return engines[i].engine;
	(void)snprintf(why, why_size,
		       "\"%s\" is neither sqlite:PATH nor postgresql://...",
		       url);
	return NULL;
}
