#include "routing/jid.h"

#include <string.h>

#include "routing/jid_prep.h"

/* XEP-0106, 3.2. The backslash is one of them only where it would be taken
 * for the start of an escape (CONF-17). */
static const struct {
	char character;
	const char *escape;
} table[] = {
	{ ' ', "\\20" }, { '"', "\\22" },  { '&', "\\26" }, { '\'', "\\27" },
	{ '/', "\\2f" }, { ':', "\\3a" },  { '<', "\\3c" }, { '>', "\\3e" },
	{ '@', "\\40" }, { '\\', "\\5c" },
};

#define ESCAPE_LENGTH 3
#define ROWS	      (sizeof table / sizeof table[0])

/* The escape for a character, or NULL. */
static const char *escape_of(char character)
{
	for (size_t i = 0; i < ROWS; i++)
		if (table[i].character == character)
			return table[i].escape;
	return NULL;
}

/* The character of the escape that stands here, or NUL. */
static char character_at(const char *text)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strncmp(text, table[i].escape, ESCAPE_LENGTH) == 0)
			return table[i].character;
	return '\0';
}

/* "\2F" is none, but the preparation will make one of it. */
static bool reads_as_escape(const char *text)
{
	char lower[ESCAPE_LENGTH + 1] = "";

	for (size_t i = 0; i < ESCAPE_LENGTH && text[i]; i++)
		lower[i] = ascii_lower(text[i]);
	return character_at(lower) != '\0';
}

static size_t count_escapes(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		if (reads_as_escape(text))
			count++;
	return count;
}

/* XEP-0106, 4.1: such spaces cannot be seen. */
static bool has_outer_space(const char *localpart)
{
	size_t len = strlen(localpart);

	return len >= ESCAPE_LENGTH &&
	       (character_at(localpart) == ' ' ||
		character_at(localpart + len - ESCAPE_LENGTH) == ' ');
}

enum route_status jid_escape(const char *text, char *out, size_t size)
{
	struct text t;

	text_init(&t, out, size);
	for (; *text; text++) {
		const char *escape = escape_of(*text);

		if (escape && (*text != '\\' || reads_as_escape(text)))
			text_add(&t, escape);
		else
			text_add_char(&t, *text);
	}
	return t.cut || has_outer_space(out) ? ROUTE_BAD_URI : ROUTE_OK;
}

enum route_status jid_unescape(const char *localpart, char *out, size_t size)
{
	struct text t;

	text_init(&t, out, size);
	if (has_outer_space(localpart))
		return ROUTE_BAD_URI;
	for (; *localpart; localpart++) {
		char character = character_at(localpart);

		if (character)
			localpart += ESCAPE_LENGTH - 1;
		text_add_char(&t, character ? character : *localpart);
	}
	return t.cut ? ROUTE_BAD_URI : ROUTE_OK;
}

/* The way jid_escape would write it? */
static bool is_canonical(const char *localpart)
{
	char text[JID_PART_SIZE], again[JID_PART_SIZE];

	return jid_unescape(localpart, text, sizeof text) == ROUTE_OK &&
	       jid_escape(text, again, sizeof again) == ROUTE_OK &&
	       strcmp(localpart, again) == 0;
}

enum route_status jid_escape_prepared(const char *text, char out[JID_PART_SIZE])
{
	char escaped[JID_PART_SIZE];
	enum route_status status = jid_escape(text, escaped, sizeof escaped);

	if (status == ROUTE_OK)
		status = jid_prep_local(span_of(escaped), out);
	if (status == ROUTE_OK &&
	    (count_escapes(out) != count_escapes(escaped) ||
	     !is_canonical(out)))
		status = ROUTE_BAD_URI;
	return status;
}
