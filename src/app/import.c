#include "app/import.h"

#include <errno.h>
#include <pthread.h>
#include <sys/stat.h>

#include "app/fresh_editions.h"
#include "app/import_apply.h"
#include "app/indexer.h"
#include "app/known_records.h"
#include "app/restrict.h"
#include "app/restrict_duties.h"
#include "app/wake.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/json.h"
#include "base/wait.h"
#include "store/catalogue.h"
#include "store/pack.h"
#include "store/store.h"

enum {
    QUEUE_MAX = 256, /* records parsed ahead: bounded memory whatever the feed's size */
    QUEUE_BYTES = 24 << 20,
    QUEUE_GROUP = 32, /* so many wake who writes: a wake-up for each record costs as much as some */
    BATCH_RECORDS = 20000,
    /* No transaction may hold up readers for 200 ms, its commit included, which
     * takes longer the more there is to commit and the slower the disk is. */
    TRANSACTION_MS = 120,
    BATCH_MS_MIN = 5,
    /* Where there are no readers: of the tables' trees each transaction writes most pages anew. */
    TRANSACTION_ALONE_MS = 1500,
    READ_BLOCK = 256 << 10,
    STOP_PATIENCE = 1 << 20,
    KNOWN_GROUP = 512,
    MESSAGE_NUMBER_MAX = 9999999,
    ANALYZE_FROM = 1000, /* records: what the database knows of its tables is old news */
};

/* What the parsing thread hands over: a message's header, a record, records that are known by
 * their bytes, the end. */
struct item {
    enum { ITEM_HEADER, ITEM_RECORD, ITEM_KNOWN, ITEM_END } kind;
    struct arena arena;
    struct onix_header header;
    struct onix_record record;
    struct str *known; /* their references */
    size_t known_n;
    const char *file;
};

struct import {
    const struct import_order *order;
    struct site *site;
    struct import_summary summary;
    FILE *report;
    pthread_mutex_t report_lock;
    /* The queue. */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct item *queue[QUEUE_MAX];
    size_t first, n, bytes;
    bool idle;      /* who writes has nothing open and waits for whatever comes */
    bool cancelled; /* the writer failed: parsing has no use any more */
    /* The parsing thread's own. */
    const char *file;
    uint64_t before; /* bytes of the files before this one */
    struct fault broken;
    bool left;  /* it was stopped with something still to be read */
    bool found; /* something was told of since the piece at hand began */
    struct known_records *known;
    struct name_map *met; /* references of this message so far */
    struct item *passed;  /* known ones that were not handed over yet */
    /* The writing side's own. */
    struct applying applying;
    const char *written_file;
    struct fresh_editions *fresh; /* for the index that follows beside; NULL: none does here */
    int64_t transaction_ms;       /* what one may take */
    int64_t batch_ms;             /* for what comes before the commit */
};

/* ---- the report ---- */

static const char *severity_word(enum severity severity)
{
    return severity == SEVERITY_ERROR     ? "error"
           : severity == SEVERITY_WARNING ? "warning"
                                          : "information";
}

static void report_line(struct import *im, const struct import_finding *f)
{
    pthread_mutex_lock(&im->report_lock);
    im->summary.warnings += strcmp(f->severity, "warning") == 0;
    im->summary.informations += strcmp(f->severity, "information") == 0;
    if (im->order->finding != NULL)
        im->order->finding(im->order->context, f);
    if (im->report != NULL) {
        BUF_AUTO text = BUF_INIT(64 << 10);
        JSON_AUTO *json = json_object();
        json_object_set_new(json, "file", json_from_str(str_of(f->file)));
        json_object_set_new(json, "line", json_integer((json_int_t)f->line));
        json_object_set_new(json, "reference", json_from_str(f->reference));
        json_object_set_new(json, "isbn", json_from_str(f->isbn));
        json_object_set_new(json, "element", json_from_str(f->element));
        json_object_set_new(json, "severity", json_string(f->severity));
        json_object_set_new(json, "code", json_from_str(f->code));
        json_object_set_new(json, "reason", json_from_str(f->reason));
        json_write(json, &text);
        buf_char(&text, '\n');
        fwrite(text.p, 1, text.n, im->report);
    }
    pthread_mutex_unlock(&im->report_lock);
}

