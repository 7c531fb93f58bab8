#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "epub/parts.h"

enum { CHUNK = 64 << 10, LOCAL_HEADER = 30, TYPE_BYTES = 20 };

void tell(struct reading *r, enum epub_wrong wrong, struct str file, struct str detail)
{
    epub_add_problem(r->arena, r->epub, wrong, file, detail);
}

static unsigned little(const char *p)
{
    return (unsigned char)p[0] | (unsigned)(unsigned char)p[1] << 8;
}

/* What stands at fixed places of the archive's first bytes, so that programs know an EPUB
 * without unpacking it. */
static void check_mimetype(struct reading *r, struct str bytes)
{
    static const struct str type = {"application/epub+zip", TYPE_BYTES};
    struct str name = STR("mimetype"), after = str_sub(bytes, LOCAL_HEADER + name.n, bytes.n);
    if (little(bytes.p + 26) != name.n ||
        !str_eq(str_sub(bytes, LOCAL_HEADER, LOCAL_HEADER + name.n), name))
        tell(r, WRONG_MIMETYPE, name, STR("it is not the first file"));
    else if (little(bytes.p + 28) != 0)
        tell(r, WRONG_MIMETYPE, name, STR("it has an extra field"));
    else if (little(bytes.p + 8) != 0)
        tell(r, WRONG_MIMETYPE, name, STR("it is packed"));
    else if (!str_starts(after, type) || (after.n > TYPE_BYTES && after.p[TYPE_BYTES] != 'P'))
        tell(r, WRONG_MIMETYPE, name, STR("it holds something else"));
}

/* A name that is no UTF-8, so that it can be told. */
static struct str printable(struct arena *arena, struct str s)
{
    char *out = arena_alloc(arena, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        out[i] = (unsigned char)s.p[i] < ' ' || (unsigned char)s.p[i] > '~' ? '?' : s.p[i];
    return (struct str){out, s.n};
}

static struct str safe(struct arena *arena, struct str s)
{
    return utf8_clean(s) ? s : printable(arena, s);
}

static struct str number(struct arena *arena, uint64_t n)
{
    return arena_printf(arena, "%llu", (unsigned long long)n);
}

static struct str complaint(struct arena *arena, struct archive *a)
{
    const char *said = archive_error_string(a);
    return printable(arena, said == NULL ? STR("it ends too early") : str_of(said));
}

struct unpacking {
    struct reading *r;
    struct archive *archive;
    uint64_t all;
    size_t packed; /* the whole file */
    size_t room;
};

/* One file's bytes; false: nothing more of the archive is to be read. */
static bool unpack(struct unpacking *u, struct str name, struct str *ret)
{
    struct arena *arena = u->r->arena;
    BUF_AUTO bytes = BUF_INIT(EPUB_UNPACKED_MAX);
    for (;;) {
        char *room = buf_reserve(&bytes, CHUNK);
        if (room == NULL || u->all + bytes.n > EPUB_UNPACKED_MAX) {
            tell(u->r, WRONG_LARGE, name, STR("256 MB unpacked"));
            return false;
        }
        la_ssize_t n = archive_read_data(u->archive, room, CHUNK);
        if (n < 0) {
            tell(u->r,
                 archive_read_has_encrypted_entries(u->archive) > 0 ? WRONG_ENCRYPTED
                                                                    : WRONG_DAMAGED,
                 name, complaint(arena, u->archive));
            return false;
        }
        bytes.n += (size_t)n;
        if (bytes.n > EPUB_RATIO_FROM && bytes.n / EPUB_RATIO_MAX > u->packed) {
            tell(u->r, WRONG_BOMB, name, STR_NONE);
            return false;
        }
        if (n == 0)
            break;
    }
    u->all += bytes.n;
    if (u->all > EPUB_RATIO_FROM && u->all / EPUB_RATIO_MAX > u->packed) {
        tell(u->r, WRONG_BOMB, name, STR_NONE);
        return false;
    }
    *ret = arena_str(arena, buf_str(&bytes));
    return true;
}

static bool take_entry(struct unpacking *u, struct archive_entry *entry)
{
    struct reading *r = u->r;
    struct str name = str_of(archive_entry_pathname(entry)), bytes;
    enum epub_wrong wrong = name_wrong(name);
    name = arena_str(r->arena, name);
    if (wrong != WRONG_COUNT)
        tell(r, wrong, safe(r->arena, name), safe(r->arena, name));
    if (archive_entry_is_encrypted(entry)) {
        tell(r, WRONG_ENCRYPTED, safe(r->arena, name), STR_NONE);
        return false;
    }
    if (r->files.n == EPUB_FILES_MAX) {
        tell(r, WRONG_FILES, STR_NONE, number(r->arena, EPUB_FILES_MAX));
        return false;
    }
    if (archive_entry_filetype(entry) != AE_IFREG && archive_entry_filetype(entry) != AE_IFDIR)
        tell(r, WRONG_NAME, safe(r->arena, name), STR("it is a link"));
    if (str_ends(name, STR("/")) || archive_entry_filetype(entry) == AE_IFDIR)
        return true;
    if (!unpack(u, safe(r->arena, name), &bytes))
        return false;
    struct epub_file file = {.name = wrong == WRONG_COUNT ? name_composed(r->arena, name)
                                                          : safe(r->arena, name),
                             .bytes = bytes};
    file.folded = name_folded(r->arena, file.name);
    ARENA_ROOM(r->arena, r->files.v, r->files.n, u->room);
    r->files.v[r->files.n++] = file;
    return true;
}

/* libarchive makes slashes of what a program of DOS calls backslashes: as they stand, names are in
 * the directory at the end alone. One that leads astray here is damaged to libarchive as well. */
static void check_backslashes(struct reading *r, struct str bytes)
{
    enum { END = 22, HEADER = 46, ENDS_WITHIN = END + 65535 };
    size_t at = bytes.n < END ? 0 : bytes.n - END, last = at > ENDS_WITHIN ? at - ENDS_WITHIN : 0;
    while (at > last && !str_starts(str_sub(bytes, at, bytes.n), STR("PK\5\6")))
        at--;
    struct str end = str_sub(bytes, at, bytes.n);
    if (end.n < END || !str_starts(end, STR("PK\5\6")))
        return;
    size_t n = little(end.p + 10);
    at = little(end.p + 16) | (size_t)little(end.p + 18) << 16;
    for (; n > 0; n--) {
        struct str header = str_sub(bytes, at, bytes.n);
        if (header.n < HEADER || !str_starts(header, STR("PK\1\2")))
            return;
        size_t own = little(header.p + 28);
        struct str name = str_sub(header, HEADER, HEADER + own);
        if (str_find(name, '\\') < name.n)
            tell(r, WRONG_NAME_OUTSIDE, safe(r->arena, name), safe(r->arena, name));
        at += HEADER + own + little(header.p + 30) + little(header.p + 32);
    }
}

static int by_folded(const void *a, const void *b)
{
    return str_cmp(((const struct epub_file *)a)->folded, ((const struct epub_file *)b)->folded);
}

static void check_twice(struct reading *r)
{
    if (r->files.n > 1)
        qsort(r->files.v, r->files.n, sizeof *r->files.v, by_folded);
    for (size_t i = 1; i < r->files.n; i++)
        if (str_eq(r->files.v[i].folded, r->files.v[i - 1].folded))
            tell(r, WRONG_NAME_TWICE, r->files.v[i].name, STR_NONE);
}

static bool unpack_all(struct unpacking *u)
{
    struct archive_entry *entry;
    for (;;) {
        int status = archive_read_next_header(u->archive, &entry);
        if (status == ARCHIVE_EOF)
            return true;
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
            tell(u->r, WRONG_DAMAGED, STR_NONE, complaint(u->r->arena, u->archive));
            return false;
        }
        if (!take_entry(u, entry))
            return false;
    }
}

