#include "gateway/outcome.h"

#include <assert.h>
#include <stddef.h>

#include "enum/text.h"

/** Table 6.1 of RFC 7247, 7.1, with our deviations: a condition to the SIP
 *  final. A bare JID gets the 6xx where the RFC says so (CONF-9). */
static const struct {
	const char *word;
	const char *type; /* RFC 6120, 8.3.3: the type that goes with it */
	int full, bare;
} conditions[] = {
	[CONDITION_NONE] = { "", "cancel", 500, 500 },
	[CONDITION_BAD_REQUEST] = { "bad-request", "modify", 400, 400 },
	[CONDITION_CONFLICT] = { "conflict", "cancel", 400, 400 },
	/* CONF-8: a 405 needs Allow and would deny MESSAGE altogether */
	[CONDITION_FEATURE_NOT_IMPLEMENTED] = { "feature-not-implemented",
						"cancel", 501, 501 },
	[CONDITION_FORBIDDEN] = { "forbidden", "auth", 403, 603 },
	/* MAP-15: see outcome_set_address */
	[CONDITION_GONE] = { "gone", "cancel", 410, 410 },
	[CONDITION_INTERNAL_SERVER_ERROR] = { "internal-server-error", "cancel",
					      500, 500 },
	[CONDITION_ITEM_NOT_FOUND] = { "item-not-found", "cancel", 404, 604 },
	[CONDITION_JID_MALFORMED] = { "jid-malformed", "modify", 400, 400 },
	[CONDITION_NOT_ACCEPTABLE] = { "not-acceptable", "modify", 406, 606 },
	[CONDITION_NOT_ALLOWED] = { "not-allowed", "cancel", 403, 403 },
	/* CONF-8: a 401 without WWW-Authenticate is malformed */
	[CONDITION_NOT_AUTHORIZED] = { "not-authorized", "auth", 403, 403 },
	[CONDITION_POLICY_VIOLATION] = { "policy-violation", "modify", 403,
					 403 },
	[CONDITION_RECIPIENT_UNAVAILABLE] = { "recipient-unavailable", "wait",
					      480, 600 },
	[CONDITION_REDIRECT] = { "redirect", "modify", 480, 480 },
	/* CONF-8: a 407 without Proxy-Authenticate is malformed */
	[CONDITION_REGISTRATION_REQUIRED] = { "registration-required", "auth",
					      403, 403 },
	[CONDITION_REMOTE_SERVER_NOT_FOUND] = { "remote-server-not-found",
						"cancel", 404, 404 },
	/* CONF-7: RFC 4320 forbids a 408 */
	[CONDITION_REMOTE_SERVER_TIMEOUT] = { "remote-server-timeout", "wait",
					      504, 504 },
	[CONDITION_RESOURCE_CONSTRAINT] = { "resource-constraint", "wait", 500,
					    500 },
	/* CONF-10, MAP-16: never 503, never 405 */
	[CONDITION_SERVICE_UNAVAILABLE] = { "service-unavailable", "cancel",
					    480, 480 },
	[CONDITION_SUBSCRIPTION_REQUIRED] = { "subscription-required", "auth",
					      400, 400 },
	[CONDITION_UNDEFINED] = { "undefined-condition", "cancel", 400, 400 },
	[CONDITION_UNEXPECTED_REQUEST] = { "unexpected-request", "wait", 400,
					   400 },
	[CONDITION_OVER_RATE] = { "policy-violation", "wait", 403, 403 },
};

static_assert(sizeof conditions / sizeof conditions[0] == CONDITION_COUNT,
	      "a row for each condition");

/** Table 6.2 of RFC 7247, 7.2: a SIP final to the condition. What is not
 *  listed takes the default of its class. */
