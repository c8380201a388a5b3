#include "routing/number_uri.h"

#include "routing/uri_text.h"

struct param {
	struct span name, value; /* value.at is NULL without '=' */
};

static bool cut_param(struct span *rest, struct param *out)
{
	struct span piece;

	if (!span_cut(rest, ';', &piece))
		return false;
	(void)span_cut(&piece, '=', &out->name);
	out->value = piece;
	return true;
}

/* RFC 3261, 19.1.6: these two stand first, in this order. */
static int rank(struct span name)
{
	if (span_is_nocase(name, "isub"))
		return 0;
	return span_is_nocase(name, "postd") ? 1 : 2;
}

static int compare_text(struct span a, struct span b)
{
	size_t i = 0;

	while (i < a.len && i < b.len &&
	       ascii_lower(a.at[i]) == ascii_lower(b.at[i]))
		i++;
	if (i == a.len || i == b.len)
		return (i < a.len) - (i < b.len);
	return ascii_lower(a.at[i]) < ascii_lower(b.at[i]) ? -1 : 1;
}

static int compare(struct span a, struct span b)
{
	const int difference = rank(a) - rank(b);

	return difference ? difference : compare_text(a, b);
}

/* The first parameter behind `last` in the canonical order; names are unique.
 * @param last  an empty name: from the beginning */
static bool find_next(struct span params, struct span last, struct param *out)
{
	struct param param;
	bool found = false;

	while (cut_param(&params, &param)) {
		if (last.len && compare(param.name, last) <= 0)
			continue;
		if (!found || compare(param.name, out->name) < 0)
			*out = param;
		found = true;
	}
	return found;
}

static bool is_separator(char c)
{
	return c == '-' || c == '.' || c == '(' || c == ')';
}

/* Are its visual separators only that (RFC 3966, 4)? */
static bool is_digits(const struct param *param)
{
	return span_is_nocase(param->name, "ext") ||
	       (span_is_nocase(param->name, "phone-context") &&
		span_starts_nocase(param->value, "+"));
}

static void add_lower(struct span s, bool skip_separators, struct text *out)
{
	for (size_t i = 0; i < s.len; i++)
		if (!skip_separators || !is_separator(s.at[i]))
			text_add_char(out, ascii_lower(s.at[i]));
}

static void add_params(struct span params, struct text *out)
{
	struct param param = { { NULL, 0 }, { NULL, 0 } };

	while (find_next(params, param.name, &param)) {
		text_add_char(out, ';');
		add_lower(param.name, false, out);
		if (!param.value.at)
			continue;
		text_add_char(out, '=');
		add_lower(param.value, is_digits(&param), out);
	}
}

void number_uri_canonical(const struct tel *tel, bool enumdi, struct text *out)
{
	char buffer[NUMBER_URI_SIZE];
	struct text params;

	text_init(&params, buffer, sizeof buffer);
	text_add_span(&params, tel->params);
	if (enumdi && !tel->enumdi)
		text_add(&params, ";enumdi");
	add_lower(span_of(tel->number), false, out);
	if (params.len)
		add_params(span_skip(span_of(buffer), 1), out);
}

/* What an escape says in a parameter it says in a user, too. */
static bool may_stand(char c)
{
	return uri_is_user_char(c) || c == '%';
}

void number_uri_sip(const struct tel *tel, bool enumdi,
		    const struct sip_uri *server, struct text *out)
{
	char buffer[NUMBER_URI_SIZE];
	struct text user;

	text_init(&user, buffer, sizeof buffer);
	number_uri_canonical(tel, enumdi, &user);
	text_add(out, server->secure ? "sips:" : "sip:");
	uri_encode(span_of(buffer), may_stand, out);
	text_add_char(out, '@');
	text_add_span(out, server->host);
	if (server->port)
		text_addf(out, ":%u", (unsigned)server->port);
	text_add(out, ";user=phone");
}
