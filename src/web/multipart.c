#include "web/multipart.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/encode.h"
#include "base/utf8.h"

enum {
    PARTS_MAX = 200,
    FILES_MAX = 4,
    NAME_BYTES = 100,
    FIELDS_BYTES = 128 << 10, /* all that is no file, as in a form without files */
    BOUNDARY_MAX = 70,
    FILE_NAME_BYTES = 1000,
    READ_AT_ONCE = 4096,
};

struct part {
    struct str name;
    bool file;
    struct buf bytes;
    /* Of a file that goes to the folder. */
    struct str file_name;
    const char *path;
    int fd;
    uint64_t size;
};

struct multipart {
    struct MHD_PostProcessor *reader;
    struct arena *arena;
    const char *folder; /* where files go; NULL: to memory */
    uint64_t max, read;
    size_t fields, files;
    const char *wrong;
    bool too_large;
    struct part parts[PARTS_MAX];
    size_t n;
};

/* What its value is: between quotes or bare; to the end or the next semicolon. */
static bool boundary_good(struct str s)
{
    s = str_trim(s);
    if (s.n > 1 && s.p[0] == '"' && s.p[s.n - 1] == '"')
        s = str_sub(s, 1, s.n - 1);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c != '\0' && strchr("'()+_,-./:=?", c) != NULL)))
            return false;
    }
    return s.n >= 1 && s.n <= BOUNDARY_MAX;
}

bool multipart_type(struct str content_type, bool *ret_good)
{
    struct str rest = content_type, piece;
    size_t boundaries = 0;
    *ret_good = true;
    if (!str_next(&rest, ';', &piece) ||
        !str_eq_nocase(str_trim(piece), STR("multipart/form-data")))
        return false;
    while (str_next(&rest, ';', &piece)) {
        size_t equals = str_find(piece, '=');
        if (!str_eq_nocase(str_trim(str_sub(piece, 0, equals)), STR("boundary")))
            continue;
        boundaries++;
        *ret_good = *ret_good && boundary_good(str_sub(piece, equals + 1, piece.n));
    }
    *ret_good = *ret_good && boundaries == 1;
    return true;
}

static enum MHD_Result fail(struct multipart *m, const char *why)
{
    m->wrong = why;
    return MHD_NO;
}

