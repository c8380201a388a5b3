#ifndef IMGW_TESTS_STORY_H
#define IMGW_TESTS_STORY_H

/** A story while it is played: story.c reads it, story_queue.c knows the
 *  sentences about the queue. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/story/world.h"

/** Words of a line. */
#define STORY_WORDS_MAX 24

struct story {
	const char *file;
	unsigned line;
	char *words[STORY_WORDS_MAX];
	size_t count;
	struct world world;
	char yaml[8192];
	bool open;
	size_t asked; /* questions that an `asked` has looked at */
};

/** End the program: file, line, what, and what was there instead or NULL. */
_Noreturn void story_fail(const struct story *s, const char *what,
			  const char *got);

/** The word at an index; ends the program without one. */
const char *story_word(const struct story *s, size_t index);

/** Is there a word, and this one? */
bool story_is(const struct story *s, size_t index, const char *text);

/** Milliseconds of "5s" or "20ms"; anything else ends the story. */
int64_t story_duration_ms(const struct story *s, const char *text);

/** Is it the word at this index? Else the program ends. */
void story_expect(const struct story *s, size_t index, const char *got);

/** "sip" or "xmpp". */
enum protocol story_protocol(const struct story *s, const char *name);

/** Play a line about the queue. @return false: it is not one */
bool story_queue_line(struct story *s);

#endif
