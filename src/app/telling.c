#include "app/telling.h"

#include "record/merkle.h"
#include "store/redress.h"
#include "store/store.h"

enum {
    VOICES =
        FEATURE_BIT(FEATURE_REVIEWS) | FEATURE_BIT(FEATURE_COMMENTS) | FEATURE_BIT(FEATURE_RATINGS)
};

enum rc telling_add(struct store_conn *conn, const struct restriction *r, struct work_set works,
                    uint64_t entry_id, struct fault *fault)
{
    struct telling_row row = {
        .entry_id = entry_id, .restriction = r->id, .features = r->features & VOICES};
    if (row.features == 0 || works.n == 0)
        return RC_OK;
    if (target_is_set(r->target))
        row.root = work_list_root(works.v, works.n);
    else
        row.work = works.v[0];
    return redress_telling_add(conn, &row, fault);
}
