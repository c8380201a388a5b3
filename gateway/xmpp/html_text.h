#ifndef IMGW_GATEWAY_XMPP_HTML_TEXT_H
#define IMGW_GATEWAY_XMPP_HTML_TEXT_H

/** HTML as plain text (RFC 7572, 7; CONF-14): tags go, elements that begin a
 *  line begin one, white space is one space except in pre, references become
 *  characters, and what is not for reading (script, style, title) goes with
 *  its content. Any input has a text; no input is too deep, since nothing is
 *  nested. Pure. */

#include "enum/text.h"

/** @param html  UTF-8
 *  @param out   empty; the text needs no more octets than the HTML has */
void html_text(struct span html, struct text *out);

#endif
