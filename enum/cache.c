#include "enum/cache.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "enum/text.h"

/* An answer counts as one entry more for every so many records, so that a
 * bound in entries is a bound in memory too. */
#define RECORDS_PER_ENTRY 8

TAILQ_HEAD(cache_queries, cache_query);
TAILQ_HEAD(questions, question);

struct key {
	enum dns_type type;
	const char *name; /* in lower case */
};

/* First asked (`asked`, `waiting`), then answered (`answer`). */
struct question {
	struct key key; /* first: the tree compares keys */
	struct cache *cache;
	TAILQ_ENTRY(question) link; /* in_flight or answered */
	struct dns_query *asked;
	struct cache_queries waiting;
	struct dns_answer *answer;
	int64_t expires_ms;
	char name[];
};

/* One who asks. */
struct cache_query {
	TAILQ_ENTRY(cache_query) link;
	struct cache *cache;
	struct question *question; /* until it is answered, then NULL */
	struct dns_answer *answer; /* from then on */
	dns_answer_fn *done;
	void *arg;
};

struct cache {
	struct loop *loop;
	struct dns *dns;
	void *tree; /* of questions, by key: no hash that others could flood */
	struct questions in_flight;
	struct questions answered;  /* the oldest use first */
	size_t room, used;	    /* in entries, as cost() counts them */
	struct cache_queries ready; /* answered, not yet handed out */
	struct loop_timer *turn;    /* hands them out */
	struct cache_stats stats;
};

static void hand_out(void *arg);

static int compare_keys(const void *left, const void *right)
{
	const struct key *a = left, *b = right;

	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	return strcmp(a->name, b->name);
}

enum enum_status cache_create(struct loop *loop, struct dns *dns,
			      size_t entries_max, struct cache **cache_out)
{
	struct cache *cache = malloc(sizeof *cache);
	enum enum_status status;

	if (!cache)
		return ENUM_NO_MEMORY;
	*cache =
		(struct cache){ .loop = loop, .dns = dns, .room = entries_max };
	TAILQ_INIT(&cache->in_flight);
	TAILQ_INIT(&cache->answered);
	TAILQ_INIT(&cache->ready);
	status = loop_timer_create(loop, hand_out, cache, &cache->turn);
	if (status != ENUM_OK) {
		free(cache);
		return status;
	}
	*cache_out = cache;
	return ENUM_OK;
}

static size_t cost(const struct dns_answer *answer)
{
	return 1 + answer->count / RECORDS_PER_ENTRY;
}

static void query_free(struct cache_query *query)
{
	struct cache_queries *list = query->question ? &query->question->waiting
						     : &query->cache->ready;

	TAILQ_REMOVE(list, query, link);
	dns_answer_drop(&query->answer);
	free(query);
}

/* Leaves with all who wait for it. */
static void question_free(struct question *question)
{
	struct cache *cache = question->cache;

	while (!TAILQ_EMPTY(&question->waiting))
		query_free(TAILQ_FIRST(&question->waiting));
	if (question->answer) {
		TAILQ_REMOVE(&cache->answered, question, link);
		cache->used -= cost(question->answer);
		cache->stats.entries--;
	} else {
		TAILQ_REMOVE(&cache->in_flight, question, link);
	}
	dns_query_cancel(&question->asked);
	dns_answer_drop(&question->answer);
	tdelete(&question->key, &cache->tree, compare_keys);
	free(question);
}

void cache_destroy(struct cache **cache)
{
	struct cache *c = *cache;

	if (!c)
		return;
	while (!TAILQ_EMPTY(&c->ready))
		query_free(TAILQ_FIRST(&c->ready));
	while (!TAILQ_EMPTY(&c->in_flight))
		question_free(TAILQ_FIRST(&c->in_flight));
	while (!TAILQ_EMPTY(&c->answered))
		question_free(TAILQ_FIRST(&c->answered));
	loop_timer_destroy(&c->turn);
	free(c);
	*cache = NULL;
}

/* --- the answer ------------------------------------------------------- */

static void make_ready(struct cache_query *query, struct dns_answer *answer)
{
	query->question = NULL;
	query->answer = dns_answer_keep(answer);
	TAILQ_INSERT_TAIL(&query->cache->ready, query, link);
}

/* Call back whoever has an answer. They may ask and cancel meanwhile. */
static void hand_out(void *arg)
{
	struct cache *cache = arg;
	struct cache_query *query;

	while ((query = TAILQ_FIRST(&cache->ready))) {
		struct dns_answer *answer = dns_answer_keep(query->answer);
		dns_answer_fn *done = query->done;
		void *done_arg = query->arg;

		query_free(query);
		done(answer, done_arg);
		dns_answer_drop(&answer);
	}
}

