/* Work that can wait gives way to readers. */
#ifndef COLOPHON_BASE_PRIORITY_H
#define COLOPHON_BASE_PRIORITY_H

/* From here on this thread, and those it begins, take processor and disk when
 * others have no use for them. For good: only root could take it back. */
void priority_lower(void);

#endif
