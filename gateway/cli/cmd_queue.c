#define _DEFAULT_SOURCE /* getopt_long */

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gateway/cli/admin_client.h"
#include "gateway/cli/cli.h"
#include "gateway/cli/queue_text.h"
#include "gateway/message.h"

struct request {
	const char *file;
	const char *act; /* "list", "show", ... */
	const char *id;	 /* or NULL */
	bool json, body;
};

enum { OPTION_BODY = 256 };

/* An id may begin like an option, and is longer than any of ours. */
static bool is_id(const char *text)
{
	return strlen(text) == MESSAGE_ID_SIZE - 1 &&
	       strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
			    "yz0123456789-_") == MESSAGE_ID_SIZE - 1;
}

/* Take such an id out. @return the count of what is left */
static int take_id(int argc, char **argv, const char **id_out)
{
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] != '-' || !is_id(argv[i]))
			continue;
		*id_out = argv[i];
		for (; i < argc; i++)
			argv[i] = argv[i + 1];
		return argc - 1;
	}
	return argc;
}

/* What is no option: [list], or an act and an id. */
static bool parse_words(int count, char **words, struct request *request)
{
	static const char *const acts[] = { "show", "retry", "hold", "drop" };

	if (count > 0)
		request->act = *words++, count--;
	if (count > 0 && !request->id)
		request->id = *words++, count--;
	if (count > 0)
		return false;
	if (strcmp(request->act, "list") == 0)
		return !request->id;
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
		if (strcmp(request->act, acts[i]) == 0)
			return request->id != NULL;
	return false;
}

/* @return CLI_YES to go on, else the exit code; -1: help was asked for */
static int parse(int argc, char **argv, struct request *request)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "body", no_argument, NULL, OPTION_BODY },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	argc = take_id(argc, argv, &request->id);
	while ((option = getopt_long(argc, argv, "c:jh", options, NULL)) >= 0) {
		switch (option) {
		case 'c': request->file = optarg; break;
		case 'j': request->json = true; break;
		case OPTION_BODY: request->body = true; break;
		case 'h': return -1;
		default: return CLI_USAGE;
		}
	}
	if (parse_words(argc - optind, argv + optind, request))
		return CLI_YES;
	fputs("imgw: what is to be done? list, or show, retry, hold or drop"
	      " and an id\n",
	      stderr);
	return CLI_USAGE;
}

static void print_json(json_t *object)
{
	(void)json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
}

/* list */

/* @return where the next page begins, 0: there is none */
static int64_t print_page(const struct request *request, json_t *page,
			  bool first)
{
	json_t *messages = json_object_get(page, "messages"), *message;
	size_t i;

	if (first && json_array_size(messages) > 0 && !request->json)
		queue_text_head(stdout);
	json_array_foreach(messages, i, message)
	{
		if (request->json)
			print_json(message);
		else
			queue_text_row(message, stdout);
	}
	return json_integer_value(json_object_get(page, "next"));
}

static enum cli_exit print_foot(struct admin_client *client)
{
	json_t *status;
	enum cli_exit code = admin_client_ask(client, "GET", "status", &status);

	if (code != CLI_YES)
		return code;
	queue_text_foot(json_object_get(status, "queue"), stdout);
	json_decref(status);
	return CLI_YES;
}

static enum cli_exit list(const struct request *request,
			  struct admin_client *client)
{
	int64_t after = 0;
	enum cli_exit code;

	do {
		char place[64];
		struct text text;
		json_t *page;
		int64_t next;

		text_init(&text, place, sizeof place);
		text_addf(&text, "queue?after=%" PRId64, after);
		code = admin_client_ask(client, "GET", place, &page);
		if (code != CLI_YES)
			return code;
		next = print_page(request, page, after == 0);
		json_decref(page);
		after = next > after ? next : 0;
	} while (after > 0);
	return request->json ? CLI_YES : print_foot(client);
}

/* one message */

static void print_change(json_t *answer)
{
	const char *id = json_string_value(json_object_get(answer, "id"));
	const char *state = json_string_value(json_object_get(answer, "state"));

	printf("%s: %s\n", id ? id : "?", state ? state : "?");
	if (json_is_false(json_object_get(answer, "sender_told")))
		fputs("imgw: its sender is not told: he did not ask for reports"
		      " of failures, or cannot be told now\n",
		      stderr);
}

static void print_answer(const struct request *request, json_t *answer)
{
	if (request->json)
		print_json(answer);
	else if (strcmp(request->act, "show") == 0)
		queue_text_message(answer, stdout);
	else
		print_change(answer);
}

static enum cli_exit one(const struct request *request,
			 struct admin_client *client)
{
	bool show = strcmp(request->act, "show") == 0;
	char place[128];
	struct text text;
	json_t *answer;
	enum cli_exit code;

	if (!is_id(request->id)) {
		fputs("imgw: no message can have this id\n", stderr);
		return CLI_NO;
	}
	text_init(&text, place, sizeof place);
	text_addf(&text, "queue/%s", request->id);
	if (!show)
		text_addf(&text, "/%s", request->act);
	else if (request->body)
		text_add(&text, "?body=1");
	code = admin_client_ask(client, show ? "GET" : "POST", place, &answer);
	if (code != CLI_YES)
		return code;
	print_answer(request, answer);
	json_decref(answer);
	return CLI_YES;
}

static int ask(const struct request *request, const char *socket)
{
	struct admin_client *client = admin_client_create(socket);
	enum cli_exit code;

	if (!client) {
		fputs("imgw: out of memory\n", stderr);
		return CLI_TRY_LATER;
	}
	code = request->id ? one(request, client) : list(request, client);
	admin_client_destroy(&client);
	return (int)code;
}

static int run(int argc, char **argv)
{
	struct request request = { .file = CLI_CONFIG_FILE, .act = "list" };
	struct config *config = NULL;
	int code = parse(argc, argv, &request);

	if (code != CLI_YES)
		return cli_help(&cmd_queue, code < 0 ? CLI_YES : CLI_USAGE);
	code = cli_read_config(request.file, &config);
	if (code == CLI_YES)
		code = ask(&request, config->admin.socket);
	config_destroy(&config);
	return code;
}

const struct cli_command cmd_queue = {
	.name = "queue",
	.summary = "list, show, retry, hold or drop queued messages",
	.help = "usage: imgw queue [list] [options]\n"
		"       imgw queue show|retry|hold|drop ID [options]\n"
		"Asks the running gateway over its admin.socket. Shown are"
		" who, where and when; what\n"
		"is written only with --body.\n"
		"  list     what waits, oldest first\n"
		"  show     all that is known of a message\n"
		"  retry    due now, held or not\n"
		"  hold     not before it is told to retry\n"
		"  drop     remove; a sender who asked for failure reports gets"
		" one\n"
		"  -c, --config FILE   default " CLI_CONFIG_FILE "\n"
		"  -j, --json          one JSON object a message\n"
		"      --body          show what is written, too\n"
		"exit: 0 yes, 1 no gateway answers, or not now, 2 no such"
		" message, 64 usage,\n"
		"78 bad configuration\n",
	.run = run,
};
