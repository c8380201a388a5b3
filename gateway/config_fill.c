#include "gateway/config_fill.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/config_hint.h"
#include "gateway/config_table.h"
#include "gateway/config_types.h"

/* A dotted name of the file; longer ones are no option. */
#define NAME_SIZE 128

/* Shared by everything that is filled from one file. */
struct filler {
	struct config_source *source;
	const char *folder;
	struct config *config;
	enum gateway_status status; /* GATEWAY_NO_MEMORY sticks */
};

/* One struct that the rows of one table fill. */
struct target {
	struct filler *filler;
	const struct config_table *table;
	char *base;
	bool seen[CONFIG_ROWS_MAX];
};

static void fill_map(struct filler *filler, const struct config_table *table,
		     void *base, struct fy_node *node);

static bool ends(const struct filler *filler)
{
	return filler->status != GATEWAY_OK ||
	       config_complaints(filler->source) >= CONFIG_ERRORS_MAX;
}

static bool is_unset(struct fy_node *value)
{
	return !value || fy_node_is_null(value);
}

static struct span scalar_text(struct fy_node *node)
{
	size_t len = 0;
	const char *text = fy_node_get_scalar(node, &len);

	return text ? (struct span){ text, len } : (struct span){ "", 0 };
}

static bool is_plain_scalar(struct fy_node *node)
{
	return node && fy_node_is_scalar(node) && !fy_node_is_alias(node);
}

/* values */

static void fill_scalar(struct filler *filler, const struct config_row *row,
			struct fy_node *key, struct fy_node *value, void *out)
{
	const struct config_type *type = config_type(row->kind);
	struct config_scalar scalar = { .row = row, .folder = filler->folder };
	enum gateway_status status;
	char buffer[256];
	struct text why;

	if (!is_plain_scalar(value)) {
		config_complain(filler->source, key, type->help,
				"%s takes one value (%s)", row->name,
				type->name);
		return;
	}
	scalar.text = scalar_text(value);
	text_init(&why, buffer, sizeof buffer);
	status = type->parse(&scalar, out, &why);
	if (status == GATEWAY_BAD_CONFIG)
		config_complain(filler->source, value, type->help, "%s",
				buffer);
	else if (status != GATEWAY_OK)
		filler->status = status;
}

static void fill_item(struct filler *filler, const struct config_row *row,
		      struct fy_node *key, struct fy_node *value, void *out)
{
	if (!row->map)
		fill_scalar(filler, row, key, value, out);
	else if (fy_node_is_mapping(value))
		fill_map(filler, row->map, out, value);
	else
		config_complain(filler->source,
				is_plain_scalar(value) ? value : key,
				"write {key: value, ...} or - key: value",
				"each entry of %s is a map", row->name);
}

static void fill_list(struct target *target, const struct config_row *row,
		      struct fy_node *key, struct fy_node *value)
{
	struct filler *filler = target->filler;
	size_t size = config_value_size(row), count;
	struct fy_node *item;
	void *at = NULL;
	char *items;

	if (!fy_node_is_sequence(value)) {
		config_complain(filler->source, key, "write [a, b] or - a",
				"%s takes a list", row->name);
		return;
	}
	count = (size_t)fy_node_sequence_item_count(value);
	if (count == 0) {
		if (row->flags & CONFIG_NOT_EMPTY)
			config_complain(filler->source, key, "",
					"%s must not be empty", row->name);
		return;
	}
	items = calloc(count, size);
	if (!items) {
		filler->status = GATEWAY_NO_MEMORY;
		return;
	}
	memcpy(target->base + row->at, &items, sizeof items);
	memcpy(target->base + row->count_at, &count, sizeof count);
	while ((item = fy_node_sequence_iterate(value, &at)) && !ends(filler)) {
		fill_item(filler, row, key, item, items);
		items += size;
	}
}

static void fill_value(struct target *target, const struct config_row *row,
		       struct fy_node *key, struct fy_node *value)
{
	if (row->flags & CONFIG_LIST)
		fill_list(target, row, key, value);
	else
		fill_scalar(target->filler, row, key, value,
			    target->base + row->at);
}

/* keys */

static void note_later(struct filler *filler, const struct config_row *row,
		       struct fy_node *key)
{
	struct config *config = filler->config;
	struct config_later *later = &config->later[config->later_count];

	if (config->later_count == CONFIG_LATER_MAX)
		return;
	later->option = row->name;
	config_source_place(key, &later->line, &later->column);
	config->later_count++;
}

static void fill_row(struct target *target, const struct config_row *row,
		     struct fy_node *key, struct fy_node *value)
{
	if (is_unset(value))
		return;
	target->seen[row - target->table->rows] = true;
	if (row->kind == CONFIG_ABSENT) {
		config_complain(target->filler->source, key, row->text,
				"%s is not in this version", row->name);
		return;
	}
	if (row->flags & CONFIG_LATER)
		note_later(target->filler, row, key);
	fill_value(target, row, key, value);
}

static const struct config_row *find_row(const struct config_table *table,
					 const char *name)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->rows[i].name, name) == 0)
			return &table->rows[i];
	return NULL;
}

/* @param name  with a dot at the end */
static bool is_section(const struct config_table *table, const char *name)
{
	for (size_t i = 0; i < table->count; i++)
		if (strncmp(table->rows[i].name, name, strlen(name)) == 0)
			return true;
	return false;
}

