#include "gateway/sip/sip_transaction.h"

#include <stdlib.h>

/** Transactions in one bucket when the table is full. */
#define BUCKET_LOAD 8

/** The same for what is in progress: few of all transactions are. */
#define MERGE_BUCKET_LOAD 64

/** Completed ones are forgotten in batches, not one by one. */
#define EXPIRY_STEP_MS 100

/** A place in a bucket; part of what is found there. */
struct node {
	struct node *next;
	struct sipside_key key;
};

struct buckets {
	struct node **heads;
	size_t mask; /* a power of two, less one */
};

struct sipside_transaction {
	struct node node;      /* first: what is found is the transaction */
	struct node merge;     /* while it is in progress */
	bool may_merge;	       /* is `merge` in its bucket? */
	struct origin *origin; /* NULL: completed */
	/* when completed */
	struct sipside_transaction *later;
	int64_t expires_ms;
	size_t len;
	char final[];
};

struct sipside_transactions {
	struct loop *loop;
	struct loop_timer *timer; /* one for all that are completed */
	struct buckets by_key, by_merge_key;
	size_t count;
	/* completed, in the order of time */
	struct sipside_transaction *oldest, *newest;
};

static bool buckets_create(struct buckets *buckets, size_t count)
{
	size_t size = 64;

	while (size < count)
		size *= 2;
	buckets->mask = size - 1;
	buckets->heads = calloc(size, sizeof(struct node *));
	return buckets->heads != NULL;
}

/* The key is a keyed hash, any of its bits will do. */
static struct node **bucket_of(const struct buckets *buckets,
			       const struct sipside_key *key)
{
	return &buckets->heads[key->part[0] & buckets->mask];
}

static struct node *find(const struct buckets *buckets,
			 const struct sipside_key *key)
{
	struct node *node = *bucket_of(buckets, key);

	while (node && (node->key.part[0] != key->part[0] ||
			node->key.part[1] != key->part[1]))
		node = node->next;
	return node;
}

static void add(struct buckets *buckets, struct node *node,
		const struct sipside_key *key)
{
	struct node **head = bucket_of(buckets, key);

	node->key = *key;
	node->next = *head;
	*head = node;
}

/* Put another node, or NULL, in the place of one. */
static void replace(struct buckets *buckets, struct node *node, struct node *by)
{
	struct node **link = bucket_of(buckets, &node->key);

	while (*link != node)
		link = &(*link)->next;
	*link = by ? by : node->next;
}

static void forget_oldest(struct sipside_transactions *table)
{
	struct sipside_transaction *t = table->oldest;

	table->oldest = t->later;
	replace(&table->by_key, &t->node, NULL);
	table->count--;
	free(t);
}

static void arm(struct sipside_transactions *table)
{
	int64_t wait_ms;

	if (!table->oldest)
		return;
	wait_ms = table->oldest->expires_ms - loop_now_ms(table->loop);
	loop_timer_set(table->timer,
		       wait_ms > EXPIRY_STEP_MS ? wait_ms : EXPIRY_STEP_MS);
}

static void on_timer_j(void *arg)
{
	struct sipside_transactions *table = arg;
	const int64_t now_ms = loop_now_ms(table->loop);

	while (table->oldest && table->oldest->expires_ms <= now_ms)
		forget_oldest(table);
	arm(table);
}

struct sipside_transactions *sipside_transactions_create(struct loop *loop,
							 size_t max)
{
	struct sipside_transactions *table = calloc(1, sizeof *table);

	if (!table)
		return NULL;
	table->loop = loop;
	if (!buckets_create(&table->by_key, max / BUCKET_LOAD) ||
	    !buckets_create(&table->by_merge_key, max / MERGE_BUCKET_LOAD) ||
	    loop_timer_create(loop, on_timer_j, table, &table->timer) !=
		    ENUM_OK) {
		sipside_transactions_destroy(table);
		return NULL;
	}
	return table;
}

void sipside_transactions_destroy(struct sipside_transactions *table)
{
	if (!table)
		return;
	while (table->oldest)
		forget_oldest(table);
	loop_timer_destroy(&table->timer);
	free(table->by_key.heads);
	free(table->by_merge_key.heads);
	free(table);
}

size_t sipside_transactions_count(const struct sipside_transactions *table)
{
	return table->count;
}

struct sipside_transaction *
sipside_transaction_find(const struct sipside_transactions *table,
			 const struct sipside_key *key)
{
	return (struct sipside_transaction *)find(&table->by_key, key);
}

bool sipside_transaction_is_merged(const struct sipside_transactions *table,
				   const struct sipside_key *merge_key)
{
	return find(&table->by_merge_key, merge_key) != NULL;
}

struct sipside_transaction *sipside_transaction_begin(
	struct sipside_transactions *table, const struct sipside_key *key,
	const struct sipside_key *merge_key, struct origin *origin)
{
	struct sipside_transaction *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->origin = origin;
	t->may_merge = merge_key != NULL;
	add(&table->by_key, &t->node, key);
	if (t->may_merge)
		add(&table->by_merge_key, &t->merge, merge_key);
	table->count++;
	return t;
}

struct origin *
sipside_transaction_origin(const struct sipside_transaction *transaction)
{
	return transaction->origin;
}

struct span
sipside_transaction_final(const struct sipside_transaction *transaction)
{
	return (struct span){ transaction->final, transaction->len };
}

static void end_progress(struct sipside_transactions *table,
			 struct sipside_transaction *t)
{
	if (t->may_merge)
		replace(&table->by_merge_key, &t->merge, NULL);
	t->may_merge = false;
	t->origin = NULL;
}

static void append(struct sipside_transactions *table,
		   struct sipside_transaction *t)
{
	t->expires_ms = loop_now_ms(table->loop) + SIPSIDE_TIMER_J_MS;
	if (table->oldest) {
		table->newest->later = t;
		table->newest = t;
	} else {
		table->oldest = table->newest = t;
		arm(table);
	}
}

char *sipside_transaction_complete(struct sipside_transactions *table,
				   struct sipside_transaction *transaction,
				   size_t len)
{
	struct sipside_transaction *larger = NULL;

	end_progress(table, transaction);
	if (len <= SIZE_MAX - sizeof *larger)
		larger = malloc(sizeof *larger + len);
	if (larger) {
		*larger = *transaction;
		larger->len = len;
		replace(&table->by_key, &transaction->node, &larger->node);
		free(transaction);
	}
	append(table, larger ? larger : transaction);
	return larger ? larger->final : NULL;
}

void sipside_transaction_end(struct sipside_transactions *table,
			     struct sipside_transaction *transaction)
{
	end_progress(table, transaction);
	replace(&table->by_key, &transaction->node, NULL);
	table->count--;
	free(transaction);
}
