#define _DEFAULT_SOURCE /* getopt_long */

#include <getopt.h>
#include <stdio.h>

#include "gateway/cli/cli.h"

/* What is asked for. */
struct request {
	const char *file;
	bool quiet, dump, diff, sample, manual;
};

enum { OPTION_DUMP = 256, OPTION_DIFF, OPTION_SAMPLE, OPTION_MANUAL };

/* @return CLI_YES to go on, else the exit code; -1: help was asked for */
static int parse(int argc, char **argv, struct request *request)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "dump", no_argument, NULL, OPTION_DUMP },
		{ "diff", no_argument, NULL, OPTION_DIFF },
		{ "print-sample", no_argument, NULL, OPTION_SAMPLE },
		{ "print-manual", no_argument, NULL, OPTION_MANUAL },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "c:qh", options, NULL)) >= 0) {
		switch (option) {
		case 'c': request->file = optarg; break;
		case 'q': request->quiet = true; break;
		case OPTION_DUMP: request->dump = true; break;
		case OPTION_DIFF: request->diff = true; break;
		case OPTION_SAMPLE: request->sample = true; break;
		case OPTION_MANUAL: request->manual = true; break;
		case 'h': return -1;
		default: return CLI_USAGE;
		}
	}
	return optind < argc ? CLI_USAGE : CLI_YES;
}

static int check(const struct request *request)
{
	struct config *config = NULL;
	int code = cli_read_config(request->file, &config);

	if (code != CLI_YES)
		return code;
	if (!request->quiet)
		config_print_warnings(config, stderr);
	if (request->dump || request->diff) {
		if (config_dump(config, request->diff, stdout) != GATEWAY_OK)
			code = CLI_TRY_LATER;
	} else if (!request->quiet) {
		printf("%s: good\n", request->file);
	}
	config_destroy(&config);
	return code;
}

static int run(int argc, char **argv)
{
	struct request request = { .file = CLI_CONFIG_FILE };
	int code = parse(argc, argv, &request);

	if (code != CLI_YES)
		return cli_help(&cmd_check, code < 0 ? CLI_YES : CLI_USAGE);
	if (request.sample)
		config_print_sample(stdout);
	else if (request.manual)
		config_print_manual(stdout);
	else
		return check(&request);
	return CLI_YES;
}

const struct cli_command cmd_check = {
	.name = "check-config",
	.summary = "check the configuration; show what is in force",
	.help = "usage: imgw check-config [options]\n"
		"Every mistake is told in one go, with file, line and"
		" column.\n"
		"  -c, --config FILE   default " CLI_CONFIG_FILE "\n"
		"  -q, --quiet         errors only\n"
		"      --dump          print every option with the value in"
		" force\n"
		"      --diff          print those that differ from the"
		" default\n"
		"      --print-sample  print a sample file; reads none\n"
		"      --print-manual  print the option list of imgw.yaml(5);"
		" reads none\n"
		"exit: 0 good, 78 bad configuration, 64 usage\n",
	.run = run,
};
