#ifndef IMGW_ENUM_STATUS_H
#define IMGW_ENUM_STATUS_H

/** What the functions of enum/ answer. 0 is success, everything else says
 *  why not; the texts are one table in status.c. */

/** The result must be looked at. */
#define MUST_USE __attribute__((warn_unused_result))

enum enum_status {
	ENUM_OK = 0,
	ENUM_NO_MEMORY,
	/* tel: URIs (RFC 3966) */
	ENUM_BAD_SYNTAX,        /* not a telephone-subscriber (TEL-1) */
	ENUM_NO_CONTEXT,        /* local number without phone-context (TEL-1) */
	ENUM_LOCAL_NUMBER,      /* local number with phone-context (TEL-4) */
	ENUM_UNKNOWN_MANDATORY, /* unknown m- parameter (TEL-7) */
	ENUM_TOO_LONG,          /* over 15 digits, or a name over 255 octets */
	/* one NAPTR rule (RFC 3402, 3403, 6116): why it is not used */
	ENUM_UNKNOWN_FLAG,      /* neither "u" nor empty (ENUM-12) */
	ENUM_NOT_ENUM,          /* another DDDS application (ENUM-7, 17) */
	ENUM_SERVICE_NOT_IM,    /* an Enumservice that was not asked for */
	ENUM_BAD_REGEXP,        /* delimiters, flags, ERE (ENUM-18..23) */
	ENUM_NO_MATCH,          /* the ERE does not match the AUS (ENUM-26) */
	ENUM_BAD_RESULT,        /* not an absolute URI, or too long */
	ENUM_WRONG_SCHEME,      /* a service that yields another scheme */
	ENUM_BOTH_FIELDS,       /* regexp and replacement (CONF-18) */
	ENUM_BAD_REPLACEMENT,   /* a non-terminal that leads nowhere */
	ENUM_LOOP,              /* a non-terminal that would re-enter */
	/* a whole lookup */
	ENUM_NXDOMAIN,          /* no apex has the name */
	ENUM_NODATA,            /* the name is there, no usable rule */
	ENUM_TEMPORARY,         /* SERVFAIL, timeout, bad answer: cannot tell */
	ENUM_INSECURE,          /* dnssec: require, and the answer has no AD */
	ENUM_BAD_SERVERS,       /* the list of resolvers cannot be used */
	ENUM_STATUS_COUNT
};

/** A sentence fragment for people, for example "the ERE does not match".
 *  @return never NULL, never empty; static storage */
const char *enum_status_text(enum enum_status status);

/** A word for scripts, for example "no-match" (JSON field "why").
 *  @return never NULL, never empty; static storage */
const char *enum_status_word(enum enum_status status);

#endif
