/* Effects that are held, while the work that has them goes on. */
#include "store/engine.h"
#include "store/held.h"
#include "store/noting.h"

void held_begin(struct store_conn *conn)
{
    held_drop(conn);
    conn->held = calloc(1, sizeof *conn->held);
    if (conn->held == NULL)
        abort();
    conn->held->list = json_array();
}

bool held_on(const struct store_conn *conn)
{
    return conn->held != NULL;
}

void held_about(struct store_conn *conn, uint64_t work, uint64_t account, uint64_t review)
{
    if (conn->held == NULL)
        return;
    conn->held->work = work;
    conn->held->account = account;
    if (review != 0)
        conn->held->review = review;
}

void held_drop(struct store_conn *conn)
{
    if (conn->held == NULL)
        return;
    json_decref(conn->held->list);
    free(conn->held);
    conn->held = NULL;
}

/* ---- what query.c hands it of what is bound ---- */

void *held_note(struct store_conn *conn, enum statement name)
{
    json_t *noted = json_array();
    json_array_append_new(noted, json_string(statement_texts[name].name));
    for (int i = 0; i < statement_texts[name].parameters; i++)
        json_array_append_new(noted, json_null());
    json_array_append(conn->held->list, noted);
    return noted;
}

void held_note_int(void *noted, int parameter, int64_t value)
{
    json_array_set_new(noted, (size_t)parameter, json_integer(value));
}

void held_note_str(void *noted, int parameter, struct str value)
{
    json_array_set_new(noted, (size_t)parameter, json_from_str(value));
}

void held_note_bytes(void *noted, int parameter, const void *bytes, size_t n)
{
    BUF_AUTO hex = BUF_INIT(HELD_MAX);
    hex_add(&hex, bytes, n);
    json_array_set_new(noted, (size_t)parameter,
                       json_pack("{s:o}", "hex", json_from_str(buf_str(&hex))));
}

void held_note_end(void *noted)
{
    json_decref(noted);
}

void held_note_change(struct store_conn *conn, const char *kind, uint64_t key)
{
    json_array_append_new(conn->held->list,
                          json_pack("[s, s, I]", HELD_CHANGE, kind, (json_int_t)key));
}
