#include "app/feed_inbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/feeds.h"
#include "base/clock.h"
#include "base/list.h"
#include "base/utf8.h"
#include "store/catalogue.h"
#include "store/feeds.h"

enum {
    SEEN_MAX = 200,  /* a shop's files that are watched at once; the others wait for their turn */
    RESTS_MS = 2000, /* so long it looked the same */
    NAME_BYTES = 255,
};

/* A file as it looked. */
struct seen {
    char name[NAME_BYTES + 1];
    uint64_t size;
    int64_t changed; /* nanoseconds */
    int64_t since;   /* when it was seen like that for the first time, by the monotonic clock */
    bool met;        /* at this look */
    bool stuck;      /* it was imported and cannot be moved: not again until it changes */
    bool told;       /* a link: once is enough */
};

/* A shop's. */
struct watched {
    const struct site *site;
    struct str slug;
    struct arena arena;
    struct seen *v; /* SEEN_MAX of them */
    size_t n;
    bool met;
    bool told; /* its folder is a link */
};

struct feed_inbox {
    const struct site *site;
    struct watched *v;
    size_t n, room;
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
    for (size_t i = 0; inbox != NULL && i < inbox->n; i++)
        arena_free(&inbox->v[i].arena);
    if (inbox != NULL)
        free(inbox->v);
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

static struct watched *watch_shop(struct feed_inbox *inbox, struct str slug)
{
    for (size_t i = 0; i < inbox->n; i++)
        if (str_eq(inbox->v[i].slug, slug))
            return &inbox->v[i];
    HEAP_ROOM(inbox->v, inbox->n, inbox->room);
    struct watched *w = &inbox->v[inbox->n++];
    *w = (struct watched){.site = inbox->site, .arena = ARENA_INIT};
    w->slug = arena_str(&w->arena, slug);
    w->v = ARENA_ARRAY(&w->arena, struct seen, SEEN_MAX);
    return w;
}

static struct seen *watch(struct watched *w, struct str name)
{
    for (size_t i = 0; i < w->n; i++)
        if (str_eq(str_of(w->v[i].name), name))
            return &w->v[i];
    if (w->n == SEEN_MAX || name.n > NAME_BYTES)
        return NULL;
    struct seen *s = &w->v[w->n++];
    *s = (struct seen){0};
    memcpy(s->name, name.p, name.n);
    return s;
}

/* ---- folders and files, by no link ---- */

/* -1: there is none, or it is a link. */
static int open_folder(int above, const char *name)
{
    return openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int open_top(const struct site *site, const char *name)
{
    ARENA_AUTO arena = ARENA_INIT;
    return open_folder(AT_FDCWD, site_path(site, &arena, name));
}

/* The folder that holds "inbox/SHOP/NAME" or "feeds/NAME"; its last part. */
static int open_folder_of(const struct site *site, struct arena *arena, struct str file,
                          struct str *ret_shop, const char **ret_name)
{
    struct str rest = file, top, part, last = STR_NONE;
    *ret_shop = STR_NONE;
    if (!str_next(&rest, '/', &top) || !str_next(&rest, '/', &part))
        return -1;
    int fd = open_top(site, arena_z(arena, top));
    last = part;
    if (fd >= 0 && str_next(&rest, '/', &last)) {
        int folder = open_folder(fd, arena_z(arena, part));
        *ret_shop = part;
        close(fd);
        fd = folder;
    }
    *ret_name = arena_z(arena, last);
    return fd;
}

int feed_file_open(const struct site *site, struct str file, struct stat *ret)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str shop;
    const char *name;
    int folder = open_folder_of(site, &arena, file, &shop, &name);
    if (folder < 0)
        return -1;
    /* What is no file, a pipe for one, does not keep us waiting. */
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    close(folder);
    if (fd >= 0 && fstat(fd, ret) == 0 && S_ISREG(ret->st_mode))
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static int64_t changed_at(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           changed_at(a) == changed_at(b);
}

/* False where it is stuck. */
static bool move_away(int folder, const char *name, const struct stat *was, const char *place)
{
    struct stat now;
    if (fstatat(folder, name, &now, AT_SYMLINK_NOFOLLOW) != 0 || !is_same(&now, was))
        return true; /* taken back, or another one meanwhile */
    if (mkdirat(folder, place, 0700) != 0 && errno != EEXIST)
        return false;
    int to = open_folder(folder, place);
    bool moved = to >= 0 && renameat(folder, name, to, name) == 0;
    if (moved)
        fsync(to);
    int why = errno;
    if (to >= 0)
        close(to);
    errno = why;
    return moved;
}

void feed_inbox_put_away(struct feed_inbox *inbox, struct str file, const struct stat *was,
                         bool held)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str shop;
    const char *name, *place = held ? "held" : "done";
    int folder = open_folder_of(inbox->site, &arena, file, &shop, &name);
    if (folder < 0)
        return;
    bool moved = move_away(folder, name, was, place);
    if (!moved)
        fprintf(stderr, "colophon: inbox/%.*s/%s: no file is moved there: %s\n", STR_ARG(shop),
                place, errno == ELOOP || errno == ENOTDIR ? "it is a link" : strerror(errno));
    close(folder);
    struct seen *s = watch(watch_shop(inbox, shop), str_of(name));
    if (s != NULL)
        s->stuck = !moved;
}

/* ---- looking ---- */

static enum rc queue_file(const struct site *site, struct store_conn *conn, uint64_t shop,
                          struct str file, struct str name, uint64_t size, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct feed_row *open;
    size_t n;
    uint64_t id;
    struct str node;
    enum rc rc = feeds_node(site, &arena, &node, fault);
    if (rc != RC_OK)
        return rc;
    struct feed_row row = {.shop = shop,
                           .name = name,
                           .file = file,
                           .source = STR("folder"),
                           .node = node,
                           .received = clock_now(),
                           .bytes_all = size};
    rc = feed_rows_open_of(conn, &arena, shop, FEEDS_OPEN_MAX, &open, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (str_eq(open[i].file, file))
            return RC_OK;
    if (rc == RC_OK && n == FEEDS_OPEN_MAX)
        return RC_OK; /* it waits where it lies */
    if (rc == RC_OK)
        rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = feed_row_add(conn, &row, &id, fault);
    if (rc == RC_OK)
        return store_commit(conn, fault);
    store_rollback(conn);
    return rc;
}

/* Told of once, as long as it is there. */
static void refuse_link(bool *told, struct str file)
{
    if (!*told)
        fprintf(stderr, "colophon: %.*s: a link is not followed\n", STR_ARG(file));
    *told = true;
}

static enum rc look_at(struct watched *w, struct store_conn *conn, int folder, uint64_t shop,
                       struct str name, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct stat st;
    struct str file = arena_printf(&arena, "inbox/%.*s/%.*s", STR_ARG(w->slug), STR_ARG(name));
    if (is_unfinished(name) || !utf8_clean(name) ||
        fstatat(folder, name.p, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return RC_OK;
    bool link = S_ISLNK(st.st_mode);
    struct seen *s = link || (S_ISREG(st.st_mode) && st.st_size > 0) ? watch(w, name) : NULL;
    if (s == NULL)
        return RC_OK;
    s->met = true;
    if (link) {
        refuse_link(&s->told, file);
        return RC_OK;
    }
    int64_t now = clock_monotonic_ms();
    if (s->size != (uint64_t)st.st_size || s->changed != changed_at(&st)) {
        s->since = now;
        s->stuck = false;
    }
    s->size = (uint64_t)st.st_size;
    s->changed = changed_at(&st);
    return now - s->since >= RESTS_MS && !s->stuck
               ? queue_file(w->site, conn, shop, file, name, s->size, fault)
               : RC_OK;
}

static void forget_unmet(struct watched *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++)
        if (w->v[i].met)
            w->v[n++] = w->v[i];
    w->n = n;
}

static enum rc look_into(struct watched *w, struct store_conn *conn, int inbox, uint64_t shop,
                         struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    int fd = open_folder(inbox, arena_z(&arena, w->slug));
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    enum rc rc = RC_OK;
    w->met = true;
    if (dir == NULL) {
        struct stat st;
        if (fstatat(inbox, arena_z(&arena, w->slug), &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISLNK(st.st_mode))
            refuse_link(&w->told, arena_printf(&arena, "inbox/%.*s", STR_ARG(w->slug)));
        if (fd >= 0)
            close(fd);
        return RC_OK;
    }
    for (size_t i = 0; i < w->n; i++)
        w->v[i].met = false;
    for (const struct dirent *e; rc == RC_OK && (e = readdir(dir)) != NULL;)
        rc = look_at(w, conn, fd, shop, str_of(e->d_name), fault);
    closedir(dir);
    if (rc == RC_OK)
        forget_unmet(w);
    return rc;
}

static void forget_shops(struct feed_inbox *inbox)
{
    size_t n = 0;
    for (size_t i = 0; i < inbox->n; i++)
        if (inbox->v[i].met)
            inbox->v[n++] = inbox->v[i];
        else
            arena_free(&inbox->v[i].arena);
    inbox->n = n;
}

enum rc feed_inbox_look(struct feed_inbox *inbox, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    int fd = open_top(inbox->site, "inbox");
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    enum rc rc = RC_OK;
    if (dir == NULL) {
        if (fd >= 0)
            close(fd);
        return RC_OK; /* nobody drops anything */
    }
    for (size_t i = 0; i < inbox->n; i++)
        inbox->v[i].met = false;
    for (const struct dirent *e; rc == RC_OK && (e = readdir(dir)) != NULL;) {
        struct shop shop;
        struct str slug = str_of(e->d_name);
        if (slug.n == 0 || slug.p[0] == '.' || !utf8_clean(slug))
            continue;
        rc = catalogue_shop(conn, &arena, slug, &shop, fault);
        if (rc == RC_OK)
            rc = look_into(watch_shop(inbox, slug), conn, fd, shop.id, fault);
        else if (rc == RC_NOT_FOUND)
            rc = RC_OK;
    }
    closedir(dir);
    if (rc == RC_OK)
        forget_shops(inbox);
    return rc;
}
