#include "gateway/cli/admin_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "enum/text.h"

/** Octets of an answer: a page of messages with long addresses and bodies. */
#define ANSWER_MAX ((size_t)16 << 20)

#define TIMEOUT_MS 30000l

struct admin_client {
	CURL *curl;
	const char *socket;
	char *answer;
	size_t len;
};

static size_t on_data(char *data, size_t one, size_t count, void *arg)
{
	struct admin_client *client = arg;
	char *longer;

	(void)one; /* always 1 */
	if (count > ANSWER_MAX - client->len)
		return 0;
	longer = realloc(client->answer, client->len + count + 1);
	if (!longer)
		return 0;
	memcpy(longer + client->len, data, count);
	client->answer = longer;
	client->len += count;
	return count;
}

static bool set_up(struct admin_client *client)
{
	CURL *c = client->curl;

	return curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, client->socket) ==
		       CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_data) ==
		       CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_WRITEDATA, client) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, TIMEOUT_MS) ==
		       CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1l) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK;
}

struct admin_client *admin_client_create(const char *socket)
{
	struct admin_client *client = calloc(1, sizeof *client);

	if (!client)
		return NULL;
	client->socket = socket;
	client->curl = curl_easy_init();
	if (!client->curl || !set_up(client))
		admin_client_destroy(&client);
	return client;
}

void admin_client_destroy(struct admin_client **client)
{
	if (!*client)
		return;
	curl_easy_cleanup((*client)->curl);
	free((*client)->answer);
	free(*client);
	*client = NULL;
}

static CURLcode perform(struct admin_client *client, const char *method,
			const char *place, long *code_out)
{
	char url[256];
	struct text text;
	CURLcode code;

	text_init(&text, url, sizeof url);
	text_addf(&text, "http://imgw/api/v1/%s", place);
	if (text.cut)
		return CURLE_URL_MALFORMAT;
	client->len = 0;
	*code_out = 0;
	code = curl_easy_setopt(client->curl, CURLOPT_URL, url);
	if (code == CURLE_OK)
		code = strcmp(method, "POST") == 0
			       ? curl_easy_setopt(client->curl,
						  CURLOPT_COPYPOSTFIELDS, "")
			       : curl_easy_setopt(client->curl, CURLOPT_HTTPGET,
						  1l);
	if (code == CURLE_OK)
		code = curl_easy_perform(client->curl);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE,
					 code_out);
	return code;
}

static enum cli_exit fail(const struct admin_client *client, CURLcode code)
{
	if (code == CURLE_COULDNT_CONNECT)
		fprintf(stderr,
			"imgw: no gateway answers at %s: is it running, and"
			" may you write there?\n",
			client->socket);
	else
		fprintf(stderr, "imgw: %s: %s\n", client->socket,
			curl_easy_strerror(code));
	return CLI_TRY_LATER;
}

/* 404, 501: it says no; others may pass. */
static enum cli_exit refuse(const struct admin_client *client, long code,
			    json_t *answer)
{
	const char *why = json_string_value(json_object_get(answer, "error"));

	fprintf(stderr, "imgw: %s\n",
		why ? why : "the gateway gives an answer without meaning");
	(void)client;
	return code == 404 || code == 501 ? CLI_NO : CLI_TRY_LATER;
}

enum cli_exit admin_client_ask(struct admin_client *client, const char *method,
			       const char *place, json_t **answer_out)
{
	long code;
	CURLcode failure = perform(client, method, place, &code);
	json_t *answer = NULL;
	enum cli_exit result;

	*answer_out = NULL;
	if (failure != CURLE_OK)
		return fail(client, failure);
	if (client->len > 0)
		answer = json_loadb(client->answer, client->len,
				    JSON_REJECT_DUPLICATES, NULL);
	if (code == 200 && json_is_object(answer)) {
		*answer_out = answer;
		return CLI_YES;
	}
	result = refuse(client, code, answer);
	json_decref(answer);
	return result;
}
