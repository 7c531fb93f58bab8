#include "audit/watch.h"

#include <curl/curl.h>
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "audit/alarms.h"
#include "audit/audit.h"
#include "audit/fetch.h"
#include "audit/parts.h"
#include "audit/threats.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/list.h"
#include "record/entry.h"
#include "record/merkle.h"
#include "record/note.h"
#include "record/proof.h"

enum { RECEIPTS_MAX = 10000, ROUND_MAX = 4096 };

struct watch {
    const struct watch_order *order;
    struct arena *arena;
    struct alarm *alarms;
    size_t n, room;
    struct audit_seen *seen;
    size_t seen_n;
    struct audit_receipt *receipts;
    size_t receipt_n;
};

static void raise_alarm(void *context, const char *kind, const char *text)
{
    struct watch *w = context;
    ARENA_ROOM(w->arena, w->alarms, w->n, w->room);
    w->alarms[w->n++] = (struct alarm){.kind = arena_z(w->arena, str_of(kind)),
                                       .threat = threat_of(kind),
                                       .text = arena_str(w->arena, str_of(text)),
                                       .at = clock_now()};
}

static void note(void *context, const char *text)
{
    struct watch *w = context;
    if (w->order->note != NULL)
        w->order->note(w->order->context, text);
}

/* ---- what others see ---- */

static void add_seen(struct watch *w, struct str source, struct str text, bool live)
{
    w->seen[w->seen_n++] = (struct audit_seen){source, text, live};
}

static enum rc ask_peer(struct watch *w, struct str peer, struct fault *fault)
{
    static const char *const paths[] = {"/record/checkpoint", "/record/voices/checkpoint"};
    struct fetcher *fetcher = NULL;
    struct str text;
    if (!str_starts(peer, STR("http://")) && !str_starts(peer, STR("https://"))) {
        enum rc rc = file_read(arena_z(w->arena, peer), NOTE_MAX, w->arena, &text, fault);
        if (rc == RC_OK)
            add_seen(w, peer, text, false);
        return rc;
    }
    enum rc rc = fetcher_open(peer, &fetcher, fault);
    for (size_t i = 0; rc == RC_OK && i < 2; i++) {
        struct fault why = {""};
        if (fetch_body(fetcher, w->arena, str_of(paths[i]), &text, &why) == RC_OK)
            add_seen(w, peer, text, true);
        else
            note(w, why.text); /* a peer that is away is no news of the shop */
    }
    fetcher_close(fetcher);
    return rc;
}

/* ---- what an author took home ---- */

static enum rc take_receipt(struct watch *w, struct str name, struct str bytes)
{
    struct receipt receipt;
    struct entry entry;
    struct fault why = {""};
    enum rc rc = receipt_read(w->arena, bytes, &receipt, &why);
    if (rc == RC_OK)
        rc = entry_read(w->arena, receipt.entry, &entry, &why);
    if (rc != RC_OK) {
        note(w, arena_z(w->arena, arena_printf(w->arena, "%.*s: %s", STR_ARG(name), why.text)));
        return RC_OK;
    }
    /* Its checkpoint is one that the author saw. */
    add_seen(w, name, receipt.proof.note, false);
    bool voices = entry_is_voice(entry.type);
    w->receipts[w->receipt_n++] = (struct audit_receipt){.name = name,
                                                         .voices = voices,
                                                         .index = receipt.proof.index,
                                                         .leaf = merkle_leaf(receipt.entry),
                                                         .kind = entry.kind,
                                                         .work = entry.work};
    return RC_OK;
}

static enum rc read_receipts(struct watch *w, struct fault *fault)
{
    DIR *dir = opendir(w->order->receipts);
    enum rc rc = RC_OK;
    if (dir == NULL)
        return fault_set(fault, RC_IO, "--receipts %s: %s", w->order->receipts, strerror(errno));
    for (struct dirent *e; rc == RC_OK && (e = readdir(dir)) != NULL;) {
        struct str name = arena_str(w->arena, str_of(e->d_name)), bytes;
        if (!str_ends(name, STR(".tlog-proof")) || w->receipt_n == RECEIPTS_MAX)
            continue;
        struct str path = arena_printf(w->arena, "%s/%.*s", w->order->receipts, STR_ARG(name));
        rc = file_read(arena_z(w->arena, path), PROOF_MAX, w->arena, &bytes, fault);
        if (rc == RC_OK)
            rc = take_receipt(w, name, bytes);
    }
    closedir(dir);
    return rc;
}

