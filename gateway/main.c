#define _DEFAULT_SOURCE /* getopt_long */

#include <getopt.h>

#include "gateway/app.h"
#include "gateway/cli/cli.h"
#include "gateway/log.h"

static const struct cli_command cmd_run;

/* An option that does nothing is said to do nothing. */
static void log_later(const struct config *config)
{
	for (size_t i = 0; i < config->later_count; i++)
		log_event(LOG_LEVEL_WARNING, "option-not-in-force",
			  FIELD_TEXT("option", config->later[i].option),
			  FIELD_TEXT("file", config->file),
			  FIELD_INT("line", config->later[i].line));
}

static int run_with(const char *file)
{
	struct config *config = NULL;
	int code = cli_read_config(file, &config);

	if (code != CLI_YES)
		return code;
	log_open(&config->log);
	log_later(config);
	code = app_run(config);
	config_destroy(&config);
	return code;
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *file = CLI_CONFIG_FILE;
	int option;

	while ((option = getopt_long(argc, argv, "c:h", options, NULL)) >= 0) {
		if (option == 'h')
			return cli_help(&cmd_run, CLI_YES);
		if (option != 'c')
			return cli_help(&cmd_run, CLI_USAGE);
		file = optarg;
	}
	if (optind < argc)
		return cli_help(&cmd_run, CLI_USAGE);
	return run_with(file);
}

static const struct cli_command cmd_run = {
	.name = "run",
	.summary = "run the gateway in the foreground",
	.help = "usage: imgw run [options]\n"
		"Logs to stderr, or to the journal under systemd. SIGTERM stops"
		" taking messages,\n"
		"finishes what is in flight and ends. SIGHUP checks the file"
		" again.\n"
		"  -c, --config FILE   default " CLI_CONFIG_FILE "\n"
		"exit: 0 stopped as asked, 1 could not start, 64 usage,"
		" 78 bad configuration\n",
	.run = run,
};

int main(int argc, char **argv)
{
	static const struct cli_command *const commands[] = {
		&cmd_run, &cmd_check, &cmd_resolve, &cmd_queue, NULL
	};

	return cli_main(commands, argc, argv);
}
