#include "files/engine.h"

#include <stdio.h>

enum { ADDRESS_MAX = 1000, NAME_MAX_BYTES = 200 };

/* ---- names and addresses ---- */

static bool all_of(struct str s, const char *also)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              (c != '\0' && strchr(also, c) != NULL)))
            return false;
    }
    return s.n > 0;
}

bool files_name_valid(struct str name)
{
    struct str rest = name, part;
    if (!all_of(name, "._-/") || name.n > NAME_MAX_BYTES || name.p[name.n - 1] == '/')
        return false;
    while (str_next(&rest, '/', &part))
        if (part.n == 0 || part.p[0] == '.')
            return false;
    return true;
}

bool files_is_remote(struct str address)
{
    return str_starts(address, STR("s3://"));
}

/* "http://127.0.0.1:9000": a scheme and a host, no path, and no key in it. */
static bool endpoint_valid(struct str url)
{
    struct str rest = str_starts(url, STR("https://"))  ? str_sub(url, 8, url.n)
                      : str_starts(url, STR("http://")) ? str_sub(url, 7, url.n)
                                                        : STR_NONE;
    return rest.n <= 255 && all_of(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-:[]");
}

static enum rc read_option(struct str option, struct files_address *ret, struct fault *fault)
{
    struct str rest = option, name;
    if (!str_next(&rest, '=', &name))
        return RC_OK;
    if (str_eq(name, STR("endpoint")) && endpoint_valid(rest))
        ret->endpoint = rest;
    else if (str_eq(name, STR("region")) && all_of(rest, "-") && rest.n <= 60)
        ret->region = rest;
    else
        return fault_set(fault, RC_INVALID,
                         "files: “%.*s”: endpoint=http(s)://host or region=name is needed",
                         STR_ARG(option));
    return RC_OK;
}

static enum rc read_s3(struct arena *arena, struct str address, struct files_address *ret,
                       struct fault *fault)
{
    struct str rest = str_sub(address, 5, address.n), place, option;
    ret->remote = true;
    ret->region = STR("us-east-1");
    if (!str_next(&rest, '?', &place))
        place = STR_NONE;
    size_t slash = str_find(place, '/');
    ret->bucket = str_sub(place, 0, slash);
    struct str prefix = str_sub(place, slash + 1, place.n);
    while (prefix.n > 0 && prefix.p[prefix.n - 1] == '/')
        prefix.n--;
    if (!all_of(ret->bucket, ".-") || ret->bucket.n < 3 || ret->bucket.n > 63)
        return fault_set(fault, RC_INVALID,
                         "files: “%.*s” is no bucket: 3 to 63 lower-case letters, digits, . and -",
                         STR_ARG(ret->bucket));
    if (prefix.n > 0 && !files_name_valid(prefix))
        return fault_set(fault, RC_INVALID,
                         "files: “%.*s” is no prefix: lower-case letters, digits, . _ - and /",
                         STR_ARG(prefix));
    if (prefix.n > 0)
        ret->prefix = arena_printf(arena, "%.*s/", STR_ARG(prefix));
    while (str_next(&rest, '&', &option)) {
        enum rc rc = read_option(option, ret, fault);
        if (rc != RC_OK)
            return rc;
    }
    if (ret->endpoint.n == 0)
        ret->endpoint = arena_printf(arena, "https://s3.%.*s.amazonaws.com", STR_ARG(ret->region));
    return RC_OK;
}

enum rc files_address_read(struct arena *arena, struct str address, struct files_address *ret,
                           struct fault *fault)
{
    struct files_address a = {0};
    enum rc rc = RC_OK;
    if (address.n == 0 || address.n > ADDRESS_MAX)
        return fault_set(fault, RC_INVALID, "files: an address of 1 to %d bytes is needed",
                         ADDRESS_MAX);
    for (size_t i = 0; i < address.n; i++)
        if ((unsigned char)address.p[i] < ' ')
            return fault_set(fault, RC_INVALID, "files: the address holds a control character");
    if (files_is_remote(address))
        rc = read_s3(arena, address, &a, fault);
    else if (str_find_str(address, STR("://")) < address.n)
        rc = fault_set(fault, RC_INVALID, "files: a folder or s3://bucket/prefix is needed");
    else
        a.folder = address;
    if (rc == RC_OK)
        *ret = a;
    return rc;
}

enum rc files_check(struct str address, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct files_address a;
    return files_address_read(&arena, address, &a, fault);
}

/* ---- to the engine ---- */

enum rc files_open(struct str address, const struct files_key *key,
                   const struct files_patience *patience, struct files **ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct files_address a;
    enum rc rc = files_address_read(&arena, address, &a, fault);
    if (rc != RC_OK)
        return rc;
    const struct files_engine *engine = a.remote ? &s3_engine : &folder_engine;
    return engine->open(&a, key, patience, ret, fault);
}

void files_close(struct files *files)
{
    if (files != NULL)
        files->engine->close(files);
}

static enum rc check_name(struct str name, struct fault *fault)
{
    return files_name_valid(name)
               ? RC_OK
               : fault_set(fault, RC_INVALID, "files: “%.*s” is no name", STR_ARG(name));
}

enum rc files_put(struct files *files, struct str name, struct str bytes, const char *type,
                  struct fault *fault)
{
    enum rc rc = check_name(name, fault);
    return rc == RC_OK ? files->engine->put(files, name, bytes, type, fault) : rc;
}

enum rc files_get(struct files *files, struct str name, struct buf *ret, struct fault *fault)
{
    enum rc rc = check_name(name, fault);
    return rc == RC_OK ? files->engine->get(files, name, ret, fault) : rc;
}

enum rc files_get_part(struct files *files, struct str name, uint64_t at, size_t n, struct buf *ret,
                       struct fault *fault)
{
    enum rc rc = check_name(name, fault);
    if (rc == RC_OK && (n == 0 || n > ret->max))
        rc = fault_set(fault, RC_LIMIT, "%.*s: a part of %zu bytes", STR_ARG(name), n);
    return rc == RC_OK ? files->engine->get_part(files, name, at, n, ret, fault) : rc;
}

enum rc files_size(struct files *files, struct str name, uint64_t *ret, struct fault *fault)
{
    enum rc rc = check_name(name, fault);
    return rc == RC_OK ? files->engine->size(files, name, ret, fault) : rc;
}

enum rc files_open_file(struct files *files, struct str name, int *ret_fd, uint64_t *ret_size,
                        struct fault *fault)
{
    enum rc rc = check_name(name, fault);
    if (rc == RC_OK && files->engine->open_file == NULL)
        rc = fault_set(fault, RC_INVALID, "a remote store's files are read in parts");
    return rc == RC_OK ? files->engine->open_file(files, name, ret_fd, ret_size, fault) : rc;
}

enum rc files_remove(struct files *files, struct str name, struct fault *fault)
{
    enum rc rc = check_name(name, fault);
    return rc == RC_OK ? files->engine->remove(files, name, fault) : rc;
}
