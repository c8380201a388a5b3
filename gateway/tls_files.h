#ifndef IMGW_GATEWAY_TLS_FILES_H
#define IMGW_GATEWAY_TLS_FILES_H

/** Are the files of a TLS configuration fit for use? Looked at before the
 *  start, because a TLS library that cannot read them says so much later, to
 *  the wrong person, or not at all. PEM in all of them. */

#include <stdbool.h>

#include "enum/text.h"

/** A certificate that ends within so many days is worth a warning. */
#define TLS_FILES_SOON_DAYS 30

/** Our certificate, first in its file, with the intermediate ones behind it.
 *  @param ends_soon_out  whether it ends within TLS_FILES_SOON_DAYS
 *  @param why  what is wrong, a sentence without the dot
 *  @return whether it can be read and is valid now */
bool tls_files_check_cert(const char *path, bool *ends_soon_out,
			  struct text *why);

/** The key of a certificate: without a passphrase, and nobody but its owner
 *  may read it (SEC-15).
 *  @param cert_path  a file that tls_files_check_cert has passed
 *  @return whether it can be read and belongs to the certificate */
bool tls_files_check_key(const char *path, const char *cert_path,
			 struct text *why);

/** Certificates of authorities.
 *  @return whether there is one at least */
bool tls_files_check_ca(const char *path, struct text *why);

#endif
