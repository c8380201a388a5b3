/* Notes, and the keys of messages. */

#include "tests/fake/store_disk_fake.h"

#include <stdlib.h>
#include <string.h>

#include "enum/text.h"
#include "tests/fake/fake.h"

struct disk_note **disk_note_find(struct disk_note **link, const char *name)
{
	while (*link && strcmp((*link)->name, name) != 0)
		link = &(*link)->next;
	return link;
}

void disk_note_drop(struct disk_note **link)
{
	struct disk_note *note = *link;

	if (!note)
		return;
	*link = note->next;
	free(note->name);
	free(note->value);
	free(note);
}

void disk_note_set(struct disk_note **list, const char *name, struct span value,
		   int64_t until_ms)
{
	struct disk_note *note = fake_alloc(sizeof *note);

	disk_note_drop(disk_note_find(list, name));
	note->name = fake_copy(name);
	note->value = fake_alloc(value.len + 1);
	if (value.len)
		memcpy(note->value, value.at, value.len);
	note->value_len = value.len;
	note->until_ms = until_ms;
	note->next = *list;
	*list = note;
}

void disk_note_key(const struct message *message, char *name)
{
	struct text text;

	text_init(&text, name, DISK_NAME_SIZE);
	for (size_t i = 0; i < sizeof message->key; i++)
		text_addf(&text, "%02x", message->key[i]);
}

static void name_of_note(const struct store_job *job, char *name)
{
	struct text text;

	text_init(&text, name, DISK_NAME_SIZE);
	text_addf(&text, "%s:%s", job->note_kind, job->note_key);
	if (text.cut)
		fake_abort("the key of a note is too long for the fake");
}

void disk_note_look(struct disk *disk, struct store_job *job)
{
	char name[DISK_NAME_SIZE];
	const struct disk_note *note;

	name_of_note(job, name);
	note = *disk_note_find(&disk->notes, name);
	job->status = STORE_NOT_FOUND;
	if (!note || note->until_ms <= job->asked_ms)
		return;
	job->status = STORE_OK;
	job->value = fake_alloc(note->value_len + 1);
	memcpy(job->value, note->value, note->value_len);
	job->value_len = note->value_len;
}

void disk_note_do(struct disk *disk, struct store_job *job)
{
	char name[DISK_NAME_SIZE];

	name_of_note(job, name);
	disk_note_set(&disk->notes, name, job->note_value, job->expires_ms);
}
