#define _POSIX_C_SOURCE 200809L /* fmemopen */

#include "tests/unit/unit.h"

#include "gateway/config.h"
#include "gateway/config_table.h"

/* Room for whatever is printed here. */
#define TEXT_SIZE 65536

static char printed[TEXT_SIZE], said[TEXT_SIZE];

static struct config *read_good(const char *yaml)
{
	FILE *errors = fmemopen(said, sizeof said, "w");
	struct config *config;
	enum gateway_status status;

	memset(said, 0, sizeof said);
	status = config_read_text("t.yaml", span_of(yaml), errors, &config);
	fclose(errors);
	assert_string_equal(said, "");
	assert_int_equal(status, GATEWAY_OK);
	return config;
}

static void dump(const struct config *config, bool changed_only)
{
	FILE *out = fmemopen(printed, sizeof printed, "w");

	memset(printed, 0, sizeof printed);
	assert_int_equal(config_dump(config, changed_only, out), GATEWAY_OK);
	fclose(out);
}

/* Print by a function into `printed`. */
static void print(void (*printer)(FILE *out))
{
	FILE *out = fmemopen(printed, sizeof printed, "w");

	memset(printed, 0, sizeof printed);
	printer(out);
	fclose(out);
}

/* A file of the project, TEST_DIR being tests/. */
static char *read_project_file(const char *path)
{
	char full[4096];
	char *content = calloc(1, TEXT_SIZE);
	struct text text;
	FILE *file;

	text_init(&text, full, sizeof full);
	text_addf(&text, TEST_DIR "/../%s", path);
	file = fopen(full, "r");
	assert_non_null(file);
	assert_non_null(content);
	assert_true(fread(content, 1, TEXT_SIZE - 1, file) > 0);
	fclose(file);
	return content;
}

static void the_sample_is_what_the_table_says(void **state)
{
	char *sample = read_project_file("config/imgw.yaml");

	(void)state;
	print(config_print_sample);
	assert_string_equal(sample, printed);
	free(sample);
}

static void the_sample_is_a_configuration(void **state)
{
	struct config *config;

	(void)state;
	print(config_print_sample);
	config = read_good(printed);
	assert_int_equal(config->later_count, 0);
	config_destroy(&config);
}

static void the_sample_is_one_with_every_option_put_in_force(void **state)
{
	FILE *errors = fmemopen(said, sizeof said, "w");
	struct config *config = NULL;
	unsigned errors_count = 0;
	char *c = printed;

	(void)state;
	memset(said, 0, sizeof said);
	print(config_print_sample);
	for (; (c = strchr(c, '#')); c++)
		if (c[1] != ' ')
			memmove(c, c + 1, strlen(c)); /* "#key: value" */
	assert_int_equal(
		config_read_text("t.yaml", span_of(printed), errors, &config),
		GATEWAY_BAD_CONFIG);
	fclose(errors);
	/* only the secrets are not there */
	assert_non_null(strstr(said, "secrets/component cannot be used"));
	assert_non_null(strstr(said, "secrets/users cannot be used"));
	assert_non_null(strstr(said, "secrets/replies cannot be used"));
	for (c = said; (c = strstr(c, "error: ")); c++)
		errors_count++;
	assert_int_equal(errors_count, 3);
	config_destroy(&config);
}

static void the_manual_lists_what_the_table_has(void **state)
{
	char *page = read_project_file("docs/imgw.yaml.5.scd");

	(void)state;
	print(config_print_manual);
	assert_non_null(strstr(page, printed));
	free(page);
}

static void
every_option_has_a_sentence_and_a_default_or_an_example(void **state)
{
	(void)state;
	for (size_t i = 0; i < config_table.count; i++) {
		const struct config_row *row = &config_table.rows[i];

		assert_true(row->text && *row->text);
		assert_int_not_equal(row->text[strlen(row->text) - 1], '.');
		if (row->kind != CONFIG_ABSENT)
			assert_true(row->initial || row->example);
	}
}

static void a_dump_reads_back_as_the_same_configuration(void **state)
{
	static char first[TEXT_SIZE];
	struct config *config = read_good(
		"sip: {listen: [\"udp:[::1]:5060\", tcp:127.0.0.2],"
		" trust: [10.0.0.0/8, \"2001:db8::/64\"]}\n"
		"admin: {token_file: \"a \\\"b\\\\\"}\n"
		"enum: [{name: a, apex: a.example, resolvers: [127.0.0.1]}]\n"
		"limits: {per_peer: 30/m, per_sender: 7/s, loop_count: off}\n"
		"queue: {retry: [90s, 1h], expire: 36h}\n"
		"routing: {numbers: [{match: \"+1\", to: "
		"\"im:a@b.example\"}]}\n");

	(void)state;
	dump(config, false);
	memcpy(first, printed, sizeof first);
	config_destroy(&config);
	config = read_good(first);
	dump(config, false);
	assert_string_equal(printed, first);
	config_destroy(&config);
}

static void a_diff_shows_what_was_changed_and_what_must_be_set(void **state)
{
	struct config *config =
		read_good("sip: {listen: [udp:127.0.0.1], deadline: 25000ms}\n"
			  "dns: {tries: 3, timeout: 2s}\n"
			  "log: {level: debug}\n");

	(void)state;
	dump(config, true);
	assert_string_equal(printed, "sip:\n"
				     "  listen: [\"udp:127.0.0.1:5060\"]\n"
				     "\n"
				     "dns:\n"
				     "  tries: 3\n"
				     "\n"
				     "log:\n"
				     "  level: debug\n");
	config_destroy(&config);
}

static void sec_15_a_secret_is_never_printed(void **state)
{
	struct config *config = read_good("sip: {listen: [udp:127.0.0.1]}\n");

	(void)state;
	config->xmpp.secret = strdup("s3cret");
	dump(config, false);
	assert_non_null(strstr(printed, "secret_file: (set)\n"));
	assert_null(strstr(printed, "s3cret"));
	config_destroy(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sample_is_what_the_table_says),
		cmocka_unit_test(the_sample_is_a_configuration),
		cmocka_unit_test(
			the_sample_is_one_with_every_option_put_in_force),
		cmocka_unit_test(the_manual_lists_what_the_table_has),
		cmocka_unit_test(
			every_option_has_a_sentence_and_a_default_or_an_example),
		cmocka_unit_test(a_dump_reads_back_as_the_same_configuration),
		cmocka_unit_test(
			a_diff_shows_what_was_changed_and_what_must_be_set),
		cmocka_unit_test(sec_15_a_secret_is_never_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
