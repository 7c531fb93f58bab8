/* ONIX from anywhere: read in one piece and in small ones, or with the records passing by
 * their bytes that a first reading met, the outcome is the same, and what is delivered is
 * text. */
#include <stdint.h>

#include "base/encode.h"
#include "base/utf8.h"
#include "onix/onix.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { MET_MAX = 64 };

/* Records by their bytes. */
struct met {
    struct {
        uint8_t bytes[16], digest[16];
    } records[MET_MAX];
    size_t n;
};

struct outcome {
    uint64_t records, findings;
    struct met *met; /* filled, or passed over where `passing` */
    bool passing;
    uint8_t digests[16]; /* all, mixed */
    enum rc rc;
};

static void insist(bool right)
{
    if (!right)
        abort();
}

static enum rc on_header(void *context, const struct onix_header *header, struct fault *fault)
{
    (void)context;
    (void)fault;
    insist(utf8_valid(header->sender, NULL) && utf8_valid(header->sender_name, NULL));
    return RC_OK;
}

static void count(struct outcome *o, const uint8_t digest[16])
{
    o->records++;
    for (size_t i = 0; i < sizeof o->digests; i++)
        o->digests[i] ^= digest[i];
}

static bool on_known(void *context, const uint8_t bytes[16])
{
    struct outcome *o = context;
    for (size_t i = 0; o->passing && i < o->met->n; i++)
        if (memcmp(o->met->records[i].bytes, bytes, 16) == 0) {
            count(o, o->met->records[i].digest);
            return true;
        }
    return false;
}

static enum rc on_record(void *context, const struct onix_record *record, struct arena *arena,
                         struct fault *fault)
{
    struct outcome *o = context;
    (void)fault;
    insist(record->reference.n > 0 && utf8_valid(record->reference, NULL));
    insist(utf8_valid(record->edition.title.text, NULL));
    count(o, record->digest);
    if (o->met != NULL && !o->passing && record->has_bytes && o->met->n < MET_MAX) {
        size_t at = o->met->n++;
        memcpy(o->met->records[at].bytes, record->bytes, 16);
        memcpy(o->met->records[at].digest, record->digest, 16);
    }
    /* Every other record is taken, as the importer takes it. */
    if (o->records % 2 == 0) {
        struct arena taken = *arena;
        *arena = ARENA_INIT;
        arena_free(&taken);
    }
    return RC_OK;
}

static void on_finding(void *context, const struct onix_finding *finding)
{
    struct outcome *o = context;
    insist(utf8_valid(str_of(finding->reason), NULL) && utf8_valid(finding->reference, NULL));
    insist(finding->code.n > 0);
    o->findings++;
}

static struct outcome read_in_pieces(const uint8_t *bytes, size_t n, size_t piece, struct met *met,
                                     bool passing)
{
    struct outcome o = {.met = met, .passing = passing};
    struct onix_sink sink = {&o, on_header, on_record, on_finding, on_known};
    struct onix_reader *reader;
    insist(onix_reader_open(&sink, &reader, NULL) == RC_OK);
    for (size_t at = 0; at < n && o.rc == RC_OK; at += piece)
        o.rc = onix_reader_push(reader, bytes + at, n - at < piece ? n - at : piece, NULL);
    if (o.rc == RC_OK)
        o.rc = onix_reader_end(reader, NULL);
    onix_reader_close(reader);
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct met met = {.n = 0};
    struct outcome whole = read_in_pieces(bytes, n, n + 1, &met, false);
    struct outcome parts = read_in_pieces(bytes, n, 97, NULL, false);
    struct outcome again = read_in_pieces(bytes, n, 61, &met, true);
    /* Where the file is broken, libxml2 may see it a little earlier or later. */
    if (whole.rc == RC_OK && parts.rc == RC_OK)
        insist(whole.records == parts.records && whole.findings == parts.findings &&
               memcmp(whole.digests, parts.digests, sizeof whole.digests) == 0);
    /* What a record has to be warned of, it was warned of once. */
    if (whole.rc == RC_OK && again.rc == RC_OK)
        insist(whole.records == again.records &&
               memcmp(whole.digests, again.digests, sizeof whole.digests) == 0);
    return 0;
}
