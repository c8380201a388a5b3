#include "routing/srv.h"

#include <stdlib.h>

/* Records that are still to be placed, all of one priority, weight 0 first. */
struct group {
	const struct dns_srv **left;
	size_t count;
};

/* Priority, then weight 0 before the others, then as received. qsort is not
 * stable; the place in the answer makes it so. */
static int compare(const void *a, const void *b)
{
	const struct dns_srv *one = *(const struct dns_srv *const *)a;
	const struct dns_srv *other = *(const struct dns_srv *const *)b;

	if (one->priority != other->priority)
		return one->priority < other->priority ? -1 : 1;
	if ((one->weight == 0) != (other->weight == 0))
		return one->weight == 0 ? -1 : 1;
	return (one > other) - (one < other);
}

static bool is_srv(const struct dns_answer *answer)
{
	return answer->status == DNS_OK && answer->type == DNS_SRV;
}

/* "." says "not offered"; beside other records it says nothing. */
static size_t collect(const struct dns_answer *answer,
		      const struct dns_srv *found[DNS_RECORDS_MAX])
{
	size_t count = 0;

	if (!is_srv(answer))
		return 0;
	for (size_t i = 0; i < answer->count && count < DNS_RECORDS_MAX; i++)
		if (answer->records[i].srv.target[0])
			found[count++] = &answer->records[i].srv;
	return count;
}

static size_t group_size(const struct dns_srv *const *sorted, size_t count)
{
	size_t n = 1;

	while (n < count && sorted[n]->priority == sorted[0]->priority)
		n++;
	return n;
}

/* RFC 2782, "Weight": the first record whose running sum reaches a number
 * from 0 to the sum of all, both included. 0 lets a weight of 0 win. */
static size_t draw(const struct group *group, srv_random_fn *pick, void *arg)
{
	uint32_t sum = 0, running, wanted;
	size_t drawn = 0;

	for (size_t i = 0; i < group->count; i++)
		sum += group->left[i]->weight;
	wanted = pick(sum + 1, arg);
	running = group->left[0]->weight;
	while (running < wanted)
		running += group->left[++drawn]->weight;
	return drawn;
}

static const struct dns_srv *take(struct group *group, size_t i)
{
	const struct dns_srv *taken = group->left[i];

	group->count--;
	for (; i < group->count; i++) /* keep the sequence */
		group->left[i] = group->left[i + 1];
	return taken;
}

size_t srv_order(const struct dns_answer *answer, srv_random_fn *pick,
		 void *arg, const struct dns_srv *order_out[SRV_TARGETS_MAX])
{
	const struct dns_srv *sorted[DNS_RECORDS_MAX];
	size_t count = collect(answer, sorted), placed = 0;

	qsort(sorted, count, sizeof(const struct dns_srv *), compare);
	for (size_t at = 0; at < count;) {
		struct group group = { sorted + at,
				       group_size(sorted + at, count - at) };

		at += group.count;
		while (group.count && placed < SRV_TARGETS_MAX)
			order_out[placed++] =
				take(&group, draw(&group, pick, arg));
	}
	return placed;
}

bool srv_is_absent(const struct dns_answer *answer)
{
	const struct dns_srv *found[DNS_RECORDS_MAX];

	return is_srv(answer) && answer->count && !collect(answer, found);
}
