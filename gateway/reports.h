#ifndef IMGW_GATEWAY_REPORTS_H
#define IMGW_GATEWAY_REPORTS_H

/** Messages whose sender wants to hear what became of them, until he has
 *  heard it: the one place where reports of SIP (RFC 5438) and of XMPP
 *  (XEP-0184, XEP-0333) meet. A report is believed for a message that is in
 *  here, and from its recipient alone (RCPT-9); each type goes on once
 *  (RCPT-3). A message between SIP peers is never in here (RCPT-5). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/loop.h"
#include "gateway/message.h"
#include "gateway/status.h"

/** What is kept about one message. A plain value that can be written down;
 *  the strings are borrowed from whoever passes it. */
struct report {
	const char *id;          /* ours: message->id */
	enum protocol origin;    /* of the message; reports go back there */
	unsigned wants, sent;    /* bits of enum message_report */
	char delivery_by[MESSAGE_ID_SIZE], /* ids of the messages that brought */
	     display_by[MESSAGE_ID_SIZE];  /* what was sent, or "" */
	int64_t until_s;         /* wall clock; reports_note fills a 0 */
	int64_t date_s;          /* when the message was sent */
	bool again;              /* it is tried again: an earlier process, or
				  * another node, may have noted it */
	const char *original_id; /* what the sender calls it: the Message-ID,
				  * or the id of the stanza. NULL: he calls it
				  * nothing, and is told in a text */
	const char *sender;      /* From URI, or full JID */
	const char *recipient;   /* bare JID, in the writing of jid_write: who
				  * may report */
	/* from SIP only, else NULL */
	const char *route;       /* IMDN-Record-Routes: URIs, a blank between */
	const char *cpim_from, *cpim_to; /* URIs of its message/cpim, or NULL;
					  * for a text: cpim_to is the address
					  * that the sender used */
};

/** Hears of every change: what is written down (gateway/reports_saved.h).
 *  Called from inside the functions below; must not call them. */
struct reports_watch {
	/** It was entered. */
	void (*noted)(const struct report *report, void *arg);
	/** Something more was sent. */
	void (*sent)(const struct report *report, void *arg);
	/** It was taken out before its time. */
	void (*forgotten)(const char *id, void *arg);
	void *arg;
};

struct reports;

/** @param max    at once; when it is full, the oldest gives way
 *  @param age_s  how long a report may take
 *  @param reports_out  the caller's: reports_destroy
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status reports_create(struct loop *loop, size_t max,
					    int64_t age_s,
					    struct reports **reports_out);

/** Free; clears; takes NULL. */
void reports_destroy(struct reports **reports);

/** Who hears of changes from now on; one at most. @param watch  copied */
void reports_set_watch(struct reports *reports,
		       const struct reports_watch *watch);

/** Are senders who cannot ask for reports told of failures in a text
 *  (queue.failure_text)? Not before this is said. */
void reports_set_texts(struct reports *reports, bool yes);

/* Everything below takes NULL for the table: then there are no reports. */

/** See reports_set_texts. */
bool reports_write_texts(const struct reports *reports);

/** The message goes out now. One that is known already stays as it is: it is
 *  tried again.
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY: there will be no report */
enum gateway_status reports_note(struct reports *reports,
				 const struct report *report);

/** Put back what was saved; nobody hears of it. For one that is known already,
 *  what was sent counts as sent.
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
enum gateway_status reports_restore(struct reports *reports,
				    const struct report *report);

/** What is known about a message; borrowed until the next call, NULL: nothing,
 *  or no more. */
const struct report *reports_find(struct reports *reports, const char *id);

/** Forget all, and nobody hears of it: it is out of date. */
void reports_drop_all(struct reports *reports);

/** The sender has got a final answer that is no success: no report may
 *  follow (RCPT-4). */
void reports_forget(struct reports *reports, const char *id);

/** A report has come in. If it may go on it counts as sent from now on:
 *  delivered and failed are one type, displayed another.
 *  @param origin  of the message that it is about
 *  @param from  bare JID of who reports; NULL: it is our own
 *  @param by  id of the message that brings it, which may be tried again and
 *             then brings it again; NULL: a stanza
 *  @return borrowed until the next call; NULL: the message is not known, was
 *          not sent to them, the report was not asked for or is there already */
const struct report *reports_take(struct reports *reports, const char *id,
				  enum protocol origin, const char *from,
				  enum message_report what, const char *by);

/** Towards SIP: the report as a message that only lacks an id and its times; a
 *  text when the sender calls his message nothing.
 *  @param report  of a message from SIP
 *  @param from  the JID that reports
 *  @param message_out  the caller's
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status reports_message(const struct report *report,
					     enum message_report what,
					     const char *from,
					     struct message **message_out);

/** A message from SIP that was answered 202 will not be delivered (RCPT-4). It
 *  may be asked again: what tells the same has the same key.
 *  @param id  message->id
 *  @param what  MESSAGE_FAILED or MESSAGE_FORBIDDEN
 *  @param message_out  the report as a message that lacks an id and its times,
 *                      the caller's; NULL: none is wanted
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status reports_failure(struct reports *reports,
					     const char *id,
					     enum message_report what,
					     struct message **message_out);

#endif
