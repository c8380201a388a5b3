#include "tests/unit/content_unit.h"

static const struct {
	const char *type, *disposition;
	int code; /* 0: shown */
} cases[] = {
	{ "text/plain", NULL, 0 },
	{ "text/plain", "render", 0 },
	{ "text/plain", "Render;handling=required", 0 },
	{ "text/plain", "inline ; handling=optional", 0 },
	{ "text/plain", "icon", 415 },
	{ "text/plain", "alert;handling=required", 415 },
	{ "text/plain", "session", 415 },
	{ "text/plain", "unheard-of", 415 },
	/* left out as asked; then nothing is left, and 202 would be a lie */
	{ "text/plain", "icon;handling=optional", 415 },
	{ "image/png", "render;handling=optional", 415 },
	{ "image/png", "render", 415 },
};

static void sip_4_the_disposition_of_the_whole_body_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct message *m =
			content_message(cases[i].type, NULL, "Hi", 2);
		struct outcome no = { .code = 0 };
		struct content content;
		bool shown;

		assert_non_null(m);
		assert_int_equal(message_set(&m->content_disposition,
					     cases[i].disposition),
				 GATEWAY_OK);
		shown = content_read(m, &content, &no);
		if (shown != (cases[i].code == 0) || no.code != cases[i].code)
			fail_msg("%s %s: %d", cases[i].type,
				 cases[i].disposition, no.code);
		content_clear(&content);
		message_destroy(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			sip_4_the_disposition_of_the_whole_body_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