/* ---- a round ---- */

/* What the round before was shown, whether or not it was good: STATE/round.json. */
static enum rc read_round(struct watch *w, struct audit_order *order, struct fault *fault)
{
    JSON_AUTO *o = NULL;
    struct str text;
    int64_t size, work;
    const char *path = arena_z(w->arena, arena_printf(w->arena, "%s/round.json", w->order->state));
    enum rc rc = file_read(path, ROUND_MAX, w->arena, &text, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK; /* the first */
    if (rc == RC_OK && json_read(text, &o, NULL) == RC_OK &&
        json_member_int(o, "at", &order->last_at) && json_member_int(o, "decisions", &size) &&
        json_member_int(o, "work", &work) && size >= 0 && work >= 0) {
        order->last_size = (uint64_t)size;
        order->last_work = (uint64_t)work;
    } else {
        order->last_at = 0; /* as if it were the first */
    }
    return rc;
}

static enum rc keep_round(struct watch *w, const struct audit_result *result, uint64_t last_work,
                          struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(ROUND_MAX);
    struct str path = arena_printf(w->arena, "%s/round.json", w->order->state);
    if (result->shown_size == 0)
        return RC_OK;
    uint64_t work = result->last_work > 0 ? result->last_work : last_work;
    JSON_AUTO *o = json_pack("{s:I, s:I, s:I}", "at", (json_int_t)result->shown_at, "decisions",
                             (json_int_t)result->shown_size, "work", (json_int_t)work);
    json_write(o, &text);
    buf_char(&text, '\n');
    return file_replace(arena_z(w->arena, path), buf_str(&text), fault);
}

static enum rc audit(struct watch *w, struct watch_result *ret, struct fault *fault)
{
    struct fault why = {""};
    struct audit_result result = {0};
    struct str save = arena_printf(w->arena, "%s/head.json", w->order->state);
    struct audit_order order = {.url = w->order->url,
                                .vkey = w->order->vkey,
                                .policy = w->order->policy,
                                .save = arena_z(w->arena, save),
                                .all = w->order->all,
                                .watching = true,
                                .seen = w->seen,
                                .seen_count = w->seen_n,
                                .receipts = w->receipts,
                                .receipt_count = w->receipt_n,
                                .context = w,
                                .contradiction = raise_alarm,
                                .note = note};
    enum rc kept = read_round(w, &order, fault);
    if (kept != RC_OK)
        return kept;
    enum rc rc = audit_run(&order, &result, &why);
    if (rc != RC_OK && w->n == 0)
        raise_alarm(w, rc == RC_NOT_FOUND ? "withheld-entries" : "unreachable", why.text);
    ret->decisions = result.decisions;
    ret->voices = result.voices;
    ret->works = result.works;
    ret->receipts = w->receipt_n;
    return keep_round(w, &result, order.last_work, fault);
}

enum rc watch_once(const struct watch_order *order, struct watch_result *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct watch w = {.order = order, .arena = &arena};
    w.seen = ARENA_ARRAY(&arena, struct audit_seen, 2 * order->peer_count + RECEIPTS_MAX);
    w.receipts = ARENA_ARRAY(&arena, struct audit_receipt, RECEIPTS_MAX);
    *ret = (struct watch_result){0};
    if (mkdir(order->state, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, RC_IO, "--state %s: %s", order->state, strerror(errno));
    curl_global_init(CURL_GLOBAL_DEFAULT);
    enum rc rc = order->receipts == NULL ? RC_OK : read_receipts(&w, fault);
    /* Peers first: what the shop serves afterwards is no shorter. */
    for (size_t i = 0; rc == RC_OK && i < order->peer_count; i++)
        rc = ask_peer(&w, order->peers[i], fault);
    if (rc == RC_OK) {
        enum rc kept = audit(&w, ret, fault);
        ret->alarms = w.n;
        rc = alarms_raise(order, w.alarms, w.n, &ret->fresh, kept == RC_OK ? fault : NULL);
        rc = kept == RC_OK ? rc : kept;
    }
    curl_global_cleanup();
    return rc;
}
