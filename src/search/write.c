#include "base/crash.h"
#include "domain/title_order.h"
#include "search/directory.h"
#include "search/exact.h"
#include "search/index.h"
#include "search/romans.h"
#include "search/sounds.h"

static void set_text(struct search_index *index, grn_id id, enum text_column column,
                     struct str text)
{
    grn_obj value;
    GRN_TEXT_INIT(&value, GRN_OBJ_DO_SHALLOW_COPY);
    GRN_TEXT_SET_REF(&value, text.n > 0 ? text.p : "", text.n);
    grn_obj_set_value(index->ctx, index->texts[column], id, &value, GRN_OBJ_SET);
    GRN_OBJ_FIN(index->ctx, &value);
}

static void set_number(struct search_index *index, grn_id id, unsigned column, grn_id type,
                       const void *bytes, size_t n)
{
    grn_column_cache *place = index->places[column];
    size_t room = 0;
    void *to = place == NULL ? NULL : grn_column_cache_ref(index->ctx, place, id, &room);
    if (to != NULL && room == n) {
        memcpy(to, bytes, n);
        return;
    }
    grn_obj value;
    GRN_VALUE_FIX_SIZE_INIT(&value, 0, type);
    grn_bulk_write(index->ctx, &value, bytes, n);
    grn_obj_set_value(index->ctx, index->facts[column], id, &value, GRN_OBJ_SET);
    GRN_OBJ_FIN(index->ctx, &value);
}

static void set_u64(struct search_index *index, grn_id id, unsigned column, uint64_t value)
{
    set_number(index, id, column, GRN_DB_UINT64, &value, sizeof value);
}

static uint8_t format_code(struct str format)
{
    for (uint8_t i = 0; i < FORMAT_CODES; i++)
        if (str_eq(format, str_of(format_codes[i])))
            return i;
    return 0;
}

uint32_t search_format_bit(struct str format)
{
    return 1u << format_code(format);
}

static void set_facts(struct search_index *index, struct arena *arena, grn_id id, bool blank,
                      const struct search_doc *doc)
{
    struct exact_names exact;
    exact_names_of(arena, doc->title, doc->contributors, &exact);
    uint8_t format = format_code(doc->format);
    uint64_t title_1, title_2;
    title_order_key(doc->sort_title, &title_1, &title_2);
    set_u64(index, id, FACT_EDITION, doc->edition);
    set_u64(index, id, FACT_WORK, doc->work);
    set_number(index, id, FACT_FORMAT, GRN_DB_UINT8, &format, sizeof format);
    set_u64(index, id, FACT_LANGUAGE, pack_letters(doc->language));
    set_u64(index, id, FACT_SUBJECT, pack_letters(doc->subject));
    set_number(index, id, FACT_YEAR, GRN_DB_INT32, &doc->year, sizeof doc->year);
    set_number(index, id, FACT_PUBLISHED, GRN_DB_INT32, &doc->published, sizeof doc->published);
    set_number(index, id, FACT_TRAITS, GRN_DB_UINT32, &doc->traits, sizeof doc->traits);
    set_number(index, id, FACT_RATING, GRN_DB_UINT32, &doc->rating_milli, sizeof doc->rating_milli);
    set_u64(index, id, FACT_EXACT_TITLES, exact.titles);
    set_u64(index, id, FACT_EXACT_NAMES, exact.names);
    set_u64(index, id, FACT_EXACT_SOUNDS, exact.sounds);
    set_u64(index, id, FACT_EXACT_SHORT, exact.short_form);
    set_u64(index, id, FACT_TITLE_1, title_1);
    set_u64(index, id, FACT_TITLE_2, title_2);
    set_u64(index, id, FACT_PUBLISHER, search_name_key(arena, doc->house));
    set_u64(index, id, FACT_IMPRINT, search_name_key(arena, doc->imprint));
    for (unsigned i = 0; i < SEARCH_STOREFRONTS_MAX; i++)
        if (doc->price[i] >= 0 || !blank)
            set_number(index, id, FACT_PRICE + i, GRN_DB_INT64, &(int64_t){doc->price[i] + 1},
                       sizeof(int64_t)); /* a column's default is 0: not sold */
}

