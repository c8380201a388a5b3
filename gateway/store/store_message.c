#include "gateway/store/store_message.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/store/store_field.h"

static const struct store_field columns[] = {
	STORE_ARRAY(id),
	STORE_NUMBER(origin),
	STORE_NUMBER(purpose),
	STORE_NUMBER(resent),
	STORE_STRING(from),
	STORE_STRING(to),
	STORE_STRING(to_header),
	STORE_NUMBER(kind),
	STORE_STRING(target),
	STORE_ARRAY(peer),
	STORE_STRING(call_id),
	STORE_STRING(thread),
	STORE_STRING(stanza_id),
	STORE_FIELD(STORE_FIELD_KEY, key),
	STORE_NUMBER(wants),
	STORE_STRING(subject),
	STORE_STRING(content_type),
	STORE_FIELD(STORE_FIELD_BODY, body),
	STORE_NUMBER(arrived_s),
	STORE_NUMBER(date_s),
	STORE_NUMBER(expires_s),
};

static_assert(sizeof columns / sizeof columns[0] == STORE_MESSAGE_COLUMNS,
	      "the header says how many columns there are");

const char *store_message_column(size_t column)
{
	return columns[column].name;
}

enum store_value_type store_message_type(size_t column)
{
	switch (columns[column].kind) {
	case STORE_FIELD_NUMBER: return STORE_NUMBER;
	case STORE_FIELD_BODY:
	case STORE_FIELD_KEY: return STORE_OCTETS;
	case STORE_FIELD_STRING:
	case STORE_FIELD_ARRAY: break;
	}
	return STORE_TEXT;
}

static const char *place(const struct message *message,
			 const struct store_field *f)
{
	return (const char *)message + f->offset;
}

static char *room(struct message *message, const struct store_field *f)
{
	return (char *)message + f->offset;
}

static int64_t get_number(const char *at, size_t size)
{
	int64_t wide = 0;
	uint32_t word = 0;
	unsigned char octet = 0;

	switch (size) {
	case sizeof octet: memcpy(&octet, at, size); return octet;
	case sizeof word: memcpy(&word, at, size); return word;
	default: memcpy(&wide, at, sizeof wide); return wide;
	}
}

static void set_number(char *at, size_t size, int64_t number)
{
	uint32_t word = (uint32_t)number;
	bool octet = number != 0;

	switch (size) {
	case sizeof octet: memcpy(at, &octet, size); break;
	case sizeof word: memcpy(at, &word, size); break;
	default: memcpy(at, &number, sizeof number);
	}
}

/* A string is NULL or what it says; an array is never NULL but may be "". */
static const char *get_string(const struct message *message,
			      const struct store_field *f)
{
	const char *at = place(message, f);
	char *string;

	if (f->kind == STORE_FIELD_ARRAY)
		return *at ? at : NULL;
	memcpy(&string, at, sizeof string);
	return string;
}

static struct store_value octets_value(enum store_value_type type,
				       const char *at, size_t len)
{
	const struct store_value nothing = { STORE_NULL, 0, { NULL, 0 } };
	const struct store_value value = { type, 0, { at, len } };

	return at ? value : nothing;
}

struct store_value store_field_get(const struct message *message,
				   const struct store_field *f)
{
	struct store_value value = { STORE_NUMBER, 0, { NULL, 0 } };

	switch (f->kind) {
	case STORE_FIELD_NUMBER:
		value.number = get_number(place(message, f), f->size);
		return value;
	case STORE_FIELD_BODY:
		return octets_value(STORE_OCTETS, message->body,
				    message->body_len);
	case STORE_FIELD_KEY:
		return octets_value(STORE_OCTETS,
				    message->has_key ? place(message, f) : NULL,
				    f->size);
	case STORE_FIELD_STRING:
	case STORE_FIELD_ARRAY: break;
	}
	value.octets = span_of(get_string(message, f));
	return octets_value(STORE_TEXT, value.octets.at, value.octets.len);
}

