#include "gateway/reports_json.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const struct {
	const char *name;
	size_t at;
} strings[] = {
	{ "original_id", offsetof(struct report, original_id) },
	{ "sender", offsetof(struct report, sender) },
	{ "recipient", offsetof(struct report, recipient) },
	{ "route", offsetof(struct report, route) },
	{ "cpim_from", offsetof(struct report, cpim_from) },
	{ "cpim_to", offsetof(struct report, cpim_to) },
};

#define STRINGS (sizeof strings / sizeof strings[0])

static const char **string_at(const struct report *report, size_t i)
{
	return (const char **)((uintptr_t)report + strings[i].at);
}

/* Writing. */

static bool set_strings(json_t *object, const struct report *report)
{
	for (size_t i = 0; i < STRINGS; i++) {
		const char *string = *string_at(report, i);

		if (string && json_object_set_new(object, strings[i].name,
						  json_string(string)) < 0)
			return false;
	}
	return true;
}

char *reports_json_write(const struct report *report)
{
	json_t *object = json_pack(
		"{s:s, s:i, s:i, s:s, s:s, s:I, s:I}", "origin",
		protocol_word(report->origin), "wants", (int)report->wants,
		"sent", (int)report->sent, "delivery_by", report->delivery_by,
		"display_by", report->display_by, "until",
		(json_int_t)report->until_s, "date",
		(json_int_t)report->date_s);
	char *text = NULL;

	if (object && set_strings(object, report))
		text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return text;
}

/* Reading. */

static unsigned bits(const json_t *object, const char *name)
{
	return (unsigned)json_integer_value(json_object_get(object, name));
}

static void copy_id(const json_t *object, const char *name,
		    char out[MESSAGE_ID_SIZE])
{
	(void)span_copy(
		span_of(json_string_value(json_object_get(object, name))), out,
		MESSAGE_ID_SIZE);
}

json_t *reports_json_read(struct span text, const char *id,
			  struct report *report_out)
{
	json_t *o = json_loadb(text.at, text.len, 0, NULL);
	const char *origin = json_string_value(json_object_get(o, "origin"));

	*report_out = (struct report){
		.id = id,
		.origin = span_is(span_of(origin), protocol_word(PROTOCOL_XMPP))
				  ? PROTOCOL_XMPP
				  : PROTOCOL_SIP,
		.wants = bits(o, "wants"),
		.sent = bits(o, "sent"),
		.until_s = json_integer_value(json_object_get(o, "until")),
		.date_s = json_integer_value(json_object_get(o, "date")),
	};
	copy_id(o, "delivery_by", report_out->delivery_by);
	copy_id(o, "display_by", report_out->display_by);
	for (size_t i = 0; i < STRINGS; i++)
		*string_at(report_out, i) =
			json_string_value(json_object_get(o, strings[i].name));
	/* whom it would go to, and who may say it */
	if (report_out->sender && report_out->recipient)
		return o;
	json_decref(o);
	return NULL;
}
