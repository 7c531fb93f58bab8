#include "app/key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/file.h"

/* Whole or not at all, and never over another key: written beside, then linked
 * to its name. */
enum rc key_write(const char *path, struct str text, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *fresh = arena_printf(&arena, "%s.part", path).p;
    enum rc rc = file_write(fresh, text, fault);
    if (rc != RC_OK)
        return rc;
    crash_point("key-written");
    if (link(fresh, path) != 0)
        rc = fault_set(fault, errno == EEXIST ? RC_CONFLICT : RC_IO, "%s: %s", path,
                       strerror(errno));
    unlink(fresh);
    return rc;
}

enum rc key_create(const char *path, struct str origin, struct fault *fault)
{
    struct note_signer signer;
    if (sodium_init() < 0)
        return fault_set(fault, RC_IO, "libsodium does not start");
    enum rc rc = note_signer_generate(&signer, origin, fault);
    if (rc != RC_OK)
        return rc;
    BUF_AUTO text = BUF_INIT(4096);
    note_signer_add(&text, &signer);
    buf_char(&text, '\n');
    note_signer_clear(&signer);
    rc = key_write(path, buf_str(&text), fault);
    sodium_memzero(text.p, text.n);
    return rc;
}

static enum rc check_mode(const char *path, const struct stat *info, struct fault *fault)
{
    return (info->st_mode & 077) == 0
               ? RC_OK
               : fault_set(fault, RC_DENIED, "%s: others may read this key; chmod 600 it", path);
}

enum rc key_check_private(const char *path, struct fault *fault)
{
    struct stat info;
    return stat(path, &info) == 0 ? check_mode(path, &info, fault) : RC_OK;
}

enum rc key_read(const char *path, struct arena *arena, struct str *ret, struct fault *fault)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, errno == ENOENT ? RC_NOT_FOUND : RC_IO, "%s: %s", path,
                         strerror(errno));
    struct stat info;
    char text[1024];
    ssize_t n = -1;
    enum rc rc = RC_OK;
    if (fstat(fd, &info) != 0 || (n = read(fd, text, sizeof text)) < 0)
        rc = fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    else
        rc = check_mode(path, &info, fault);
    close(fd);
    if (rc == RC_OK)
        *ret = str_trim(arena_str(arena, (struct str){text, (size_t)n}));
    sodium_memzero(text, sizeof text);
    return rc;
}

enum rc key_load(const char *path, struct arena *arena, struct note_signer *ret,
                 struct fault *fault)
{
    struct str text;
    enum rc rc = key_read(path, arena, &text, fault);
    if (rc != RC_OK)
        return rc;
    rc = note_signer_parse(ret, text, fault);
    if (rc != RC_OK)
        rc = fault_prefix(fault, rc, "%s", path);
    /* The name must outlive the secret text, which is wiped here. */
    if (rc == RC_OK)
        ret->key.name = arena_str(arena, ret->key.name);
    sodium_memzero((char *)text.p, text.n);
    return rc;
}