static void on_finding(void *context, const struct onix_finding *f)
{
    struct import *im = context;
    /* What the sender cannot mend, or meant, is told of with a record that is new or changed. */
    im->found = im->found ||
                (f->severity != SEVERITY_INFORMATION && !str_eq(f->code, STR(ONIX_RIGHTS_MISSING)));
    report_line(im,
                &(struct import_finding){im->file, f->line, f->reference, f->isbn, f->element,
                                         severity_word(f->severity), f->code, str_of(f->reason)});
}

static void on_applied_finding(void *context, const struct onix_record *record,
                               enum severity severity, const char *element, const char *code,
                               const char *reason)
{
    struct import *im = context;
    report_line(im,
                &(struct import_finding){im->written_file, record->line, record->reference,
                                         str_of(record->edition.isbn13), str_of(element),
                                         severity_word(severity), str_of(code), str_of(reason)});
}

/* ---- the queue ---- */

static void item_free(struct item *item)
{
    struct arena arena = item->arena;
    free(item);
    arena_free(&arena);
}

/* False once nobody takes items any more. */
static bool queue_put(struct import *im, struct item *item)
{
    size_t size = arena_size(&item->arena);
    pthread_mutex_lock(&im->lock);
    while (!im->cancelled && (im->n == QUEUE_MAX || (im->n > 0 && im->bytes > QUEUE_BYTES)))
        pthread_cond_wait(&im->changed, &im->lock);
    bool taken = !im->cancelled;
    if (taken) {
        im->queue[(im->first + im->n++) % QUEUE_MAX] = item;
        im->bytes += size;
        if (im->idle || im->n >= QUEUE_GROUP || item->kind != ITEM_RECORD)
            pthread_cond_broadcast(&im->changed);
    }
    pthread_mutex_unlock(&im->lock);
    if (!taken)
        item_free(item);
    return taken;
}

/* Waits `ms` for an item (for ever where negative); NULL where none came. */
static struct item *queue_take(struct import *im, int64_t ms)
{
    int64_t until = clock_monotonic_ms() + ms;
    pthread_mutex_lock(&im->lock);
    int waited = 0;
    im->idle = ms < 0;
    while (im->n == 0 && waited == 0)
        waited = ms < 0 ? pthread_cond_wait(&im->changed, &im->lock)
                        : wait_until(&im->changed, &im->lock, until);
    im->idle = false;
    if (im->n == 0) {
        pthread_mutex_unlock(&im->lock);
        return NULL;
    }
    struct item *item = im->queue[im->first];
    im->first = (im->first + 1) % QUEUE_MAX;
    im->n--;
    im->bytes -= arena_size(&item->arena);
    /* Who parses sleeps until there is room for many. */
    if (im->n <= QUEUE_MAX / 2 && im->bytes <= QUEUE_BYTES / 2)
        pthread_cond_broadcast(&im->changed);
    pthread_mutex_unlock(&im->lock);
    return item;
}

static void queue_cancel(struct import *im)
{
    pthread_mutex_lock(&im->lock);
    im->cancelled = true;
    pthread_cond_broadcast(&im->changed);
    pthread_mutex_unlock(&im->lock);
}

/* ---- parsing ---- */

static struct item *item_new(struct import *im, int kind)
{
    struct item *item = calloc(1, sizeof *item);
    if (item == NULL)
        abort();
    item->kind = kind;
    item->arena = ARENA_INIT;
    item->file = im->file;
    return item;
}

static bool must_stop(const struct import *im)
{
    return im->order->progress != NULL && atomic_load(&im->order->progress->stop);
}

