#ifndef IMGW_GATEWAY_LOOP_SU_H
#define IMGW_GATEWAY_LOOP_SU_H

/** The door for gateway/sip alone: sofia-sip's agent needs the su_root that
 *  the loop is made of. */

#include <sofia-sip/su_wait.h>

#include "enum/loop.h"

/** Borrowed; lives as long as the loop. */
su_root_t *loop_su_root(struct loop *loop);

/** Something that the SIP side finds again where it has the su_root alone;
 *  one for a loop, NULL: none. The loop does not look at it. */
void loop_su_set_guest(struct loop *loop, void *guest);
void *loop_su_guest(const su_root_t *root);

#endif
