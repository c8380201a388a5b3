#ifndef IMGW_ENUM_TEXT_H
#define IMGW_ENUM_TEXT_H

/** Spans and bounded strings: the only way text is read and built here.
 *  Nothing in this header allocates; nothing writes behind its end. */

#include <stdbool.h>
#include <stddef.h>

/** Borrowed octets; may hold NUL; valid as long as what it points into. */
struct span {
	const char *at;
	size_t len;
};

/** A string being built in a buffer of fixed size. It is always terminated.
 *  Once something did not fit, `cut` stays true and the rest is dropped. */
struct text {
	char *at;
	size_t size; /* octets of the buffer, terminator included */
	size_t len;
	bool cut;
};

/** The span of a terminated string. @param text may be NULL: empty span */
struct span span_of(const char *text);

/** Same octets? */
bool span_is(struct span s, const char *text);

/** Same octets when A-Z and a-z count as equal? (ASCII only) */
bool span_is_nocase(struct span s, const char *ascii);

/** Does it begin with these octets (ASCII case ignored)? */
bool span_starts_nocase(struct span s, const char *ascii);

/** Cut the first piece off: up to `separator`, which is dropped, or all.
 *  @param rest  in: what is left; out: what is left after the piece
 *  @return false when nothing was left (an empty last piece is reported) */
bool span_cut(struct span *rest, char separator, struct span *piece_out);

/** Position of the first such octet, or -1. */
ptrdiff_t span_find(struct span s, char octet);

/** Without `n` octets at the front (all of them when n is larger). */
struct span span_skip(struct span s, size_t n);

/** Copy into a terminated buffer.
 *  @return false: it did not fit or holds a NUL; out is then "" */
bool span_copy(struct span s, char *out, size_t size);

/** Decimal digits only, no sign.
 *  @return false: empty, another character, or above `max` */
bool span_number(struct span s, unsigned long max, unsigned long *out);

/** Undo percent-encoding (RFC 3986, 2.1) into a terminated buffer.
 *  @return false: broken escape, %00 (SIP-41), or it did not fit */
bool span_percent_decode(struct span s, char *out, size_t size);

/** Start an empty string in a buffer. @param size at least 1 */
void text_init(struct text *t, char *buffer, size_t size);

void text_add(struct text *t, const char *text);
void text_add_span(struct text *t, struct span s);
void text_add_char(struct text *t, char c);
void text_addf(struct text *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** ASCII lower case, A-Z only. */
char ascii_lower(char c);
bool ascii_is_digit(char c);
bool ascii_is_alpha(char c);

/** Printable ASCII of a URI or header: 0x21..0x7e. */
bool ascii_is_visible(char c);

#endif
