#include "gateway/body/imdn.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/body/datetime.h"
#include "gateway/body/mime.h"
#include "gateway/body/xml.h"

#define NS "urn:ietf:params:xml:ns:imdn"

/** All that stands around the values. */
#define FIXED_SIZE   512

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* RFC 5438, 7.2.1.1 and 7.2.1.3. A display that failed is no failure of the
 * message. */
static const struct status {
	const char *notification, *word;
	enum message_report report;
} statuses[] = {
	{ "delivery-notification", "delivered", MESSAGE_DELIVERED },
	{ "delivery-notification", "failed", MESSAGE_FAILED },
	{ "delivery-notification", "forbidden", MESSAGE_FORBIDDEN },
	{ "delivery-notification", "error", MESSAGE_FAILED },
	{ "display-notification", "displayed", MESSAGE_DISPLAYED },
};

static const struct {
	const char *word;
	enum message_report report;
} dispositions[] = {
	{ "positive-delivery", MESSAGE_DELIVERED },
	{ "negative-delivery", MESSAGE_FAILED },
	{ "display", MESSAGE_DISPLAYED },
};

unsigned imdn_dispositions(struct span value)
{
	unsigned wants = 0;
	struct span one;

	while (span_cut(&value, ',', &one))
		for (size_t i = 0; i < COUNT(dispositions); i++)
			if (span_is_nocase(mime_value(one),
					   dispositions[i].word))
				wants |= (unsigned)dispositions[i].report;
	return wants;
}

void imdn_dispositions_write(unsigned wants, struct text *out)
{
	const char *comma = "";

	for (size_t i = 0; i < COUNT(dispositions); i++) {
		if (!(wants & (unsigned)dispositions[i].report))
			continue;
		text_addf(out, "%s%s", comma, dispositions[i].word);
		comma = ", ";
	}
}

bool imdn_is_id(struct span id)
{
	for (size_t i = 0; i < id.len; i++)
		if (!ascii_is_visible(id.at[i]))
			return false;
	return id.len > 0 && id.len < IMDN_ID_SIZE;
}

static bool read_id(const xmlNode *root, struct imdn *out)
{
	const xmlNode *element = xml_child(root, NS, "message-id");
	struct text id;

	text_init(&id, out->message_id, sizeof out->message_id);
	return xml_text(element, &id) && imdn_is_id(span_of(out->message_id));
}

/* Words of ours are looked for, so that others may be added (RFC 5438, 11.1:
 * the document is open for extensions). */
static enum message_report read_report(const xmlNode *root)
{
	for (size_t i = 0; i < COUNT(statuses); i++) {
		const struct status *s = &statuses[i];
		const xmlNode *notification =
			xml_child(root, NS, s->notification);

		if (xml_child(xml_child(notification, NS, "status"), NS,
			      s->word))
			return s->report;
	}
	return 0;
}

bool imdn_read(struct span xml, struct imdn *out)
{
	xmlDoc *document = xml_read(xml);
	const xmlNode *root;
	bool done;

	memset(out, 0, sizeof *out);
	if (!document)
		return false;
	root = xml_root(document, NS, "imdn");
	done = root && read_id(root, out);
	out->report = read_report(root);
	xmlFreeDoc(document);
	return done;
}

static const struct status *status_of(enum message_report report)
{
	const struct status *status = statuses;

	while (status->report != report)
		status++;
	return status;
}

static void add_element(struct text *out, const char *name, struct span value)
{
	text_addf(out, "<%s>", name);
	xml_escape(value, out);
	text_addf(out, "</%s>\r\n", name);
}

/* RFC 5438, 11.1.9: in this order. */
static void add_all(struct text *out, const struct imdn_content *content)
{
	const struct status *status = status_of(content->report);

	text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
		      "<imdn xmlns=\"" NS "\">\r\n");
	add_element(out, "message-id", span_of(content->message_id));
	text_add(out, "<datetime>");
	datetime_write(content->date_s, out);
	text_add(out, "</datetime>\r\n");
	add_element(out, "recipient-uri", content->recipient);
	text_addf(out, "<%s><status><%s/></status></%s>\r\n</imdn>\r\n",
		  status->notification, status->word, status->notification);
}

bool imdn_write(const struct imdn_content *content, char **xml_out)
{
	/* one octet may become the five of "&amp;" */
	const size_t size = FIXED_SIZE + 5 * (strlen(content->message_id) +
					      content->recipient.len);
	struct text text;

	*xml_out = malloc(size);
	if (!*xml_out)
		return false;
	text_init(&text, *xml_out, size);
	add_all(&text, content);
	return true;
}
