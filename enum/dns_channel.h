#ifndef IMGW_ENUM_DNS_CHANNEL_H
#define IMGW_ENUM_DNS_CHANNEL_H

/** A set of resolvers and the packets to and from them. Private to dns.c;
 *  c-ares is known to dns_channel.c only. */

#include <stdbool.h>
#include <stddef.h>

#include "enum/dns.h"

struct dns_channel;

/** What a channel does about servers that refuse. */
enum dns_channel_kind {
	/** Questions have OPT; each packet is handed over, whatever it says.
	 *  (With FORMERR c-ares may have dropped OPT by itself.) */
	DNS_CHANNEL_FIRST,
	/** No OPT; on SERVFAIL, REFUSED and NOTIMP the next server is asked,
	 *  and silence is reported when none is left */
	DNS_CHANNEL_CAREFUL,
	/** The same over TCP. All questions of a channel share a connection,
	 *  and a server may answer none of them before the one it is at: for
	 *  one question */
	DNS_CHANNEL_STREAM
};

/** What became of a question. */
enum dns_channel_result {
	DNS_CHANNEL_PACKET,
	DNS_CHANNEL_SILENCE, /* nobody answered, or nobody is there */
	DNS_CHANNEL_TRUNCATED, /* to be asked over TCP; there is no packet */
	DNS_CHANNEL_NO_MEMORY
};

/** The end of one question. It may come before dns_channel_send returns and
 *  comes from dns_channel_close too. The packet is valid during the call. */
typedef void dns_channel_fn(enum dns_channel_result result,
			    const unsigned char *packet, size_t len, void *arg);

/** @param idle  called from the loop whenever packets or timeouts were worked
 *               off: what the ends above left to do belongs here, closing
 *               the channel too
 *  @param channel_out  the caller owns it: dns_channel_close
 *  @return ENUM_OK, ENUM_NO_MEMORY, ENUM_BAD_SERVERS */
MUST_USE enum enum_status dns_channel_open(struct loop *loop,
					   const struct dns_options *options,
					   enum dns_channel_kind kind,
					   loop_timer_fn *idle, void *arg,
					   struct dns_channel **channel_out);

/** End all questions, each with its callback; clears; takes NULL. */
void dns_channel_close(struct dns_channel **channel);

/** How many servers there are, 1 or more. */
size_t dns_channel_server_count(const struct dns_channel *channel);

/** Are all of them on loopback addresses? */
bool dns_channel_is_local(const struct dns_channel *channel);

/** Ask. @param arg  for `ended`, which comes once if this returns ENUM_OK
 *  @return ENUM_OK, ENUM_NO_MEMORY, ENUM_BAD_SYNTAX: no name of a domain */
MUST_USE enum enum_status dns_channel_send(struct dns_channel *channel,
					   const char *name, enum dns_type type,
					   dns_channel_fn *ended, void *arg);

#endif
