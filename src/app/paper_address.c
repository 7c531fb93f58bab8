#include "app/paper_address.h"

#include "app/delivery.h"
#include "base/json.h"

/* What is not there leaves no gap. */
static void add(struct buf *b, const char *before, struct str s)
{
    if (s.n == 0)
        return;
    if (b->n > 0)
        buf_str_add(b, b->p[b->n - 1] == '\n' ? STR_NONE : str_of(before));
    buf_str_add(b, s);
}

struct paper_party paper_buyer(struct arena *arena, struct str text)
{
    JSON_AUTO *json = NULL;
    BUF_AUTO b = BUF_INIT(8192);
    if (text.n == 0 || json_read(text, &json, NULL) != RC_OK)
        return (struct paper_party){.name = STR_NONE};
    struct str country = json_member_str(json, "country"), lines = json_member_str(json, "lines"),
               postcode = json_member_str(json, "postcode"), city = json_member_str(json, "city"),
               region = json_member_str(json, "region");
    struct postal_shape shape = postal_shape(country);
    if (shape.large_first) {
        add(&b, "", region);
        add(&b, " ", city);
        add(&b, "\n", lines);
        add(&b, "\n", postcode);
    } else if (!shape.postcode_first) {
        add(&b, "", lines);
        add(&b, "\n", city);
        add(&b, ", ", region);
        add(&b, " ", postcode);
    } else {
        add(&b, "", lines);
        add(&b, "\n", postcode);
        add(&b, postcode.n > 0 ? " " : "\n", city);
        add(&b, "\n", region);
    }
    return (struct paper_party){.name = arena_str(arena, json_member_str(json, "name")),
                                .address = arena_str(arena, buf_str(&b)),
                                .country = arena_str(arena, country)};
}