static void forget_message(struct import *im)
{
    known_records_free(im->known);
    name_map_free(im->met);
    im->known = NULL;
    im->met = NULL;
}

/* Without what is known, all is parsed. */
static void begin_knowing(struct import *im, const struct onix_header *header)
{
    struct fault ignored;
    forget_message(im);
    im->met = name_map_new();
    (void)!known_records_load(im->site, im->order->shop, header->sender, &im->known, &ignored);
}

/* In the order of the message. */
static bool hand_over_passed(struct import *im)
{
    struct item *passed = im->passed;
    im->passed = NULL;
    return passed == NULL || queue_put(im, passed);
}

static enum rc on_header(void *context, const struct onix_header *header, struct fault *fault)
{
    struct import *im = context;
    begin_knowing(im, header);
    struct item *item = item_new(im, ITEM_HEADER);
    item->header = *header;
    item->header.sender = arena_str(&item->arena, header->sender);
    item->header.sender_name = arena_str(&item->arena, header->sender_name);
    item->header.message_number = arena_str(&item->arena, header->message_number);
    return queue_put(im, item) ? RC_OK : fault_set(fault, RC_CONFLICT, "stopped");
}

static enum rc on_record(void *context, const struct onix_record *record, struct arena *arena,
                         struct fault *fault)
{
    struct import *im = context;
    if (must_stop(im)) {
        im->left = true;
        return fault_set(fault, RC_CONFLICT, "stopped");
    }
    struct item *item = item_new(im, ITEM_RECORD);
    item->record = *record;
    /* What had to be told of it has to be told again. */
    item->record.has_bytes = record->has_bytes && !im->found;
    item->arena = *arena; /* the record lives in it */
    *arena = ARENA_INIT;
    if (!known_records_none(im->known)) /* else none will be passed over after it */
        name_map_put(im->met, record->reference, record->line);
    if (!hand_over_passed(im)) {
        item_free(item);
        return fault_set(fault, RC_CONFLICT, "stopped");
    }
    return queue_put(im, item) ? RC_OK : fault_set(fault, RC_CONFLICT, "stopped");
}

/* Passes over what is as it was, once in a message: after another record of its reference,
 * it would change that one back. */
static bool on_known(void *context, const uint8_t bytes[16])
{
    struct import *im = context;
    struct str reference;
    uint64_t met;
    im->found = false;
    if (must_stop(im) || !known_records_find(im->known, bytes, &reference) ||
        name_map_full(im->met) || name_map_get(im->met, reference, &met))
        return false;
    name_map_put(im->met, reference, 0);
    if (im->passed == NULL) {
        im->passed = item_new(im, ITEM_KNOWN);
        im->passed->known = ARENA_ARRAY(&im->passed->arena, struct str, KNOWN_GROUP);
    }
    struct item *passed = im->passed;
    passed->known[passed->known_n++] = arena_str(&passed->arena, reference);
    if (passed->known_n == KNOWN_GROUP)
        (void)!hand_over_passed(im); /* who writes has failed: the next record finds out */
    return true;
}

static void tell_position(struct import *im, const struct feed_file *feed)
{
    if (im->order->progress != NULL)
        atomic_store(&im->order->progress->bytes, im->before + feed_position(feed));
}

static enum rc parse_feed(struct import *im, struct feed_file *feed, struct fault *fault)
{
    struct onix_sink sink = {im, on_header, on_record, on_finding, on_known};
    struct onix_reader *reader;
    enum rc rc = onix_reader_open(&sink, &reader, fault);
    if (rc != RC_OK)
        return rc;
    char *block = malloc(READ_BLOCK);
    if (block == NULL)
        abort();
    size_t unheard = 0; /* bytes that brought no record since the stop */
    for (size_t n = 1; rc == RC_OK && n > 0;) {
        rc = feed_read(feed, block, READ_BLOCK, &n, fault);
        if (rc == RC_OK && n > 0)
            rc = onix_reader_push(reader, block, n, fault);
        tell_position(im, feed);
        /* However long its next record is. What is left may be the end alone, which is no stop. */
        if (rc == RC_OK && must_stop(im) && (unheard += n) > STOP_PATIENCE) {
            im->left = true;
            rc = fault_set(fault, RC_CONFLICT, "stopped");
        }
    }
    if (rc == RC_OK)
        rc = onix_reader_end(reader, fault);
    free(block);
    (void)!hand_over_passed(im);
    forget_message(im);
    im->summary.records += onix_reader_count(reader);
    onix_reader_close(reader);
    return rc;
}

