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

/** Room for the name of a note. */
#define DISK_NAME_SIZE 1024

/* store_note_fake.c */

/** @return where the note hangs, or would: *it is NULL */
struct disk_note **disk_note_find(struct disk_note **link, const char *name);

/** Take it out and free it; nothing if *link is NULL. */
void disk_note_drop(struct disk_note **link);

/** In place of one of the same name. */
void disk_note_set(struct disk_note **list, const char *name, struct span value,
		   int64_t until_ms);

/** The name of a message's key. @param name  DISK_NAME_SIZE octets */
void disk_note_key(const struct message *message, char *name);

/** LOOK. */
void disk_note_look(struct disk *disk, struct store_job *job);

/** NOTE. */
void disk_note_do(struct disk *disk, struct store_job *job);

/* store_disk_fake.c */

/** Do a job; fills its answer. */
void disk_do(struct disk *disk, struct store_job *job,
	     const struct store_options *options);

/** What is TAKEN becomes WAITING, due now. */
void disk_give_back(struct disk *disk, int64_t now_ms);

/** Free what it holds, and it. */
void disk_destroy(struct disk *disk);

#endif
