/* Functions nobody may call here, each with a safer one of ours. Included into
 * every file of ours by the build (-include). */
#ifndef COLOPHON_BASE_BANNED_H
#define COLOPHON_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
/* A library whose header uses them comes before (-DCOLOPHON_INCLUDE_FIRST=…). */
#ifdef COLOPHON_INCLUDE_FIRST
#include COLOPHON_INCLUDE_FIRST
#endif

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets
#pragma GCC poison atoi atol atoll gmtime localtime ctime asctime setlocale

#endif
