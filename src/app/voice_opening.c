#include "app/voice_opening.h"

#include "base/clock.h"
#include "base/json_text.h"
#include "base/utf8.h"

/* In the order of the canonical form. */
static void write_content(struct buf *b, enum voice_kind kind, const struct voice_row *said)
{
    buf_char(b, '{');
    if (kind == VOICE_REVIEW) {
        json_text_bare(b, "isbn13", said->isbn13);
        json_text_bare(b, "language", said->language);
    }
    if (kind != VOICE_COMMENT)
        json_text_int(b, "stars", (int64_t)said->stars);
    if (kind != VOICE_RATING)
        json_text_bare(b, "text", said->text);
    if (kind == VOICE_REVIEW)
        json_text_bare(b, "title", said->title);
    buf_char(b, '}');
}

/* Another text has no canonical form. */
static bool is_clean(const struct voice_row *said)
{
    return utf8_clean(said->title) && utf8_clean(said->language) && utf8_clean(said->isbn13) &&
           utf8_clean(said->text);
}

enum rc voice_opening(struct site *site, struct arena *arena, enum voice_kind kind,
                      const struct voice_row *said, struct proof_opening *ret, struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(1 << 20);
    if (!is_clean(said))
        return fault_set(fault, RC_INVALID, "control characters are not taken");
    write_content(&bytes, kind, said);
    enum rc rc = buf_check(&bytes);
    if (rc != RC_OK)
        return rc;
    ret->content = arena_str(arena, buf_str(&bytes));
    ret->domain =
        ARENA_JOIN(arena, site_origin(site), STR("/"), str_of(voice_kind_name(kind)), STR("/v1"));
    return RC_OK;
}

void erase_opening(struct site *site, struct arena *arena, const struct entry *entry,
                   struct proof_opening *ret)
{
    BUF_AUTO text = BUF_INIT(4096);
    buf_printf(&text, "erase entry %llu of %.*s/voices\nbasis %.*s\n",
               (unsigned long long)entry->of, STR_ARG(site_origin(site)), STR_ARG(entry->basis));
    if (entry->law.n > 0)
        buf_printf(&text, "law %.*s\n", STR_ARG(entry->law));
    buf_printf(&text, "asked ");
    time_add(&text, entry->at);
    buf_char(&text, '\n');
    ret->content = arena_str(arena, buf_str(&text));
    ret->domain = arena_printf(arena, "%.*s/erasure/v1", STR_ARG(site_origin(site)));
}
