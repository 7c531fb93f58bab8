#include "app/document.h"

#include "app/site_files.h"
#include "base/crash.h"
#include "base/utf8.h"

enum rc document_type(const char *what, struct str bytes, struct str *ret, struct fault *fault)
{
    if (bytes.n > DOCUMENT_MAX)
        return fault_set(fault, RC_INVALID, "%s: larger than %d MB", what, DOCUMENT_MAX >> 20);
    if (bytes.n == 0)
        *ret = STR_NONE;
    else if (str_starts(bytes, STR("%PDF-")))
        *ret = STR("application/pdf");
    else if (utf8_valid(bytes, NULL) && memchr(bytes.p, 0, bytes.n) == NULL)
        *ret = STR("text/plain; charset=utf-8");
    else
        return fault_set(fault, RC_INVALID, "%s: neither a PDF nor plain text (UTF-8)", what);
    return RC_OK;
}

static enum rc open_files(struct site *site, struct arena *arena, struct files **ret,
                          struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct str address;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = site_files_address(site, conn, arena, &address, fault);
    site_disconnect(conn);
    return rc == RC_OK ? site_files_open(site, address, FILES_SERVED, ret, fault) : rc;
}

enum rc document_put(struct site *site, struct arena *arena, const char *what,
                     const struct paper *paper, struct paper_row *ret, struct fault *fault)
{
    struct paper_row row = {.digest = sha256(paper->bytes.p, paper->bytes.n)};
    struct files *files = NULL;
    uint8_t name[16];
    BUF_AUTO hex = BUF_INIT(32);
    enum rc rc = document_type(what, paper->bytes, &row.type, fault);
    if (rc != RC_OK || paper->bytes.n == 0) {
        *ret = (struct paper_row){.digest = {{0}}};
        return rc;
    }
    random_bytes(name, sizeof name);
    hex_add(&hex, name, sizeof name);
    row.file = arena_printf(arena, "documents/%.*s", STR_ARG(buf_str(&hex)));
    rc = open_files(site, arena, &files, fault);
    if (rc == RC_OK)
        rc = kept_file_put(files, row.file, &row.digest, paper->bytes, arena_z(arena, row.type),
                           fault);
    files_close(files);
    crash_point("paper-written");
    if (rc == RC_OK)
        *ret = row;
    return rc;
}

void document_forget(struct site *site, const struct paper_row *row)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct files *files = NULL;
    if (row->file.n > 0 && open_files(site, &arena, &files, NULL) == RC_OK)
        (void)!files_remove(files, row->file, NULL);
    files_close(files);
}

enum rc document_get(struct site *site, struct arena *arena, const struct paper_row *row,
                     struct str *ret, struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(DOCUMENT_MAX);
    struct files *files = NULL;
    if (row->file.n == 0)
        return fault_set(fault, RC_NOT_FOUND, "there is no such paper");
    enum rc rc = open_files(site, arena, &files, fault);
    if (rc == RC_OK)
        rc = kept_file_get(files, row->file, &row->digest, &bytes, fault);
    files_close(files);
    if (rc == RC_OK)
        *ret = arena_str(arena, buf_str(&bytes));
    return rc;
}
