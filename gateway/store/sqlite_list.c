#include "gateway/store/sqlite_list.h"

void sqlite_list_init(struct sqlite_list *list)
{
	list->first = NULL;
	list->last = &list->first;
}

void sqlite_list_add(struct sqlite_list *list, struct store_job *job)
{
	job->next = NULL;
	*list->last = job;
	list->last = &job->next;
}

void sqlite_list_move(struct sqlite_list *to, struct sqlite_list *from)
{
	if (!from->first)
		return;
	*to->last = from->first;
	to->last = from->last;
	sqlite_list_init(from);
}

size_t sqlite_list_cut(struct sqlite_list *to, struct sqlite_list *from,
		       size_t max)
{
	size_t count = 0;

	while (from->first && count < max) {
		struct store_job *job = from->first;

		from->first = job->next;
		sqlite_list_add(to, job);
		count++;
	}
	if (!from->first)
		sqlite_list_init(from);
	return count;
}
