#include "gateway/xmpp/html_text.h"

#include <string.h>

#include "gateway/body/charset.h"
#include "gateway/xmpp/html_entity.h"

struct writer {
	struct text *out;
	bool space;   /* white space is due before the next character */
	unsigned pre; /* <pre> that are open */
};

/* What a tag does to the text. */
enum effect {
	EFFECT_NONE,
	EFFECT_LINE,  /* what follows begins a line */
	EFFECT_BREAK, /* one more line break */
	EFFECT_PRE,   /* the same, and white space is kept inside */
	EFFECT_DROP,  /* the content is not text */
};

struct element {
	const char *name;
	enum effect effect;
};

static const struct element elements[] = {
	{ "br", EFFECT_BREAK },	       { "p", EFFECT_LINE },
	{ "div", EFFECT_LINE },	       { "li", EFFECT_LINE },
	{ "ul", EFFECT_LINE },	       { "ol", EFFECT_LINE },
	{ "dl", EFFECT_LINE },	       { "dt", EFFECT_LINE },
	{ "dd", EFFECT_LINE },	       { "tr", EFFECT_LINE },
	{ "table", EFFECT_LINE },      { "caption", EFFECT_LINE },
	{ "blockquote", EFFECT_LINE }, { "address", EFFECT_LINE },
	{ "article", EFFECT_LINE },    { "section", EFFECT_LINE },
	{ "header", EFFECT_LINE },     { "footer", EFFECT_LINE },
	{ "aside", EFFECT_LINE },      { "main", EFFECT_LINE },
	{ "nav", EFFECT_LINE },	       { "figure", EFFECT_LINE },
	{ "form", EFFECT_LINE },       { "fieldset", EFFECT_LINE },
	{ "hr", EFFECT_LINE },	       { "h1", EFFECT_LINE },
	{ "h2", EFFECT_LINE },	       { "h3", EFFECT_LINE },
	{ "h4", EFFECT_LINE },	       { "h5", EFFECT_LINE },
	{ "h6", EFFECT_LINE },	       { "body", EFFECT_LINE },
	{ "pre", EFFECT_PRE },	       { "script", EFFECT_DROP },
	{ "style", EFFECT_DROP },      { "title", EFFECT_DROP },
	{ "iframe", EFFECT_DROP },     { "noembed", EFFECT_DROP },
	{ "noframes", EFFECT_DROP },   { "template", EFFECT_DROP },
};

static const struct element *find_element(struct span name)
{
	static const struct element plain = { "", EFFECT_NONE };

	for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
		if (span_is_nocase(name, elements[i].name))
			return &elements[i];
	return &plain;
}

static bool is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static char last_of(const struct text *text)
{
	return text->len ? text->at[text->len - 1] : '\n';
}

/* White space is due only between words. */
static void flush_space(struct writer *w)
{
	if (w->space && last_of(w->out) != '\n')
		text_add_char(w->out, ' ');
	w->space = false;
}

static void begin_line(struct writer *w)
{
	w->space = false;
	if (last_of(w->out) != '\n')
		text_add_char(w->out, '\n');
}

static void break_line(struct writer *w)
{
	w->space = false;
	if (w->out->len > 0)
		text_add_char(w->out, '\n');
}

static void add_char(struct writer *w, uint32_t c)
{
	if (is_space(c) && !w->pre) {
		w->space = true;
		return;
	}
	flush_space(w);
	charset_add_char(w->out, c);
}

/* A '&'. @return octets read */
static size_t read_reference(struct writer *w, struct span html)
{
	uint32_t c = '&';
	size_t len = html_entity_read(html, &c);

	add_char(w, c);
	return len ? len : 1;
}

/* An octet that means itself; with its followers it is a character. */
static size_t read_octet(struct writer *w, struct span html)
{
	if (is_space((unsigned char)html.at[0]) && !w->pre) {
		w->space = true;
	} else {
		flush_space(w);
		text_add_char(w->out, html.at[0]);
	}
	return 1;
}

/* Octets of the text up to and with `end`; all when it does not come. */
static size_t len_through(struct span html, const char *end)
{
	const size_t end_len = strlen(end);

	for (size_t i = 0; i + end_len <= html.len; i++)
		if (memcmp(html.at + i, end, end_len) == 0)
			return i + end_len;
	return html.len;
}

/* Octets up to the '>' that is in no attribute's quotes. A quote counts only
 * where a value begins. */
static size_t tag_len(struct span html)
{
	char quote = '\0', before = '\0';

	for (size_t i = 0; i < html.len; i++) {
		char c = html.at[i];

		if (quote) {
			quote = c == quote ? '\0' : quote;
			continue;
		}
		if (c == '>')
			return i + 1;
		if (before == '=' && (c == '"' || c == '\''))
			quote = c;
		if (!is_space((unsigned char)c))
			before = c;
	}
	return html.len;
}

static struct span name_of(struct span tag)
{
	size_t len = 0;

	while (len < tag.len &&
	       (ascii_is_alpha(tag.at[len]) || ascii_is_digit(tag.at[len])))
		len++;
	return (struct span){ tag.at, len };
}

/* The content of an element that is not text, up to its end tag. */
static size_t dropped_len(struct span html, const char *name)
{
	for (size_t i = 0; i + 2 <= html.len; i++)
		if (html.at[i] == '<' && html.at[i + 1] == '/' &&
		    span_is_nocase(name_of(span_skip(html, i + 2)), name))
			return i;
	return html.len;
}

static void change_pre(struct writer *w, bool closing)
{
	begin_line(w);
	if (!closing)
		w->pre++;
	else if (w->pre > 0)
		w->pre--;
}

/* A tag at '<'. @return octets read, with content that is not text */
static size_t read_tag(struct writer *w, struct span html)
{
	const bool closing = html.at[1] == '/';
	const struct element *element =
		find_element(name_of(span_skip(html, closing ? 2 : 1)));
	size_t len = tag_len(html);

	switch (element->effect) {
	case EFFECT_LINE: begin_line(w); break;
	case EFFECT_BREAK: break_line(w); break;
	case EFFECT_PRE: change_pre(w, closing); break;
	case EFFECT_DROP:
		if (!closing)
			len += dropped_len(span_skip(html, len), element->name);
		break;
	case EFFECT_NONE: break;
	}
	return len;
}

/* A '<'. @return octets read */
static size_t read_markup(struct writer *w, struct span html)
{
	const struct span inside = span_skip(html, 1);
	const char next = inside.len ? inside.at[0] : ' ';

	if (span_starts_nocase(inside, "!--")) /* "<!-->" is one too */
		return 2 + len_through(span_skip(html, 2), "-->");
	if (next == '!' || next == '?')
		return len_through(html, ">");
	if (ascii_is_alpha(next) ||
	    (next == '/' && inside.len > 1 && ascii_is_alpha(inside.at[1])))
		return read_tag(w, html);
	return read_octet(w, html);
}

static void trim_end(struct text *out)
{
	while (out->len > 0 && is_space((unsigned char)out->at[out->len - 1]))
		out->at[--out->len] = '\0';
}

void html_text(struct span html, struct text *out)
{
	struct writer w = { .out = out };

	while (html.len > 0) {
		size_t used;

		if (html.at[0] == '<')
			used = read_markup(&w, html);
		else if (html.at[0] == '&')
			used = read_reference(&w, html);
		else
			used = read_octet(&w, html);
		html = span_skip(html, used);
	}
	trim_end(out);
}
