#ifndef IMGW_TESTS_NET_FAKE_H
#define IMGW_TESTS_NET_FAKE_H

/** Loop, scripted DNS and cache together: what a test of stops 3 to 5 needs
 *  around the code under test. */

#include "enum/cache.h"
#include "tests/fake/dns_fake.h"
#include "tests/fake/loop_fake.h"

struct net_fake {
	struct loop *loop;
	struct dns_fake *script;
	struct dns *dns;
	struct cache *cache;
};

/** @param zone  lines for dns_fake_zone, one a line; or NULL
 *  @return false: out of memory; net_fake_close in any case */
bool net_fake_open(struct net_fake *net, const char *zone);

void net_fake_close(struct net_fake *net);

/** All questions so far, "name/TYPE name/TYPE", cut when too long. */
void net_fake_asked(const struct net_fake *net, char *out, size_t size);

#endif
