#ifndef IMGW_GATEWAY_CLI_ADMIN_CLIENT_H
#define IMGW_GATEWAY_CLI_ADMIN_CLIENT_H

/** How commands talk to a running gateway: HTTP over its admin socket. */

#include <jansson.h>

#include "gateway/cli/cli.h"

struct admin_client;

/** Connects when it is first used.
 *  @param socket  path; must outlive the client
 *  @return NULL: out of memory */
struct admin_client *admin_client_create(const char *socket);

/** Free; clears; takes NULL. */
void admin_client_destroy(struct admin_client **client);

/** Ask. What goes wrong is said on stderr.
 *  @param method  "GET" or "POST"
 *  @param place  behind /api/v1/
 *  @param answer_out  the caller's: json_decref; NULL unless CLI_YES
 *  @return CLI_YES; CLI_TRY_LATER no gateway, or one that is in trouble;
 *          CLI_NO there is no such thing */
enum cli_exit admin_client_ask(struct admin_client *client, const char *method,
			       const char *place, json_t **answer_out);

#endif
