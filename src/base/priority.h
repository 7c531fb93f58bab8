/* What can wait gives way. */
#ifndef COLOPHON_BASE_PRIORITY_H
#define COLOPHON_BASE_PRIORITY_H

/* As nice(2) counts. */
enum priority {
    PRIORITY_WORK = 5,   /* pages that must be made: behind answers from memory */
    PRIORITY_LATER = 10, /* imports and the like: behind all that readers ask for */
};

/* From here on this thread, and those it begins, take the processor (LATER: the
 * disk too) when others have no use for it. For good: only root could take it back. */
void priority_lower(enum priority priority);

#endif
