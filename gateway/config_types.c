#define _POSIX_C_SOURCE 200809L /* strdup */

#include "gateway/config_types.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "enum/e164.h"
#include "gateway/config.h"
#include "gateway/config_address.h"
#include "gateway/config_number.h"
#include "gateway/config_secret.h"
#include "routing/domain.h"
#include "routing/im_uri.h"
#include "routing/sip_uri.h"

void config_quote(struct text *why, struct span text)
{
	const size_t shown = 60;

	text_add_char(why, '"');
	for (size_t i = 0; i < text.len && i < shown; i++) {
		unsigned char c = (unsigned char)text.at[i];

		text_add_char(why, c < 0x20 || c == 0x7f ? '?' : (char)c);
	}
	text_add(why, text.len > shown ? "...\"" : "\"");
}

enum gateway_status config_keep(const char *text, void *value_out)
{
	char *copy = strdup(text);

	if (!copy)
		return GATEWAY_NO_MEMORY;
	memcpy(value_out, &copy, sizeof copy);
	return GATEWAY_OK;
}

static enum gateway_status keep_span(struct span text, void *value_out)
{
	char *copy = malloc(text.len + 1);

	if (!copy)
		return GATEWAY_NO_MEMORY;
	memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	memcpy(value_out, &copy, sizeof copy);
	return GATEWAY_OK;
}

enum gateway_status config_not_a(const struct config_scalar *scalar,
				 const char *what, struct text *why)
{
	config_quote(why, scalar->text);
	text_addf(why, " is not %s", what);
	return GATEWAY_BAD_CONFIG;
}

/* choice: stored as the enum's int, or as a bool */

static void store_index(const struct config_row *row, unsigned index,
			void *value_out)
{
	bool flag = index != 0;

	static_assert(sizeof(enum protocol) == sizeof index, "enums are ints");
	if (row->size == sizeof flag)
		memcpy(value_out, &flag, sizeof flag);
	else
		memcpy(value_out, &index, sizeof index);
}

static unsigned load_index(const struct config_row *row, const void *value)
{
	unsigned index;
	bool flag;

	if (row->size == sizeof flag) {
		memcpy(&flag, value, sizeof flag);
		return flag;
	}
	memcpy(&index, value, sizeof index);
	return index;
}

static enum gateway_status parse_choice(const struct config_scalar *scalar,
					void *value_out, struct text *why)
{
	const char *const *words = scalar->row->words;

	for (unsigned i = 0; words[i]; i++) {
		if (span_is(scalar->text, words[i])) {
			store_index(scalar->row, i, value_out);
			return GATEWAY_OK;
		}
	}
	config_quote(why, scalar->text);
	text_add(why, " is none of");
	for (unsigned i = 0; words[i]; i++)
		text_addf(why, "%s %s", i ? "," : "", words[i]);
	return GATEWAY_BAD_CONFIG;
}

static void write_choice(const struct config_row *row, const void *value,
			 FILE *out)
{
	fputs(row->words[load_index(row, value)], out);
}

/* texts */

static enum gateway_status parse_string(const struct config_scalar *scalar,
					void *value_out, struct text *why)
{
	struct span text = scalar->text;

	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7f)
			return config_not_a(scalar, "one line of text", why);
	if (text.len == 0)
		return config_not_a(scalar, "a text", why);
	return keep_span(text, value_out);
}

