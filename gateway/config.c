#define _POSIX_C_SOURCE 200809L /* strdup */
#define _DEFAULT_SOURCE		/* explicit_bzero */

#include "gateway/config.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/config_check.h"
#include "gateway/config_fill.h"
#include "gateway/config_source.h"
#include "gateway/config_table.h"
#include "gateway/config_types.h"
#include "gateway/tls_files.h"

static void clear(const struct config_table *table, char *base);

static void clear_value(const struct config_row *row, char *value)
{
	char *text;

	if (row->map)
		clear(row->map, value);
	if (!config_type(row->kind)->owned)
		return;
	memcpy(&text, value, sizeof text);
	if (text && (row->kind == CONFIG_SECRET || row->kind == CONFIG_USERS))
		explicit_bzero(text, strlen(text));
	free(text);
}

static void clear_list(const struct config_row *row, char *base)
{
	char *items;
	size_t count;

	memcpy(&items, base + row->at, sizeof items);
	memcpy(&count, base + row->count_at, sizeof count);
	for (size_t i = 0; i < count; i++)
		clear_value(row, items + i * config_value_size(row));
	free(items);
}

static void clear(const struct config_table *table, char *base)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct config_row *row = &table->rows[i];

		if (row->flags & CONFIG_LIST)
			clear_list(row, base);
		else
			clear_value(row, base + row->at);
	}
}

void config_destroy(struct config **config)
{
	if (!*config)
		return;
	clear(&config_table, (char *)*config);
	free((*config)->file);
	free(*config);
	*config = NULL;
}

/* Of "/etc/imgw/imgw.yaml" the part up to the last slash. */
static bool folder_of(const char *file, char *out, size_t size)
{
	const char *slash = strrchr(file, '/');
	struct span folder = { file, slash ? (size_t)(slash + 1 - file) : 0 };

	return span_copy(folder, out, size);
}

/* A tree without a name is called by its apex. */
static enum gateway_status name_trees(struct config *config)
{
	for (size_t i = 0; i < config->enum_count; i++) {
		struct config_enum *tree = &config->enums[i];

		if (tree->name || !tree->apex)
			continue;
		tree->name = strdup(tree->apex);
		if (!tree->name)
			return GATEWAY_NO_MEMORY;
	}
	return GATEWAY_OK;
}

static enum gateway_status fill(struct config_source *source,
				struct config *config)
{
	char folder[PATH_MAX];
	enum gateway_status status;

	if (!folder_of(config->file, folder, sizeof folder))
		return GATEWAY_BAD_CONFIG;
	status = config_fill(source, folder, config);
	if (status == GATEWAY_OK)
		status = name_trees(config);
	if (status == GATEWAY_OK)
		config_check(source, config);
	if (status == GATEWAY_OK && config_complaints(source))
		status = GATEWAY_BAD_CONFIG;
	return status;
}

enum gateway_status config_read_text(const char *file, struct span yaml,
				     FILE *errors, struct config **config_out)
{
	struct config *config = calloc(1, sizeof *config);
	struct config_source *source = NULL;
	enum gateway_status status = GATEWAY_NO_MEMORY;

	*config_out = NULL;
	if (!config)
		return status;
	config->file = strdup(file);
	if (config->file)
		status = config_source_open(file, yaml, errors, &source);
	if (status == GATEWAY_OK)
		status = fill(source, config);
	if (source && config_complaints(source) > CONFIG_ERRORS_MAX)
		fprintf(errors, "%s: there may be more errors\n", file);
	config_source_close(&source);
	if (status == GATEWAY_OK)
		*config_out = config;
	else
		config_destroy(&config);
	return status;
}

static enum gateway_status cannot_read(const char *file, FILE *errors,
				       const char *why)
{
	fprintf(errors, "%s: error: cannot be read: %s\n", file, why);
	return GATEWAY_CANNOT_READ;
}

/* @param text_out  the caller's to free; CONFIG_FILE_MAX octets at most */
static enum gateway_status slurp(const char *file, FILE *errors,
				 struct span *yaml_out, char **text_out)
{
	enum gateway_status status = GATEWAY_OK;
	FILE *in = fopen(file, "rbe");
	char *text;
	size_t len;

	*text_out = NULL;
	if (!in)
		return cannot_read(file, errors, strerror(errno));
	text = malloc(CONFIG_FILE_MAX + 1);
	if (!text) {
		fclose(in);
		return GATEWAY_NO_MEMORY;
	}
	len = fread(text, 1, CONFIG_FILE_MAX + 1, in);
	if (ferror(in))
		status = cannot_read(file, errors, strerror(errno));
	else if (len > CONFIG_FILE_MAX)
		status = cannot_read(file, errors, "larger than 1 MiB");
	fclose(in);
	*text_out = text;
	*yaml_out = (struct span){ text, len };
	return status;
}

enum gateway_status config_read(const char *file, FILE *errors,
				struct config **config_out)
{
	struct span yaml = { "", 0 };
	char *text;
	enum gateway_status status = slurp(file, errors, &yaml, &text);

	*config_out = NULL;
	if (status == GATEWAY_OK)
		status = config_read_text(file, yaml, errors, config_out);
	free(text);
	return status;
}

void config_print_warnings(const struct config *config, FILE *out)
{
	const struct config_later *end = &config->ends_soon;

	if (end->line)
		fprintf(out,
			"%s:%d:%d: warning: the certificate of %s ends within "
			"%d days\n",
			config->file, end->line, end->column, end->option,
			TLS_FILES_SOON_DAYS);
	for (size_t i = 0; i < config->later_count; i++)
		fprintf(out,
			"%s:%d:%d: warning: %s is not in force in this "
			"version\n",
			config->file, config->later[i].line,
			config->later[i].column, config->later[i].option);
}

int64_t config_last_retry_ms(const struct config *config)
{
	return config->queue.retry_ms[config->queue.retry_count - 1];
}