/* Why nothing of a file was taken, by what it begins with: the code says what to send instead. */
static const char *broken_code(const char *path, bool taken)
{
    static const struct {
        const char *begins, *code;
    } others[] = {{"\x89PNG", "file-picture"}, {"\xff\xd8\xff", "file-picture"},
                  {"GIF8", "file-picture"},    {"RIFF", "file-picture"},
                  {"%PDF", "file-picture"},    {"PK\x03\x04", "file-zip"}};
    char first[8] = "";
    struct stat status;
    bool again = !taken && stat(path, &status) == 0 && S_ISREG(status.st_mode); /* no pipe */
    FILE *file = again ? fopen(path, "rb") : NULL;
    if (file == NULL)
        return "file";
    size_t n = fread(first, 1, sizeof first, file);
    fclose(file);
    struct str start = {first, n};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_starts(start, str_of(others[i].begins)))
            return others[i].code;
    return n == 0 ? "file-empty" : "file-unread";
}

/* "line 7 (byte 120): …": the reader's faults begin with their line; 0 where one has none. */
static uint64_t line_told(const char *fault)
{
    struct str text = str_of(fault), word = STR("line ");
    uint64_t line = 0;
    if (!str_starts(text, word))
        return 0;
    for (size_t i = word.n; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++)
        line = line * 10 + (uint64_t)(text.p[i] - '0');
    return line;
}

static void parse_file(struct import *im, const char *path)
{
    uint64_t before = im->summary.records;
    struct feed_file *feed = NULL;
    struct fault fault = {""};
    im->file = path;
    enum rc rc = feed_open(path, &feed, &fault);
    if (rc == RC_OK)
        rc = parse_feed(im, feed, &fault);
    if (rc != RC_OK && !im->left && !im->cancelled) {
        im->summary.broken_files++;
        report_line(im, &(struct import_finding){
                            .file = path,
                            .line = line_told(fault.text),
                            .severity = "error",
                            .code = str_of(broken_code(path, im->summary.records > before)),
                            .reason = str_of(fault.text)});
        if (im->broken.text[0] == '\0')
            fault_set(&im->broken, rc, "%s: %s", path, fault.text);
    }
    if (feed != NULL)
        im->before += feed_size(feed);
    feed_close(feed);
}

static void *parse_thread(void *context)
{
    struct import *im = context;
    size_t i = 0;
    for (; i < im->order->file_count && !must_stop(im); i++)
        parse_file(im, im->order->files[i]);
    im->left = im->left || i < im->order->file_count;
    queue_put(im, item_new(im, ITEM_END));
    return NULL;
}

/* ---- writing ---- */

/* Messages of a sender that numbers them one by one, and that never came. */
static enum rc tell_gap(struct import *im, const struct onix_header *header, struct fault *fault)
{
    uint64_t number, before = 0;
    char reason[120];
    /* A larger one is a day or a moment, no count. */
    if (header->sender.n == 0 || !str_to_u64(header->message_number, &number) || number == 0 ||
        number > MESSAGE_NUMBER_MAX)
        return RC_OK;
    enum rc rc =
        catalogue_sender_message(im->applying.conn, im->applying.sender, number, &before, fault);
    if (rc != RC_OK || before == 0 || number <= before + 1)
        return rc;
    if (number == before + 2)
        snprintf(reason, sizeof reason, "message %llu of this sender did not come",
                 (unsigned long long)before + 1);
    else
        snprintf(reason, sizeof reason, "messages %llu to %llu of this sender did not come",
                 (unsigned long long)before + 1, (unsigned long long)number - 1);
    report_line(im, &(struct import_finding){.file = im->written_file,
                                             .element = STR("Header/MessageNumber"),
                                             .severity = severity_word(SEVERITY_WARNING),
                                             .code = STR("message-gap"),
                                             .reason = str_of(reason)});
    return RC_OK;
}

