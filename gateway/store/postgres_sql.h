#ifndef IMGW_GATEWAY_STORE_POSTGRES_SQL_H
#define IMGW_GATEWAY_STORE_POSTGRES_SQL_H

/** The statements, each prepared once a connection. Their parameters stand
 *  beside them in postgres_sql.c. */

#include <stdbool.h>
#include <stddef.h>

#include "enum/status.h"

enum postgres_statement {
	/* jobs */
	POSTGRES_PUT,
	POSTGRES_CANCEL_ID,
	POSTGRES_FINISH,
	POSTGRES_FORGET,
	POSTGRES_DEFER,
	POSTGRES_TAKE,
	POSTGRES_NEXT,
	POSTGRES_COUNT,
	POSTGRES_LIST_AFTER,
	POSTGRES_LIST_ID,
	POSTGRES_RETRY,
	POSTGRES_HOLD,
	POSTGRES_DROP,
	POSTGRES_NOTE,
	POSTGRES_LOOK,
	/* the node */
	POSTGRES_JOIN,
	POSTGRES_FENCE,
	POSTGRES_BEAT,
	POSTGRES_RETURN_EARLIER,
	POSTGRES_RETURN_UNKNOWN,
	POSTGRES_RETURN_ALL,
	POSTGRES_LEAVE,
	POSTGRES_REAP,
	POSTGRES_PURGE_SEEN,
	POSTGRES_PURGE_NOTES,
	POSTGRES_WAKE,
	POSTGRES_OWN,
	POSTGRES_STATEMENT_COUNT
};

/** Its name on the server: one word. */
const char *postgres_sql_name(enum postgres_statement statement);

/** Its text.
 *  @param text_out  the caller's: free
 *  @return false: out of memory */
MUST_USE bool postgres_sql_text(enum postgres_statement statement,
				char **text_out);

/** The first parameter of POSTGRES_PUT that is a column of the message; the
 *  last one is `more`. */
#define POSTGRES_PUT_COLUMNS 10

/** Rows of items have so many columns in front of those of the message, see
 *  postgres_item.c. */
#define POSTGRES_ITEM_COLUMNS 10

#endif
