#include "gateway/config_hint.h"

#include <string.h>

/* Longer keys are not compared. */
#define KEY_MAX 32

/* More slips of the finger than this are another word. */
#define SLIPS_MAX 2u

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Octets to insert, drop or replace (Levenshtein), row by row. */
static unsigned distance(struct span a, struct span b)
{
	unsigned row[KEY_MAX + 1];

	for (unsigned j = 0; j <= b.len; j++)
		row[j] = j;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			unsigned same = a.at[i - 1] == b.at[j - 1] ? 0 : 1;
			unsigned above = row[j];

			row[j] = least(row[j - 1] + 1, above + 1,
				       diagonal + same);
			diagonal = above;
		}
	}
	return row[b.len];
}

struct span config_hint(const struct config_table *table, const char *section,
			struct span key)
{
	struct span best = { "", 0 };
	unsigned best_slips = SLIPS_MAX + 1;

	if (key.len > KEY_MAX)
		return best;
	for (size_t i = 0; i < table->count; i++) {
		struct span rest = span_of(table->rows[i].name), word;
		unsigned slips;

		if (!span_starts_nocase(rest, section))
			continue;
		rest = span_skip(rest, strlen(section));
		if (!span_cut(&rest, '.', &word) || word.len > KEY_MAX)
			continue;
		slips = distance(key, word);
		if (slips < best_slips && slips < word.len) {
			best = word;
			best_slips = slips;
		}
	}
	return best;
}
