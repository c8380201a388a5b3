#ifndef IMGW_GATEWAY_MESSAGE_H
#define IMGW_GATEWAY_MESSAGE_H

/** An instant message as a plain value, whoever sent it. Addresses are kept
 *  as received and never changed; what is rewritten stands in the hop. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/e164.h"
#include "enum/loop.h"
#include "gateway/message_key.h"
#include "gateway/status.h"
#include "routing/hop.h"
#include "routing/plan.h"

/** Our id of a message: 20 characters and the terminator. Stands in each log
 *  line and, for XMPP, in the stanza's id. */
#define MESSAGE_ID_SIZE 21

/** What it is. A message from SIP is a text to us whatever its body says,
 *  except that a COMPOSING is known by its Content-Type; what crosses over is
 *  read when it does. */
enum message_purpose {
	MESSAGE_TEXT,
	MESSAGE_COMPOSING, /* somebody types, or stopped: worth nothing a
			    * minute later, so never stored and never queued */
	MESSAGE_REPORT     /* what became of an earlier message */
};

/** Reports about a message (RFC 5438; XEP-0184, XEP-0333); bits. */
enum message_report {
	MESSAGE_DELIVERED = 1, /* positive-delivery, a receipt */
	MESSAGE_DISPLAYED = 2, /* display, a marker */
	MESSAGE_FAILED = 4,    /* negative-delivery, an error */
	MESSAGE_FORBIDDEN = 8  /* failed, because it was not allowed */
};

/** Largest body taken in, octets (a SIP request of 65,535 fits). */
#define MESSAGE_BODY_MAX 65535

struct message {
	char id[MESSAGE_ID_SIZE];
	enum protocol origin;
	enum message_purpose purpose;
	int64_t arrived_ms;      /* loop clock */
	int64_t arrived_s;       /* wall clock */

	uint64_t seq;            /* place in the store, 0: not stored */
	unsigned tries;          /* earlier ones, if it comes from the store */
	bool answered;           /* the sender has its answer: what comes now
				  * is a matter for a report */
	bool resent;             /* may have been handed over before: by a link
				  * that broke, or a process that died */

	/* who and where; URIs as received, XMPP addresses as full JIDs */
	char *from;              /* SIP: the From URI; XMPP: the JID */
	char *asserted;          /* P-Asserted-Identity of a trusted peer that
				  * may be shown, or NULL (SIP-36) */
	bool anonymous;          /* Privacy: id, or an anonymous From */
	char *to;                /* SIP: the Request-URI; XMPP: the JID */
	char *to_header;         /* SIP: the URI of To; XMPP: NULL */
	enum plan_kind kind;     /* what `target` is */
	char *target;            /* number with parameters, or im: URI, as
				  * struct plan_target wants it */
	bool skip_enum;          /* enumdi, from a peer that is believed */
	char peer[DNS_ADDRESS_SIZE]; /* the neighbour it came from */

	/* what only another side than the origin's must heed: a proxy passes
	 * it on untouched */
	char *require;           /* option tags of Require that we lack, comma
				  * list, or NULL (SIP-13) */
	bool in_dialog;          /* To had a tag (SIP-26) */
	bool merged;             /* the same request is in progress already, by
				  * another way (SIP-11) */
	bool secure_only;        /* Request-URI or To is sips: (MAP-12) */

	/* correlation */
	char *call_id;           /* SIP Call-ID, or NULL */
	char *thread;            /* XMPP thread, or NULL */
	char *stanza_id;         /* XMPP id, or NULL */
	/** The same when the sender sends it again: SIP: Call-ID, From tag,
	 *  CSeq and target; XMPP: see stanza_key.h (XMPP-25). */
	unsigned char key[MESSAGE_KEY_SIZE];
	bool has_key;

	/* from XMPP only, filled by bindings_recall */
	char from_number[E164_SIZE]; /* by which the recipient knows the
				      * sender (CONF-13), or "" */
	bool own_thread;         /* `thread` is a Call-ID that we wrote for the
				  * sender (CONF-12) */

	/* from XMPP only: what SIP writes in a body of its own */
	bool composing;          /* COMPOSING: typing, or no more */
	unsigned wants;          /* TEXT: reports asked for */
	enum message_report report; /* REPORT: which one */
	char *report_of;         /* REPORT: the id in the message reported;
				  * NULL: `body` says it in a text */
	char *report_route;      /* REPORT: IMDN-Record-Routes of it: URIs, a
				  * blank between; or NULL */
	char *report_from;       /* REPORT: whom it was sent to, as URI, or
				  * NULL: `from` */
	char *report_to;         /* REPORT: who sent it, as URI */
	int64_t report_date_s;   /* REPORT: when that was */

	/* to XMPP only: a REPORT that a message from there has failed; `body`
	 * says why */
	char *condition;         /* the word of RFC 6120, 8.3.3 */
	char *new_address;       /* URI, with gone and redirect, or NULL */

	/* content */
	char *subject;           /* UTF-8, or NULL */
	char *language;          /* one language tag, or NULL */
	char *content_type;      /* as received, NULL: text/plain */
	char *content_encoding;  /* as received, NULL: identity */
	char *content_disposition; /* as received, NULL: render */
	char *body;              /* `body_len` octets and a NUL behind */
	size_t body_len;

	/* time */
	int64_t date_s;          /* when it was sent: Date header, delay of the
				  * sender's server (XEP-0203), or 0 */
	int64_t held_since_s;    /* wall clock since when it waits for its way
				  * on, or 0 (XMPP-26) */
	int64_t expires_s;       /* wall clock at which it expires, or 0 */
};

/** A message with everything empty and no id. NULL: out of memory. */
struct message *message_create(void);

/** Give it an id that nobody can guess. */
void message_set_id(struct message *message, const unsigned char random[15]);

/** It has come in, or was made, just now: an id and the times. */
void message_arrive(struct message *message, struct loop *loop);

/** Give it the key of what tells that a message has failed for good: said once.
 *  @param failed_id  of that message
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status message_set_failure_key(struct message *message,
						     const char *failed_id);

/** When it was sent, as far as that can be told at `now_s`: its own date if
 *  that is not in the future, else its arrival, else now. Wall clock. */
int64_t message_sent_s(const struct message *message, int64_t now_s);

/** Replace a string member by a copy; NULL clears.
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY (member is then NULL) */
MUST_USE enum gateway_status message_set(char **member, const char *value);

/** Replace the body by a copy.
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY, GATEWAY_TOO_LARGE */
MUST_USE enum gateway_status message_set_body(struct message *message,
					      const void *body, size_t len);

/** Free with all members; clears the pointer; takes NULL. */
void message_destroy(struct message **message);

#endif
