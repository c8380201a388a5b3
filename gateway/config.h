#ifndef IMGW_GATEWAY_CONFIG_H
#define IMGW_GATEWAY_CONFIG_H

/** The configuration: one option table (config_table.c) feeds the reader, the
 *  checks, --dump, the sample file and the man page imgw.yaml(5). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "gateway/admission.h"
#include "gateway/listen.h"
#include "gateway/log.h"
#include "gateway/status.h"
#include "routing/policy.h"

enum config_dnssec {
	CONFIG_DNSSEC_OFF,
	CONFIG_DNSSEC_PREFER,
	CONFIG_DNSSEC_REQUIRE,
	CONFIG_DNSSEC_INHERIT /* only in an entry of enum: as dns.dnssec */
};
enum config_private {
	CONFIG_PRIVATE_AUTO,
	CONFIG_PRIVATE_ALLOW,
	CONFIG_PRIVATE_REFUSE
};
enum config_service { CONFIG_SERVICE_IM };
enum config_reply_from { CONFIG_REPLY_FROM_JID, CONFIG_REPLY_FROM_NUMBER };

/** A host's address and port. Port 0: not set. */
struct config_address {
	char address[DNS_ADDRESS_SIZE]; /* numeric, no brackets */
	uint16_t port;
};

/** One tree to ask for numbers. */
struct config_enum {
	char *name, *apex;
	char **match; /* number prefixes: "+", "+1", ... */
	size_t match_count;
	enum config_service *services;
	size_t service_count;
	struct config_address *resolvers; /* none: dns.resolvers */
	size_t resolver_count;
	enum config_dnssec dnssec;
};

/** An option that an operator should hear about, and where it was given. */
struct config_later {
	const char *option; /* static: "queue.store" */
	int line, column;   /* from 1 */
};

/** Most entries of `later`. */
#define CONFIG_LATER_MAX 24

/** What is in force: defaults filled in, paths made relative to the file's
 *  folder, secrets read. Every member says which option it is. */
struct config {
	char *file; /* as given */
	struct config_later later[CONFIG_LATER_MAX];
	size_t later_count;
	/* sip.tls.cert_file, when it ends in TLS_FILES_SOON_DAYS; else line 0 */
	struct config_later ends_soon;

	char *node;
	uint64_t workers; /* 0: auto */
	struct {
		struct listen_address *listen;
		size_t listen_count;
		char **domains;
		size_t domain_count;
		struct admission_range *trust, *admit;
		size_t trust_count, admit_count;
		int64_t attempt_timeout_ms, connect_timeout_ms, deadline_ms;
		uint64_t transactions_max;
		struct {
			uint64_t total, per_peer;
			int64_t idle_ms, message_ms;
		} connections;
		struct {
			char *cert_file, *key_file, *ca_file;
			bool verify;
		} tls;
		struct {
			struct admission_range *require;
			size_t require_count;
			char *realm, *users; /* NULL: nobody is challenged */
			int64_t nonce_life_ms;
		} auth;
	} sip;
	struct {
		struct config_address *resolvers; /* none: resolv.conf */
		size_t resolver_count;
		enum config_dnssec dnssec;
		int64_t timeout_ms;
		uint64_t tries;
		uint64_t cache_entries, in_flight;
	} dns;
	struct config_enum *enums;
	size_t enum_count;
	struct {
		enum protocol *prefer;
		size_t prefer_count;
		char *fallback; /* or NULL */
		struct policy_number *numbers;
		size_t number_count;
		bool final_4xx;		  /* final_class: rfc | 4xx */
		bool strict;		  /* service_unavailable: 480 | 403 */
		bool numbers_as_sip;	  /* number_uri: tel | sip */
		bool ruri_host_is_target; /* ruri_host: domain | target */
		enum config_private private_targets;
		uint64_t relays_max;
		int64_t pause_max_ms; /* 0: no pause */
		bool drop_expired;
		bool redirects;
	} routing;
	struct {
		/* messages a second, 0: off */
		double per_peer, per_admitted_peer, per_sender, per_recipient;
		uint64_t loop_count; /* 0: off */
		int64_t loop_window_ms;
		int64_t repeat_window_ms; /* 0: off */
	} limits;
	struct {
		char *domain; /* NULL: no XMPP side */
		bool type_chat;
		int64_t error_wait_ms;
		uint64_t queue_max;
		uint64_t reports_max;
		int64_t report_age_ms;
		struct config_address connect; /* component.connect */
		char *secret; /* read from component.secret_file */
	} xmpp;
	struct {
		char *next_hop; /* or NULL */
		enum config_reply_from from;
		bool sip_addresses;
		int64_t binding_age_ms;
		struct {
			char *user; /* NULL: no challenge is answered */
			char *password, *realm;
		} auth;
	} replies;
	struct {
		char *store; /* NULL: off */
		enum protocol *hold;
		size_t hold_count;
		int64_t *retry_ms;
		size_t retry_count;
		int64_t expire_ms, lease_ms;
		uint64_t max;
		bool failure_text;
	} queue;
	struct log_options log;
	struct {
		struct config_address listen;
		char *socket, *token_file;
	} admin;
};

/** Read, check, fill in. Every mistake is written, FILE:LINE:COL: error:
 *  what, a caret, what to do; several in one go.
 *  @param errors  where mistakes go, usually stderr
 *  @param config_out  the caller's: config_destroy; NULL when it failed
 *  @return GATEWAY_OK, GATEWAY_BAD_CONFIG, GATEWAY_CANNOT_READ (said why),
 *          GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status config_read(const char *file, FILE *errors,
					 struct config **config_out);

/** The same for YAML that is in memory.
 *  @param file  its name in messages; relative paths start in its folder
 *  @return GATEWAY_OK, GATEWAY_BAD_CONFIG, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status config_read_text(const char *file,
					      struct span yaml, FILE *errors,
					      struct config **config_out);

/** Free; clears; takes NULL. Secrets are wiped. */
void config_destroy(struct config **config);

/** Write FILE:LINE:COL: warning: ... for each option that was given but does
 *  nothing in this version, and for a certificate that ends soon. */
void config_print_warnings(const struct config *config, FILE *out);

/** Print every option with the value in force, as YAML; with `changed_only`
 *  those that differ from the default. Secrets as "(set)".
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status config_dump(const struct config *config,
					 bool changed_only, FILE *out);

/** Print the sample file config/imgw.yaml: every option, its default and its
 *  sentence. */
void config_print_sample(FILE *out);

/** Print the option list of imgw.yaml(5) in scdoc format. */
void config_print_manual(FILE *out);

/** The pause that repeats in the end (queue.retry). */
int64_t config_last_retry_ms(const struct config *config);

#endif
