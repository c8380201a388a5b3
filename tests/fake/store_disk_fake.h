#ifndef IMGW_TESTS_STORE_DISK_FAKE_H
#define IMGW_TESTS_STORE_DISK_FAKE_H

/** What store_fake.c keeps, and how each job changes it. */

#include "gateway/store/store_engine.h"

struct disk_row {
	struct disk_row *next; /* in the order of seq */
	struct store_item item; /* the message is packed */
	bool fresh;             /* taken in this job */
};

struct disk_note {
	struct disk_note *next;
	char *name; /* kind and key; or octets of a message's key */
	char *value;
	size_t value_len;
	int64_t until_ms;
};

struct disk {
	struct disk *next;
	char *url;
	struct disk_row *rows;
	struct disk_note *notes, *keys;
	uint64_t last_seq;
};

/** Do a job; fills its answer. */
void disk_do(struct disk *disk, struct store_job *job,
	     const struct store_options *options);

/** What is TAKEN becomes WAITING, due now. */
void disk_give_back(struct disk *disk, int64_t now_ms);

/** Free what it holds, and it. */
void disk_destroy(struct disk *disk);

#endif
