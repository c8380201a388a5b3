#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gateway/cli/resolve_report.h"

/* More rules than one lookup can see. */
#define RULES_MAX 4096

/* A NAPTR record that was seen: the pointer is compared, never followed. */
struct seen {
	const void *rule;
	json_t *record; /* borrowed from the steps */
};

struct resolve_report {
	struct route_trace trace;
	json_t *object, *steps, *plan; /* the latter two borrowed */
	struct seen *seen;
	size_t seen_count;
	unsigned answers, secure_answers;
	struct timespec started;
	bool broken; /* out of memory on the way */
};

static void add(struct resolve_report *report, json_t *array, json_t *item)
{
	if (!item || json_array_append_new(array, item) != 0)
		report->broken = true;
}

/* A string of the wire may hold any octet; JSON is UTF-8. */
static json_t *wire_string(struct span text)
{
	json_t *string = json_stringn(text.len ? text.at : "", text.len);
	char buffer[4 * 255 + 1];
	struct text escaped;

	if (string)
		return string;
	text_init(&escaped, buffer, sizeof buffer);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c < 0x20 || c > 0x7e)
			text_addf(&escaped, "\\%03u", c);
		else
			text_add_char(&escaped, (char)c);
	}
	return json_string(buffer);
}

/* records */

static json_t *rule_json(const struct naptr *rule)
{
	return json_pack("{si si so so so ss sb ss}", "order", rule->order,
			 "preference", rule->preference, "flags",
			 wire_string(rule->flags), "service",
			 wire_string(rule->services), "regexp",
			 wire_string(rule->regexp), "replacement",
			 rule->replacement, "used", 0, "why", "not-reached");
}

static json_t *record_json(enum dns_type type, const struct dns_record *record)
{
	switch (type) {
	case DNS_SRV:
		return json_pack("{si si si ss}", "priority",
				 record->srv.priority, "weight",
				 record->srv.weight, "port", record->srv.port,
				 "target", record->srv.target);
	case DNS_A:
	case DNS_AAAA: return json_pack("{ss}", "address", record->address);
	case DNS_NAPTR: break; /* rule_json */
	}
	return NULL;
}

/* NAPTR records stand in the order in which rules are looked at, others in
 * that of the wire. */
static size_t rules_of(const struct dns_answer *answer,
		       const struct naptr *rules[DNS_RECORDS_MAX])
{
	size_t count = answer->type == DNS_NAPTR ? answer->count : 0;

	for (size_t i = 0; i < count; i++)
		rules[i] = &answer->records[i].naptr;
	naptr_sort(rules, count);
	return count;
}

static json_t *records_json(struct resolve_report *report,
			    const struct dns_answer *answer)
{
	const struct naptr *rules[DNS_RECORDS_MAX];
	size_t count = rules_of(answer, rules);
	json_t *records = json_array();

	for (size_t i = 0; records && i < answer->count; i++)
		add(report, records,
		    count ? rule_json(rules[i])
			  : record_json(answer->type, &answer->records[i]));
	return records;
}

static double rounded(double ms)
{
	return (double)(long)(ms * 1000 + 0.5) / 1000;
}

/* The members that each answered question has. */
static json_t *answer_json(struct resolve_report *report, const char *step,
			   const char *name, const struct dns_answer *answer,
			   double ms)
{
	json_t *records = records_json(report, answer);

	report->answers++;
	report->secure_answers += answer->secure ? 1 : 0;
	return json_pack("{ss ss ss ss sb si sf so}", "step", step, "name",
			 name, "type", dns_type_word(answer->type), "rcode",
			 dns_status_word(answer->status), "ad", answer->secure,
			 "ttl", (int)answer->ttl_s, "ms", rounded(ms),
			 "records", records);
}

/* (3) */

static void remember_rules(struct resolve_report *report,
			   const struct dns_answer *answer, json_t *step)
{
	const struct naptr *rules[DNS_RECORDS_MAX];
	size_t count = rules_of(answer, rules);
	json_t *records = json_object_get(step, "records");

	for (size_t i = 0; i < count && report->seen_count < RULES_MAX; i++)
		report->seen[report->seen_count++] =
			(struct seen){ rules[i], json_array_get(records, i) };
}

static void on_enum(const struct lookup_apex *apex, const char *name,
		    const struct dns_answer *answer, double ms, void *arg)
{
	struct resolve_report *report = arg;
	json_t *step = answer_json(report, "enum", name, answer, ms);

	if (step &&
	    json_object_set_new(step, "apex", json_string(apex->name)) != 0)
		report->broken = true;
	remember_rules(report, answer, step);
	add(report, report->steps, step);
}

static void on_rule(const struct naptr *rule, enum enum_status status,
		    const char *result, void *arg)
{
	struct resolve_report *report = arg;
	json_t *record = NULL;

	for (size_t i = report->seen_count; i > 0 && !record; i--)
		if (report->seen[i - 1].rule == rule)
			record = report->seen[i - 1].record;
	if (!record)
		return;
	json_object_set_new(record, "used", json_boolean(status == ENUM_OK));
	json_object_del(record, "why");
	if (status != ENUM_OK)
		json_object_set_new(record, "why",
				    json_string(enum_status_word(status)));
	if (result)
		json_object_set_new(record, "result",
				    wire_string(span_of(result)));
}

