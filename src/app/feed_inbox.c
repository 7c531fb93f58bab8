#include "app/feed_inbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/utf8.h"
#include "store/catalogue.h"
#include "store/feeds.h"

enum {
    SEEN_MAX = 1000, /* files that are watched at once; the others wait for their turn */
    OPEN_ROOM = 5000,
    RESTS = 2, /* looks at which it was as before */
    NAME_BYTES = 255,
};

/* A file as it looked. */
struct seen {
    char file[2 * NAME_BYTES + 16]; /* "inbox/SHOP/NAME" */
    uint64_t size;
    int64_t changed; /* nanoseconds */
    unsigned rests;
    bool met;   /* at this look */
    bool stuck; /* it was imported and cannot be moved: not again until it changes */
};

struct feed_inbox {
    const struct site *site;
    struct seen seen[SEEN_MAX];
    size_t n;
};

struct feed_inbox *feed_inbox_new(const struct site *site)
{
    struct feed_inbox *inbox = calloc(1, sizeof *inbox);
    if (inbox == NULL)
        abort();
    inbox->site = site;
    return inbox;
}

void feed_inbox_free(struct feed_inbox *inbox)
{
    free(inbox);
}

static enum rc make_folder(const char *path, struct fault *fault)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return RC_OK;
    return fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
}

enum rc feed_inbox_make(const struct site *site, struct str shop, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    enum rc rc = make_folder(site_path(site, &arena, "inbox"), fault);
    if (rc == RC_OK)
        rc = make_folder(
            site_path(site, &arena, arena_printf(&arena, "inbox/%.*s", STR_ARG(shop)).p), fault);
    return rc;
}

/* What uploads are called until they are whole, and what is hidden. */
static bool is_unfinished(struct str name)
{
    static const char *const ends[] = {".part", ".tmp", ".filepart", ".partial", ".crdownload"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct str end = str_of(ends[i]);
        if (name.n >= end.n && str_eq_nocase(str_sub(name, name.n - end.n, name.n), end))
            return true;
    }
    return name.n == 0 || name.p[0] == '.';
}

static struct seen *watch(struct feed_inbox *inbox, struct str file)
{
    for (size_t i = 0; i < inbox->n; i++)
        if (str_eq(str_of(inbox->seen[i].file), file))
            return &inbox->seen[i];
    if (inbox->n == SEEN_MAX || file.n >= sizeof inbox->seen->file)
        return NULL;
    struct seen *s = &inbox->seen[inbox->n++];
    *s = (struct seen){0};
    memcpy(s->file, file.p, file.n);
    return s;
}

static bool move_away(const struct site *site, struct str file, bool held)
{
    ARENA_AUTO arena = ARENA_INIT;
    size_t slash = file.n;
    while (slash > 0 && file.p[slash - 1] != '/')
        slash--;
    struct str folder = str_sub(file, 0, slash), name = str_sub(file, slash, file.n);
    struct str place = arena_printf(&arena, "%.*s%s", STR_ARG(folder), held ? "held" : "done");
    const char *from = site_path(site, &arena, arena_z(&arena, file));
    const char *to =
        site_path(site, &arena, arena_printf(&arena, "%.*s/%.*s", STR_ARG(place), STR_ARG(name)).p);
    if (make_folder(site_path(site, &arena, place.p), NULL) != RC_OK || rename(from, to) != 0) {
        fprintf(stderr, "colophon: %s: %s\n", to, strerror(errno));
        return false;
    }
    file_sync_folder_of(to);
    return true;
}

void feed_inbox_put_away(struct feed_inbox *inbox, struct str file, bool held)
{
    struct seen *s = watch(inbox, file);
    bool moved = move_away(inbox->site, file, held);
    if (s != NULL)
        s->stuck = !moved;
}

static enum rc queue_file(struct store_conn *conn, uint64_t shop, struct str file, struct str name,
                          uint64_t size, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct feed_row *open;
    size_t n;
    uint64_t id;
    struct feed_row row = {.shop = shop,
                           .name = name,
                           .file = file,
                           .source = STR("folder"),
                           .received = clock_now(),
                           .bytes_all = size};
    enum rc rc = feed_rows_open(conn, &arena, OPEN_ROOM, &open, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (str_eq(open[i].file, file))
            return RC_OK;
    if (rc == RC_OK)
        rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = feed_row_add(conn, &row, &id, fault);
    if (rc == RC_OK)
        return store_commit(conn, fault);
    store_rollback(conn);
    return rc;
}

static enum rc look_at(struct feed_inbox *inbox, struct store_conn *conn, int folder,
                       const struct shop *shop, struct str name, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct stat st;
    struct str file = arena_printf(&arena, "inbox/%.*s/%.*s", STR_ARG(shop->slug), STR_ARG(name));
    if (is_unfinished(name) || !utf8_clean(name) ||
        fstatat(folder, name.p, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
        return RC_OK;
    struct seen *s = watch(inbox, file);
    if (s == NULL)
        return RC_OK;
    int64_t changed = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    bool rests = s->size == (uint64_t)st.st_size && s->changed == changed && st.st_size > 0;
    s->rests = rests ? s->rests + 1 : 0;
    s->stuck = s->stuck && rests;
    s->size = (uint64_t)st.st_size;
    s->changed = changed;
    s->met = true;
    return s->rests >= RESTS && !s->stuck ? queue_file(conn, shop->id, file, name, s->size, fault)
                                          : RC_OK;
}

static enum rc look_into(struct feed_inbox *inbox, struct store_conn *conn, const struct shop *shop,
                         struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *path =
        site_path(inbox->site, &arena, arena_printf(&arena, "inbox/%.*s", STR_ARG(shop->slug)).p);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    enum rc rc = RC_OK;
    if (dir == NULL) {
        if (fd >= 0)
            close(fd);
        return RC_OK;
    }
    for (const struct dirent *e; rc == RC_OK && (e = readdir(dir)) != NULL;)
        rc = look_at(inbox, conn, fd, shop, str_of(e->d_name), fault);
    closedir(dir);
    return rc;
}

enum rc feed_inbox_look(struct feed_inbox *inbox, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    DIR *dir = opendir(site_path(inbox->site, &arena, "inbox"));
    enum rc rc = RC_OK;
    if (dir == NULL)
        return RC_OK; /* nobody drops anything */
    for (size_t i = 0; i < inbox->n; i++)
        inbox->seen[i].met = false;
    for (const struct dirent *e; rc == RC_OK && (e = readdir(dir)) != NULL;) {
        struct shop shop;
        struct str slug = str_of(e->d_name);
        if (slug.n == 0 || slug.p[0] == '.' || !utf8_clean(slug))
            continue;
        rc = catalogue_shop(conn, &arena, slug, &shop, fault);
        if (rc == RC_OK)
            rc = look_into(inbox, conn, &shop, fault);
        else if (rc == RC_NOT_FOUND)
            rc = RC_OK;
    }
    closedir(dir);
    size_t n = 0;
    for (size_t i = 0; i < inbox->n; i++)
        if (inbox->seen[i].met)
            inbox->seen[n++] = inbox->seen[i];
    inbox->n = n;
    return rc;
}