static const struct {
	int code;
	enum condition condition;
	const char *phrase;
} finals[] = {
	{ 200, CONDITION_NONE, "OK" },
	{ 202, CONDITION_NONE, "Accepted" },
	{ 300, CONDITION_REDIRECT, "Multiple Choices" },
	{ 301, CONDITION_GONE, "Moved Permanently" },
	{ 302, CONDITION_REDIRECT, "Moved Temporarily" },
	{ 305, CONDITION_REDIRECT, "Use Proxy" },
	{ 380, CONDITION_NOT_ACCEPTABLE, "Alternative Service" },
	{ 400, CONDITION_BAD_REQUEST, "Bad Request" },
	{ 401, CONDITION_NOT_AUTHORIZED, "Unauthorized" },
	{ 402, CONDITION_BAD_REQUEST, "Payment Required" },
	{ 403, CONDITION_FORBIDDEN, "Forbidden" },
	{ 404, CONDITION_ITEM_NOT_FOUND, "Not Found" },
	{ 405, CONDITION_FEATURE_NOT_IMPLEMENTED, "Method Not Allowed" },
	{ 406, CONDITION_NOT_ACCEPTABLE, "Not Acceptable" },
	{ 407, CONDITION_REGISTRATION_REQUIRED,
	  "Proxy Authentication Required" },
	{ 408, CONDITION_REMOTE_SERVER_TIMEOUT, "Request Timeout" },
	{ 410, CONDITION_GONE, "Gone" },
	{ 413, CONDITION_POLICY_VIOLATION, "Request Entity Too Large" },
	{ 414, CONDITION_POLICY_VIOLATION, "Request-URI Too Long" },
	{ 415, CONDITION_NOT_ACCEPTABLE, "Unsupported Media Type" },
	{ 416, CONDITION_NOT_ACCEPTABLE, "Unsupported URI Scheme" },
	{ 420, CONDITION_FEATURE_NOT_IMPLEMENTED, "Bad Extension" },
	{ 421, CONDITION_NOT_ACCEPTABLE, "Extension Required" },
	{ 423, CONDITION_RESOURCE_CONSTRAINT, "Interval Too Brief" },
	{ 430, CONDITION_RECIPIENT_UNAVAILABLE, "Flow Failed" },
	{ 439, CONDITION_FEATURE_NOT_IMPLEMENTED,
	  "First Hop Lacks Outbound Support" },
	{ 440, CONDITION_POLICY_VIOLATION, "Max-Breadth Exceeded" },
	{ 480, CONDITION_RECIPIENT_UNAVAILABLE, "Temporarily Unavailable" },
	{ 481, CONDITION_ITEM_NOT_FOUND, "Call/Transaction Does Not Exist" },
	{ 482, CONDITION_NOT_ACCEPTABLE, "Loop Detected" },
	{ 483, CONDITION_NOT_ACCEPTABLE, "Too Many Hops" },
	{ 484, CONDITION_ITEM_NOT_FOUND, "Address Incomplete" },
	{ 485, CONDITION_ITEM_NOT_FOUND, "Ambiguous" },
	{ 486, CONDITION_RECIPIENT_UNAVAILABLE, "Busy Here" },
	{ 487, CONDITION_RECIPIENT_UNAVAILABLE, "Request Terminated" },
	{ 488, CONDITION_NOT_ACCEPTABLE, "Not Acceptable Here" },
	{ 489, CONDITION_POLICY_VIOLATION, "Bad Event" },
	{ 491, CONDITION_UNEXPECTED_REQUEST, "Request Pending" },
	{ 493, CONDITION_BAD_REQUEST, "Undecipherable" },
	{ 500, CONDITION_INTERNAL_SERVER_ERROR, "Server Internal Error" },
	{ 501, CONDITION_FEATURE_NOT_IMPLEMENTED, "Not Implemented" },
	{ 502, CONDITION_REMOTE_SERVER_NOT_FOUND, "Bad Gateway" },
	{ 503, CONDITION_INTERNAL_SERVER_ERROR, "Service Unavailable" },
	{ 504, CONDITION_REMOTE_SERVER_TIMEOUT, "Server Time-out" },
	{ 505, CONDITION_NOT_ACCEPTABLE, "Version Not Supported" },
	{ 513, CONDITION_POLICY_VIOLATION, "Message Too Large" },
	{ 600, CONDITION_RECIPIENT_UNAVAILABLE, "Busy Everywhere" },
	{ 603, CONDITION_RECIPIENT_UNAVAILABLE, "Decline" },
	{ 604, CONDITION_ITEM_NOT_FOUND, "Does Not Exist Anywhere" },
	{ 606, CONDITION_NOT_ACCEPTABLE, "Not Acceptable" },
};

/** The defaults of the classes 2xx to 6xx. */
static const struct {
	enum outcome_kind kind;
	enum condition condition;
	const char *phrase;
} classes[] = {
	{ OUTCOME_DELIVERED, CONDITION_NONE, "Success" },
	{ OUTCOME_PERMANENT, CONDITION_REDIRECT, "Redirection" },
	{ OUTCOME_PERMANENT, CONDITION_BAD_REQUEST, "Request Failure" },
	{ OUTCOME_TEMPORARY, CONDITION_INTERNAL_SERVER_ERROR,
	  "Server Failure" },
	{ OUTCOME_PERMANENT, CONDITION_RECIPIENT_UNAVAILABLE,
	  "Global Failure" },
};

/** The 4xx that says the same as a 6xx (CONF-9). */
static const struct {
	int global, client;
} twins[] = {
	{ 600, 486 },
	{ 603, 403 },
	{ 604, 404 },
	{ 606, 406 },
};

static size_t class_of(int code)
{
	return code >= 200 && code < 700 ? (size_t)code / 100 - 2 : 3;
}

static const char *find_phrase(int code)
{
	for (size_t i = 0; i < sizeof finals / sizeof finals[0]; i++)
		if (finals[i].code == code)
			return finals[i].phrase;
	return classes[class_of(code)].phrase;
}

