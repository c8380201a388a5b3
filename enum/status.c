#include "enum/status.h"

#include <assert.h>
#include <stddef.h>

static const struct {
	const char *word, *text;
} table[] = {
	[ENUM_OK] = { "ok", "ok" },
	[ENUM_NO_MEMORY] = { "no-memory", "out of memory" },
	[ENUM_BAD_SYNTAX] = { "bad-syntax", "not a telephone number" },
	[ENUM_NO_CONTEXT] = { "no-context",
			      "a local number without phone-context" },
	[ENUM_LOCAL_NUMBER] = { "local-number",
				"a local number is not looked up" },
	[ENUM_UNKNOWN_MANDATORY] = { "unknown-mandatory",
				     "an unknown mandatory (m-) parameter" },
	[ENUM_TOO_LONG] = { "too-long", "longer than an E.164 number" },
	[ENUM_UNKNOWN_FLAG] = { "unknown-flag", "a flag other than \"u\"" },
	[ENUM_NOT_ENUM] = { "not-enum", "no ENUM service field" },
	[ENUM_SERVICE_NOT_IM] = { "service-not-im", "the service is not im" },
	[ENUM_BAD_REGEXP] = { "bad-regexp", "the regexp field is malformed" },
	[ENUM_NO_MATCH] = { "no-match",
			    "the expression does not match the number" },
	[ENUM_BAD_RESULT] = { "bad-result", "the result is no absolute URI" },
	[ENUM_WRONG_SCHEME] = { "wrong-scheme",
				"the result is not an im: URI" },
	[ENUM_BOTH_FIELDS] = { "both-fields",
			       "regexp and replacement are both set" },
	[ENUM_BAD_REPLACEMENT] = { "bad-replacement",
				   "the rule leads to no name" },
	[ENUM_LOOP] = { "loop", "the rule leads back" },
	[ENUM_NXDOMAIN] = { "nxdomain", "the number is not in ENUM" },
	[ENUM_NODATA] = { "nodata", "ENUM has no usable im rule" },
	[ENUM_TEMPORARY] = { "temporary", "temporary DNS failure" },
	[ENUM_INSECURE] = { "insecure", "the answer is not DNSSEC secure" },
	[ENUM_BAD_SERVERS] = { "bad-servers",
			       "the list of resolvers cannot be used" },
};

static_assert(sizeof table / sizeof table[0] == ENUM_STATUS_COUNT,
	      "a text for each status");

const char *enum_status_text(enum enum_status status)
{
	return status < ENUM_STATUS_COUNT ? table[status].text : "unknown";
}

const char *enum_status_word(enum enum_status status)
{
	return status < ENUM_STATUS_COUNT ? table[status].word : "unknown";
}
