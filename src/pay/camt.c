/* A statement as camt.053 (ISO 20022), all versions of it: the elements that are read have been
 * the same since the second, but for a few that moved one deeper. */
#include <libxml/parser.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "pay/parts.h"

#define SPACE "urn:iso:std:iso:20022:tech:xsd:camt.053.001."

/* No entity of the file's own is ever known. */
static void no_entity(void *context, const xmlChar *name, int type, const xmlChar *public_id,
                      const xmlChar *system_id, xmlChar *content)
{
    (void)context, (void)name, (void)type, (void)public_id, (void)system_id, (void)content;
}

static const xmlNode *child(const xmlNode *node, const char *name)
{
    for (const xmlNode *n = node == NULL ? NULL : node->children; n != NULL; n = n->next)
        if (n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0)
            return n;
    return NULL;
}

static const xmlNode *next_like(const xmlNode *node)
{
    for (const xmlNode *n = node->next; n != NULL; n = n->next)
        if (n->type == XML_ELEMENT_NODE && xmlStrEqual(n->name, node->name))
            return n;
    return NULL;
}

static struct str owned(struct arena *arena, xmlChar *text)
{
    struct str s = arena_str(arena, str_trim(str_of((const char *)text)));
    xmlFree(text);
    return s;
}

static struct str text_of(struct arena *arena, const xmlNode *node)
{
    return node == NULL ? STR_NONE : owned(arena, xmlNodeGetContent(node));
}

static struct str text_at(struct arena *arena, const xmlNode *node, const char *one,
                          const char *two)
{
    const xmlNode *at = child(node, one);
    return text_of(arena, two == NULL ? at : child(at, two));
}

static uint64_t line_of(const xmlNode *node)
{
    long line = xmlGetLineNo((xmlNode *)node);
    return line > 0 ? (uint64_t)line : 1;
}

static enum rc wrong(const xmlNode *node, const char *what, struct fault *fault)
{
    return fault_set(fault, RC_INVALID, "line %llu: <%.40s>: %s", (unsigned long long)line_of(node),
                     (const char *)node->name, what);
}

static enum rc read_amount(struct arena *arena, const xmlNode *at, struct statement_line *line,
                           struct fault *fault)
{
    const xmlNode *amount = child(at, "Amt");
    if (amount == NULL)
        return wrong(at, "it has no <Amt>", fault);
    struct str currency = owned(arena, xmlGetNoNsProp((xmlNode *)amount, (const xmlChar *)"Ccy"));
    line->currency = currency;
    return statement_amount(line_of(amount), text_of(arena, amount), currency, &line->amount,
                            fault);
}

/* What may hold a reference: what the payer wrote, and what a program wrote for them. */
static void add_texts(struct arena *arena, const xmlNode *transaction, struct buf *out)
{
    const xmlNode *info = child(transaction, "RmtInf"), *refs = child(transaction, "Refs");
    for (const xmlNode *n = child(info, "Ustrd"); n != NULL; n = next_like(n)) {
        buf_str_add(out, text_of(arena, n));
        buf_char(out, '\n');
    }
    for (const xmlNode *n = child(info, "Strd"); n != NULL; n = next_like(n)) {
        buf_str_add(out, text_at(arena, child(n, "CdtrRefInf"), "Ref", NULL));
        buf_str_add(out, STR(" | "));
    }
    buf_str_add(out, text_at(arena, refs, "EndToEndId", NULL));
    buf_char(out, '\n');
}

static struct str payer_of(struct arena *arena, const xmlNode *transaction)
{
    const xmlNode *payer = child(child(transaction, "RltdPties"), "Dbtr");
    struct str name = text_at(arena, payer, "Nm", NULL);
    return name.n > 0 ? name : text_at(arena, payer, "Pty", "Nm");
}

static struct str text_of_all(struct arena *arena, const xmlNode *transaction, bool others)
{
    struct buf text = BUF_INIT(1 << 20);
    for (; transaction != NULL; transaction = others ? next_like(transaction) : NULL)
        add_texts(arena, transaction, &text);
    struct str s = arena_str(arena, str_trim(buf_str(&text)));
    buf_free(&text);
    return s;
}

/* An entry of several payments has an amount for each, or is one line of what all wrote. */
static bool each_has_amount(const xmlNode *transaction)
{
    for (; transaction != NULL; transaction = next_like(transaction))
        if (child(transaction, "Amt") == NULL || child(transaction, "CdtDbtInd") == NULL)
            return false;
    return true;
}

