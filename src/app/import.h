/* Loading ONIX feeds into a shop's catalogue: one thread parses, one writes,
 * one fills the index. Each record is taken or refused alone; batches are short
 * transactions, so that readers' writes go on beside it. */
#ifndef COLOPHON_APP_IMPORT_H
#define COLOPHON_APP_IMPORT_H

#include <stdatomic.h>

#include "app/site.h"
#include "app/writer.h"

struct import_progress {
    atomic_uint_fast64_t bytes, bytes_all; /* of the files; all is 0 where unknown */
    atomic_uint_fast64_t records;
    atomic_bool stop;     /* set by whoever wants it to end: between batches */
    atomic_bool indexing; /* all records are in; the search index is waited for */
};

struct import_summary {
    uint64_t records; /* read, whatever became of them */
    uint64_t added, changed, unchanged, deleted;
    uint64_t refused;
    uint64_t warnings, informations;
    uint64_t broken_files;
    bool stopped;
};

/* One of them, as the report has it. */
struct import_finding {
    const char *file;
    uint64_t line;
    struct str reference, isbn, element;
    const char *severity; /* "error": the record was refused; "warning", "information" */
    struct str code, reason;
};

struct import_order {
    struct str shop;
    const char *const *files; /* "-": standard input */
    size_t file_count;
    const char *report;               /* JSON lines; NULL: none */
    struct import_progress *progress; /* may be NULL */
    bool index_later;                 /* the index is brought up to date by whoever follows it */
    /* Told of each finding, by one thread at a time; may be NULL. */
    void (*finding)(void *context, const struct import_finding *finding);
    /* Called once, beside the end of the index, by a thread of its own, when all is written that
     * will be; may be NULL. */
    void (*written)(void *context, const struct import_summary *summary);
    void *context; /* of both */
};

/* RC_OK also where records were refused. What was read before a file broke off
 * is kept; the summary counts the file and `fault` says where. */
enum rc import_run(struct site *site, struct writer *writer, const struct import_order *order,
                   struct import_summary *ret, struct fault *fault) MUST_CHECK;

#endif
