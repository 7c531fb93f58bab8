#include "app/demand_voice.h"

#include "record/entry.h"
#include "store/catalogue.h"
#include "store/readers.h"
#include "store/record_log.h"
#include "store/voices.h"

static enum rc first_key(struct store_conn *conn, struct arena *arena, uint64_t work,
                         struct str *ret, struct fault *fault)
{
    struct catalogue_edition *editions;
    size_t n = 0;
    enum rc rc = catalogue_work_editions(conn, arena, work, 1, &editions, &n, fault);
    *ret = rc == RC_OK && n > 0 ? editions[0].product_key : STR_NONE;
    return rc;
}

static enum rc review_on(struct store_conn *conn, struct arena *arena, uint64_t id,
                         struct demand_voice *ret, struct fault *fault)
{
    struct review_row row;
    enum rc rc = readers_review(conn, arena, id, &row, fault);
    if (rc == RC_OK && !str_eq(row.state, STR("shown")))
        rc = fault_set(fault, RC_NOT_FOUND, "it was withdrawn since");
    if (rc != RC_OK)
        return rc;
    *ret = (struct demand_voice){.review = id,
                                 .author = row.author,
                                 .title = row.title,
                                 .text = row.text,
                                 .stars = row.stars};
    return first_key(conn, arena, row.work, &ret->key, fault);
}

static enum rc comment_on(struct store_conn *conn, struct arena *arena, uint64_t id,
                          struct demand_voice *ret, struct fault *fault)
{
    struct comment_row row;
    enum rc rc = readers_comment(conn, arena, id, &row, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (struct demand_voice){.review = row.review, .author = row.author, .text = row.text};
    return first_key(conn, arena, row.work, &ret->key, fault);
}

enum rc demand_voice(struct site *site, struct arena *arena, const struct demand_entry *d,
                     struct demand_voice *ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct log_entry accepted;
    struct voice_row said;
    struct demand_voice v;
    uint64_t index;
    bool review = d->target == TARGET_REVIEW;
    if (!target_is_voice(d->target) || !str_to_u64(d->target_key, &index))
        return fault_set(fault, RC_NOT_FOUND, "it is about no review or comment");
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = record_log_at(conn, arena, LOG_VOICES, index, &accepted, fault);
    if (rc == RC_OK)
        rc = voices_by_entry(conn, arena, review ? VOICE_REVIEW : VOICE_COMMENT, accepted.id, &said,
                             fault);
    if (rc == RC_OK)
        rc = (review ? review_on : comment_on)(conn, arena, said.id, &v, fault);
    site_disconnect(conn);
    if (rc == RC_OK)
        *ret = v;
    return rc;
}
