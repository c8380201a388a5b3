#ifndef IMGW_GATEWAY_STORE_POSTGRES_ITEM_H
#define IMGW_GATEWAY_STORE_POSTGRES_ITEM_H

/** Rows of the statements that answer with items. */

#include <stdbool.h>

#include <libpq-fe.h>

#include "gateway/store/store_engine.h"

/** Fill items and count of a job.
 *  @return false: out of memory; the job has no items */
MUST_USE bool postgres_items(const PGresult *result, struct store_job *job);

#endif
