#ifndef IMGW_GATEWAY_SQLITE_ROW_H
#define IMGW_GATEWAY_SQLITE_ROW_H

/** A row of the table `message`: struct store_item and its message. */

#include "gateway/store/sqlite_db.h"
#include "gateway/store/store_engine.h"

/** "INSERT INTO message ...". @return NULL: out of memory; free */
char *sqlite_row_insert_text(void);

/** "SELECT ... FROM message" with `rest` behind. @return as above */
char *sqlite_row_select_text(const char *rest);

/** Bind a PUT to SQL_INSERT; borrowed until it is reset.
 *  @param more  of store_message_more, or NULL */
MUST_USE int sqlite_row_bind(sqlite3_stmt *statement,
			     const struct store_job *job, const char *more);

/** Read the row that the statement stands on.
 *  @param node  the name of who has taken what is taken
 *  @param item_out  its message is the caller's
 *  @return SQLITE_OK, SQLITE_NOMEM */
MUST_USE int sqlite_row_read(sqlite3_stmt *statement, const char *node,
			     struct store_item *item_out);

#endif
