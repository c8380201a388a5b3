#include <stdlib.h>

#include <jansson.h>

#include "gateway/store/store_field.h"
#include "gateway/store/store_message.h"

const struct store_field store_rare_fields[] = {
	STORE_STRING(asserted),		STORE_NUMBER(anonymous),
	STORE_NUMBER(skip_enum),	STORE_STRING(require),
	STORE_NUMBER(in_dialog),	STORE_NUMBER(merged),
	STORE_NUMBER(secure_only),	STORE_ARRAY(from_number),
	STORE_NUMBER(own_thread),	STORE_NUMBER(composing),
	STORE_NUMBER(report),		STORE_STRING(report_of),
	STORE_STRING(report_route),	STORE_STRING(language),
	STORE_STRING(content_encoding), STORE_NUMBER(held_since_s),
	STORE_STRING(report_from),	STORE_STRING(report_to),
	STORE_NUMBER(report_date_s),	STORE_STRING(content_disposition),
	STORE_STRING(condition),	STORE_STRING(new_address),
};

const size_t store_rare_count =
	sizeof store_rare_fields / sizeof store_rare_fields[0];

/* JSON is Unicode. What is not UTF-8 (a sender may write anything) becomes
 * an array of its octets. */
static json_t *string_to_json(struct span s)
{
	json_t *json = json_stringn(s.at, s.len);

	if (json)
		return json;
	json = json_array();
	for (size_t i = 0; json && i < s.len; i++)
		if (json_array_append_new(
			    json, json_integer((unsigned char)s.at[i])) < 0) {
			json_decref(json);
			return NULL;
		}
	return json;
}

static bool add_rare(json_t **object, const struct store_field *f,
		     const struct store_value *value)
{
	if (!*object)
		*object = json_object();
	return json_object_set_new(*object, f->name,
				   value->type == STORE_NUMBER
					   ? json_integer(value->number)
					   : string_to_json(value->octets)) ==
	       0;
}

bool store_message_more(const struct message *message, char **more_out)
{
	json_t *object = NULL;
	bool ok = true;

	*more_out = NULL;
	for (size_t i = 0; ok && i < store_rare_count; i++) {
		struct store_value value =
			store_field_get(message, &store_rare_fields[i]);

		if (value.type == STORE_TEXT || value.number)
			ok = add_rare(&object, &store_rare_fields[i], &value);
	}
	if (ok && object) {
		*more_out = json_dumps(object, JSON_COMPACT);
		ok = *more_out != NULL;
	}
	json_decref(object);
	return ok;
}

static bool set_octets(struct message *message, const struct store_field *f,
		       const json_t *array)
{
	size_t len = json_array_size(array);
	char *octets = malloc(len + 1);
	struct store_value value = { STORE_TEXT, 0, { octets, len } };
	bool ok;

	if (!octets)
		return false;
	for (size_t i = 0; i < len; i++)
		octets[i] = (char)json_integer_value(json_array_get(array, i));
	ok = store_field_set(message, f, &value);
	free(octets);
	return ok;
}

static bool set_rare(struct message *message, const struct store_field *f,
		     const json_t *json)
{
	struct store_value value = { STORE_NULL, 0, { NULL, 0 } };

	if (json_is_array(json))
		return set_octets(message, f, json);
	if (json_is_integer(json)) {
		value.type = STORE_NUMBER;
		value.number = json_integer_value(json);
	} else if (json_is_string(json)) {
		value.type = STORE_TEXT;
		value.octets = (struct span){ json_string_value(json),
					      json_string_length(json) };
	}
	return store_field_set(message, f, &value);
}

bool store_message_set_more(struct message *message, const char *more)
{
	json_t *object;
	bool ok = true;

	if (!more)
		return true;
	object = json_loads(more, 0, NULL);
	if (!json_is_object(object)) {
		json_decref(object);
		return false;
	}
	for (size_t i = 0; ok && i < store_rare_count; i++)
		ok = set_rare(
			message, &store_rare_fields[i],
			json_object_get(object, store_rare_fields[i].name));
	json_decref(object);
	return ok;
}