/* ENUM-36: for the TTL, also of a negative answer; "cannot tell" never. */
static int64_t lifetime_ms(const struct dns_answer *answer)
{
	uint32_t ttl_s = answer->ttl_s;

	if (!dns_status_is_definite(answer->status))
		return 0;
	if (ttl_s > CACHE_TTL_MAX_S)
		ttl_s = CACHE_TTL_MAX_S;
	return (int64_t)ttl_s * 1000;
}

static void keep(struct question *question, struct dns_answer *answer)
{
	struct cache *cache = question->cache;
	int64_t life_ms = lifetime_ms(answer);

	if (life_ms == 0) {
		question_free(question);
		return;
	}
	question->answer = dns_answer_keep(answer);
	question->expires_ms = loop_now_ms(cache->loop) + life_ms;
	TAILQ_REMOVE(&cache->in_flight, question, link);
	TAILQ_INSERT_TAIL(&cache->answered, question, link);
	cache->used += cost(answer);
	cache->stats.entries++;
	while (cache->used > cache->room)
		question_free(TAILQ_FIRST(&cache->answered));
}

static void got_answer(struct dns_answer *answer, void *arg)
{
	struct question *question = arg;
	struct cache *cache = question->cache;
	struct cache_query *query;

	question->asked = NULL;
	while ((query = TAILQ_FIRST(&question->waiting))) {
		TAILQ_REMOVE(&question->waiting, query, link);
		make_ready(query, answer);
	}
	keep(question, answer);
	hand_out(cache);
}

/* --- the question ----------------------------------------------------- */

static struct question *find(struct cache *cache, const struct key *key)
{
	struct question **node = tfind(key, &cache->tree, compare_keys);

	if (!node)
		return NULL;
	if ((*node)->answer &&
	    (*node)->expires_ms <= loop_now_ms(cache->loop)) {
		question_free(*node);
		return NULL;
	}
	return *node;
}

static struct question *question_create(struct cache *cache,
					const struct key *key)
{
	size_t size = strlen(key->name) + 1;
	struct question *question = malloc(sizeof *question + size);

	if (!question)
		return NULL;
	*question = (struct question){ .key = { key->type, question->name },
				       .cache = cache };
	memcpy(question->name, key->name, size);
	TAILQ_INIT(&question->waiting);
	if (!tsearch(&question->key, &cache->tree, compare_keys)) {
		free(question);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&cache->in_flight, question, link);
	return question;
}

static enum enum_status ask(struct cache *cache, const struct key *key,
			    struct question **question_out)
{
	struct question *question = question_create(cache, key);
	enum enum_status status;

	if (!question)
		return ENUM_NO_MEMORY;
	status = dns_query_start(cache->dns, question->name, key->type,
				 got_answer, question, &question->asked);
	if (status != ENUM_OK) {
		question_free(question);
		return status;
	}
	*question_out = question;
	return ENUM_OK;
}

static void hit(struct question *question, struct cache_query *query)
{
	struct cache *cache = question->cache;

	cache->stats.hits++;
	TAILQ_REMOVE(&cache->answered, question, link);
	TAILQ_INSERT_TAIL(&cache->answered, question, link);
	make_ready(query, question->answer);
	loop_timer_set(cache->turn, 0);
}

static void wait_for(struct question *question, struct cache_query *query)
{
	query->question = question;
	TAILQ_INSERT_TAIL(&question->waiting, query, link);
}

static enum enum_status attach(struct cache *cache, const struct key *key,
			       struct cache_query *query)
{
	struct question *question = find(cache, key);
	enum enum_status status;

	if (question && question->answer) {
		hit(question, query);
		return ENUM_OK;
	}
	if (question) {
		cache->stats.joined++;
		wait_for(question, query);
		return ENUM_OK;
	}
	status = ask(cache, key, &question);
	if (status != ENUM_OK)
		return status;
	cache->stats.misses++;
	wait_for(question, query);
	return ENUM_OK;
}

enum enum_status cache_ask_start(struct cache *cache, const char *name,
				 enum dns_type type, dns_answer_fn *done,
				 void *arg, struct cache_query **query_out)
{
	struct cache_query *query = malloc(sizeof *query);
	char lower[DNS_NAME_SIZE] = "";
	struct key key = { type, lower };
	enum enum_status status;

	if (!query)
		return ENUM_NO_MEMORY;
	for (size_t i = 0; name[i] && i + 1 < sizeof lower; i++)
		lower[i] = ascii_lower(name[i]);
	*query = (struct cache_query){ .cache = cache,
				       .done = done,
				       .arg = arg };
	status = attach(cache, &key, query);
	if (status != ENUM_OK) {
		free(query);
		return status;
	}
	*query_out = query;
	return ENUM_OK;
}

void cache_ask_cancel(struct cache_query **query)
{
	struct question *question;

	if (!*query)
		return;
	question = (*query)->question;
	query_free(*query);
	*query = NULL;
	if (question && TAILQ_EMPTY(&question->waiting))
		question_free(question);
}

struct cache_stats cache_stats(const struct cache *cache)
{
	return cache->stats;
}
