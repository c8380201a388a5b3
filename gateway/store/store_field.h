#ifndef IMGW_GATEWAY_STORE_FIELD_H
#define IMGW_GATEWAY_STORE_FIELD_H

/** Members of struct message in a table: how store_message.c (columns) and
 *  store_more.c (JSON) read and write them. */

#include "gateway/store/store_message.h"

enum store_field_kind {
	STORE_FIELD_NUMBER, /* bool, enum, unsigned, int64_t */
	STORE_FIELD_STRING, /* char *, ours to free */
	STORE_FIELD_ARRAY,  /* char [] */
	STORE_FIELD_BODY,
	STORE_FIELD_KEY
};

struct store_field {
	const char *name;
	enum store_field_kind kind;
	size_t offset, size;
};

/** A row of such a table. */
#define STORE_FIELD(kind, member)                                \
	{                                                        \
		#member, kind, offsetof(struct message, member), \
			sizeof(((struct message *)NULL)->member) \
	}
#define STORE_NUMBER(member) STORE_FIELD(STORE_FIELD_NUMBER, member)
#define STORE_STRING(member) STORE_FIELD(STORE_FIELD_STRING, member)
#define STORE_ARRAY(member) STORE_FIELD(STORE_FIELD_ARRAY, member)

/** What the member holds; borrowed. */
struct store_value store_field_get(const struct message *message,
				   const struct store_field *f);

/** See store_message_set. */
MUST_USE bool store_field_set(struct message *message,
			      const struct store_field *f,
			      const struct store_value *value);

/** The members that stand in `more`. */
extern const struct store_field store_rare_fields[];
extern const size_t store_rare_count;

#endif
