#include "web/sign_in_code.h"

#include <errno.h>
#include <qrencode.h>

#include "app/session_lacks.h"
#include "app/staff.h"
#include "templates.h"
#include "web/browser_kind.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/session.h"
#include "web/sign.h"

#define N_(text) text

enum { QUIET_ZONE = 4 }; /* modules, as ISO/IEC 18004 asks for */

enum rc qr_make(struct arena *arena, struct str text, qr_runs *ret, unsigned *ret_size,
                struct fault *fault)
{
    QRcode *code = QRcode_encodeString8bit(arena_z(arena, text), 0, QR_ECLEVEL_M);
    if (code == NULL)
        return fault_set(fault, errno == ERANGE ? RC_LIMIT : RC_IO, "no QR code can be made");
    unsigned width = (unsigned)code->width;
    ret->v = ARENA_ARRAY(arena, struct qr_run, (size_t)width * width);
    ret->n = 0;
    for (unsigned y = 0; y < width; y++)
        for (unsigned x = 0, n; x < width; x += n) {
            bool dark = code->data[y * width + x] & 1;
            for (n = 1; x + n < width && (code->data[y * width + x + n] & 1) == dark; n++)
                continue;
            if (dark)
                ret->v[ret->n++] = (struct qr_run){x + QUIET_ZONE, y + QUIET_ZONE, n};
        }
    *ret_size = width + 2 * QUIET_ZONE;
    QRcode_free(code);
    return RC_OK;
}

/* "ABCD EFGH …", easier to copy by hand; authenticators pass over the spaces. */
static struct str in_groups(struct arena *arena, struct str s)
{
    BUF_AUTO b = BUF_INIT(256);
    for (size_t i = 0; i < s.n; i++) {
        if (i > 0 && i % 4 == 0)
            buf_char(&b, ' ');
        buf_char(&b, s.p[i]);
    }
    return arena_str(arena, buf_str(&b));
}

static enum rc show_code(struct context *c, struct str error, struct response *ret,
                         struct fault *fault)
{
    bool set_up = c->viewer.lacks == LACKS_FACTOR;
    const parameters *from = c->request->method == METHOD_POST ? &c->form : &c->request->query;
    struct code_view v = {.set_up = set_up,
                          .error = error,
                          .back = safe_return(parameter_get(from, "return"), STR("/desk/"))};
    struct str uri;
    enum rc rc = RC_OK;
    if (set_up)
        rc = second_factor_offered(c->server->site, c->arena, &c->viewer, &v.secret, &uri, fault);
    if (rc == RC_OK && set_up)
        rc = qr_make(c->arena, uri, &v.qr, &v.size, fault);
    if (rc != RC_OK)
        return rc;
    v.secret = in_groups(c->arena, v.secret);
    struct page p = desk_begin(c, set_up ? N_("Set up your second factor") : N_("Your code"), ret);
    struct html h = page_html(c, ret);
    sign_in_code_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_sign_in_code_page(struct context *c, struct response *ret, struct fault *fault)
{
    if (c->viewer.lacks == LACKS_NOTHING) {
        go_to(ret, STR("/desk/"));
        return RC_OK;
    }
    return show_code(c, STR_NONE, ret, fault);
}

enum rc handle_sign_in_code(struct context *c, struct response *ret, struct fault *fault)
{
    struct second_factor_given given;
    if (c->viewer.lacks == LACKS_NOTHING)
        return fault_set(fault, RC_CONFLICT, "you have signed in already");
    bool set_up = c->viewer.lacks == LACKS_FACTOR;
    struct session_how how = {.kind = "cookie",
                              .browser = browser_kind(c->arena, c->request->user_agent),
                              .code = parameter_get(&c->form, "code")};
    enum rc rc = limits_code(c, fault);
    if (rc == RC_OK)
        rc = second_factor_give(c->server->writer, c->arena, &c->viewer, c->session, &how, &given,
                                fault);
    if (rc == RC_DENIED || rc == RC_LIMIT) {
        enum rc shown = show_code(c, arena_str(c->arena, str_of(fault->text)), ret, fault);
        ret->status = rc == RC_LIMIT ? 429 : 422;
        ret->retry_after = c->retry_after;
        return shown;
    }
    if (rc != RC_OK)
        return rc;
    struct str back = safe_return(parameter_get(&c->form, "return"), STR("/desk/"));
    ret->set_cookie[0] = session_cookie(c, arena_str(c->arena, str_of(given.token)));
    if (!set_up) {
        go_to(ret, back);
        return RC_OK;
    }
    /* Once, and never again. */
    struct recovery_view v = {.back = {back}};
    v.codes.v = given.recovery.v;
    v.codes.n = given.recovery.n;
    struct page p = desk_begin(c, N_("Your recovery codes"), ret);
    struct html h = page_html(c, ret);
    recovery_page(&h, &p, &v);
    return RC_OK;
}
