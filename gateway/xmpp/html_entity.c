#include "gateway/xmpp/html_entity.h"

/** Longest name that we know, and its semicolon. */
#define NAME_MAX_LEN 8

/** Larger than any character; stops numbers before they overflow. */
#define BEYOND 0x110000

/* U+00A0 to U+00FF (HTML 4, 24.2.1). */
static const char *const latin1[] = {
	"nbsp",	  "iexcl",  "cent",   "pound",	"curren", "yen",    "brvbar",
	"sect",	  "uml",    "copy",   "ordf",	"laquo",  "not",    "shy",
	"reg",	  "macr",   "deg",    "plusmn", "sup2",	  "sup3",   "acute",
	"micro",  "para",   "middot", "cedil",	"sup1",	  "ordm",   "raquo",
	"frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",
	"Atilde", "Auml",   "Aring",  "AElig",	"Ccedil", "Egrave", "Eacute",
	"Ecirc",  "Euml",   "Igrave", "Iacute", "Icirc",  "Iuml",   "ETH",
	"Ntilde", "Ograve", "Oacute", "Ocirc",	"Otilde", "Ouml",   "times",
	"Oslash", "Ugrave", "Uacute", "Ucirc",	"Uuml",	  "Yacute", "THORN",
	"szlig",  "agrave", "aacute", "acirc",	"atilde", "auml",   "aring",
	"aelig",  "ccedil", "egrave", "eacute", "ecirc",  "euml",   "igrave",
	"iacute", "icirc",  "iuml",   "eth",	"ntilde", "ograve", "oacute",
	"ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave", "uacute",
	"ucirc",  "uuml",   "yacute", "thorn",	"yuml",
};

static const struct {
	const char *name;
	uint32_t character;
} others[] = {
	{ "amp", '&' },	      { "lt", '<' },	    { "gt", '>' },
	{ "quot", '"' },      { "apos", '\'' },	    { "ndash", 0x2013 },
	{ "mdash", 0x2014 },  { "lsquo", 0x2018 },  { "rsquo", 0x2019 },
	{ "sbquo", 0x201a },  { "ldquo", 0x201c },  { "rdquo", 0x201d },
	{ "bdquo", 0x201e },  { "bull", 0x2022 },   { "hellip", 0x2026 },
	{ "lsaquo", 0x2039 }, { "rsaquo", 0x203a }, { "euro", 0x20ac },
	{ "trade", 0x2122 },  { "larr", 0x2190 },   { "rarr", 0x2192 },
	{ "minus", 0x2212 },
};

/* @return the character, 0: no such name */
static uint32_t find(struct span name)
{
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (span_is(name, others[i].name))
			return others[i].character;
	for (size_t i = 0; i < sizeof latin1 / sizeof latin1[0]; i++)
		if (span_is(name, latin1[i]))
			return 0xa0 + (uint32_t)i;
	return 0;
}

static size_t read_named(struct span at, uint32_t *character_out)
{
	struct span name = span_skip(at, 1);
	uint32_t character;
	ptrdiff_t len;

	if (name.len > NAME_MAX_LEN)
		name.len = NAME_MAX_LEN;
	len = span_find(name, ';');
	if (len <= 0)
		return 0;
	character = find((struct span){ name.at, (size_t)len });
	if (!character)
		return 0;
	*character_out = character;
	return (size_t)len + 2;
}

static int digit_of(char c, uint32_t base)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The semicolon may be missing, as it does in the wild. */
static size_t read_numeric(struct span at, uint32_t *character_out)
{
	bool hex = at.len > 2 && ascii_lower(at.at[2]) == 'x';
	const uint32_t base = hex ? 16 : 10;
	const size_t begin = hex ? 3 : 2;
	uint32_t value = 0;
	size_t i = begin;

	for (; i < at.len && digit_of(at.at[i], base) >= 0; i++)
		if (value < BEYOND)
			value = value * base +
				(uint32_t)digit_of(at.at[i], base);
	if (i == begin)
		return 0;
	*character_out = value;
	return i < at.len && at.at[i] == ';' ? i + 1 : i;
}

size_t html_entity_read(struct span at, uint32_t *character_out)
{
	if (at.len > 1 && at.at[1] == '#')
		return read_numeric(at, character_out);
	return read_named(at, character_out);
}
