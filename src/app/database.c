#include "app/database.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "store/store.h"

enum { URL_MAX = 2000 };

static const char *path_of(const char *dir, struct arena *arena, const char *name)
{
    return arena_printf(arena, "%s/%s", dir, name).p;
}

static enum rc read_line(struct str line, struct arena *arena, struct database *ret)
{
    line = str_trim(line);
    if (line.n == 0)
        return RC_OK;
    if (ret->address == NULL) {
        ret->address = arena_z(arena, line);
        return RC_OK;
    }
    if (!str_starts(line, STR("reader ")) || ret->reader != NULL)
        return RC_INVALID;
    ret->reader = arena_z(arena, str_trim(str_sub(line, 7, line.n)));
    return RC_OK;
}

enum rc database_read(const char *dir, struct arena *arena, struct database *ret,
                      struct fault *fault)
{
    const char *path = path_of(dir, arena, "database");
    struct database read_one = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        *ret = (struct database){.address = path_of(dir, arena, "colophon.db")};
        return RC_OK;
    }
    char text[2 * URL_MAX + 20];
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (n < 0)
        return fault_set(fault, RC_IO, "%s: %s", path, strerror(error));
    struct str rest = {text, (size_t)n}, line;
    for (unsigned number = 1; str_next(&rest, '\n', &line); number++)
        if (read_line(line, arena, &read_one) != RC_OK)
            return fault_set(fault, RC_INVALID, "%s: line %u is neither a URL nor \"reader URL\"",
                             path, number);
    if (read_one.address == NULL)
        return fault_set(fault, RC_INVALID, "%s: it names no database", path);
    *ret = read_one;
    return RC_OK;
}

enum rc database_address(const char *dir, struct arena *arena, const char **ret,
                         struct fault *fault)
{
    struct database database;
    enum rc rc = database_read(dir, arena, &database, fault);
    if (rc == RC_OK)
        *ret = database.address;
    return rc;
}

enum rc database_switch(const char *dir, const char *address, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *path = path_of(dir, &arena, "database");
    if (store_is_url(str_of(address)))
        return file_replace(path, str_of(address), fault);
    if (unlink(path) != 0 && errno != ENOENT)
        return fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    return RC_OK;
}

enum rc database_check_url(struct str url, const char *what, struct fault *fault)
{
    bool one_word = true;
    for (size_t i = 0; i < url.n; i++)
        one_word = one_word && (unsigned char)url.p[i] > ' ';
    if (!store_is_url(url) || url.n > URL_MAX || !one_word)
        return fault_set(fault, RC_INVALID, "%s: postgresql://… is needed", what);
    return RC_OK;
}

enum rc database_grant(const char *dir, struct str owner, struct str writer, struct str reader,
                       struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct database now;
    enum rc rc = database_read(dir, &arena, &now, fault);
    if (rc != RC_OK)
        return rc;
    if (!store_is_url(str_of(now.address)))
        return fault_set(fault, RC_INVALID, "%s is a file: roles are PostgreSQL's", now.address);
    if (now.reader == NULL && (writer.n == 0 || reader.n == 0))
        return fault_set(fault, RC_INVALID,
                         "--writer and --reader are needed: %s/database names none", dir);
    writer = writer.n > 0 ? writer : str_of(now.address);
    reader = reader.n > 0 ? reader : str_of(now.reader);
    rc = database_check_url(owner, "--owner", fault);
    if (rc == RC_OK)
        rc = database_check_url(writer, "--writer", fault);
    if (rc == RC_OK)
        rc = database_check_url(reader, "--reader", fault);
    if (rc == RC_OK)
        rc = store_grant(arena_z(&arena, owner), arena_z(&arena, writer), arena_z(&arena, reader),
                         fault);
    if (rc != RC_OK)
        return rc;
    return file_replace(
        path_of(dir, &arena, "database"),
        arena_printf(&arena, "%.*s\nreader %.*s\n", STR_ARG(writer), STR_ARG(reader)), fault);
}