static void on_overlay(const char *prefix, const char *uri, void *arg)
{
	struct resolve_report *report = arg;

	add(report, report->steps,
	    json_pack("{ss ss ss}", "step", "overlay", "match", prefix, "uri",
		      uri));
}

/* (4) */

static void on_im(const char *uri, enum route_status status, void *arg)
{
	struct resolve_report *report = arg;
	json_t *step = json_pack("{ss so}", "step", "im", "uri",
				 wire_string(span_of(uri)));

	if (step && status != ROUTE_OK)
		json_object_set_new(step, "why",
				    json_string(route_status_word(status)));
	add(report, report->steps, step);
}

static void on_asked(const char *name, const struct dns_answer *answer,
		     double ms, void *arg)
{
	struct resolve_report *report = arg;
	const char *step = answer->type == DNS_SRV     ? "srv"
			   : answer->type == DNS_NAPTR ? "naptr"
						       : "address";
	json_t *object = answer_json(report, step, name, answer, ms);
	json_t *record;
	size_t i;

	/* `used` and `why` speak of ENUM rules */
	json_array_foreach(json_object_get(object, "records"), i, record)
	{
		json_object_del(record, "used");
		json_object_del(record, "why");
	}
	add(report, report->steps, object);
}

/* (5): a hop that was made is told by resolve_report_hop */
static void on_hop(const struct hop *hop, enum route_status status, void *arg)
{
	struct resolve_report *report = arg;

	if (status == ROUTE_OK)
		return;
	add(report, report->steps,
	    json_pack("{ss ss ss ss}", "step", "hop", "protocol",
		      protocol_word(hop->protocol), "host", hop->host, "why",
		      route_status_word(status)));
}

struct resolve_report *resolve_report_create(const char *uri)
{
	struct resolve_report *report = calloc(1, sizeof *report);

	if (!report)
		return NULL;
	report->trace = (struct route_trace){
		.lookup = { .asked = on_enum, .rule = on_rule, .arg = report },
		.overlay = on_overlay,
		.im = on_im,
		.asked = on_asked,
		.hop = on_hop,
	};
	report->seen = calloc(RULES_MAX, sizeof *report->seen);
	report->object = json_pack("{so s[] s[]}", "uri",
				   wire_string(span_of(uri)), "steps", "plan");
	if (!report->seen || !report->object)
		resolve_report_destroy(&report);
	if (!report)
		return NULL;
	report->steps = json_object_get(report->object, "steps");
	report->plan = json_object_get(report->object, "plan");
	clock_gettime(CLOCK_MONOTONIC, &report->started);
	return report;
}

void resolve_report_destroy(struct resolve_report **report)
{
	if (!*report)
		return;
	json_decref((*report)->object);
	free((*report)->seen);
	free(*report);
	*report = NULL;
}

const struct route_trace *resolve_report_trace(struct resolve_report *report)
{
	return &report->trace;
}

void resolve_report_number(struct resolve_report *report, const char *e164)
{
	add(report, report->steps,
	    json_pack("{ss ss}", "step", "number", "e164", e164));
}

void resolve_report_hop(struct resolve_report *report, const struct hop *hop)
{
	json_t *recipient = wire_string(span_of(hop->recipient));

	if (hop->protocol == PROTOCOL_XMPP)
		add(report, report->plan,
		    json_pack("{ss so ss}", "protocol", "xmpp", "to", recipient,
			      "via", "component"));
	else
		add(report, report->plan,
		    json_pack("{ss so ss si ss ss}", "protocol", "sip", "uri",
			      recipient, "host", hop->host, "port", hop->port,
			      "transport", transport_word(hop->transport),
			      "address", hop->address));
}

static double elapsed_ms(const struct resolve_report *report)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - report->started.tv_sec) * 1e3 +
	       (double)(now.tv_nsec - report->started.tv_nsec) / 1e6;
}

static const char *dnssec_word(const struct resolve_report *report)
{
	if (report->secure_answers == 0)
		return "insecure";
	return report->secure_answers == report->answers ? "secure" : "mixed";
}

void resolve_report_end(struct resolve_report *report, enum cli_exit code,
			const char *reason, int sip_code,
			unsigned retry_after_s)
{
	const char *result = code == CLI_YES	     ? "route"
			     : code == CLI_TRY_LATER ? "try-later"
						     : "no-route";
	json_t *end =
		json_pack("{ss si sf ss}", "result", result, "exit", (int)code,
			  "elapsed_ms", rounded(elapsed_ms(report)), "dnssec",
			  dnssec_word(report));

	if (end && reason)
		json_object_set_new(end, "reason", json_string(reason));
	if (end && sip_code)
		json_object_set_new(end, "sip",
				    json_pack("{si si}", "code", sip_code,
					      "retry_after",
					      (int)retry_after_s));
	if (!end || json_object_update(report->object, end) != 0)
		report->broken = true;
	json_decref(end);
}

json_t *resolve_report_json(struct resolve_report *report)
{
	return report->broken ? NULL : report->object;
}
