#ifndef IMGW_GATEWAY_CONFIG_TABLE_H
#define IMGW_GATEWAY_CONFIG_TABLE_H

/** The option table: one row an option. Everything that knows options reads
 *  it: config.c, config_print.c and the man page. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What one value is; how each is read and written: config_types.c. */
enum config_kind {
	CONFIG_CHOICE,	 /* one of `words`; an enum, or a bool of two words */
	CONFIG_DURATION, /* int64_t, milliseconds */
	CONFIG_INTEGER,	 /* uint64_t */
	CONFIG_RATE,	 /* double, a second */
	CONFIG_STRING,	 /* char * */
	CONFIG_DOMAIN,	 /* char *, lower case, A-labels */
	CONFIG_PREFIX,	 /* char *, "+1202555" */
	CONFIG_PATH,	 /* char *, relative to the file's folder */
	CONFIG_SECRET,	 /* char *, the content of the file named */
	CONFIG_USERS,	 /* char *, the content of the file named: users.h */
	CONFIG_STORE,	 /* char *, a URL, or NULL for "off" */
	CONFIG_SIP_URI,	 /* char * */
	CONFIG_IM_URI,	 /* char * */
	CONFIG_ADDRESS,	 /* struct config_address */
	CONFIG_LISTENER, /* struct listen_address */
	CONFIG_RANGE,	 /* struct admission_range */
	CONFIG_MAP,	 /* what `map` describes; only as a list */
	CONFIG_ABSENT,	 /* nothing: known, but refused in this version */
	CONFIG_KIND_COUNT
};

enum config_flag {
	CONFIG_LIST = 1,      /* many of the kind: pointer, and a count */
	CONFIG_REQUIRED = 2,  /* there can be no default */
	CONFIG_NOT_EMPTY = 4, /* a list of one or more */
	CONFIG_LATER = 8      /* checked, but not in force in this version */
};

struct config_table;

struct config_row {
	const char *name; /* dotted; in a map its key */
	enum config_kind kind;
	unsigned flags;
	size_t at;	  /* offset in struct config, or in the map's struct */
	size_t count_at;  /* offset of a list's size_t */
	size_t size;	  /* of one value, where the kind leaves it open */
	int64_t min, max; /* integers, and durations in ms */
	const char *zero; /* the word for 0, or NULL */
	uint16_t port;	  /* of an address without one; 0: needed */
	const char *const *words; /* of a choice, NULL at the end */
	const struct config_table *map;
	const char *initial; /* the default, as YAML; NULL: none */
	const char *example; /* for the sample, where there is no default */
	const char *text;    /* what it does, a sentence without the dot */
};

/** Most rows of one table. */
#define CONFIG_ROWS_MAX 96

struct config_table {
	const struct config_row *rows;
	size_t count;
	size_t item_size; /* of the struct that the rows fill */
};

/** All options of the file. */
extern const struct config_table config_table;

#endif
