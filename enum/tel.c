#include "enum/tel.h"

#include <string.h>

/* One parameter; `value` is empty in ";name" and never in ";name=value". */
struct param {
	struct span name;
	struct span value;
	bool has_value;
};

static bool is_separator(char c)
{
	return c == '-' || c == '.' || c == '(' || c == ')';
}

static bool is_hex_digit(char c)
{
	c = ascii_lower(c);
	return ascii_is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool is_local_digit(char c)
{
	return is_hex_digit(c) || c == '*' || c == '#';
}

static bool is_phone_digit(char c)
{
	return ascii_is_digit(c) || is_separator(c);
}

static bool is_label_char(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c) || c == '-';
}

/* paramchar of RFC 3966, 3; an escape is looked at elsewhere */
static bool is_value_char(char c)
{
	return is_label_char(c) || (c && strchr("_.!~*'()[]/:&+$", c));
}

/* uric, less the ';' that begins the next parameter */
static bool is_isub_char(char c)
{
	return is_value_char(c) || (c && strchr("?@=,", c));
}

/* At least one character, all of them allowed. */
static bool consists_of(struct span s, bool (*allowed)(char))
{
	for (size_t i = 0; i < s.len; i++)
		if (!allowed(s.at[i]))
			return false;
	return s.len > 0;
}

/* The same, where an escape such as "%41" counts as allowed. */
static bool consists_of_or_escapes(struct span s, bool (*allowed)(char))
{
	for (size_t i = 0; i < s.len; i++) {
		if (allowed(s.at[i]))
			continue;
		if (s.at[i] != '%' || s.len - i < 3 ||
		    !is_hex_digit(s.at[i + 1]) || !is_hex_digit(s.at[i + 2]))
			return false;
		i += 2;
	}
	return s.len > 0;
}

static bool same_nocase(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ascii_lower(a.at[i]) != ascii_lower(b.at[i]))
			return false;
	return true;
}

/* Append digits without their visual separators (TEL-2).
 * @return false: another character, no digit at all, or no room */
static bool add_digits(struct text *number, struct span s,
		       bool (*is_digit)(char))
{
	size_t before = number->len;

	for (size_t i = 0; i < s.len; i++) {
		if (is_separator(s.at[i]))
			continue;
		if (!is_digit(s.at[i]))
			return false;
		text_add_char(number, s.at[i]);
	}
	return number->len > before && !number->cut;
}

/* Octets of the leading '+', which may be escaped (TEL-11); 0: none. */
static size_t plus_len(struct span s)
{
	if (s.len && s.at[0] == '+')
		return 1;
	return span_starts_nocase(s, "%2b") ? 3 : 0;
}

/* TEL-1, TEL-3: '*', '#' and letters are digits of local numbers only. */
static bool read_number(struct tel *tel)
{
	size_t plus = plus_len(tel->as_sent);
	struct text number;

	text_init(&number, tel->number, sizeof tel->number);
	tel->global = plus > 0;
	if (tel->global)
		text_add_char(&number, '+');
	return add_digits(&number, span_skip(tel->as_sent, plus),
			  tel->global ? ascii_is_digit : is_local_digit);
}

static bool is_isub(struct span value)
{
	return consists_of_or_escapes(value, is_isub_char);
}

static bool is_ext(struct span value)
{
	return consists_of(value, is_phone_digit);
}

static bool is_domain(struct span name)
{
	struct span label = { NULL, 0 };

	if (name.len && name.at[name.len - 1] == '.')
		name.len--;
	while (span_cut(&name, '.', &label))
		if (!consists_of(label, is_label_char) || label.at[0] == '-' ||
		    label.at[label.len - 1] == '-')
			return false;
	return label.len && ascii_is_alpha(label.at[0]); /* toplabel */
}

/* descriptor: a domain, or the digits of a global number */
static bool is_context(struct span value)
{
	struct span digits = span_skip(value, 1);

	if (value.len == 0 || value.at[0] != '+')
		return is_domain(value);
	while (digits.len && is_separator(digits.at[0]))
		digits = span_skip(digits, 1);
	return consists_of(digits, is_phone_digit);
}

