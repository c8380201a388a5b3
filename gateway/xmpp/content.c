#include "gateway/xmpp/content.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "enum/text.h"
#include "gateway/xmpp/stanza.h"

/** Longest charset name that is worth a try (RFC 2978, 2.3: 40). */
#define CHARSET_SIZE 41

/** Octets of UTF-8 that one octet of another charset may become. */
#define CHARSET_GROWTH 6

static bool refuse(struct outcome *no_out, int code, const char *reason)
{
	*no_out = outcome_of_sip(code, reason);
	return false;
}

static struct span trim(struct span s)
{
	while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t'))
		s = span_skip(s, 1);
	while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
		s.len--;
	return s;
}

static struct span unquote(struct span s)
{
	if (s.len >= 2 && s.at[0] == '"' && s.at[s.len - 1] == '"')
		return (struct span){ s.at + 1, s.len - 2 };
	return s;
}

/* The charset parameter of a media type; empty: there is none. A quoted
 * semicolon would cut short a value, but no charset has one. */
static struct span charset_of(struct span parameters)
{
	struct span one, name;

	while (span_cut(&parameters, ';', &one)) {
		if (span_cut(&one, '=', &name) &&
		    span_is_nocase(trim(name), "charset"))
			return unquote(trim(one));
	}
	return (struct span){ "", 0 };
}

static bool is_utf8(struct span charset)
{
	return charset.len == 0 || span_is_nocase(charset, "utf-8") ||
	       span_is_nocase(charset, "us-ascii");
}

/* Names only: "//" would switch on options of iconv. */
static bool is_charset_name(struct span charset)
{
	for (size_t i = 0; i < charset.len; i++)
		if (!ascii_is_alpha(charset.at[i]) &&
		    !ascii_is_digit(charset.at[i]) &&
		    !strchr("-_.:+", charset.at[i]))
			return false;
	return true;
}

static iconv_t open_charset(struct span charset)
{
	char name[CHARSET_SIZE];

	if (!is_charset_name(charset) || !span_copy(charset, name, sizeof name))
		return (iconv_t)-1;
	return iconv_open("UTF-8", name);
}

/* The whole body through iconv, and its last shift state.
 * @return octets written, or (size_t)-1 */
static size_t convert(iconv_t converter, const struct message *m, char *out,
		      size_t size)
{
	char *in = m->body, *end = out;
	size_t in_len = m->body_len, left = size;

	if (iconv(converter, &in, &in_len, &end, &left) == (size_t)-1 ||
	    iconv(converter, NULL, NULL, &end, &left) == (size_t)-1)
		return (size_t)-1;
	return size - left;
}

static bool from_charset(const struct message *m, struct span charset,
			 char **utf8_out, size_t *len_out,
			 struct outcome *no_out)
{
	size_t size = m->body_len * CHARSET_GROWTH + 1;
	iconv_t converter = open_charset(charset);
	bool done = false;

	*utf8_out = NULL;
	if (converter == (iconv_t)-1)
		return refuse(no_out, 415, "unknown charset");
	*utf8_out = malloc(size);
	if (!*utf8_out) {
		*no_out = outcome_of_route(ROUTE_NO_MEMORY, "out of memory");
		goto out;
	}
	*len_out = convert(converter, m, *utf8_out, size);
	done = *len_out != (size_t)-1 ||
	       refuse(no_out, 400, "body does not match its charset");
out:
	(void)iconv_close(converter);
	if (!done) {
		free(*utf8_out);
		*utf8_out = NULL;
	}
	return done;
}

static bool clean(struct span utf8, char **text_out, struct outcome *no_out)
{
	switch (stanza_clean(utf8, true, text_out)) {
	case GATEWAY_OK: return true;
	case GATEWAY_NO_MEMORY:
		*no_out = outcome_of_route(ROUTE_NO_MEMORY, "out of memory");
		return false;
	case GATEWAY_BAD_CONTENT:
	case GATEWAY_BAD_CONFIG:
	case GATEWAY_CANNOT_BIND:
	case GATEWAY_CANNOT_READ:
	case GATEWAY_TOO_LARGE:
	case GATEWAY_STATUS_COUNT: break;
	}
	return refuse(no_out, 400, "body is not UTF-8");
}

bool content_read(const struct message *message, char **text_out,
		  struct outcome *no_out)
{
	struct span parameters = span_of(message->content_type), type, charset;
	struct span encoding = trim(span_of(message->content_encoding));
	char *utf8 = NULL;
	size_t len = 0;
	bool done;

	*text_out = NULL;
	if (span_cut(&parameters, ';', &type) &&
	    !span_is_nocase(trim(type), "text/plain"))
		return refuse(no_out, 415, "only text/plain can be carried");
	if (encoding.len > 0 && !span_is_nocase(encoding, "identity"))
		return refuse(no_out, 415, "content encoding not supported");
	if (message->body_len == 0) /* XMPP-17: 202 for nothing is a lie */
		return refuse(no_out, 400, "empty message");
	charset = charset_of(parameters);
	if (is_utf8(charset))
		return clean((struct span){ message->body, message->body_len },
			     text_out, no_out);
	if (!from_charset(message, charset, &utf8, &len, no_out))
		return false;
	done = clean((struct span){ utf8, len }, text_out, no_out);
	free(utf8);
	return done;
}
