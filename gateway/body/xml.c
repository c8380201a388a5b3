#include "gateway/body/xml.h"

#include <string.h>

#include <libxml/parser.h>

#include "gateway/body/mime.h"

/* Called when "<!DOCTYPE" has been read and nothing of it is believed yet. */
static void on_document_type(void *context, const xmlChar *name,
			     const xmlChar *public_id, const xmlChar *system_id)
{
	xmlParserCtxt *parser = context;

	(void)name;
	(void)public_id;
	(void)system_id;
	parser->wellFormed = 0;
	xmlStopParser(parser);
}

xmlDoc *xml_read(struct span octets)
{
	const int options = XML_PARSE_NONET | XML_PARSE_NOERROR |
			    XML_PARSE_NOWARNING | XML_PARSE_NOCDATA;
	xmlParserCtxt *context;
	xmlDoc *document;

	if (octets.len == 0 || octets.len > XML_DOCUMENT_MAX)
		return NULL;
	context = xmlNewParserCtxt();
	if (!context)
		return NULL;
	context->sax->internalSubset = on_document_type;
	document = xmlCtxtReadMemory(context, octets.at, (int)octets.len, NULL,
				     "UTF-8", options);
	xmlFreeParserCtxt(context);
	return document;
}

static bool is_element(const xmlNode *node, const char *ns, const char *name)
{
	return node->type == XML_ELEMENT_NODE && node->ns &&
	       xmlStrEqual(node->ns->href, (const xmlChar *)ns) &&
	       xmlStrEqual(node->name, (const xmlChar *)name);
}

const xmlNode *xml_root(const xmlDoc *document, const char *ns,
			const char *name)
{
	const xmlNode *root = xmlDocGetRootElement(document);

	return root && is_element(root, ns, name) ? root : NULL;
}

const xmlNode *xml_child(const xmlNode *parent, const char *ns,
			 const char *name)
{
	const xmlNode *child = parent ? parent->children : NULL;

	while (child && !is_element(child, ns, name))
		child = child->next;
	return child;
}

static const char *text_of(const xmlNode *node)
{
	return node->content ? (const char *)node->content : "";
}

bool xml_text(const xmlNode *element, struct text *out)
{
	const size_t start = out->len;
	const xmlNode *node = element ? element->children : NULL;
	struct span trimmed;

	for (; node; node = node->next) {
		if (node->type == XML_TEXT_NODE)
			text_add(out, text_of(node));
		else if (node->type != XML_COMMENT_NODE)
			return false;
	}
	if (out->cut)
		return false;
	trimmed = mime_trim((struct span){ out->at + start, out->len - start });
	memmove(out->at + start, trimmed.at, trimmed.len);
	out->len = start + trimmed.len;
	out->at[out->len] = '\0';
	return true;
}

void xml_escape(struct span value, struct text *out)
{
	for (size_t i = 0; i < value.len; i++)
		switch (value.at[i]) {
		case '<': text_add(out, "&lt;"); break;
		case '>': text_add(out, "&gt;"); break;
		case '&': text_add(out, "&amp;"); break;
		default: text_add_char(out, value.at[i]); break;
		}
}
