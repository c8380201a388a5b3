#define _POSIX_C_SOURCE 200809L /* open_memstream */

#include <stdlib.h>
#include <string.h>

#include "gateway/config.h"
#include "gateway/config_table.h"
#include "gateway/config_types.h"

/* Groups of groups are this deep at most. */
#define DEPTH_MAX 4

/* Width of a comment in the sample. */
#define COLUMNS 79

static void indent(unsigned depth, FILE *out)
{
	for (unsigned i = 0; i < depth; i++)
		fputs("  ", out);
}

/* Write the groups of `name` that the option before it was not in.
 * @param before  the option before, or ""
 * @return how deep the option stands */
static unsigned open_groups(const char *before, const char *name, FILE *out)
{
	struct span rest = span_of(name), word;
	struct span old_rest = span_of(before), old;
	unsigned depth = 0;
	bool same = true;

	while (depth < DEPTH_MAX && span_find(rest, '.') >= 0 &&
	       span_cut(&rest, '.', &word)) {
		same = same && span_cut(&old_rest, '.', &old) &&
		       old.len == word.len &&
		       memcmp(old.at, word.at, word.len) == 0;
		if (!same) {
			if (depth == 0 && *before)
				fputc('\n', out);
			indent(depth, out);
			fprintf(out, "%.*s:\n", (int)word.len, word.at);
		}
		depth++;
	}
	if (depth == 0 && strchr(before, '.'))
		fputc('\n', out);
	return depth;
}

static const char *last_word(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot + 1 : name;
}

/* values */

static void write_map(const struct config_table *map, const char *base,
		      FILE *out);

static void write_item(const struct config_row *row, const char *value,
		       FILE *out)
{
	if (row->map)
		write_map(row->map, value, out);
	else
		config_type(row->kind)->write(row, value, out);
}

static void write_list(const struct config_row *row, const char *base,
		       FILE *out)
{
	const char *items;
	size_t count;

	memcpy(&items, base + row->at, sizeof items);
	memcpy(&count, base + row->count_at, sizeof count);
	fputc('[', out);
	for (size_t i = 0; i < count; i++) {
		if (i)
			fputs(", ", out);
		write_item(row, items + i * config_value_size(row), out);
	}
	fputc(']', out);
}

static void write_value(const struct config_row *row, const char *base,
			FILE *out)
{
	if (row->flags & CONFIG_LIST)
		write_list(row, base, out);
	else
		write_item(row, base + row->at, out);
}

static void write_map(const struct config_table *map, const char *base,
		      FILE *out)
{
	const char *separator = "{";

	for (size_t i = 0; i < map->count; i++) {
		const struct config_row *row = &map->rows[i];

		if (!config_value_is_set(row, base + row->at))
			continue;
		fprintf(out, "%s%s: ", separator, row->name);
		write_value(row, base, out);
		separator = ", ";
	}
	fputc('}', out);
}

/* dump */

/* A value as text. @return the caller's to free; NULL: out of memory */
static char *value_text(const struct config_row *row,
			const struct config *config)
{
	const char *base = (const char *)config;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (config_value_is_set(row, base + row->at))
		write_value(row, base, out);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static void dump_row(const struct config_row *row, const char *text,
		     const char *before, FILE *out)
{
	indent(open_groups(before, row->name, out), out);
	if (*text)
		fprintf(out, "%s: %s\n", last_word(row->name), text);
	else
		fprintf(out, "#%s: not set\n", last_word(row->name));
}

/* The smallest configuration there is: all else is default. */
static enum gateway_status read_defaults(struct config **config_out)
{
	char *said = NULL;
	size_t size = 0;
	FILE *nowhere = open_memstream(&said, &size);
	enum gateway_status status;

	*config_out = NULL;
	if (!nowhere)
		return GATEWAY_NO_MEMORY;
	status = config_read_text("defaults",
				  span_of("sip: {listen: [udp:127.0.0.1]}\n"),
				  nowhere, config_out);
	fclose(nowhere);
	free(said);
	return status;
}

enum gateway_status config_dump(const struct config *config, bool changed_only,
				FILE *out)
{
	struct config *defaults = NULL;
	enum gateway_status status = read_defaults(&defaults);
	const char *before = "";

	for (size_t i = 0; status == GATEWAY_OK && i < config_table.count;
	     i++) {
		const struct config_row *row = &config_table.rows[i];
		char *text, *initial;

		if (row->kind == CONFIG_ABSENT)
			continue;
		text = value_text(row, config);
		initial = value_text(row, defaults);
		if (!text || !initial) {
			status = GATEWAY_NO_MEMORY;
		} else if (!changed_only || row->flags & CONFIG_REQUIRED ||
			   strcmp(text, initial) != 0) {
			dump_row(row, text, before, out);
			before = row->name;
		}
		free(text);
		free(initial);
	}
	config_destroy(&defaults);
	return status;
}

/* sample */

static size_t begin_comment(unsigned depth, FILE *out)
{
	indent(depth, out);
	fputc('#', out);
	return 2 * (size_t)depth + 1;
}

/* A sentence as comment lines of at most COLUMNS. */
static void print_comment(unsigned depth, const char *sentence, FILE *out)
{
	struct span rest = span_of(sentence), word;
	size_t column = begin_comment(depth, out);

	while (span_cut(&rest, ' ', &word)) {
		if (column + 1 + word.len > COLUMNS) {
			fputc('\n', out);
			column = begin_comment(depth, out);
		}
		fprintf(out, " %.*s", (int)word.len, word.at);
		column += 1 + word.len;
	}
	fputc('\n', out);
}

/* The keys of each entry of a list of maps. */
static void print_keys(unsigned depth, const struct config_table *map,
		       FILE *out)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct config_row *row = &map->rows[i];
		char buffer[256];
		struct text text;

		text_init(&text, buffer, sizeof buffer);
		text_addf(&text, "- %s: %s", row->name, row->text);
		if (row->initial)
			text_addf(&text, "; default %s", row->initial);
		print_comment(depth, buffer, out);
	}
}