static bool is_value(struct span value)
{
	return consists_of_or_escapes(value, is_value_char);
}

/* Parameters that must have a value of a certain kind. */
static const struct {
	const char *name;
	bool (*is_valid)(struct span value);
} value_rules[] = {
	{ "isub", is_isub },
	{ "ext", is_ext },
	{ "phone-context", is_context },
	{ "rn", is_value },
};

static bool param_is_valid(const struct param *param)
{
	if (!consists_of(param->name, is_label_char))
		return false;
	for (size_t i = 0; i < sizeof value_rules / sizeof *value_rules; i++)
		if (span_is_nocase(param->name, value_rules[i].name))
			return value_rules[i].is_valid(param->value);
	return !param->has_value || is_value(param->value);
}

/* @param rest  in: what is left of the parameters, without the first ';'
 * @return false when nothing was left */
static bool next_param(struct span *rest, struct param *param_out)
{
	struct span piece;

	if (!span_cut(rest, ';', &piece))
		return false;
	span_cut(&piece, '=', &param_out->name);
	param_out->has_value = piece.at != NULL;
	param_out->value = piece;
	return true;
}

static bool find_param(const struct tel *tel, struct span name,
		       struct param *param_out)
{
	struct span rest = span_skip(tel->params, 1);

	while (next_param(&rest, param_out))
		if (same_nocase(param_out->name, name))
			return true;
	return false;
}

static bool has_param(const struct tel *tel, const char *name)
{
	struct param param;

	return find_param(tel, span_of(name), &param);
}

/* Syntax of all, each name at most once (TEL-1), not isub with ext (TEL-6). */
static bool params_are_valid(const struct tel *tel)
{
	struct span rest = span_skip(tel->params, 1);
	struct param param, first;

	while (next_param(&rest, &param))
		if (!param_is_valid(&param) ||
		    !find_param(tel, param.name, &first) ||
		    first.name.at != param.name.at)
			return false;
	return !(has_param(tel, "isub") && has_param(tel, "ext"));
}

static bool has_mandatory(const struct tel *tel)
{
	struct span rest = span_skip(tel->params, 1);
	struct param param;

	while (next_param(&rest, &param))
		if (span_starts_nocase(param.name, "m-"))
			return true;
	return false;
}

static void split(struct span subscriber, struct tel *tel)
{
	ptrdiff_t at = span_find(subscriber, ';');

	*tel = (struct tel){ .as_sent = subscriber };
	if (at < 0)
		return;
	tel->as_sent.len = (size_t)at;
	tel->params = span_skip(subscriber, (size_t)at);
}

enum enum_status tel_parse(struct span subscriber, struct tel *tel_out)
{
	struct param rn;

	if (subscriber.len > TEL_MAX) {
		*tel_out = (struct tel){ .global = false };
		return ENUM_TOO_LONG;
	}
	split(subscriber, tel_out);
	if (!read_number(tel_out) || !params_are_valid(tel_out))
		return ENUM_BAD_SYNTAX;
	tel_out->enumdi = has_param(tel_out, "enumdi");
	tel_out->npdi = has_param(tel_out, "npdi");
	if (find_param(tel_out, span_of("rn"), &rn))
		tel_out->rn = rn.value;
	if (!tel_out->global && !has_param(tel_out, "phone-context"))
		return ENUM_NO_CONTEXT;
	if (has_mandatory(tel_out)) /* none is known here (TEL-7) */
		return ENUM_UNKNOWN_MANDATORY;
	return tel_out->global ? ENUM_OK : ENUM_LOCAL_NUMBER;
}

void tel_write(const struct tel *tel, bool enumdi, struct text *out)
{
	text_add(out, tel->global ? "tel:+" : "tel:");
	text_add_span(out, span_skip(tel->as_sent, plus_len(tel->as_sent)));
	text_add_span(out, tel->params);
	if (enumdi && !tel->enumdi)
		text_add(out, ";enumdi");
}
