#ifndef IMGW_GATEWAY_LOG_TEXT_H
#define IMGW_GATEWAY_LOG_TEXT_H

/** How values of log fields are written; pure. What operators are shown
 *  elsewhere looks the same. */

#include "enum/text.h"
#include "gateway/log.h"

/** Octets of one value, terminator included; longer ones are cut. */
#define LOG_VALUE_SIZE 1024

/** A field's value as text: numbers in digits, milliseconds with one decimal,
 *  NULL as "-", long ones cut. Control characters and octets that are not
 *  ASCII become \xNN, a line end \n, a backslash \\.
 *  @param mask  hide the end of phone numbers */
void log_value(const struct log_field *field, bool mask,
	       char out[LOG_VALUE_SIZE]);

/** Append key=value; the value in quotes when it holds a blank, a quote or
 *  an equals sign, or is empty. @param value  as log_value makes it */
void log_pair(struct text *line, const char *key, const char *value);

/** Hide the last four digits of each E.164 number, "+1202555xxxx", with or
 *  without visual separators, also behind "%2B" and in ENUM owner names. */
void log_mask(char *value);

#endif