static void print_sample_row(const struct config_row *row, const char *before,
			     FILE *out)
{
	bool required = row->flags & CONFIG_REQUIRED;
	unsigned depth = open_groups(before, row->name, out);

	print_comment(depth, row->text, out);
	if (row->flags & CONFIG_LATER)
		print_comment(depth, "(not in force in this version)", out);
	if (row->map)
		print_keys(depth, row->map, out);
	indent(depth, out);
	fprintf(out, "%s%s: %s\n", required ? "" : "#", last_word(row->name),
		row->initial ? row->initial : row->example);
}

void config_print_sample(FILE *out)
{
	const char *before = "";

	fputs("# imgw.yaml: every option with its default, or an example where"
	      " there is none.\n"
	      "# Only sip.listen must be set. Check with: imgw check-config."
	      " See imgw.yaml(5).\n\n",
	      out);
	for (size_t i = 0; i < config_table.count; i++) {
		const struct config_row *row = &config_table.rows[i];

		if (row->kind == CONFIG_ABSENT)
			continue;
		print_sample_row(row, before, out);
		before = row->name;
	}
}

/* manual */

/* scdoc reads some characters as markup. */
static void print_escaped(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (strchr("_*\\<>#~", *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void print_type(const struct config_row *row, FILE *out)
{
	if (row->flags & CONFIG_LIST)
		fputs("list of ", out);
	if (row->kind != CONFIG_CHOICE) {
		fputs(config_type(row->kind)->name, out);
		if (row->zero)
			fprintf(out, " or %s", row->zero);
		return;
	}
	for (const char *const *word = row->words; *word; word++)
		fprintf(out, "%s%s", word == row->words ? "" : " | ", *word);
}

static void print_range(const struct config_row *row, FILE *out)
{
	int64_t duration[] = { row->min, row->max };

	if (row->kind == CONFIG_INTEGER) {
		fprintf(out, ", %lld to %lld", (long long)row->min,
			(long long)row->max);
	} else if (row->kind == CONFIG_DURATION) {
		fputs(", ", out);
		config_type(row->kind)->write(row, &duration[0], out);
		fputs(" to ", out);
		config_type(row->kind)->write(row, &duration[1], out);
	}
}

static void print_option(const struct config_row *row, const char *tabs,
			 FILE *out)
{
	fprintf(out, "%s*%s*: ", tabs, row->name);
	print_type(row, out);
	print_range(row, out);
	if (row->initial) {
		fputs("; default ", out);
		print_escaped(row->initial, out);
	} else if (row->flags & CONFIG_REQUIRED) {
		fputs("; required", out);
	}
	fprintf(out, "\n%s\t", tabs);
	print_escaped(row->text, out);
	fputs(row->flags & CONFIG_LATER ? ". Not in force in this version.\n\n"
					: ".\n\n",
	      out);
}

void config_print_manual(FILE *out)
{
	for (size_t i = 0; i < config_table.count; i++) {
		const struct config_row *row = &config_table.rows[i];

		if (row->kind == CONFIG_ABSENT)
			continue;
		print_option(row, "", out);
		for (size_t j = 0; row->map && j < row->map->count; j++)
			print_option(&row->map->rows[j], "\t", out);
	}
}
