#ifndef IMGW_GATEWAY_STORE_CRASH_H
#define IMGW_GATEWAY_STORE_CRASH_H

/** Crash points, for tests that kill the process where it hurts most. With the
 *  CMake option IMGW_CRASH_POINTS the process ends at once, as by SIGKILL, at
 *  the N-th point that it passes, N from the environment's IMGW_CRASH_AT.
 *  Otherwise nothing of this is in the program.
 *
 *  Points stand in front of BEGIN, in front of COMMIT, behind COMMIT, and in
 *  front of the answers. */

#ifdef IMGW_CRASH_POINTS
/** Any thread. */
void store_crash_point(void);
#else
static inline void store_crash_point(void)
{
}
#endif

#endif
