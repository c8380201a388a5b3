#ifndef IMGW_GATEWAY_BODY_XML_H
#define IMGW_GATEWAY_BODY_XML_H

/** Small XML documents in a body, read with libxml2: no document type, so no
 *  entities of their own; nothing is fetched; size and depth are bounded. */

#include <stdbool.h>

#include <libxml/tree.h>

#include "enum/text.h"

/** Octets of a document; libxml2 itself ends at a depth of 256 elements. */
#define XML_DOCUMENT_MAX 16384

/** Parse a document in UTF-8, whatever it declares: of the other encodings
 *  libxml2 would complain on stderr.
 *  @return the caller's: xmlFreeDoc; NULL: it is none, is larger, has a
 *          document type, or there is no memory */
xmlDoc *xml_read(struct span octets);

/** The root, when it has this name in this namespace. NULL: it has not */
const xmlNode *xml_root(const xmlDoc *document, const char *ns,
			const char *name);

/** The first child element of this name in this namespace. @param parent  or
 *  NULL: then there is none */
const xmlNode *xml_child(const xmlNode *parent, const char *ns,
			 const char *name);

/** Append the text of an element, without white space at both ends.
 *  @param element  or NULL: nothing is appended
 *  @return false: it did not fit, or it has elements in it */
bool xml_text(const xmlNode *element, struct text *out);

/** Append text as it stands between two tags. */
void xml_escape(struct span value, struct text *out);

#endif
