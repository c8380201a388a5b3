#ifndef IMGW_GATEWAY_OUTCOME_H
#define IMGW_GATEWAY_OUTCOME_H

/** (7) What became of a message or of one attempt, and both mapping tables
 *  between SIP finals and stanza errors (RFC 7247, 7, with our deviations,
 *  which docs/rfc.md explains). */

#include <stdbool.h>

#include "routing/status.h"

enum outcome_kind {
	OUTCOME_DELIVERED, /* a remote entity has it (SIP 2xx other than 202) */
	OUTCOME_ACCEPTED,  /* delegated, no later word (202) */
	OUTCOME_TEMPORARY, /* not now */
	OUTCOME_PERMANENT, /* never so */
	OUTCOME_KIND_COUNT
};

/** Conditions of RFC 6120, 8.3.3, in the order of that section. */
enum condition {
	CONDITION_NONE,
	CONDITION_BAD_REQUEST,
	CONDITION_CONFLICT,
	CONDITION_FEATURE_NOT_IMPLEMENTED,
	CONDITION_FORBIDDEN,
	CONDITION_GONE,
	CONDITION_INTERNAL_SERVER_ERROR,
	CONDITION_ITEM_NOT_FOUND,
	CONDITION_JID_MALFORMED,
	CONDITION_NOT_ACCEPTABLE,
	CONDITION_NOT_ALLOWED,
	CONDITION_NOT_AUTHORIZED,
	CONDITION_POLICY_VIOLATION,
	CONDITION_RECIPIENT_UNAVAILABLE,
	CONDITION_REDIRECT,
	CONDITION_REGISTRATION_REQUIRED,
	CONDITION_REMOTE_SERVER_NOT_FOUND,
	CONDITION_REMOTE_SERVER_TIMEOUT,
	CONDITION_RESOURCE_CONSTRAINT,
	CONDITION_SERVICE_UNAVAILABLE,
	CONDITION_SUBSCRIPTION_REQUIRED,
	CONDITION_UNDEFINED,
	CONDITION_UNEXPECTED_REQUEST,
	CONDITION_OVER_RATE, /* policy-violation, for now only (SEC-4) */
	CONDITION_COUNT
};

/** Room for a reason, terminator included. */
#define OUTCOME_REASON_SIZE 160

/** Room for a new address, terminator included; a longer one is lost. */
#define OUTCOME_ADDRESS_SIZE 512

/** A plain value. `reason` is never empty and holds no URI (SEC-2). */
struct outcome {
	enum outcome_kind kind;
	int code;                 /* SIP final, 200-699, never 408 (SIP-20) */
	enum condition condition; /* for an XMPP origin; NONE on success */
	unsigned retry_after_s;   /* 0: no Retry-After. With try_next: the hop
				   * wants to be left alone that long */
	/** With code 420: the option tags, comma list, borrowed from the
	 *  message; else NULL. */
	const char *unsupported;
	bool remote;              /* a remote entity said so itself: not our own
				   * conclusion from silence */
	bool silent;              /* the hop has given no sign of life: no
				   * answer, or not to be reached */
	bool untried;             /* no attempt was made: the hop is left
				   * alone (gateway/backoff.h), or others are
				   * before it */
	bool try_next;            /* this hop is of no use, another may be:
				   * 503, no answer, unreachable (IM-15) */
	char reason[OUTCOME_REASON_SIZE];
	/** Where the recipient is to be found instead (MAP-15), or "": with
	 *  codes 301 and 302. From SIP: a tel: or sip: URI; from XMPP: a sip:,
	 *  tel: or im: URI. */
	char address[OUTCOME_ADDRESS_SIZE];
	/** A final response as it came, for the origin of the same protocol;
	 *  borrowed, valid during attempt_done only; NULL: make one of code
	 *  and reason. */
	const void *wire;
};

/** How the tables are bent by the operator. */
struct outcome_profile {
	bool final_4xx;   /* routing.final_class: 4xx (CONF-9) */
	bool strict;      /* service-unavailable is 403, not 480 (CONF-10) */
	bool redirects;   /* gone and redirect with an address are 301 and 302
			   * (MAP-15) */
};

/** An outcome from a SIP final code: kind and condition by table 6.2.
 *  @param reason  may be NULL or empty: the standard phrase */
struct outcome outcome_of_sip(int code, const char *reason);

/** An outcome from a stanza error, by table 6.1.
 *  @param full_jid  whether the stanza went to a full JID
 *  @param text  the error's <text/>, or NULL */
struct outcome outcome_of_condition(enum condition condition, bool full_jid,
				    const struct outcome_profile *profile,
				    const char *text);

/** A new address came with the condition gone or redirect: with
 *  profile->redirects the code becomes 301 or 302. Other conditions stay as
 *  they are.
 *  @param uri  see struct outcome */
void outcome_set_address(struct outcome *outcome, const char *uri,
			 const struct outcome_profile *profile);

/** The end of a plan, by table 0.5. @param reason  never NULL */
struct outcome outcome_of_route(enum route_status status, const char *reason);

/** A final response from downstream as it is passed on: 503 becomes 500
 *  (SIP-32), 6xx its 4xx twin with final_4xx. @return the code to send */
int outcome_code_upstream(int code, const struct outcome_profile *profile);

/** "delivered", "accepted", "temporary", "permanent". */
const char *outcome_kind_word(enum outcome_kind kind);

/** Element name, "item-not-found"; "" for NONE. */
const char *condition_word(enum condition condition);

/** The condition of an element name; CONDITION_UNDEFINED for others. */
enum condition condition_of_word(const char *word);

/** The error type of RFC 6120, 8.3.2 that goes with it: "cancel", ... */
const char *condition_type(enum condition condition);

/** The standard reason phrase of a SIP code; never NULL, never empty. */
const char *outcome_phrase(int code);

#endif
