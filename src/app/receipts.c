#include "app/receipts.h"

#include "app/shown_parts.h"
#include "app/voice_opening.h"
#include "store/record_log.h"

/* ---- the list ---- */

static const enum feature shown_by[VOICE_KIND_COUNT] = {
    [VOICE_RATING] = FEATURE_RATINGS,
    [VOICE_REVIEW] = FEATURE_REVIEWS,
    [VOICE_COMMENT] = FEATURE_COMMENTS,
};

/* Where it does not show, though it stands. */
static void find_withheld(const struct visit *visit, enum voice_kind kind, uint64_t work,
                          struct own_receipt *ret)
{
    const struct gate_view *view = visit->view;
    struct visibility_facts facts = {.work = work,
                                     .review = kind == VOICE_REVIEW ? &ret->index : NULL,
                                     .comment = kind == VOICE_COMMENT ? &ret->index : NULL};
    ret->withheld.v = ARENA_ARRAY(visit->arena, struct receipt_withheld, view->storefronts.n);
    for (size_t i = 0; i < view->storefronts.n; i++) {
        const struct storefront *s = &view->storefronts.v[i];
        struct visibility v = gate_decide(view, s, &facts);
        if (visibility_withholds(&v, shown_by[kind]))
            ret->withheld.v[ret->withheld.n++] = (struct receipt_withheld){s, v.by[shown_by[kind]]};
    }
}

static enum rc receipt_from(const struct visit *visit, const struct own_voice *v,
                            struct own_receipt *ret, struct fault *fault)
{
    struct own_receipt r = {.kind = voice_kind_name((enum voice_kind)v->kind),
                            .id = v->id,
                            .index = (uint64_t)v->index,
                            .latest = (uint64_t)v->said_index,
                            .pending = v->index < 0,
                            .work = v->work,
                            .title = v->title,
                            .text = v->text,
                            .language = v->language,
                            .isbn13 = v->isbn13,
                            .stars = v->stars,
                            .state = v->state,
                            .created = v->created};
    if (v->said_index < 0)
        r.latest = r.index;
    if (str_eq(v->state, STR("shown")))
        find_withheld(visit, (enum voice_kind)v->kind, v->work, &r);
    enum rc rc = shown_work_name(visit, v->work, &r.key, &r.work_title, fault);
    if (rc == RC_OK)
        *ret = r;
    return rc;
}

enum rc receipts_of(const struct visit *visit, struct site *site, size_t offset, size_t room,
                    struct own_receipts *ret, struct fault *fault)
{
    struct own_receipts made = {0};
    struct store_conn *conn = NULL;
    struct own_voice *voices;
    size_t n = 0;
    /* What was taken back is not seen by the connections that pages are made with. */
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = voices_of_account(conn, visit->arena, visit->viewer->account, offset, room + 1,
                               &voices, &n, fault);
    site_disconnect(conn);
    made.more = n > room;
    n -= made.more;
    made.list.v = ARENA_ARRAY(visit->arena, struct own_receipt, n);
    for (; rc == RC_OK && made.list.n < n; made.list.n++)
        rc = receipt_from(visit, &voices[made.list.n], &made.list.v[made.list.n], fault);
    if (rc == RC_OK)
        *ret = made;
    return rc;
}

/* ---- one of them ---- */

/* What opens the commitment, where the row still does. The stars that a review was
 * said with are not kept beside the reader's rating, which may have changed since:
 * there are six possibilities. */
static bool find_opening(struct site *site, struct arena *arena, const struct entry *entry,
                         struct voice_row *row, struct proof_opening *ret)
{
    unsigned from = row->kind == VOICE_REVIEW ? 0 : row->stars;
    unsigned to = row->kind == VOICE_REVIEW ? 5 : row->stars;
    memcpy(ret->salt, row->salt, sizeof ret->salt);
    for (row->stars = from; row->stars <= to; row->stars++) {
        if (voice_opening(site, arena, (enum voice_kind)row->kind, row, ret, NULL) != RC_OK)
            return false;
        struct hash made = commitment_make(ret->domain, ret->salt, ret->content);
        if (hash_eq(&made, &entry->commitment))
            return true;
    }
    return false;
}

static bool find_any_opening(struct site *site, struct arena *arena, const struct entry *entry,
                             struct voice_row *row, struct proof_opening *ret)
{
    if (entry->type != ENTRY_ERASED)
        return find_opening(site, arena, entry, row, ret);
    memcpy(ret->salt, row->salt, sizeof ret->salt);
    erase_opening(site, arena, entry, ret);
    return true;
}

/* The entry, and the voice it is about, which must be the account's. */
static enum rc find_own(struct store_conn *conn, struct arena *arena, uint64_t account,
                        uint64_t index, struct entry *ret_entry, uint64_t *ret_id,
                        struct voice_row *ret, struct fault *fault)
{
    struct log_entry stored, accepted;
    enum rc rc = record_log_at(conn, arena, LOG_VOICES, index, &stored, fault);
    if (rc == RC_OK)
        rc = entry_read(arena, stored.bytes, ret_entry, fault);
    accepted = stored;
    if (rc == RC_OK && ret_entry->type != ENTRY_ACCEPTED)
        rc = record_log_at(conn, arena, LOG_VOICES, ret_entry->of, &accepted, fault);
    if (rc == RC_OK)
        rc = voices_by_entry(conn, arena, (int)ret_entry->kind, accepted.id, ret, fault);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && ret->account != account))
        return fault_set(fault, RC_NOT_FOUND, "you have no receipt %llu",
                         (unsigned long long)index);
    *ret_id = stored.id;
    return rc;
}

enum rc receipt_of(struct site *site, struct arena *arena, uint64_t account, uint64_t index,
                   struct str *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct entry entry;
    struct voice_row row;
    struct proof_opening opening;
    uint64_t id = 0;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = find_own(conn, arena, account, index, &entry, &id, &row, fault);
    if (rc == RC_OK) {
        bool opens =
            row.said_entry_id == id && find_any_opening(site, arena, &entry, &row, &opening);
        rc = entry_prove(conn, NULL, arena, PUBLIC_VOICES, index, opens ? &opening : NULL, ret,
                         fault);
    }
    site_disconnect(conn);
    return rc;
}
