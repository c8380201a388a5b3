#include "tests/unit/sip_live.h"

#include "gateway/sip/sip_digest.h"

#define REALM	 "gw.example.net"
#define NONCE_MS 200

static char users[512];
static struct admission_range require;

static void add_user(struct text *out, enum sipside_digest_algorithm algorithm)
{
	char hash[SIPSIDE_DIGEST_SIZE];

	assert_true(sipside_digest_secret(algorithm, span_of("bob"),
					  span_of(REALM), "zanzibar", hash));
	text_addf(out, "bob:%s:%s\n", REALM, hash);
}

static int open_with(bool sha256, enum admission_trust trust)
{
	struct sipside_options options;
	struct text text;

	text_init(&text, users, sizeof users);
	add_user(&text, SIPSIDE_DIGEST_MD5);
	if (sha256)
		add_user(&text, SIPSIDE_DIGEST_SHA256);
	assert_true(admission_range_parse("127.0.0.1", &require));
	live_reserve();
	live.trust = trust;
	options = live_options();
	options.auth = (struct sipside_auth){ .require = &require,
					      .require_count = 1,
					      .realm = REALM,
					      .users = users,
					      .nonce_life_ms = NONCE_MS };
	live_open_with(&options);
	return 0;
}

static int open_guarded(void **state)
{
	(void)state;
	return open_with(true, ADMISSION_NOBODY);
}

static int open_md5(void **state)
{
	(void)state;
	return open_with(false, ADMISSION_TRUSTED);
}

/* The nonce that a message without credentials gets. */
static void ask(char nonce[64])
{
	const char *text, *at;

	live_send(&(struct live_request){ .branch = "ask" });
	text = live_receive(live.peer);
	assert_int_equal(atoi(text + strlen("SIP/2.0 ")), 407);
	at = strstr(text, "nonce=\"");
	assert_non_null(at);
	at += strlen("nonce=\"");
	assert_true(
		span_copy((struct span){ at, strcspn(at, "\"") }, nonce, 64));
}

static const char *credentials(const char *nonce, const char *more)
{
	static char header[1024];
	char secret[SIPSIDE_DIGEST_SIZE], response[SIPSIDE_DIGEST_SIZE];
	const struct sipside_digest d = { .algorithm = SIPSIDE_DIGEST_MD5,
					  .nonce = span_of(nonce),
					  .uri = span_of("tel:+12025550100"),
					  .qop = span_of("auth"),
					  .count = span_of("00000001"),
					  .cnonce = span_of("c") };

	assert_true(sipside_digest_secret(SIPSIDE_DIGEST_MD5, span_of("bob"),
					  span_of(REALM), "zanzibar", secret));
	assert_true(sipside_digest_respond(&d, secret, "MESSAGE", response));
	snprintf(header, sizeof header,
		 "Proxy-Authorization: Digest username=\"bob\",realm=\"%s\","
		 "nonce=\"%s\",uri=\"tel:+12025550100\",response=\"%s\","
		 "qop=auth,nc=00000001,cnonce=\"c\"\r\n%s",
		 REALM, nonce, response, more);
	return header;
}

#define IDENTITY "P-Asserted-Identity: <tel:+12025550111>\r\n"

static void sip_35_a_password_admits_but_makes_nobody_believed(void **state)
{
	const struct message *m;
	char nonce[64];

	(void)state;
	ask(nonce);
	m = live_take(&(struct live_request){
		.headers = credentials(nonce, IDENTITY) });
	assert_null(m->asserted);
}

static void sip_35_who_is_trusted_is_believed_behind_his_password(void **state)
{
	const struct message *m;
	char nonce[64];

	(void)state;
	ask(nonce);
	m = live_take(&(struct live_request){
		.headers = credentials(nonce, IDENTITY) });
	assert_string_equal(m->asserted, "tel:+12025550111");
}

static void sip_35_only_hashes_that_we_have_are_offered(void **state)
{
	const char *text;

	(void)state;
	live_send(&(struct live_request){ 0 });
	text = live_receive(live.peer);
	assert_int_equal(live_times(text, "\r\nProxy-Authenticate: "), 1);
	assert_non_null(strstr(live_header(text, "Proxy-Authenticate"),
			       "algorithm=MD5"));
}

static void sip_35_an_old_nonce_is_stale(void **state)
{
	const char *text;
	char nonce[64];

	(void)state;
	ask(nonce);
	live_run(NONCE_MS + 20);
	live_send(&(struct live_request){ .headers = credentials(nonce, "") });
	text = live_receive(live.peer);
	assert_int_equal(live_times(text, "stale=true"), 2);
	assert_int_equal(live.count, 0);
}

/* Nothing is judged after good credentials, or they would be lost. */
static void sip_35_what_is_refused_anyway_costs_no_nonce(void **state)
{
	char nonce[64];

	(void)state;
	ask(nonce);
	assert_int_equal(live_ask(&(struct live_request){
				 .line = "MESSAGE tel:1 SIP/2.0",
				 .branch = "bad",
				 .headers = credentials(nonce, "") }),
			 400);
	(void)live_take(
		&(struct live_request){ .headers = credentials(nonce, "") });
}

static void sip_35_without_require_nobody_is_challenged(void **state)
{
	(void)state;
	(void)live_take(
		&(struct live_request){ .headers = credentials("n", "") });
}

#define GUARDED(test) \
	cmocka_unit_test_setup_teardown(test, open_guarded, live_close)
#define MD5_ONLY(test) \
	cmocka_unit_test_setup_teardown(test, open_md5, live_close)
#define LIVE(test) cmocka_unit_test_setup_teardown(test, live_open, live_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUARDED(sip_35_a_password_admits_but_makes_nobody_believed),
		MD5_ONLY(sip_35_who_is_trusted_is_believed_behind_his_password),
		MD5_ONLY(sip_35_only_hashes_that_we_have_are_offered),
		GUARDED(sip_35_an_old_nonce_is_stale),
		GUARDED(sip_35_what_is_refused_anyway_costs_no_nonce),
		LIVE(sip_35_without_require_nobody_is_challenged),
	};

	return cmocka_run_group_tests_name("sip_challenge", tests, NULL, NULL);
}
