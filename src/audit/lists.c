/* Lists of works behind signed roots, as the shop serves them. */
#include "audit/parts.h"
#include "base/encode.h"

enum rc audit_read_list(void *audit, struct arena *arena, const struct hash *root,
                        struct work_set *ret, struct fault *fault)
{
    struct audit *a = audit;
    BUF_AUTO path = BUF_INIT(128);
    struct str body, line;
    size_t n = 0, room = 1;
    buf_printf(&path, "/record/lists/");
    hex_add(&path, root->b, sizeof root->b);
    enum rc rc = fetch_body(a->fetcher, &a->arena, buf_str(&path), &body, fault);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < body.n; i++)
        room += body.p[i] == '\n';
    uint64_t *works = ARENA_ARRAY(arena, uint64_t, room);
    while (str_next(&body, '\n', &line))
        if (!str_to_u64(line, &works[n++]))
            return fault_set(fault, RC_CORRUPT, "a list of works holds something else");
    *ret = (struct work_set){works, n};
    return RC_OK;
}
