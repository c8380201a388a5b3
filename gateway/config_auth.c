#include "gateway/config_auth.h"

#include <string.h>

#include "gateway/users.h"

static void complain(struct config_source *source, const char *option,
		     const char *help, const char *what)
{
	config_complain(source, config_source_find(source, option), help, "%s",
			what);
}

/* These stand within quotes on the wire, and between colons in what is hashed
 * (RFC 7616, 3.4). */
static void check_text(struct config_source *source, const char *option,
		       const char *text)
{
	if (text && strpbrk(text, "\":\\"))
		complain(source, option, "leave out \", : and \\",
			 "a digest cannot hold this text");
}

/* The three options of a challenge go together. */
static bool is_complete(struct config_source *source,
			const struct config *config)
{
	const char *realm = config->sip.auth.realm;
	const char *users = config->sip.auth.users;
	bool require = config->sip.auth.require_count > 0;

	if (require && !realm)
		complain(source, "sip.auth.require", "add realm beside it",
			 "sip.auth.require needs a realm");
	if (require && !users)
		complain(source, "sip.auth.require", "add users_file beside it",
			 "sip.auth.require needs a users_file");
	if (!require && (realm || users))
		complain(source,
			 realm ? "sip.auth.realm" : "sip.auth.users_file",
			 "add require, the peers that it is for",
			 "nobody is challenged without sip.auth.require");
	return require && realm && users;
}

static void check_users(struct config_source *source,
			const struct config *config)
{
	const struct span realm = span_of(config->sip.auth.realm);
	const char *users = config->sip.auth.users;

	if (!users_have(users, realm, 32) && !users_have(users, realm, 64))
		complain(source, "sip.auth.users_file",
			 "the second field must be that of sip.auth.realm",
			 "no line of it is for our realm");
}

static void check_replies(struct config_source *source,
			  const struct config *config)
{
	const char *user = config->replies.auth.user;

	if (user && !config->replies.auth.password)
		complain(source, "replies.auth.user",
			 "add password_file beside it",
			 "replies.auth needs a password_file");
	if (!user && config->replies.auth.password)
		complain(source, "replies.auth.password_file",
			 "add user beside it", "replies.auth needs a user");
	if (!user && config->replies.auth.realm)
		complain(source, "replies.auth.realm", "add user beside it",
			 "replies.auth needs a user");
}

void config_check_auth(struct config_source *source,
		       const struct config *config)
{
	check_text(source, "sip.auth.realm", config->sip.auth.realm);
	check_text(source, "replies.auth.user", config->replies.auth.user);
	if (is_complete(source, config))
		check_users(source, config);
	check_replies(source, config);
}
