#include "gateway/cli/cli.h"

#include <stdio.h>
#include <string.h>

static void print_usage(const struct cli_command *const *commands, FILE *out)
{
	fputs("imgw " IMGW_VERSION
	      " - carries messages for phone numbers to instant messaging, and"
	      " back\n"
	      "usage: imgw <command> [options]\n",
	      out);
	for (; *commands; commands++)
		fprintf(out, "  %-15s %s\n", (*commands)->name,
			(*commands)->summary);
	fputs("  help COMMAND    say more about a command\n"
	      "\n"
	      "  -c, --config FILE   default " CLI_CONFIG_FILE "\n"
	      "  -h, --help\n"
	      "      --version       version, and those of the libraries\n"
	      "exit: 0 yes, 1 try later, 2 no, 64 usage, 78 bad"
	      " configuration\n",
	      out);
}

static int print_version(void)
{
	puts("imgw " IMGW_VERSION);
#ifdef IMGW_LIBRARIES /* what it was built with; CMakeLists.txt */
	puts(IMGW_LIBRARIES);
#endif
	return CLI_YES;
}

static const struct cli_command *find(const struct cli_command *const *commands,
				      const char *name)
{
	for (; *commands; commands++)
		if (strcmp((*commands)->name, name) == 0)
			return *commands;
	return NULL;
}

static int no_command(const struct cli_command *const *commands,
		      const char *name)
{
	if (name)
		fprintf(stderr, "imgw: no such command \"%s\"\n", name);
	print_usage(commands, stderr);
	return CLI_USAGE;
}

static int help(const struct cli_command *const *commands, const char *name)
{
	const struct cli_command *command;

	if (!name) {
		print_usage(commands, stdout);
		return CLI_YES;
	}
	command = find(commands, name);
	return command ? cli_help(command, CLI_YES)
		       : no_command(commands, name);
}

int cli_main(const struct cli_command *const *commands, int argc, char **argv)
{
	const struct cli_command *command;
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name)
		return no_command(commands, NULL);
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		return help(commands, NULL);
	if (strcmp(name, "--version") == 0)
		return print_version();
	if (strcmp(name, "help") == 0)
		return help(commands, argc > 2 ? argv[2] : NULL);
	command = find(commands, name);
	if (!command)
		return no_command(commands, name);
	return command->run(argc - 1, argv + 1);
}

int cli_help(const struct cli_command *command, int code)
{
	fputs(command->help, code == CLI_YES ? stdout : stderr);
	return code;
}

int cli_read_config(const char *file, struct config **config_out)
{
	enum gateway_status status = config_read(file, stderr, config_out);

	if (status == GATEWAY_OK)
		return CLI_YES;
	if (status != GATEWAY_NO_MEMORY)
		return CLI_BAD_CONFIG;
	fprintf(stderr, "imgw: %s\n", gateway_status_text(status));
	return CLI_TRY_LATER;
}