enum rc search_put(struct search_index *index, const struct search_doc *doc, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    enum rc rc = marker_set(index, fault);
    if (rc != RC_OK)
        return rc;
    int added = 0;
    grn_id id =
        grn_table_add(index->ctx, index->table, doc->isbn13.p, (unsigned)doc->isbn13.n, &added);
    bool blank = index->building && added != 0; /* its columns hold nothing yet */
    if (id == GRN_ID_NIL)
        return groonga_fault(index->ctx, fault, "adding an edition");
    struct str texts[TEXT_COLUMNS] = {
        [TEXT_TITLE] = doc->title,
        [TEXT_SUBTITLE] = doc->subtitle,
        [TEXT_ORIGINAL] = doc->original_title,
        [TEXT_CONTRIBUTORS] = doc->contributors,
        [TEXT_COLLECTIONS] = doc->collections,
        [TEXT_PUBLISHER] = doc->publisher,
        [TEXT_KEYWORDS] = doc->keywords,
        [TEXT_ISBN] = doc->isbn13,
    };
    texts[TEXT_ROMAN_TITLE] =
        romans_of(&arena, ARENA_JOIN(&arena, doc->title, STR(" "), doc->subtitle, STR(" "),
                                     doc->original_title, STR(" "), doc->collections));
    texts[TEXT_ROMAN_NAME] = romans_of(&arena, doc->contributors);
    struct str owners = search_owners(&arena, doc->title);
    for (int i = 0; i < TEXT_SOUND_TITLE; i++)
        texts[i] = search_fold(&arena, texts[i]);
    if (owners.n > 0) /* behind it all, so that phrases stay */
        texts[TEXT_TITLE] = ARENA_JOIN(&arena, texts[TEXT_TITLE], STR(" "), owners);
    texts[TEXT_SOUND_TITLE] =
        sounds_all(&arena,
                   ARENA_JOIN(&arena, texts[TEXT_TITLE], STR(" "), texts[TEXT_SUBTITLE], STR(" "),
                              texts[TEXT_ORIGINAL], STR(" "), texts[TEXT_COLLECTIONS]),
                   false);
    texts[TEXT_SOUND_NAME] = sounds_all(&arena, texts[TEXT_CONTRIBUTORS], true);
    texts[TEXT_SPELT] = romans_spelt(&arena, texts[TEXT_CONTRIBUTORS]);
    for (int i = 0; i < TEXT_COLUMNS; i++)
        if (texts[i].n > 0 || !blank)
            set_text(index, id, (enum text_column)i, texts[i]);
    crash_point("index-half-written");
    for (size_t i = 0; rc == RC_OK && i < doc->name_n; i++)
        rc = directory_put(index, &arena, &doc->names[i], fault);
    if (rc != RC_OK)
        return rc;
    set_facts(index, &arena, id, blank, doc);
    return index->ctx->rc == GRN_SUCCESS ? RC_OK : groonga_fault(index->ctx, fault, "writing");
}

enum rc search_put_rating(struct search_index *index, struct str isbn13, uint32_t rating_milli,
                          struct fault *fault)
{
    enum rc rc = marker_set(index, fault);
    if (rc != RC_OK)
        return rc;
    grn_id id = grn_table_get(index->ctx, index->table, isbn13.p, (unsigned)isbn13.n);
    if (id == GRN_ID_NIL)
        return RC_OK;
    /* A number in its place needs no log of its own: after a crash the marker has the
     * index built anew, and until then an older number is no harm. */
    if (!index->building)
        grn_ctx_set_wal_role(index->ctx, GRN_WAL_ROLE_NONE);
    set_number(index, id, FACT_RATING, GRN_DB_UINT32, &rating_milli, sizeof rating_milli);
    if (!index->building)
        grn_ctx_set_wal_role(index->ctx, GRN_WAL_ROLE_PRIMARY);
    return index->ctx->rc == GRN_SUCCESS ? RC_OK : groonga_fault(index->ctx, fault, "writing");
}

enum rc search_remove(struct search_index *index, struct str isbn13, struct fault *fault)
{
    enum rc rc = marker_set(index, fault);
    if (rc != RC_OK)
        return rc;
    if (grn_table_get(index->ctx, index->table, isbn13.p, (unsigned)isbn13.n) == GRN_ID_NIL)
        return RC_OK;
    if (grn_table_delete(index->ctx, index->table, isbn13.p, (unsigned)isbn13.n) != GRN_SUCCESS)
        return groonga_fault(index->ctx, fault, "removing an edition");
    return RC_OK;
}

enum rc search_flush(struct search_index *index, uint64_t position, struct fault *fault)
{
    if (!index->dirty && position == index->position)
        return RC_OK;
    if (index->dirty && grn_obj_flush_recursive(index->ctx, index->db) != GRN_SUCCESS)
        return groonga_fault(index->ctx, fault, "writing the index");
    crash_point("index-flushed");
    return meta_write(index, position, fault);
}

struct search_mark search_flush_mark(const struct search_index *index, uint64_t position)
{
    return (struct search_mark){position, index->puts};
}

enum rc search_flush_files(const struct search_index *index, struct fault *fault)
{
    grn_ctx *ctx = grn_ctx_open(0);
    if (ctx == NULL)
        abort();
    enum rc rc = RC_OK;
    grn_ctx_set_wal_role(ctx, GRN_WAL_ROLE_PRIMARY);
    if (grn_ctx_use(ctx, index->db) != GRN_SUCCESS ||
        grn_obj_flush_recursive(ctx, index->db) != GRN_SUCCESS)
        rc = groonga_fault(ctx, fault, "writing the index");
    grn_ctx_close(ctx);
    crash_point("index-flushed");
    return rc;
}

enum rc search_flush_settle(struct search_index *index, struct search_mark mark,
                            struct fault *fault)
{
    return index->puts == mark.puts ? meta_write(index, mark.position, fault)
                                    : meta_write_position(index, mark.position, fault);
}