static enum condition find_condition(int code)
{
	for (size_t i = 0; i < sizeof finals / sizeof finals[0]; i++)
		if (finals[i].code == code)
			return finals[i].condition;
	return classes[class_of(code)].condition;
}

const char *outcome_phrase(int code)
{
	return find_phrase(code);
}

static void set_reason(struct outcome *outcome, const char *reason)
{
	struct text text;

	text_init(&text, outcome->reason, sizeof outcome->reason);
	text_add(&text,
		 reason && *reason ? reason : find_phrase(outcome->code));
}

static enum outcome_kind kind_of(int code)
{
	switch (code) {
	case 202: return OUTCOME_ACCEPTED;
	case 408: /* these say "try again" by themselves */
	case 480:
	case 486: return OUTCOME_TEMPORARY;
	case 501: /* and these will never do */
	case 505:
	case 513: return OUTCOME_PERMANENT;
	default: return classes[class_of(code)].kind;
	}
}

struct outcome outcome_of_sip(int code, const char *reason)
{
	struct outcome outcome = { .kind = kind_of(code), .code = code };

	outcome.condition = find_condition(code);
	set_reason(&outcome, reason);
	return outcome;
}

static int client_twin(int code)
{
	for (size_t i = 0; i < sizeof twins / sizeof twins[0]; i++)
		if (twins[i].global == code)
			return twins[i].client;
	return code >= 600 ? 480 : code;
}

struct outcome outcome_of_condition(enum condition condition, bool full_jid,
				    const struct outcome_profile *profile,
				    const char *text)
{
	int code = full_jid ? conditions[condition].full
			    : conditions[condition].bare;
	struct outcome outcome;

	if (condition == CONDITION_SERVICE_UNAVAILABLE && profile->strict)
		code = 403;
	if (condition == CONDITION_RECIPIENT_UNAVAILABLE && profile->final_4xx)
		code = 480; /* the twin that RFC 7247 itself names */
	if (profile->final_4xx)
		code = client_twin(code);
	outcome = outcome_of_sip(code, text);
	outcome.condition = condition;
	return outcome;
}

void outcome_set_address(struct outcome *outcome, const char *uri,
			 const struct outcome_profile *profile)
{
	const bool gone = outcome->condition == CONDITION_GONE;

	if (!profile->redirects ||
	    (!gone && outcome->condition != CONDITION_REDIRECT) ||
	    !span_copy(span_of(uri), outcome->address, OUTCOME_ADDRESS_SIZE))
		return;
	outcome->code = gone ? 301 : 302;
	outcome->kind = kind_of(outcome->code);
}

struct outcome outcome_of_route(enum route_status status, const char *reason)
{
	struct outcome outcome;

	switch (status) {
	case ROUTE_TEMPORARY:
	case ROUTE_NO_MEMORY: /* CONF-16: 503 would mean the whole element */
		outcome = outcome_of_sip(500, reason);
		outcome.retry_after_s = 60;
		return outcome;
	case ROUTE_OK:
	case ROUTE_BAD_URI:
	case ROUTE_BAD_DOMAIN:
	case ROUTE_OWN_DOMAIN:
	case ROUTE_PRIVATE:
	case ROUTE_NO_SERVICE:
	case ROUTE_NO_ADDRESS:
	case ROUTE_NXDOMAIN:
	case ROUTE_NOT_FOUND:
	case ROUTE_STATUS_COUNT: break;
	}
	outcome = outcome_of_sip(404, reason);
	if (status == ROUTE_NO_SERVICE || status == ROUTE_NO_ADDRESS)
		outcome.condition = CONDITION_REMOTE_SERVER_NOT_FOUND;
	return outcome;
}

int outcome_code_upstream(int code, const struct outcome_profile *profile)
{
	if (code == 503) /* SIP-32: it speaks of another element than us */
		return 500;
	if (code >= 600 && profile->final_4xx)
		return client_twin(code);
	return code;
}

const char *outcome_kind_word(enum outcome_kind kind)
{
	static const char *const words[] = { "delivered", "accepted",
					     "temporary", "permanent" };

	static_assert(sizeof words / sizeof words[0] == OUTCOME_KIND_COUNT,
		      "a word for each kind");
	return kind < OUTCOME_KIND_COUNT ? words[kind] : "unknown";
}

const char *condition_word(enum condition condition)
{
	return condition < CONDITION_COUNT ? conditions[condition].word : "";
}

enum condition condition_of_word(const char *word)
{
	for (int i = CONDITION_NONE + 1; i < CONDITION_COUNT; i++)
		if (span_is(span_of(word), conditions[i].word))
			return (enum condition)i;
	return CONDITION_UNDEFINED;
}

const char *condition_type(enum condition condition)
{
	return condition < CONDITION_COUNT ? conditions[condition].type
					   : "cancel";
}