static bool open_file(struct multipart *m, struct part *part, const char *file_name)
{
    uint8_t id[12];
    random_bytes(id, sizeof id);
    part->file_name = arena_str(m->arena, str_sub(str_of(file_name), 0, FILE_NAME_BYTES));
    part->path =
        arena_printf(m->arena, "%s/part-%.*s", m->folder, STR_ARG(hex_str(m->arena, id, sizeof id)))
            .p;
    part->fd = open(part->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return part->fd >= 0;
}

static enum MHD_Result write_file(struct multipart *m, struct part *part, const char *bytes,
                                  size_t n)
{
    part->size += n;
    while (n > 0) {
        ssize_t written = write(part->fd, bytes, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return fail(m, "there is no room for the file");
        bytes += written;
        n -= (size_t)written;
    }
    return MHD_YES;
}

static enum MHD_Result begin_part(struct multipart *m, const char *name, const char *file_name)
{
    struct str key = str_of(name);
    bool file = file_name != NULL;
    if (m->n == PARTS_MAX)
        return fail(m, "too many fields");
    if (key.n == 0 || key.n > NAME_BYTES || !utf8_clean(key))
        return fail(m, "a field's name is empty, too long or no clean text");
    if (file && ++m->files > FILES_MAX)
        return fail(m, "too many files");
    struct part *part = &m->parts[m->n++];
    *part = (struct part){.name = arena_str(m->arena, key),
                          .file = file,
                          .bytes = BUF_INIT(file ? (size_t)m->max : FIELDS_BYTES),
                          .fd = -1};
    if (file && m->folder != NULL && !open_file(m, part, file_name))
        return fail(m, "there is no room for the file");
    return MHD_YES;
}

static enum MHD_Result on_bytes(void *context, enum MHD_ValueKind kind, const char *name,
                                const char *filename, const char *type, const char *encoding,
                                const char *bytes, uint64_t offset, size_t n)
{
    (void)kind;
    (void)type;
    struct multipart *m = context;
    if (name == NULL)
        return fail(m, "a field without a name");
    if (encoding != NULL && strcasecmp(encoding, "binary") != 0 &&
        strcasecmp(encoding, "8bit") != 0 && strcasecmp(encoding, "7bit") != 0)
        return fail(m, "a field in an encoding of its own");
    struct part *last = m->n > 0 ? &m->parts[m->n - 1] : NULL;
    bool file = filename != NULL;
    /* Its first bytes may come after a call with none. */
    bool same = last != NULL && last->file == file && str_eq(last->name, str_of(name)) &&
                (offset > 0 || (last->bytes.n == 0 && last->size == 0));
    if (!same && (offset > 0 || begin_part(m, name, filename) != MHD_YES))
        return m->wrong != NULL ? MHD_NO : fail(m, "a form that is cut off or mixed up");
    if (!file && (m->fields += n) > FIELDS_BYTES)
        return fail(m, "the fields are too long");
    last = &m->parts[m->n - 1];
    if (last->fd >= 0)
        return write_file(m, last, bytes, n);
    buf_add(&last->bytes, bytes, n);
    return MHD_YES;
}

struct multipart *multipart_new(struct MHD_Connection *connection, const struct request *request,
                                uint64_t max, const char *folder)
{
    bool good;
    if (max == 0 || !multipart_type(request->content_type, &good))
        return NULL;
    struct multipart *m = calloc(1, sizeof *m);
    if (m == NULL)
        abort();
    m->arena = request->arena;
    m->max = max;
    m->folder = folder;
    if (good)
        m->reader = MHD_create_post_processor(connection, READ_AT_ONCE, on_bytes, m);
    if (m->reader == NULL)
        m->wrong = "multipart/form-data without a good boundary";
    return m;
}

void multipart_add(struct multipart *m, const char *bytes, size_t n)
{
    m->read += n;
    if (m->read > m->max && m->wrong == NULL) {
        m->wrong = "the form is too large";
        m->too_large = true;
    }
    if (m->wrong != NULL)
        return;
    if (MHD_post_process(m->reader, bytes, n) != MHD_YES && m->wrong == NULL)
        m->wrong = "a form that is cut off or mixed up";
}

/* One LF is a line here, as in forms without files. */
static struct str as_text(struct multipart *m, struct str s)
{
    char *out = arena_alloc(m->arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\r')
            out[n++] = s.p[i];
    return (struct str){out, n};
}

void multipart_end(struct multipart *m, struct request *request)
{
    bool whole = m->reader != NULL && MHD_destroy_post_processor(m->reader) == MHD_YES;
    m->reader = NULL;
    if (!whole && m->wrong == NULL)
        m->wrong = "a form that is cut off or mixed up";
    request->is_multipart = true;
    request->fields.v = ARENA_ARRAY(m->arena, struct parameter, m->n);
    request->files.v = ARENA_ARRAY(m->arena, struct parameter, m->n);
    request->spooled.v = ARENA_ARRAY(m->arena, struct spooled_file, m->n);
    for (size_t i = 0; m->wrong == NULL && i < m->n; i++) {
        struct part *part = &m->parts[i];
        struct parameter p = {part->name, buf_str(&part->bytes)};
        if (!part->file) {
            p.value = as_text(m, p.value);
            if (!utf8_clean(p.value))
                m->wrong = "a field holds a control character or no UTF-8";
            request->fields.v[request->fields.n++] = p;
        } else if (part->fd >= 0) {
            request->empty_file |= part->size == 0 && part->file_name.n > 0;
            if (part->size > 0) /* whoever keeps it makes it durable */
                request->spooled.v[request->spooled.n++] =
                    (struct spooled_file){part->name, part->file_name, part->path, part->size};
        } else if (p.value.n > 0) {
            request->files.v[request->files.n++] = p;
        }
    }
    request->multipart_wrong = m->wrong;
    request->multipart_too_large = m->too_large;
}

void multipart_free(struct multipart *m)
{
    if (m == NULL)
        return;
    if (m->reader != NULL)
        (void)MHD_destroy_post_processor(m->reader);
    for (size_t i = 0; i < m->n; i++) {
        buf_free(&m->parts[i].bytes);
        if (m->parts[i].fd < 0)
            continue;
        close(m->parts[i].fd);
        unlink(m->parts[i].path); /* somebody has renamed what is kept */
    }
    free(m);
}
