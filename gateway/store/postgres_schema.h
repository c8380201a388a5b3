#ifndef IMGW_GATEWAY_STORE_POSTGRES_SCHEMA_H
#define IMGW_GATEWAY_STORE_POSTGRES_SCHEMA_H

/** The tables, in the first schema of the connection's search_path. */

#include <stddef.h>
#include <stdint.h>

/** The version that this program works with. */
#define POSTGRES_VERSION INT64_C(2)

/** One step on the way to a version. */
struct postgres_migration {
	int64_t version; /* that it belongs to */
	const char *sql;
};

/** All steps, from an empty schema on. */
const struct postgres_migration *postgres_migrations(size_t *count_out);

#endif