static enum rc begin_message(struct import *im, const struct item *item, struct fault *fault)
{
    struct applying *a = &im->applying;
    a->sent = item->header.sent;
    name_map_free(a->references);
    a->references = name_map_new();
    enum rc rc = catalogue_sender(a->conn, a->shop, item->header.sender, item->header.sender_name,
                                  &a->sender, &a->sender_empty, fault);
    return rc == RC_OK ? tell_gap(im, &item->header, fault) : rc;
}

static void count_applied(struct import *im, enum applied applied)
{
    uint64_t *const counts[] = {
        [APPLIED_ADDED] = &im->summary.added,         [APPLIED_CHANGED] = &im->summary.changed,
        [APPLIED_UNCHANGED] = &im->summary.unchanged, [APPLIED_DELETED] = &im->summary.deleted,
        [APPLIED_REFUSED] = &im->summary.refused,
    };
    ++*counts[applied];
    if (im->order->progress != NULL)
        atomic_fetch_add(&im->order->progress->records, 1);
}

/* Nothing is written; a later record of the same reference is told of. */
static void pass_known(struct import *im, const struct item *item)
{
    for (size_t i = 0; i < item->known_n; i++) {
        name_map_put(im->applying.references, item->known[i], 0);
        count_applied(im, APPLIED_UNCHANGED);
    }
}

/* What is in memory already need not be read back for the index. */
static void hand_on(struct import *im, struct item *item)
{
    struct fresh_edition *fresh = ARENA_NEW(&item->arena, struct fresh_edition);
    *fresh = im->applying.fresh;
    fresh_editions_put(im->fresh, fresh, &item->arena);
}

static enum rc write_item(struct import *im, struct item *item, struct fault *fault)
{
    enum applied applied;
    im->written_file = item->file;
    if (item->kind == ITEM_HEADER)
        return begin_message(im, item, fault);
    if (item->kind == ITEM_KNOWN) {
        pass_known(im, item);
        return RC_OK;
    }
    enum rc rc = apply_record(&im->applying, &item->arena, &item->record, &applied, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "%s, line %llu, record %.*s", item->file,
                            (unsigned long long)item->record.line, STR_ARG(item->record.reference));
    count_applied(im, applied);
    if (im->fresh != NULL && im->applying.fresh.seq != 0)
        hand_on(im, item);
    return RC_OK;
}

/* The next transaction begins smaller where this one took too long. */
static void learn_batch(struct import *im, int64_t took)
{
    if (took > im->transaction_ms)
        im->batch_ms = im->batch_ms * im->transaction_ms / took;
    else if (took < im->transaction_ms * 3 / 4)
        im->batch_ms += im->batch_ms / 4 + 1;
    if (im->batch_ms < BATCH_MS_MIN)
        im->batch_ms = BATCH_MS_MIN;
    if (im->batch_ms > im->transaction_ms)
        im->batch_ms = im->transaction_ms;
}

