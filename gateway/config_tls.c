#include "gateway/config_tls.h"

#include "gateway/tls_files.h"

/** A path and what is wrong with it. */
#define WHY_SIZE 4400

static bool has_tls_listener(const struct config *config)
{
	for (size_t i = 0; i < config->sip.listen_count; i++)
		if (config->sip.listen[i].transport == TRANSPORT_TLS)
			return true;
	return false;
}

static void complain(struct config_source *source, const char *option,
		     const char *help, const char *what)
{
	config_complain(source, config_source_find(source, option), help, "%s",
			what);
}

static void note_end(struct config_source *source, struct config_later *note,
		     const char *option)
{
	note->option = option;
	config_source_place(config_source_find(source, option), &note->line,
			    &note->column);
}

/* @return whether it is worth looking at the key */
static bool check_cert(struct config_source *source, struct config *config)
{
	const char *option = "sip.tls.cert_file";
	char buffer[WHY_SIZE];
	bool ends_soon;
	struct text why;

	text_init(&why, buffer, sizeof buffer);
	if (!tls_files_check_cert(config->sip.tls.cert_file, &ends_soon,
				  &why)) {
		complain(source, option,
			 "a certificate and the intermediate ones behind it",
			 buffer);
		return false;
	}
	if (ends_soon)
		note_end(source, &config->ends_soon, option);
	return true;
}

static void check_key(struct config_source *source, const struct config *config)
{
	char buffer[WHY_SIZE];
	struct text why;

	text_init(&why, buffer, sizeof buffer);
	if (!tls_files_check_key(config->sip.tls.key_file,
				 config->sip.tls.cert_file, &why))
		complain(source, "sip.tls.key_file",
			 "the certificate's key in a file of mode 0600 or "
			 "0400",
			 buffer);
}

static void check_ca(struct config_source *source, const struct config *config)
{
	char buffer[WHY_SIZE];
	struct text why;

	text_init(&why, buffer, sizeof buffer);
	if (config->sip.tls.verify && config->sip.tls.ca_file &&
	    !tls_files_check_ca(config->sip.tls.ca_file, &why))
		complain(source, "sip.tls.ca_file",
			 "certificates of authorities, or leave it out for "
			 "those of the system",
			 buffer);
}

void config_check_tls(struct config_source *source, struct config *config)
{
	const char *cert = config->sip.tls.cert_file;
	const char *key = config->sip.tls.key_file;
	bool listens = has_tls_listener(config);

	if (listens && !cert)
		complain(source, "sip.listen", "add sip.tls.cert_file",
			 "a tls: listener needs a certificate");
	else if ((listens || cert) && !key)
		complain(source, "sip.tls", "add sip.tls.key_file",
			 "a certificate needs its key");
	else if (key && !cert)
		complain(source, "sip.tls.key_file", "add sip.tls.cert_file",
			 "a key needs its certificate");
	else if (cert && check_cert(source, config))
		check_key(source, config);
	check_ca(source, config);
}
