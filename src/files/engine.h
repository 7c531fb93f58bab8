/* Inside files/: what a place to keep files does. `folder.c` and `s3.c` each fill
 * one table; names have been checked before they come here. */
#ifndef COLOPHON_FILES_ENGINE_H
#define COLOPHON_FILES_ENGINE_H

#include "files/files.h"

struct files {
    const struct files_engine *engine;
};

/* An address, taken apart. */
struct files_address {
    bool remote;
    struct str folder;
    struct str bucket, prefix, endpoint, region; /* prefix: empty, or ends in '/' */
};

enum rc files_address_read(struct arena *arena, struct str address, struct files_address *ret,
                           struct fault *fault) MUST_CHECK;

/* Each is what the function of the same name in files.h promises. */
struct files_engine {
    enum rc (*open)(const struct files_address *address, const struct files_key *key,
                    const struct files_patience *patience, struct files **ret, struct fault *fault);
    void (*close)(struct files *files);
    enum rc (*put)(struct files *files, struct str name, struct str bytes, const char *type,
                   struct fault *fault);
    enum rc (*get)(struct files *files, struct str name, struct buf *ret, struct fault *fault);
    enum rc (*get_part)(struct files *files, struct str name, uint64_t at, size_t n,
                        struct buf *ret, struct fault *fault);
    enum rc (*size)(struct files *files, struct str name, uint64_t *ret, struct fault *fault);
    /* NULL: it has none. */
    enum rc (*open_file)(struct files *files, struct str name, int *ret_fd, uint64_t *ret_size,
                         struct fault *fault);
    enum rc (*remove)(struct files *files, struct str name, struct fault *fault);
};

extern const struct files_engine folder_engine;
extern const struct files_engine s3_engine;

#endif