static void write_string(const struct config_row *row, const void *value,
			 FILE *out)
{
	const char *text;

	(void)row;
	memcpy(&text, value, sizeof text);
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void write_secret(const struct config_row *row, const void *value,
			 FILE *out)
{
	(void)row;
	(void)value;
	fputs("(set)", out);
}

static enum gateway_status parse_domain(const struct config_scalar *scalar,
					void *value_out, struct text *why)
{
	char domain[DNS_NAME_SIZE];
	enum route_status status =
		domain_to_ascii(scalar->text, domain, sizeof domain);

	if (status == ROUTE_NO_MEMORY)
		return GATEWAY_NO_MEMORY;
	if (status != ROUTE_OK)
		return config_not_a(scalar, "a domain", why);
	return config_keep(domain, value_out);
}

static enum gateway_status parse_prefix(const struct config_scalar *scalar,
					void *value_out, struct text *why)
{
	struct span text = scalar->text;
	bool fits = text.len && text.at[0] == '+' &&
		    text.len <= 1 + E164_DIGITS_MAX;

	for (size_t i = 1; fits && i < text.len; i++)
		fits = ascii_is_digit(text.at[i]);
	if (!fits)
		return config_not_a(scalar, "the beginning of a number", why);
	return keep_span(text, value_out);
}

static enum gateway_status parse_sip_uri(const struct config_scalar *scalar,
					 void *value_out, struct text *why)
{
	struct sip_uri uri;

	if (sip_uri_parse(scalar->text, &uri) != ROUTE_OK)
		return config_not_a(scalar, "a sip: URI", why);
	return keep_span(scalar->text, value_out);
}

static enum gateway_status parse_im_uri(const struct config_scalar *scalar,
					void *value_out, struct text *why)
{
	struct im_uri uri;

	if (im_uri_parse(scalar->text, &uri) != ROUTE_OK)
		return config_not_a(scalar, "an im: URI", why);
	return keep_span(scalar->text, value_out);
}

static const struct config_type types[] = {
	[CONFIG_CHOICE] = { "choice", "", 0, false, parse_choice,
			    write_choice },
	[CONFIG_DURATION] = { "duration",
			      "write a number and ms, s, m, h or d: 500ms, 2s",
			      sizeof(int64_t), false, config_duration_parse,
			      config_duration_write },
	[CONFIG_INTEGER] = { "number", "write decimal digits only",
			     sizeof(uint64_t), false, config_integer_parse,
			     config_integer_write },
	[CONFIG_RATE] = { "rate",
			  "write 20/s (a second), 30/m (a minute) or off",
			  sizeof(double), false, config_rate_parse,
			  config_rate_write },
	[CONFIG_STRING] = { "text", "", sizeof(char *), true, parse_string,
			    write_string },
	[CONFIG_DOMAIN] = { "domain", "write a domain such as gw.example.net",
			    sizeof(char *), true, parse_domain, write_string },
	[CONFIG_PREFIX] = { "number prefix",
			    "write + and digits, in quotes: \"+1202555\"",
			    sizeof(char *), true, parse_prefix, write_string },
	[CONFIG_PATH] = { "path", "", sizeof(char *), true, config_path_parse,
			  write_string },
	[CONFIG_SECRET] = { "path of a secret file",
			    "one line of text in a file of mode 0600 or 0400",
			    sizeof(char *), true, config_secret_parse,
			    write_secret },
	[CONFIG_USERS] = { "path of a users file",
			   "lines user:realm:hash in a file of mode 0600 or "
			   "0400",
			   sizeof(char *), true, config_users_parse,
			   write_secret },
	[CONFIG_STORE] = { "store",
			   "write \"sqlite:/var/lib/imgw/queue.db\", "
			   "\"postgresql://...\" or off",
			   sizeof(char *), true, config_store_parse,
			   config_store_write },
	[CONFIG_SIP_URI] = { "sip: URI",
			     "write a URI such as \"sip:192.0.2.5:5060\"",
			     sizeof(char *), true, parse_sip_uri,
			     write_string },
	[CONFIG_IM_URI] = { "im: URI",
			    "write a URI such as \"im:desk@im.example\"",
			    sizeof(char *), true, parse_im_uri, write_string },
	[CONFIG_ADDRESS] = { "address and port",
			     "write \"127.0.0.1:53\" or \"[::1]:53\"",
			     sizeof(struct config_address), false,
			     config_address_parse, config_address_write },
	[CONFIG_LISTENER] = { "listener",
			      "write \"udp:192.0.2.10:5060\" or "
			      "\"tcp:[2001:db8::1]:5060\"",
			      sizeof(struct listen_address), false,
			      config_listener_parse, config_listener_write },
	[CONFIG_RANGE] = { "address range",
			   "write 192.0.2.0/28, \"2001:db8::/64\" or one "
			   "address",
			   sizeof(struct admission_range), false,
			   config_range_parse, config_range_write },
	[CONFIG_MAP] = { "map", "", 0, false, NULL, NULL },
	[CONFIG_ABSENT] = { "nothing", "", 0, false, NULL, NULL },
};

static_assert(sizeof types / sizeof types[0] == CONFIG_KIND_COUNT,
	      "a type for each kind");

const struct config_type *config_type(enum config_kind kind)
{
	return &types[kind];
}

size_t config_value_size(const struct config_row *row)
{
	if (row->map)
		return row->map->item_size;
	return types[row->kind].size ? types[row->kind].size : row->size;
}

bool config_value_is_set(const struct config_row *row, const void *value)
{
	const struct config_address *address = value;
	const char *text;

	if (row->flags & CONFIG_LIST)
		return true;
	if (row->kind == CONFIG_ADDRESS)
		return address->port != 0;
	if (!types[row->kind].owned)
		return row->kind != CONFIG_ABSENT;
	memcpy(&text, value, sizeof text);
	return text != NULL;
}
