#ifndef IMGW_GATEWAY_XMPP_HTML_ENTITY_H
#define IMGW_GATEWAY_XMPP_HTML_ENTITY_H

/** Character references of HTML: numeric ones, those of Latin-1, and those
 *  that people type without knowing. Pure. */

#include <stdint.h>

#include "enum/text.h"

/** Read the reference at the start of a text.
 *  @param at  begins with '&'
 *  @param character_out  may be no character (charset_add_char copes);
 *                        untouched when the answer is 0
 *  @return octets that it takes, at least as many as the character has in
 *          UTF-8; 0: it is only an ampersand */
size_t html_entity_read(struct span at, uint32_t *character_out);

#endif
