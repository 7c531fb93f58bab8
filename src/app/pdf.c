#include "app/pdf.h"

#include "app/apart.h"

enum { CPU_SECONDS = 30, WALL_MS = 120000 };
static const size_t memory_max = (size_t)2 << 30; /* of addresses: fonts are mapped */

/* WeasyPrint as a library, without what its walls forbid: it finds libraries by their names and
 * asks no compiler for them, has no folder for itself, asks for no events of a network and fetches
 * nothing. */
static const char program[] =
    "import select\n"
    "del select.epoll\n"
    "import ctypes.util, os, sys, tempfile\n"
    "ctypes.util.find_library = lambda name: None\n"
    "tempfile.mkdtemp = lambda *a, **k: '/nonexistent'\n"
    "from weasyprint import HTML\n"
    "def refuse(url, *a, **k):\n"
    "    raise ValueError('nothing is fetched')\n"
    "page = HTML(string=sys.stdin.buffer.read().decode('utf-8'), url_fetcher=refuse)\n"
    "sys.stdout.buffer.write(page.write_pdf())\n"
    "sys.stdout.buffer.flush()\n"
    "os._exit(0)\n";

bool pdf_can(void)
{
    return apart_finds("weasyprint");
}

enum rc pdf_make(struct str html, struct buf *ret, struct fault *fault)
{
    /* Debian's own Python, which Debian's WeasyPrint is for, whichever comes first on PATH. */
    static const char *const argv[] = {"/usr/bin/python3", "-I", "-c", program, NULL};
    static const char *const environment[] = {"LC_ALL=C.UTF-8", "HOME=/nonexistent", NULL};
    struct apart_order apart = {.argv = argv,
                                .environment = environment,
                                .input = html,
                                .memory_max = memory_max,
                                .cpu_seconds = CPU_SECONDS,
                                .wall_ms = WALL_MS};
    struct apart_outcome outcome;
    size_t had = ret->n;
    if (!pdf_can())
        return fault_set(fault, RC_BUSY, "this shop makes no PDFs: WeasyPrint is not installed");
    enum rc rc = apart_run(&apart, ret, &outcome, fault);
    if (rc != RC_OK)
        return rc;
    if (outcome.end != APART_EXITED || outcome.status != 0 ||
        !str_starts(str_sub(buf_str(ret), had, ret->n), STR("%PDF-"))) {
        struct str why = apart_reason(&outcome);
        ret->n = had;
        return fault_set(fault, RC_BUSY, "no PDF came of it: %s %d %.*s",
                         outcome.end == APART_SIGNAL ? "signal" : "status", outcome.status,
                         STR_ARG(why));
    }
    return RC_OK;
}
