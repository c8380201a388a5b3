#include "gateway/config_source.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

struct config_source {
	const char *file;
	struct span yaml;
	FILE *errors;
	unsigned complaints;
	struct fy_diag *diag;
	struct fy_parser *parser;
	struct fy_document *document;
};

/* From 1; `width` in characters. */
struct place {
	int line, column, width;
};

/* libfyaml reports here what has no place in the file. */
static void ignore(struct fy_diag *diag, void *arg, const char *text,
		   size_t len)
{
	(void)diag;
	(void)arg;
	(void)text;
	(void)len;
}

static struct span line_of(struct span yaml, int line)
{
	struct span text = { "", 0 };

	for (int i = 0; i < line; i++)
		if (!span_cut(&yaml, '\n', &text))
			return (struct span){ "", 0 };
	return text;
}

/* The line of the file, safe for a terminal. */
static void show_line(const struct config_source *source, struct span line)
{
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.at[i];

		if (c == '\r')
			continue;
		fputc((c < 0x20 && c != '\t') || c == 0x7f ? '?' : c,
		      source->errors);
	}
	fputc('\n', source->errors);
}

/* Blanks up to the column, as wide as the line above; columns count
 * characters, so that octets after the first of one are passed over. */
static void show_caret(const struct config_source *source, struct span line,
		       const struct place *place)
{
	int column = 1;

	for (size_t i = 0; i < line.len && column < place->column; i++) {
		if (((unsigned char)line.at[i] & 0xc0) == 0x80)
			continue;
		fputc(line.at[i] == '\t' ? '\t' : ' ', source->errors);
		column++;
	}
	fputc('^', source->errors);
	for (int i = 1; i < place->width; i++)
		fputc('~', source->errors);
	fputc('\n', source->errors);
}

static void complain_at(struct config_source *source, const struct place *place,
			const char *help, const char *what)
{
	struct span line = line_of(source->yaml, place->line);

	if (source->complaints++ >= CONFIG_ERRORS_MAX)
		return;
	fprintf(source->errors, "%s:%d:%d: error: %s\n", source->file,
		place->line, place->column, what);
	if (line.len) {
		show_line(source, line);
		show_caret(source, line, place);
	}
	if (*help)
		fprintf(source->errors, "  %s\n", help);
}

/* The first scalar in a node: only scalars have a place. */
static struct fy_token *first_token(struct fy_node *node)
{
	while (node && !fy_node_is_scalar(node)) {
		void *at = NULL;

		node = fy_node_is_mapping(node)
			       ? fy_node_pair_key(
					 fy_node_mapping_iterate(node, &at))
			       : fy_node_sequence_iterate(node, &at);
	}
	return node ? fy_node_get_scalar_token(node) : NULL;
}

static struct place place_of(struct fy_node *node)
{
	struct fy_token *token = first_token(node);
	const struct fy_mark *start, *end;
	struct place place = { 1, 1, 1 };

	if (!token)
		return place;
	start = fy_token_start_mark(token);
	end = fy_token_end_mark(token);
	place.line = start->line + 1;
	place.column = start->column + 1;
	if (end && end->line == start->line && end->column > start->column)
		place.width = end->column - start->column;
	return place;
}

void config_source_place(struct fy_node *node, int *line_out, int *column_out)
{
	struct place place = place_of(node);

	*line_out = place.line;
	*column_out = place.column;
}

void config_complain(struct config_source *source, struct fy_node *node,
		     const char *help, const char *format, ...)
{
	struct place place = place_of(node);
	char what[512];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	complain_at(source, &place, help, what);
}

unsigned config_complaints(const struct config_source *source)
{
	return source->complaints;
}

struct fy_node *config_source_root(const struct config_source *source)
{
	return source->document ? fy_document_root(source->document) : NULL;
}

struct fy_node *config_source_find(const struct config_source *source,
				   const char *option)
{
	struct fy_node *node = config_source_root(source), *found = NULL;
	struct span rest = span_of(option), word;

	while (node && fy_node_is_mapping(node) &&
	       span_cut(&rest, '.', &word)) {
		struct fy_node_pair *pair =
			fy_node_mapping_lookup_pair_by_string(node, word.at,
							      word.len);

		if (!pair)
			break;
		node = fy_node_pair_value(pair);
		found = first_token(node) ? node : fy_node_pair_key(pair);
	}
	return found;
}

/* Take over what libfyaml has to say about the syntax. */
static void collect(struct config_source *source)
{
	struct fy_diag_error *error;
	void *at = NULL;

	while ((error = fy_diag_errors_iterate(source->diag, &at))) {
		struct place place = { error->line, error->column, 1 };

		complain_at(source, &place, "", error->msg);
	}
}

static void load(struct config_source *source)
{
	struct fy_document *second;

	source->document = fy_parse_load_document(source->parser);
	if (source->document) {
		second = fy_parse_load_document(source->parser);
		if (second) {
			struct fy_node *root = fy_document_root(second);

			config_complain(source, root, "",
					"a second document begins here");
			fy_parse_document_destroy(source->parser, second);
		}
	}
	collect(source);
	if (source->complaints == 0 &&
	    fy_parser_get_stream_error(source->parser))
		config_complain(source, NULL, "", "not YAML 1.2");
}

/* Octets that libfyaml would misread in silence. */
static bool is_text(struct config_source *source)
{
	struct place place = { 1, 1, 1 };
	const uint8_t *start = (const uint8_t *)source->yaml.at, *bad;
	const char *nul =
		source->yaml.len ? memchr(start, '\0', source->yaml.len) : NULL;

	bad = u8_check(start, source->yaml.len);
	if (!bad)
		bad = (const uint8_t *)nul;
	if (!bad)
		return true;
	for (const uint8_t *c = start; c < bad; c++)
		place.line += *c == '\n';
	complain_at(source, &place, "", "the line is not UTF-8 text");
	return false;
}

static bool start(struct config_source *source)
{
	struct fy_diag_cfg diag;
	struct fy_parse_cfg parse = {
		.flags = FYPCF_QUIET | FYPCF_ALLOW_DUPLICATE_KEYS,
	};

	fy_diag_cfg_default(&diag);
	diag.fp = NULL;
	diag.output_fn = ignore;
	source->diag = fy_diag_create(&diag);
	if (!source->diag)
		return false;
	fy_diag_set_collect_errors(source->diag, true);
	parse.diag = source->diag;
	source->parser = fy_parser_create(&parse);
	return source->parser &&
	       fy_parser_set_string(source->parser, source->yaml.at,
				    source->yaml.len) == 0;
}

enum gateway_status config_source_open(const char *file, struct span yaml,
				       FILE *errors,
				       struct config_source **source_out)
{
	struct config_source *source = calloc(1, sizeof *source);

	*source_out = NULL;
	if (!source)
		return GATEWAY_NO_MEMORY;
	source->file = file;
	source->yaml = yaml;
	source->errors = errors;
	if (!start(source)) {
		config_source_close(&source);
		return GATEWAY_NO_MEMORY;
	}
	if (is_text(source))
		load(source);
	*source_out = source;
	return source->complaints ? GATEWAY_BAD_CONFIG : GATEWAY_OK;
}

void config_source_close(struct config_source **source)
{
	struct config_source *s = *source;

	if (!s)
		return;
	if (s->document)
		fy_parse_document_destroy(s->parser, s->document);
	if (s->parser)
		fy_parser_destroy(s->parser);
	if (s->diag)
		fy_diag_destroy(s->diag);
	free(s);
	*source = NULL;
}