static enum rc add_each(struct statement_reading *r, const xmlNode *transaction,
                        const struct statement_line *entry, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (unsigned n = 1; rc == RC_OK && transaction != NULL;
         transaction = next_like(transaction), n++) {
        struct statement_line line = *entry;
        struct str own = text_at(r->arena, transaction, "Refs", "AcctSvcrRef");
        line.line = line_of(transaction);
        line.text = text_of_all(r->arena, transaction, false);
        line.payer = payer_of(r->arena, transaction);
        line.id = own.n > 0         ? own
                  : entry->id.n > 0 ? arena_printf(r->arena, "%.*s/%u", STR_ARG(entry->id), n)
                                    : STR_NONE;
        if (!str_is(text_at(r->arena, transaction, "CdtDbtInd", NULL), "CRDT")) {
            r->statement->left++;
            continue;
        }
        rc = read_amount(r->arena, transaction, &line, fault);
        if (rc == RC_OK && line.amount > 0)
            rc = statement_add(r, &line, fault);
    }
    return rc;
}

static bool is_booked(struct arena *arena, const xmlNode *entry)
{
    struct str code = text_at(arena, entry, "Sts", "Cd");
    return str_is(code.n > 0 ? code : text_at(arena, entry, "Sts", NULL), "BOOK");
}

static enum rc read_day(struct arena *arena, const xmlNode *entry, struct statement_line *line,
                        struct fault *fault)
{
    struct str day = text_at(arena, entry, "BookgDt", "Dt");
    if (day.n == 0)
        day = str_sub(text_at(arena, entry, "BookgDt", "DtTm"), 0, 10);
    return date_parse(str_sub(day, 0, 10), &line->day) ? RC_OK
                                                       : wrong(entry, "<BookgDt> is no day", fault);
}

static enum rc read_entry(struct statement_reading *r, const xmlNode *entry, struct fault *fault)
{
    struct statement_line line = {.line = line_of(entry)};
    struct str way = text_at(r->arena, entry, "CdtDbtInd", NULL);
    const xmlNode *transaction = child(child(entry, "NtryDtls"), "TxDtls");
    if (!str_is(way, "CRDT") && !str_is(way, "DBIT"))
        return wrong(entry, "<CdtDbtInd> is neither CRDT nor DBIT", fault);
    if (str_is(way, "DBIT") || !is_booked(r->arena, entry)) {
        *(str_is(way, "DBIT") ? &r->statement->left : &r->statement->pending) += 1;
        return RC_OK;
    }
    enum rc rc = read_day(r->arena, entry, &line, fault);
    if (rc == RC_OK)
        rc = read_amount(r->arena, entry, &line, fault);
    if (rc != RC_OK || line.amount == 0)
        return rc;
    line.id = text_at(r->arena, entry, "AcctSvcrRef", NULL);
    line.reversed = str_is(text_at(r->arena, entry, "RvslInd", NULL), "true");
    if (transaction != NULL && next_like(transaction) != NULL && each_has_amount(transaction))
        return add_each(r, transaction, &line, fault);
    struct str more = text_at(r->arena, entry, "AddtlNtryInf", NULL);
    line.text = text_of_all(r->arena, transaction, true);
    if (line.text.n == 0)
        line.text = more;
    line.payer = payer_of(r->arena, transaction);
    return statement_add(r, &line, fault);
}

static enum rc read_document(struct statement_reading *r, const xmlNode *root, struct fault *fault)
{
    enum rc rc = RC_OK;
    const xmlNode *message = child(root, "BkToCstmrStmt");
    if (root->ns == NULL || !str_starts(str_of((const char *)root->ns->href), STR(SPACE)) ||
        strcmp((const char *)root->name, "Document") != 0 || message == NULL)
        return wrong(root, "this is no camt.053 (" SPACE "…)", fault);
    for (const xmlNode *s = child(message, "Stmt"); rc == RC_OK && s != NULL; s = next_like(s))
        for (const xmlNode *e = child(s, "Ntry"); rc == RC_OK && e != NULL; e = next_like(e))
            rc = read_entry(r, e, fault);
    return rc;
}

static enum rc not_read(xmlParserCtxtPtr parser, struct fault *fault)
{
    const xmlError *error = xmlCtxtGetLastError(parser);
    struct str said =
        error == NULL || error->message == NULL ? STR_NONE : str_trim(str_of(error->message));
    if (!utf8_clean(said) || said.n == 0)
        said = STR("its bytes are no XML");
    said = utf8_cut(said, 200);
    return fault_set(fault, RC_INVALID, "line %d: %.*s", error == NULL ? 1 : error->line,
                     STR_ARG(said));
}

enum rc statement_camt(struct statement_reading *r, struct str bytes, struct fault *fault)
{
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (parser == NULL)
        abort();
    parser->sax->entityDecl = no_entity;
    parser->sax->unparsedEntityDecl = NULL;
    parser->sax->externalSubset = NULL;
    xmlDocPtr doc =
        xmlCtxtReadMemory(parser, bytes.p, (int)bytes.n, NULL, NULL,
                          XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                              XML_PARSE_NOCDATA | XML_PARSE_COMPACT | XML_PARSE_BIG_LINES);
    const xmlNode *root = doc == NULL ? NULL : xmlDocGetRootElement(doc);
    enum rc rc = root == NULL ? not_read(parser, fault) : read_document(r, root, fault);
    xmlFreeDoc(doc);
    xmlFreeParserCtxt(parser);
    return rc;
}