/* One transaction's worth; `*ret_end` after the last one. */
static enum rc write_batch(struct import *im, bool *ret_end, struct fault *fault)
{
    struct item *item = queue_take(im, -1); /* before the transaction begins */
    struct applying *a = &im->applying;
    if (item->kind == ITEM_END) {
        item_free(item);
        *ret_end = true;
        return RC_OK;
    }
    if (item->kind == ITEM_KNOWN) { /* nothing to begin a transaction for */
        pass_known(im, item);
        item_free(item);
        return RC_OK;
    }
    enum rc rc = store_begin(a->conn, fault);
    if (rc == RC_OK)
        rc = applying_begin_batch(a, fault);
    int64_t begun = clock_monotonic_ms(), end = begun + im->batch_ms;
    for (size_t n = 0; rc == RC_OK; n++) {
        rc = write_item(im, item, fault);
        item_free(item);
        item = NULL;
        if (rc != RC_OK || n + 1 >= BATCH_RECORDS || clock_monotonic_ms() >= end)
            break;
        /* A sender slower than we are must not hold the transaction open. */
        int64_t left = end - clock_monotonic_ms();
        item = left > 0 ? queue_take(im, left) : NULL;
        if (item == NULL)
            break;
        if (item->kind == ITEM_END) {
            *ret_end = true;
            break;
        }
    }
    if (item != NULL)
        item_free(item);
    if (rc == RC_OK)
        rc = applying_end_batch(a, fault);
    crash_point("import-batch-written");
    if (rc == RC_OK)
        rc = store_commit(a->conn, fault);
    else
        store_rollback(a->conn);
    /* Also where it was the commit that failed: what was put is not true. */
    if (rc != RC_OK && im->fresh != NULL)
        fresh_editions_break(im->fresh);
    crash_point("import-batch-committed");
    learn_batch(im, clock_monotonic_ms() - begun);
    site_wake(im->site);
    return rc;
}

/* Empties the queue until the parsing thread has ended. */
static void drain(struct import *im)
{
    queue_cancel(im);
    pthread_mutex_lock(&im->lock);
    while (im->n > 0) {
        item_free(im->queue[im->first]);
        im->first = (im->first + 1) % QUEUE_MAX;
        im->n--;
    }
    pthread_mutex_unlock(&im->lock);
}

static enum rc run_pipeline(struct import *im, struct fault *fault)
{
    pthread_t parser;
    bool end = false;
    enum rc rc = RC_OK;
    if (pthread_create(&parser, NULL, parse_thread, im) != 0)
        return fault_set(fault, RC_IO, "starting the parsing thread: %s", strerror(errno));
    while (rc == RC_OK && !end)
        rc = write_batch(im, &end, fault);
    drain(im);
    pthread_join(parser, NULL);
    drain(im);
    return rc;
}

/* ---- the whole ---- */

static enum rc open_applying(struct import *im, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct applying *a = &im->applying;
    struct shop shop;
    enum rc rc = store_connect(site_store(im->site), true, &a->conn, fault);
    if (rc == RC_OK)
        rc = catalogue_shop(a->conn, &arena, im->order->shop, &shop, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc,
                         "--shop: there is no shop %.*s; make it with `colophon shop add`",
                         STR_ARG(im->order->shop));
    if (rc == RC_OK)
        rc = catalogue_untouched(a->conn, &a->complete, fault);
    if (rc != RC_OK)
        return rc;
    a->shop = shop.id;
    a->editions = name_map_new();
    a->works = name_map_new();
    a->contributors = name_map_new();
    a->collections = name_map_new();
    a->references = name_map_new();
    a->facts = BUF_INIT(PACK_MAX);
    a->context = im;
    a->finding = on_applied_finding;
    return RC_OK;
}

static void close_applying(struct applying *a)
{
    applying_forget(a);
    store_disconnect(a->conn);
}

static void measure_files(const struct import_order *order)
{
    uint64_t all = 0;
    for (size_t i = 0; order->progress != NULL && i < order->file_count; i++) {
        struct feed_file *feed;
        if (strcmp(order->files[i], "-") != 0 && feed_open(order->files[i], &feed, NULL) == RC_OK) {
            all += feed_size(feed);
            feed_close(feed);
        }
    }
    if (order->progress != NULL)
        atomic_store(&order->progress->bytes_all, all);
}

/* On a thread of its own: the index is brought to its end meanwhile. */
struct telling {
    const struct import_order *order;
    struct import_summary summary;
    pthread_t thread;
    bool begun;
};

