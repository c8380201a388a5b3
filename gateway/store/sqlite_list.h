#ifndef IMGW_GATEWAY_SQLITE_LIST_H
#define IMGW_GATEWAY_SQLITE_LIST_H

/** Jobs in a row, by their own `next`. */

#include "gateway/store/store_engine.h"

struct sqlite_list {
	struct store_job *first, **last;
};

void sqlite_list_init(struct sqlite_list *list);

/** Put a job at the end. */
void sqlite_list_add(struct sqlite_list *list, struct store_job *job);

/** Put all of `from` at the end of `to`; `from` is empty then. */
void sqlite_list_move(struct sqlite_list *to, struct sqlite_list *from);

/** The same with at most `max` of them. @return how many */
size_t sqlite_list_cut(struct sqlite_list *to, struct sqlite_list *from,
		       size_t max);

#endif
