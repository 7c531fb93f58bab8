#include "audit/findings.h"

#include <stdarg.h>

#include "audit/parts.h"
#include "base/list.h"

enum { TOLD_OF_A_KIND = 50, KINDS_MAX = 64 };

struct finding {
    const char *kind;
    char text[400];
};

struct finding_kind {
    const char *name;
    uint64_t n;
};

struct findings {
    struct finding *v;
    size_t n, room;
    struct finding_kind kinds[KINDS_MAX]; /* those that were met */
    size_t kind_n;
};

struct findings *findings_new(void)
{
    struct findings *f = calloc(1, sizeof *f);
    if (f == NULL)
        abort();
    return f;
}

void findings_free(struct findings *f)
{
    if (f == NULL)
        return;
    free(f->v);
    free(f);
}

static struct finding_kind *kind_of(struct findings *f, const char *name)
{
    size_t i = 0;
    while (i < f->kind_n && strcmp(f->kinds[i].name, name) != 0)
        i++;
    if (i == KINDS_MAX) /* there are not so many */
        abort();
    if (i == f->kind_n)
        f->kinds[f->kind_n++].name = name;
    return &f->kinds[i];
}

void contradiction(struct audit *a, const char *kind, const char *format, ...)
{
    struct findings *f = a->findings;
    a->result->contradictions++;
    if (kind_of(f, kind)->n++ >= TOLD_OF_A_KIND)
        return;
    HEAP_ROOM(f->v, f->n, f->room);
    struct finding *finding = &f->v[f->n++];
    va_list args;
    finding->kind = kind;
    va_start(args, format);
    vsnprintf(finding->text, sizeof finding->text, format, args);
    va_end(args);
}

void audit_note(struct audit *a, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (a->order->note != NULL)
        a->order->note(a->order->context, text);
}

void findings_tell(const struct findings *f, const struct audit_order *order)
{
    char text[80];
    for (size_t i = 0; i < f->n; i++)
        order->contradiction(order->context, f->v[i].kind, f->v[i].text);
    for (size_t i = 0; i < f->kind_n; i++) {
        if (f->kinds[i].n <= TOLD_OF_A_KIND)
            continue;
        snprintf(text, sizeof text, "and %llu more of this kind, which are left out",
                 (unsigned long long)(f->kinds[i].n - TOLD_OF_A_KIND));
        order->contradiction(order->context, f->kinds[i].name, text);
    }
}