/* Does the same key stand further up in the map? */
static bool is_repeated(struct fy_node *map, struct fy_node_pair *pair)
{
	struct span key = scalar_text(fy_node_pair_key(pair));
	struct fy_node_pair *other;
	void *at = NULL;

	while ((other = fy_node_mapping_iterate(map, &at)) && other != pair) {
		struct fy_node *node = fy_node_pair_key(other);

		if (is_plain_scalar(node) &&
		    fy_node_compare_text(node, key.at, key.len))
			return true;
	}
	return false;
}

static void complain_unknown(struct target *target, const char *section,
			     struct fy_node *key)
{
	struct span word = scalar_text(key);
	struct span near = config_hint(target->table, section, word);
	char quoted[NAME_SIZE], hint[NAME_SIZE];
	struct text text;

	text_init(&text, hint, sizeof hint);
	if (near.len)
		text_addf(&text, "did you mean \"%.*s\"?", (int)near.len,
			  near.at);
	else
		text_add(&text, "imgw.yaml(5) lists all options");
	text_init(&text, quoted, sizeof quoted);
	config_quote(&text, word);
	config_complain(target->filler->source, key, hint,
			"no such option %s%s%.*s", quoted,
			*section ? " in " : "",
			*section ? (int)strlen(section) - 1 : 0, section);
}

static void fill_section(struct target *target, const char *section,
			 struct fy_node *map);

/* A key that is a group of options: "sip". */
static void fill_group(struct target *target, const char *section,
		       struct fy_node *key, struct fy_node *value)
{
	if (is_unset(value))
		return;
	if (fy_node_is_mapping(value))
		fill_section(target, section, value);
	else
		config_complain(target->filler->source, key,
				"write its options below it, indented",
				"%.*s is a group of options",
				(int)strlen(section) - 1, section);
}

static void fill_pair(struct target *target, const char *section,
		      struct fy_node *map, struct fy_node_pair *pair)
{
	struct fy_node *key = fy_node_pair_key(pair);
	struct fy_node *value = fy_node_pair_value(pair);
	const struct config_row *row;
	char name[NAME_SIZE];
	struct text text;
	bool group;

	if (!is_plain_scalar(key)) {
		config_complain(target->filler->source, key ? key : map, "",
				"a key must be plain text");
		return;
	}
	text_init(&text, name, sizeof name - 1);
	text_add(&text, section);
	text_add_span(&text, scalar_text(key));
	row = find_row(target->table, name);
	text_init(&text, name, sizeof name);
	text_add(&text, section);
	text_add_span(&text, scalar_text(key));
	text_add_char(&text, '.');
	group = !row && is_section(target->table, name);
	if (!row && !group)
		complain_unknown(target, section, key);
	else if (is_repeated(map, pair))
		config_complain(target->filler->source, key, "",
				"%.*s is given twice", (int)strlen(name) - 1,
				name);
	else if (group)
		fill_group(target, name, key, value);
	else
		fill_row(target, row, key, value);
}

/* Depth is bounded by the dots in the table's names.
 * @param section  "sip.", or "" at the top */
static void fill_section(struct target *target, const char *section,
			 struct fy_node *map)
{
	struct fy_node_pair *pair;
	void *at = NULL;

	while ((pair = fy_node_mapping_iterate(map, &at)) &&
	       !ends(target->filler))
		fill_pair(target, section, map, pair);
}

/* what was not given */

static void fill_default(struct target *target, const struct config_row *row)
{
	struct fy_parse_cfg parse = { .flags = FYPCF_QUIET };
	struct fy_document *document = fy_document_build_from_string(
		&parse, row->initial, strlen(row->initial));

	if (!document) {
		target->filler->status = GATEWAY_NO_MEMORY;
		return;
	}
	fill_value(target, row, NULL, fy_document_root(document));
	fy_document_destroy(document);
}

/* @param place  of the map that lacks it */
static void complain_missing(struct target *target,
			     const struct config_row *row,
			     struct fy_node *place)
{
	struct config_source *source = target->filler->source;
	const char *key = strrchr(row->name, '.');
	struct fy_node *near = config_source_find(source, row->name);
	char buffer[256];
	struct text help;

	text_init(&help, buffer, sizeof buffer);
	text_addf(&help, "for example: %s: %s", key ? key + 1 : row->name,
		  row->example);
	config_complain(source, near ? near : place, buffer, "%s is missing",
			row->name);
}

static void fill_map(struct filler *filler, const struct config_table *table,
		     void *base, struct fy_node *node)
{
	struct target target = { filler, table, base, { false } };

	if (node)
		fill_section(&target, "", node);
	for (size_t i = 0; i < table->count && !ends(filler); i++) {
		const struct config_row *row = &table->rows[i];

		if (target.seen[i])
			continue;
		if (row->flags & CONFIG_REQUIRED)
			complain_missing(&target, row, node);
		else if (row->initial)
			fill_default(&target, row);
	}
}

enum gateway_status config_fill(struct config_source *source,
				const char *folder, struct config *config)
{
	struct filler filler = { source, folder, config, GATEWAY_OK };
	struct fy_node *root = config_source_root(source);

	if (is_unset(root))
		root = NULL;
	if (root && !fy_node_is_mapping(root))
		config_complain(source, root, "write key: value lines",
				"not a list of options");
	else
		fill_map(&filler, &config_table, config, root);
	return filler.status;
}
