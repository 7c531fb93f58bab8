/* Shared by the tests of the ONIX reader: what came out of a feed, and records to read. */
#ifndef TESTS_ONIX_READING_H
#define TESTS_ONIX_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <unistd.h>

#include "base/buf.h"
#include "onix/onix.h"

enum { RECORDS_MAX = 8 };

/* What came out of a feed. */
struct seen {
    struct onix_header header;
    size_t headers, records;
    struct onix_record record[RECORDS_MAX];
    struct arena arena[RECORDS_MAX]; /* taken from the reader: outlives it */
    struct buf findings;             /* "error code element\n" each */
    struct buf reasons;
    enum rc rc;
    struct fault fault;
};

static inline enum rc on_header(void *context, const struct onix_header *header,
                                struct fault *fault)
{
    struct seen *s = context;
    (void)fault;
    s->header = *header;
    s->header.sender = arena_str(&s->arena[0], header->sender);
    s->header.release = arena_str(&s->arena[0], header->release);
    s->headers++;
    return RC_OK;
}

static inline enum rc on_record(void *context, const struct onix_record *record,
                                struct arena *arena, struct fault *fault)
{
    struct seen *s = context;
    (void)fault;
    if (s->records + 1 < RECORDS_MAX) {
        s->record[s->records] = *record;
        s->arena[s->records + 1] = *arena;
        *arena = ARENA_INIT;
    }
    s->records++;
    return RC_OK;
}

static inline void on_finding(void *context, const struct onix_finding *f)
{
    static const char *const severities[] = {"warning", "error", "information"};
    struct seen *s = context;
    buf_printf(&s->findings, "%s %.*s %.*s\n", severities[f->severity], STR_ARG(f->code),
               STR_ARG(f->element));
    buf_printf(&s->reasons, "%d %.*s: %s\n", (int)f->line, STR_ARG(f->reference), f->reason);
}

static inline void read_pieces(struct seen *s, struct str text, size_t piece)
{
    struct onix_sink sink = {s, on_header, on_record, on_finding, NULL};
    struct onix_reader *reader;
    *s = (struct seen){.findings = BUF_INIT(1 << 16), .reasons = BUF_INIT(1 << 16)};
    assert_int_equal(onix_reader_open(&sink, &reader, NULL), RC_OK);
    for (size_t at = 0; at < text.n && s->rc == RC_OK; at += piece) {
        struct str part = str_sub(text, at, at + piece);
        s->rc = onix_reader_push(reader, part.p, part.n, &s->fault);
    }
    if (s->rc == RC_OK)
        s->rc = onix_reader_end(reader, &s->fault);
    onix_reader_close(reader);
}

static inline void seen_free(struct seen *s)
{
    for (size_t i = 0; i < RECORDS_MAX; i++)
        arena_free(&s->arena[i]);
    buf_free(&s->findings);
    buf_free(&s->reasons);
}

#define SEEN_AUTO __attribute__((cleanup(seen_free))) struct seen

static inline bool has(const struct buf *b, const char *text)
{
    return str_find_str(buf_str(b), str_of(text)) < b->n;
}

static inline void assert_str(struct str s, const char *text)
{
    if (!str_eq(s, str_of(text)))
        fail_msg("“%.*s” is not “%s”", STR_ARG(s), text);
}

#define HEAD                                                                                       \
    "<ONIXMessage release=\"3.0\"><Header><Sender><SenderName>Quay</SenderName></Sender>"          \
    "<SentDateTime>20260901T1200+0200</SentDateTime></Header>"
#define ID(type, value)                                                                            \
    "<ProductIdentifier><ProductIDType>" type "</ProductIDType><IDValue>" value "</IDValue>"       \
    "</ProductIdentifier>"
#define RECORD(type)                                                                               \
    "<Product><RecordReference>q.1</RecordReference><NotificationType>" type "</NotificationType>"
#define TITLED(title)                                                                              \
    "<DescriptiveDetail><ProductForm>BC</ProductForm><TitleDetail><TitleType>01</TitleType>"       \
    "<TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>" title                     \
    "</TitleText></TitleElement></TitleDetail></DescriptiveDetail>"
#define TAIL "</Product></ONIXMessage>"
#define ISBN ID("15", "9783161484100")

/* A full record around `inner`. */
static inline void read_product(struct seen *s, const char *inner)
{
    BUF_AUTO text = BUF_INIT(16 << 20);
    buf_printf(&text, "%s%s%s", HEAD RECORD("03") ISBN TITLED("T"), inner, TAIL);
    read_pieces(s, buf_str(&text), 1 << 16);
}

static inline void read_text(struct seen *s, const char *text)
{
    read_pieces(s, str_of(text), 7);
}

static inline enum rc read_file(const char *path, struct seen *s)
{
    struct onix_sink sink = {s, on_header, on_record, on_finding, NULL};
    struct onix_reader *reader;
    struct feed_file *file;
    char block[4096];
    *s = (struct seen){.findings = BUF_INIT(1 << 16), .reasons = BUF_INIT(1 << 16)};
    s->rc = feed_open(path, &file, &s->fault);
    if (s->rc != RC_OK)
        return s->rc;
    assert_int_equal(onix_reader_open(&sink, &reader, NULL), RC_OK);
    for (size_t n = 1; s->rc == RC_OK && n > 0;) {
        s->rc = feed_read(file, block, sizeof block, &n, &s->fault);
        if (s->rc == RC_OK && n > 0)
            s->rc = onix_reader_push(reader, block, n, &s->fault);
    }
    if (s->rc == RC_OK)
        s->rc = onix_reader_end(reader, &s->fault);
    onix_reader_close(reader);
    feed_close(file);
    return s->rc;
}

static inline bool shared_path(char ret[4096], const char *below)
{
    const char *shared = getenv("COLOPHON_SHARED"), *source = getenv("COLOPHON_SOURCE");
    if (shared != NULL)
        snprintf(ret, 4096, "%s/%s", shared, below);
    else
        snprintf(ret, 4096, "%s/../shared/%s", source != NULL ? source : ".", below);
    return access(ret, R_OK) == 0;
}

static inline void read_folder(const char *below, enum rc expected, const char *reason)
{
    char folder[4096], path[8192];
    if (!shared_path(folder, below)) {
        print_message("%s is not at hand\n", below);
        skip();
    }
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        SEEN_AUTO s;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (read_file(path, &s) != expected || strstr(s.fault.text, reason) == NULL)
            fail_msg("%s: %s", path, s.fault.text);
        assert_true(expected != RC_OK || s.records + s.findings.n > 0);
    }
    closedir(dir);
}

#endif