static void *tell_written(void *context)
{
    const struct telling *t = context;
    t->order->written(t->order->context, &t->summary);
    return NULL;
}

static void telling_begin(struct telling *t)
{
    if (t->order->written == NULL)
        return;
    t->begun = pthread_create(&t->thread, NULL, tell_written, t) == 0;
    if (!t->begun)
        tell_written(t);
}

static enum rc end_index(struct import *im, struct index_follower *follower, enum rc rc,
                         struct fault *fault)
{
    /* Who asks after the last record, or later, has all of them in. */
    const atomic_bool *stop = im->order->progress != NULL ? &im->order->progress->stop : NULL;
    if (follower == NULL)
        return rc;
    if (im->order->progress != NULL)
        atomic_store(&im->order->progress->indexing, true);
    enum rc indexed = index_follow_end(follower, stop, rc == RC_OK ? fault : NULL);
    return rc == RC_OK ? indexed : rc;
}

/* `rc` is how the records fared. */
static enum rc end_writing(struct import *im, struct writer *writer,
                           struct index_follower *follower, enum rc rc, struct fault *fault)
{
    if (rc == RC_OK && im->summary.added + im->summary.changed >= ANALYZE_FROM)
        store_analyze(im->applying.conn);
    close_applying(&im->applying);
    im->summary.stopped = im->left;
    crash_point("import-written");
    if (rc == RC_OK)
        rc = restriction_extend(im->site, writer, fault);
    struct telling telling = {.order = im->order, .summary = im->summary};
    if (rc == RC_OK)
        telling_begin(&telling);
    rc = end_index(im, follower, rc, fault);
    if (telling.begun)
        pthread_join(telling.thread, NULL);
    crash_point("import-indexed");
    return rc;
}

/* Who has the index of a database that is this folder's own is alone with it. */
static void settle_transactions(struct import *im)
{
    if (im->fresh != NULL && !store_is_shared(site_store(im->site))) {
        im->transaction_ms = TRANSACTION_ALONE_MS;
        store_expect_much(im->applying.conn);
    }
    im->batch_ms = im->transaction_ms / 2;
}

enum rc import_run(struct site *site, struct writer *writer, const struct import_order *order,
                   struct import_summary *ret, struct fault *fault)
{
    struct import im = {.order = order, .site = site, .transaction_ms = TRANSACTION_MS};
    struct index_follower *follower = NULL;
    pthread_mutex_init(&im.report_lock, NULL);
    pthread_mutex_init(&im.lock, NULL);
    wait_init(&im.changed);
    enum rc rc = RC_OK;
    if (order->report != NULL && (im.report = fopen(order->report, "we")) == NULL)
        rc = fault_set(fault, RC_IO, "--report %s: %s", order->report, strerror(errno));
    if (rc == RC_OK)
        rc = open_applying(&im, fault);
    if (rc == RC_OK)
        measure_files(order);
    if (rc == RC_OK && !order->index_later)
        rc = index_follow(site, &follower, &im.fresh, fault);
    if (rc == RC_OK)
        settle_transactions(&im);
    if (rc == RC_OK)
        rc = run_pipeline(&im, fault);
    rc = end_writing(&im, writer, follower, rc, fault);
    if (im.report != NULL && (ferror(im.report) || fclose(im.report) != 0) && rc == RC_OK)
        rc = fault_set(fault, RC_IO, "--report %s: it could not be written whole", order->report);
    uint64_t applied = im.summary.added + im.summary.changed + im.summary.unchanged +
                       im.summary.deleted + im.summary.refused;
    if (!im.summary.stopped && im.summary.records > applied)
        im.summary.refused += im.summary.records - applied; /* by the reader */
    if (rc == RC_OK && im.broken.text[0] != '\0' && fault != NULL)
        *fault = im.broken;
    *ret = im.summary;
    pthread_cond_destroy(&im.changed);
    pthread_mutex_destroy(&im.lock);
    pthread_mutex_destroy(&im.report_lock);
    return rc;
}
