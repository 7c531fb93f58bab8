#include "app/voice_opening.h"

#include "base/clock.h"
#include "base/json.h"

static json_t *content_of(enum voice_kind kind, const struct voice_row *said)
{
    json_t *content = json_object();
    if (kind == VOICE_REVIEW) {
        json_object_set_new(content, "title", json_from_str(said->title));
        json_object_set_new(content, "language", json_from_str(said->language));
        json_object_set_new(content, "isbn13", json_from_str(said->isbn13));
    }
    if (kind != VOICE_COMMENT)
        json_object_set_new(content, "stars", json_integer((json_int_t)said->stars));
    if (kind != VOICE_RATING)
        json_object_set_new(content, "text", json_from_str(said->text));
    return content;
}

enum rc voice_opening(struct site *site, struct arena *arena, enum voice_kind kind,
                      const struct voice_row *said, struct proof_opening *ret, struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(1 << 20);
    JSON_AUTO *content = content_of(kind, said);
    enum rc rc = json_write_canonical(content, &bytes, fault);
    if (rc != RC_OK)
        return rc;
    ret->content = arena_str(arena, buf_str(&bytes));
    ret->domain =
        arena_printf(arena, "%.*s/%s/v1", STR_ARG(site_origin(site)), voice_kind_name(kind));
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