bool container_open(struct reading *r, struct str bytes)
{
    if (bytes.n > EPUB_BYTES_MAX) {
        tell(r, WRONG_LARGE, STR_NONE, STR("64 MB"));
        return false;
    }
    if (bytes.n < LOCAL_HEADER || !str_starts(bytes, STR("PK\3\4"))) {
        tell(r, WRONG_NO_ZIP, STR_NONE, STR_NONE);
        return false;
    }
    check_mimetype(r, bytes);
    check_backslashes(r, bytes);
    /* libarchive puts names into the charset of the thread's locale. */
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = utf8 == (locale_t)0 ? (locale_t)0 : uselocale(utf8);
    struct unpacking u = {r, archive_read_new(), 0, bytes.n, 0};
    bool read = u.archive != NULL &&
                archive_read_support_format_zip_seekable(u.archive) == ARCHIVE_OK &&
                archive_read_open_memory(u.archive, bytes.p, bytes.n) == ARCHIVE_OK;
    if (!read)
        tell(r, WRONG_DAMAGED, STR_NONE,
             u.archive == NULL ? STR_NONE : complaint(r->arena, u.archive));
    read = read && unpack_all(&u);
    archive_read_free(u.archive);
    if (utf8 != (locale_t)0) {
        uselocale(before);
        freelocale(utf8);
    }
    check_twice(r);
    return read;
}

const struct epub_file *container_find(const struct reading *r, struct str name)
{
    size_t from = 0, to = r->files.n;
    struct str folded = name_folded(r->arena, name);
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_cmp(r->files.v[middle].folded, folded);
        if (order == 0)
            return str_eq(r->files.v[middle].name, name) ? &r->files.v[middle] : NULL;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}
