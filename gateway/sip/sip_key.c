#include "gateway/sip/sip_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

/** What branches begin with since RFC 3261, 8.1.1.7. */
#define MAGIC_COOKIE "z9hG4bK"

#define SECRET_SIZE  16

struct sipside_keys {
	struct loop *loop;
	EVP_MAC_CTX *siphash; /* 128 bits of it: equal keys, equal texts */
	unsigned char secret[SECRET_SIZE];
};

struct sipside_keys *sipside_keys_create(struct loop *loop)
{
	struct sipside_keys *keys = calloc(1, sizeof *keys);
	EVP_MAC *mac;

	if (!keys)
		return NULL;
	keys->loop = loop;
	loop_random(loop, keys->secret, sizeof keys->secret);
	mac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_SIPHASH, NULL);
	keys->siphash = mac ? EVP_MAC_CTX_new(mac) : NULL;
	EVP_MAC_free(mac);
	if (!keys->siphash) {
		free(keys);
		return NULL;
	}
	return keys;
}

void sipside_keys_destroy(struct sipside_keys *keys)
{
	if (!keys)
		return;
	EVP_MAC_CTX_free(keys->siphash);
	free(keys);
}

/* The octet behind each part keeps it out of its neighbour. */
static bool feed(EVP_MAC_CTX *siphash, struct span part)
{
	return EVP_MAC_update(siphash, (const unsigned char *)part.at,
			      part.len) &&
	       EVP_MAC_update(siphash, (const unsigned char *)"", 1);
}

static struct sipside_key key_of(struct sipside_keys *keys,
				 const struct span *parts, size_t count)
{
	struct sipside_key key;
	size_t size = 0;
	bool done = EVP_MAC_init(keys->siphash, keys->secret,
				 sizeof keys->secret, NULL);

	for (size_t i = 0; done && i < count; i++)
		done = feed(keys->siphash, parts[i]);
	done = done && EVP_MAC_final(keys->siphash, (unsigned char *)key.part,
				     &size, sizeof key.part);
	/* fails without memory only: then it is like no other */
	if (!done || size != sizeof key.part)
		loop_random(keys->loop, key.part, sizeof key.part);
	return key;
}

/* RFC 4475, 3.2.1: the cookie alone is no identifier. */
static bool is_unique(const char *branch)
{
	const struct span text = span_of(branch);

	return span_starts_nocase(text, MAGIC_COOKIE) &&
	       text.len > strlen(MAGIC_COOKIE);
}

struct sipside_key sipside_key_of_request(struct sipside_keys *keys,
					  const sip_t *sip, struct span uri,
					  const char *method)
{
	const sip_via_t *via = sip->sip_via;
	const uint32_t number = sip->sip_cseq->cs_seq;
	const struct span parts[] = {
		span_of(via->v_branch),
		span_of(via->v_host),
		span_of(via->v_port),
		span_of(method),
		{ (const char *)&number, sizeof number },
		span_of(sip->sip_call_id->i_id),
		span_of(sip->sip_from->a_tag),
		/* RFC 2543 */
		uri,
		span_of(sip->sip_to->a_tag),
	};
	const size_t count = sizeof parts / sizeof parts[0];

	return key_of(keys, parts,
		      is_unique(via->v_branch) ? count - 2 : count);
}

struct sipside_key sipside_key_of_merged(const struct sipside *side,
					 const sip_t *sip)
{
	const uint32_t number = sip->sip_cseq->cs_seq;
	const struct span parts[] = {
		span_of(sip->sip_call_id->i_id),
		span_of(sip->sip_from->a_tag),
		{ (const char *)&number, sizeof number },
		span_of(sip->sip_cseq->cs_method_name),
		sipside_last_mark(side, sip),
	};

	return key_of(side->keys, parts, sizeof parts / sizeof parts[0]);
}

/* All Routes from here on, as they stand on the wire. */
static const char *write_routes(const sip_route_t *route, su_home_t *home)
{
	const char *text = "", *one;

	for (; route && text; route = route->r_next) {
		one = url_as_string(home, route->r_url);
		text = one ? su_sprintf(home, "%s<%s>", text, one) : NULL;
	}
	return text;
}

struct sipside_key sipside_key_of_loop(const struct sipside_request *request)
{
	const sip_t *sip = request->sip;
	const uint32_t number = sip->sip_cseq->cs_seq;
	const struct span parts[] = {
		span_of(sip->sip_call_id->i_id),
		span_of(sip->sip_from->a_tag),
		span_of(sip->sip_to->a_tag),
		{ (const char *)&number, sizeof number },
		request->uri,
		span_of(write_routes(request->route, msg_home(request->msg))),
		span_of(request->skip_enum ? "enumdi" : ""),
	};

	return key_of(request->side->keys, parts,
		      sizeof parts / sizeof parts[0]);
}

void sipside_key_tag(const struct sipside_key *key, char out[SIPSIDE_TAG_SIZE])
{
	struct text text;

	text_init(&text, out, SIPSIDE_TAG_SIZE);
	text_addf(&text, "%016" PRIx64, key->part[1]);
}