struct store_value store_message_get(const struct message *message,
				     size_t column)
{
	return store_field_get(message, &columns[column]);
}

static bool set_string(char *at, struct span octets)
{
	char *string, *copy = NULL;

	if (octets.at) {
		copy = malloc(octets.len + 1);
		if (!copy)
			return false;
		if (octets.len)
			memcpy(copy, octets.at, octets.len);
		copy[octets.len] = '\0';
	}
	memcpy(&string, at, sizeof string);
	free(string);
	memcpy(at, &copy, sizeof copy);
	return true;
}

static void set_array(char *at, size_t size, struct span octets)
{
	size_t len = octets.len < size ? octets.len : size - 1;

	memset(at, 0, size);
	if (octets.at && len)
		memcpy(at, octets.at, len);
}

static bool set_body(struct message *message, struct span octets)
{
	if (octets.len > MESSAGE_BODY_MAX)
		octets.len = MESSAGE_BODY_MAX;
	if (octets.at)
		return message_set_body(message, octets.at, octets.len) ==
		       GATEWAY_OK;
	free(message->body);
	message->body = NULL;
	message->body_len = 0;
	return true;
}

static void set_key(struct message *message, struct span octets)
{
	message->has_key = octets.len == sizeof message->key;
	if (message->has_key)
		memcpy(message->key, octets.at, sizeof message->key);
}

bool store_field_set(struct message *message, const struct store_field *f,
		     const struct store_value *value)
{
	const struct span nothing = { NULL, 0 };
	bool text = value->type == STORE_TEXT || value->type == STORE_OCTETS;
	struct span octets = text ? value->octets : nothing;

	switch (f->kind) {
	case STORE_FIELD_NUMBER:
		set_number(room(message, f), f->size,
			   value->type == STORE_NUMBER ? value->number : 0);
		return true;
	case STORE_FIELD_STRING: return set_string(room(message, f), octets);
	case STORE_FIELD_ARRAY:
		set_array(room(message, f), f->size, octets);
		return true;
	case STORE_FIELD_BODY: return set_body(message, octets);
	case STORE_FIELD_KEY: set_key(message, octets); return true;
	}
	return true;
}

bool store_message_set(struct message *message, size_t column,
		       const struct store_value *value)
{
	return store_field_set(message, &columns[column], value);
}

/* Octets of the strings behind the struct, terminators included. */
static size_t strings_size(const struct message *message,
			   const struct store_field *fields, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		const char *string;

		if (fields[i].kind != STORE_FIELD_STRING)
			continue;
		string = get_string(message, &fields[i]);
		size += string ? strlen(string) + 1 : 0;
	}
	return size;
}

/* Copy the strings to `at` and point the copy's members there. */
static char *pack_strings(struct message *copy,
			  const struct store_field *fields, size_t count,
			  char *at)
{
	for (size_t i = 0; i < count; i++) {
		const char *string;
		size_t size;

		if (fields[i].kind != STORE_FIELD_STRING)
			continue;
		string = get_string(copy, &fields[i]);
		if (!string)
			continue;
		size = strlen(string) + 1;
		memcpy(at, string, size);
		memcpy(room(copy, &fields[i]), &at, sizeof at);
		at += size;
	}
	return at;
}

struct message *store_message_pack(const struct message *message)
{
	size_t size =
		sizeof *message + message->body_len + 1 +
		strings_size(message, columns, STORE_MESSAGE_COLUMNS) +
		strings_size(message, store_rare_fields, store_rare_count);
	struct message *copy = malloc(size);
	char *at;

	if (!copy)
		return NULL;
	*copy = *message;
	at = (char *)(copy + 1);
	at = pack_strings(copy, columns, STORE_MESSAGE_COLUMNS, at);
	at = pack_strings(copy, store_rare_fields, store_rare_count, at);
	if (message->body) {
		memcpy(at, message->body, message->body_len);
		at[message->body_len] = '\0';
		copy->body = at;
	}
	return copy;
}
