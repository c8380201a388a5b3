#define _POSIX_C_SOURCE 200809L /* fmemopen, mkdtemp, open_memstream */

#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "gateway/config.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define HASH	     "0123456789abcdef0123456789abcdef"

/* What was said about the last file. */
static char said[8192];

static struct {
	char path[64], file[96], users[96], password[96];
} folder;

static void name(char *out, size_t size, const char *file)
{
	struct text text;

	text_init(&text, out, size);
	text_addf(&text, "%s/%s", folder.path, file);
}

static void write_file(const char *path, const char *content, mode_t mode)
{
	FILE *file;

	(void)unlink(path);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(content, file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static int make_folder(void **state)
{
	struct text text;

	(void)state;
	text_init(&text, folder.path, sizeof folder.path);
	text_add(&text, "/tmp/imgw-auth-XXXXXX");
	assert_non_null(mkdtemp(folder.path));
	name(folder.file, sizeof folder.file, "t.yaml");
	name(folder.users, sizeof folder.users, "users");
	name(folder.password, sizeof folder.password, "password");
	write_file(folder.users, "bob:gw:" HASH "\n", 0600);
	write_file(folder.password, "zanzibar\n", 0600);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	(void)unlink(folder.users);
	(void)unlink(folder.password);
	return rmdir(folder.path);
}

/* @param auth     of sip.auth, or ""
 *  @param replies  of replies.auth, or "" */
static struct config *read_auth(const char *auth, const char *replies)
{
	FILE *errors = fmemopen(said, sizeof said, "w");
	struct config *config = NULL;
	char yaml[1024];
	struct text text;

	assert_non_null(errors);
	memset(said, 0, sizeof said);
	text_init(&text, yaml, sizeof yaml);
	text_addf(&text,
		  "sip: {listen: [\"udp:127.0.0.2:5060\"], auth: {%s}}\n"
		  "replies: {auth: {%s}}\n",
		  auth, replies);
	assert_false(text.cut);
	if (config_read_text(folder.file, span_of(yaml), errors, &config) !=
	    GATEWAY_OK)
		assert_null(config);
	fclose(errors);
	return config;
}

static const struct {
	const char *auth, *replies;
	const char *said; /* NULL: nothing is wrong */
} cases[] = {
	{ "", "", NULL },
	{ "require: [192.0.2.0/24], realm: gw, users_file: users", "", NULL },
	{ "require: [192.0.2.1], users_file: users", "", "needs a realm" },
	{ "require: [192.0.2.1], realm: gw", "", "needs a users_file" },
	{ "realm: gw, users_file: users", "",
	  "nobody is challenged without sip.auth.require" },
	{ "users_file: users", "",
	  "nobody is challenged without sip.auth.require" },
	{ "require: [192.0.2.1], realm: other, users_file: users", "",
	  "no line of it is for our realm" },
	{ "require: [192.0.2.1], realm: 'a\"b', users_file: users", "",
	  "a digest cannot hold this text" },
	{ "require: [192.0.2.1], realm: gw, users_file: nowhere", "",
	  "No such file" },
	{ "require: [everybody], realm: gw, users_file: users", "",
	  "is not an address range" },
	{ "", "user: imgw, password_file: password", NULL },
	{ "", "user: imgw, password_file: password, realm: 'a:b'", NULL },
	{ "", "user: imgw", "needs a password_file" },
	{ "", "password_file: password", "needs a user" },
	{ "", "realm: r", "needs a user" },
	{ "", "user: 'a:b', password_file: password",
	  "a digest cannot hold this text" },
};

static void sip_34_35_options_that_go_together_are_asked_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct config *config =
			read_auth(cases[i].auth, cases[i].replies);

		if ((config == NULL) != (cases[i].said != NULL) ||
		    !strstr(said, cases[i].said ? cases[i].said : ""))
			fail_msg("case %zu: %s", i, said);
		config_destroy(&config);
	}
}

static const struct {
	const char *content;
	mode_t mode;
	const char *said; /* NULL: it is taken */
} files[] = {
	{ "# two\nbob:gw:" HASH "\r\n\nbob:gw:" HASH HASH, 0400, NULL },
	{ "bob:gw:" HASH, 0640, "group or others may read it" },
	{ "bob:gw:" HASH "\nal:gw:s3cret\n", 0600,
	  "line 2: the hash has not 32 or 64 hexadecimal digits" },
	{ "s3cret\n", 0600, "line 1: not user:realm:hash" },
	{ "", 0600, "no line of it is for our realm" },
};

static void sec_15_sip_35_a_users_file_is_checked_and_never_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		struct config *config;

		write_file(folder.users, files[i].content, files[i].mode);
		config = read_auth("require: [192.0.2.1], realm: gw,"
				   " users_file: users",
				   "");
		assert_int_equal(config == NULL, files[i].said != NULL);
		assert_non_null(
			strstr(said, files[i].said ? files[i].said : ""));
		assert_null(strstr(said, "s3cret"));
		config_destroy(&config);
	}
}

static void sec_15_hashes_and_passwords_are_not_dumped(void **state)
{
	struct config *config =
		read_auth("require: [192.0.2.1], realm: gw, users_file: users",
			  "user: imgw, password_file: password");
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(config);
	assert_string_equal(config->replies.auth.password, "zanzibar");
	assert_int_equal(config_dump(config, false, out), GATEWAY_OK);
	fclose(out);
	assert_non_null(strstr(text, "users_file: (set)"));
	assert_non_null(strstr(text, "password_file: (set)"));
	assert_null(strstr(text, "zanzibar"));
	assert_null(strstr(text, HASH));
	free(text);
	config_destroy(&config);
}

#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(sip_34_35_options_that_go_together_are_asked_for),
		WITH(sec_15_sip_35_a_users_file_is_checked_and_never_shown),
		WITH(sec_15_hashes_and_passwords_are_not_dumped),
	};

	return cmocka_run_group_tests_name("config_auth", tests, NULL, NULL);
}
