/* Named points at which a test may have the process die as by kill -9, to prove
 * that a restart finds everything in order. COLOPHON_CRASH=name in the
 * environment arms one; "name:3" dies at its third passing. */
#ifndef COLOPHON_BASE_CRASH_H
#define COLOPHON_BASE_CRASH_H

void crash_point(const char *name);

#endif
