/* A story of the Record as pages show it: one line of a timeline for each step, with how
 * long after the step before. For restrictions and for demands. */
#ifndef COLOPHON_WEB_RECORD_STORY_H
#define COLOPHON_WEB_RECORD_STORY_H

#include "app/record_story.h"
#include "web/page.h"

struct story_line {
    struct str what, later; /* later: "3 days later"; empty for the first */
    const char *kind;       /* "received", "decided" …: for programs and for style */
    int64_t at;
    uint64_t index;
    bool entry; /* `index` is its entry's */
    bool ahead;
    bool former; /* noted wrongly, and corrected */
};
struct story_view {
    LIST(struct story_line) lines;
};
struct story_view story_view_make(const struct page *p, const struct story *story);

/* "3 days", "5 hours", "less than a minute". */
struct str word_duration(const struct page *p, uint64_t seconds);

#endif
