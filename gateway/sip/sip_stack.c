#define _GNU_SOURCE /* RTLD_NEXT */

#include "gateway/sip/sip_private.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define TPORT_STUN_SERVER_T struct sipside_deaf

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/su_addrinfo.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/tport.h>
#include <sofia-sip/tport_plugins.h>

#include "gateway/log.h"

/* Replaces the library's own: it is called with whatever host a Via names,
 * and nothing in a loop may wait for DNS. Addresses only. */
int su_getaddrinfo(char const *node, char const *service,
		   su_addrinfo_t const *hints, su_addrinfo_t **res)
{
	su_addrinfo_t numeric = { 0 };

	if (hints)
		numeric = *hints;
	numeric.ai_flags |= AI_NUMERICHOST;
	return getaddrinfo(node, service, &numeric, res);
}

/* Replaces the library's own, which takes any connection to the address: what
 * was made to one domain, and verified for it, would serve another at the
 * same host (SIP-38). Behind the primary transport that is found here the
 * library looks again, and then it compares the domain too. */
tport_t *tport_by_name(tport_t const *self, tp_name_t const *name)
{
	return tport_primary_by_name(self, name);
}

/* --- the first line --- */

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* What a peer may send in front of a message (RFC 3261, 7.5) the library
 * copies too, and takes it for as many octets at the line's end. So the line
 * is taken from what came.
 * @return NULL: out of memory */
static char *whole_line(su_home_t *home, msg_header_t *header, char *line)
{
	msg_common_t *came = header->sh_common;
	struct span rest = { came->h_data, came->h_len };
	size_t len = 0;

	if (!is_one_of(*line, " \t\r\n") || !rest.at)
		return line;
	while (rest.len && is_one_of(*rest.at, " \t\r\n"))
		rest = span_skip(rest, 1);
	while (len < rest.len && !is_one_of(rest.at[len], "\r\n"))
		len++;
	came->h_data = rest.at;
	came->h_len = (usize_t)rest.len;
	return su_strndup(home, rest.at, (isize_t)len);
}

static sip_method_t known_method(struct span name)
{
	for (int i = sip_method_invite; i <= sip_method_publish; i++)
		if (span_is(name, sip_method_name((sip_method_t)i, NULL)))
			return (sip_method_t)i;
	return sip_method_unknown;
}

/* Replaces the library's own, which lacks two characters of a token (RFC 3261,
 * 25.1) and has what it cannot read dropped: an odd method is an unknown one
 * (SIP-12). CSeq is read with it too. */
sip_method_t sip_method_d(char **line, char const **name)
{
	static const char token[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-.!%*_+`'~";
	static const char blanks[] = " \t\r\n";
	const struct span word = { *line, strspn(*line, token) };
	char *end = *line + word.len;
	sip_method_t method = known_method(word);

	if (!word.len || (*end && !strchr(blanks, *end)))
		return sip_method_invalid;
	*line = end + strspn(end, blanks);
	if (!name)
		return method;
	*name = sip_method_name(method, word.at);
	*end = '\0';
	return method;
}

/* Cut the line at its first and last blank. */
static bool cut_line(char *line, char **uri, char **version)
{
	size_t len = strlen(line);

	while (len && (line[len - 1] == ' ' || line[len - 1] == '\t'))
		line[--len] = '\0';
	*uri = strchr(line, ' ');
	*version = strrchr(line, ' ');
	if (!*uri || *uri == *version)
		return false;
	*(*uri)++ = *(*version)++ = '\0';
	return true;
}

/* Replaces the library's own, which has a request dropped whose URI it cannot
 * read, and passes over blanks that may not be there. Such a URI is marked,
 * and sip_check.c refuses it (RFC 4475, 3.1.2.7 to 3.1.2.9). */
issize_t sip_request_d(su_home_t *home, msg_header_t *header, char *line,
		       isize_t len)
{
	sip_request_t *request = ((sip_header_t *)header)->sh_request;
	char *uri, *version;

	(void)len;
	line = whole_line(home, header, line);
	if (!line || !cut_line(line, &uri, &version))
		return -1;
	request->rq_method = sip_method_d(&line, &request->rq_method_name);
	if (request->rq_method == sip_method_invalid || *line ||
	    sip_version_d(&version, &request->rq_version) < 0 || *version)
		return -1;
	if (!*uri || strpbrk(uri, " \t") || url_d(request->rq_url, uri) < 0)
		url_init(request->rq_url, url_invalid);
	return 0;
}

/* Goes before the library's own, for the sake of what stands in front. */
issize_t sip_status_d(su_home_t *home, msg_header_t *header, char *line,
		      isize_t len)
{
	void *symbol = dlsym(RTLD_NEXT, "sip_status_d");
	issize_t (*function)(su_home_t *, msg_header_t *, char *, isize_t);

	memcpy(&function, &symbol, sizeof function);
	line = whole_line(home, header, line);
	return line ? function(home, header, line, len) : -1;
}

/* --- taming --- */

/* The library's diagnostics have no level; for us they are all details. */
static void log_line(void *stream, char const *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static void log_line(void *stream, char const *format, va_list args)
{
	char line[512];

	(void)stream;
	if (!log_enabled(LOG_LEVEL_DEBUG))
		return;
	if (vsnprintf(line, sizeof line, format, args) < 0)
		return;
	line[strcspn(line, "\r\n")] = '\0';
	log_event(LOG_LEVEL_DEBUG, "sip-stack", FIELD_TEXT("text", line));
}

/* SIP-39: STUN is ignored in silence, for which the library needs a server
 * that hears nothing; without one it answers every request by itself. */
struct sipside_deaf {
	char unused;
};

static struct sipside_deaf *deaf_create(su_root_t *root, tagi_t const *tags)
{
	static const struct sipside_deaf deaf = { 0 };

	(void)root;
	(void)tags;
	return (struct sipside_deaf *)(uintptr_t)&deaf; /* never written */
}

static void deaf_destroy(struct sipside_deaf *deaf)
{
	(void)deaf;
}

static int deaf_socket(struct sipside_deaf *deaf, su_socket_t socket)
{
	(void)deaf;
	(void)socket;
	return 0;
}

static void deaf_request(struct sipside_deaf *deaf, su_socket_t socket,
			 void *request, ssize_t len, void *address,
			 socklen_t address_len)
{
	(void)deaf;
	(void)socket;
	(void)request;
	(void)len;
	(void)address;
	(void)address_len;
}

void sipside_stack_tame(void)
{
	static const tport_stun_server_vtable_t deaf = {
		sizeof deaf + 1, /* the library wants it to be larger */
		deaf_create,	 deaf_destroy, deaf_socket,
		deaf_socket,	 deaf_request,
	};

	su_log_redirect(NULL, log_line, NULL);
	(void)tport_plug_in_stun_server(&deaf);
}
