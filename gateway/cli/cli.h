#ifndef IMGW_GATEWAY_CLI_CLI_H
#define IMGW_GATEWAY_CLI_CLI_H

/** The command line: data on stdout, errors on stderr, and exit codes that
 *  scripts rely on. */

#include "gateway/config.h"

/** Exit codes of all commands. */
enum cli_exit {
	CLI_YES = 0,
	CLI_TRY_LATER = 1, /* also: the machine is out of something */
	CLI_NO = 2,
	CLI_USAGE = 64,
	CLI_BAD_CONFIG = 78
};

#define CLI_CONFIG_FILE "/etc/imgw/imgw.yaml"

struct cli_command {
	const char *name;
	const char *summary; /* for `imgw --help` */
	const char *help;    /* for `imgw help COMMAND` */
	/** @param argv  argv[0] is the command; ends with NULL
	 *  @return the exit code */
	int (*run)(int argc, char **argv);
};

/** Check a configuration; print it, the sample or the manual. */
extern const struct cli_command cmd_check;

/** Show where a tel: or im: URI would go. */
extern const struct cli_command cmd_resolve;

/** Look at the queue of the running gateway, and change it. */
extern const struct cli_command cmd_queue;

/** Find the command and run it; --help, --version and help COMMAND here.
 *  @param commands  ends with NULL
 *  @return the exit code of the process */
int cli_main(const struct cli_command *const *commands, int argc, char **argv);

/** Print a command's help: on stdout as CLI_YES, on stderr as CLI_USAGE.
 *  @return `code` */
int cli_help(const struct cli_command *command, int code);

/** Read a configuration, mistakes to stderr.
 *  @param config_out  the caller's: config_destroy
 *  @return CLI_YES, CLI_BAD_CONFIG, CLI_TRY_LATER out of memory */
int cli_read_config(const char *file, struct config **config_out);

#endif
