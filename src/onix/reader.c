#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <sodium.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "onix/entities.h"
#include "onix/old.h"
#include "onix/passing.h"
#include "onix/tree.h"

enum {
    DEPTH_MAX = 64,                   /* of what is read; ONIX itself needs about ten */
    ARENA_MAX = ONIX_PRODUCT_MAX * 2, /* a product's elements weigh more than its text */
    EVENTS_MAX = ONIX_PRODUCT_MAX,
    NAME_CACHE = 1024,
    DECLARED_MAX = 1 << 20, /* of entities in a DOCTYPE */
    FIRST_PIECE = 64,       /* until the root is seen */
    PROLOG_MAX = 64 << 10,  /* with a longer one no record passes by its bytes */
    PARSED_MAX = 1 << 20,   /* at once */
    ENTITY_WEIGHT = 256,    /* of each, beside its text */
    UNKNOWN_NAME_MAX = 40,
};

/* In the events of a product, beside the elements' own numbers. */
enum { EVENT_END = TAG_NEW_COUNT, EVENT_FORMAT, EVENT_LANGUAGE, EVENT_DEFAULT };

struct onix_reader {
    struct onix_sink sink;
    xmlParserCtxtPtr parser;
    struct tag_table tags;
    /* libxml2 gives the same pointer for the same name each time. */
    struct {
        const xmlChar *name;
        enum tag tag;
    } names[NAME_CACHE];
    struct entity_table entities;
    size_t declared; /* weight of the entities that the DOCTYPE declares */

    bool pushed;   /* any byte came */
    bool begun;    /* the root was seen */
    bool old;      /* ONIX 2.1 */
    bool old_type; /* its DOCTYPE stands before the root */
    bool is_new;   /* it has blocks */
    bool released; /* the root says which release it is */
    bool header_told;
    struct onix_header header;
    struct arena header_arena;
    struct header_defaults defaults;
    uint64_t number;

    struct arena arena; /* of the product at hand: its texts, and the record made of it */
    struct arena nodes; /* its elements, which nobody needs once it is read */
    /* The arenas' newest blocks when their size was taken. */
    const struct arena_block *measured, *measured_nodes;
    struct node *open; /* innermost element read; NULL outside of header and product */
    unsigned skipped;  /* depth within an element that is not read */
    unsigned depth;
    unsigned root_depth;        /* elements open below the root that are no header or product */
    struct buf text;            /* of the open leaf */
    struct buf events;          /* of the product, for its digest */
    bool refused;               /* this product, whole: the rest of it is skipped */
    const struct node *garbled; /* the first text that was encoded twice */
    unsigned markup;            /* depth within XHTML */
    bool marked;                /* the open text holds mark-up: what else it holds is escaped */

    /* Records that pass by their bytes (onix/passing.h). */
    struct pieces pieces;
    struct buf prolog; /* what came until the root was seen */
    struct hash before_root, basis;
    bool passes;       /* the bytes are read as they come: there is a basis */
    bool whole;        /* a piece that began between two records is being parsed */
    uint8_t bytes[16]; /* of that piece */

    enum rc rc; /* of the sink or of the reading; parsing stops */
    struct fault fault;
    struct fault xml; /* what libxml2 said */
    int xml_line;
    long xml_byte;
    bool windows; /* the bytes that broke it look like Windows-1252 */
};

static uint64_t line_of(const struct onix_reader *r)
{
    int line = r->parser->input == NULL ? 0 : r->parser->input->line;
    return line > 0 ? (uint64_t)line : 0;
}

static void stop(struct onix_reader *r, enum rc rc)
{
    if (r->rc == RC_OK)
        r->rc = rc;
    xmlStopParser(r->parser);
}

static enum tag tag_of(struct onix_reader *r, const xmlChar *name)
{
    size_t slot = ((uintptr_t)name >> 3) % NAME_CACHE;
    if (r->names[slot].name != name) {
        r->names[slot].name = name;
        r->names[slot].tag = tag_find(&r->tags, str_of((const char *)name));
    }
    return r->names[slot].tag;
}

/* ---- the message ---- */

static void refuse(struct onix_reader *r, const char *name, const char *reason)
{
    fault_set(&r->fault, RC_INVALID, "line %llu: <%.60s>%s", (unsigned long long)line_of(r), name,
              reason);
    stop(r, RC_INVALID);
}

static void begin_old(struct onix_reader *r)
{
    r->old = true;
    r->basis = passing_basis(&r->before_root, &r->defaults, true);
    memset(r->names, 0, sizeof r->names);
    tag_table_fill(&r->tags, true);
}

/* Attributes come as name, prefix, URI, begin, end. */
static struct str attribute(const xmlChar **v, int n, const char *name)
{
    for (int i = 0; i < n; i++, v += 5)
        if (strcmp((const char *)v[0], name) == 0) {
            struct str value = {(const char *)v[3], (size_t)(v[4] - v[3])};
            return value.n <= 64 && utf8_clean(value) ? value : STR_NONE;
        }
    return STR_NONE;
}

/* All bytes through the root's start tag, where libxml2 reads them as they are. */
static void note_before_root(struct onix_reader *r)
{
    const xmlParserInput *input = r->parser->input;
    long n = xmlByteConsumed(r->parser);
    r->passes = !r->prolog.failed && n > 0 && (size_t)n <= r->prolog.n && input->buf != NULL &&
                input->buf->encoder == NULL;
    if (r->passes)
        r->before_root = sha256(r->prolog.p, (size_t)n);
}

static void begin_message(struct onix_reader *r, const char *name, const char *uri,
                          const xmlChar **attributes, int n)
{
    struct str release = attribute(attributes, n, "release");
    struct str space = str_of(uri);
    r->begun = true;
    note_before_root(r);
    r->header.short_tags = strcmp(name, "ONIXmessage") == 0;
    if (!r->header.short_tags && strcmp(name, "ONIXMessage") != 0) {
        fault_set(&r->fault, RC_INVALID, "line %llu: the root is <%.60s>, not <ONIXMessage>",
                  (unsigned long long)line_of(r), name);
        stop(r, RC_INVALID);
        return;
    }
    if (release.n == 0)
        release = str_find_str(space, STR("/3.1/")) < space.n   ? STR("3.1")
                  : str_find_str(space, STR("/3.0/")) < space.n ? STR("3.0")
                  : str_find_str(space, STR("/2.1")) < space.n  ? STR("2.1")
                                                                : STR_NONE;
    r->released = release.n > 0;
    if (!r->released && r->old_type)
        release = STR("2.1");
    if (str_starts(release, STR("2.")))
        begin_old(r);
    else if (release.n > 0 && !str_starts(release, STR("3."))) {
        fault_set(&r->fault, RC_INVALID, "line %llu: ONIX release “%.*s” is not known",
                  (unsigned long long)line_of(r), STR_ARG(release));
        stop(r, RC_INVALID);
        return;
    }
    r->header.release = arena_str(&r->header_arena, release.n > 0 ? release : STR("3.0"));
}

static void tell_header(struct onix_reader *r)
{
    if (r->header_told)
        return;
    r->header_told = true;
    r->basis = passing_basis(&r->before_root, &r->defaults, r->old);
    enum rc rc = r->sink.header(r->sink.context, &r->header, &r->fault);
    if (rc != RC_OK)
        stop(r, rc);
}

/* Elements that only ONIX 2.1 has in these places, by both of their names. */
static bool is_old_element(const struct onix_reader *r, const char *name)
{
    static const char *const header[] = {"FromCompany",   "m174", "FromSAN",  "m173",
                                         "FromEANNumber", "m172", "SentDate", "m182"};
    static const char *const product[] = {
        "ProductForm", "b012", "Title", "title", "ISBN", "b004", "DistinctiveTitle", "b028"};
    if (r->open == NULL || r->open->parent != NULL)
        return false;
    const char *const *names = r->open->tag == TAG_Header ? header : product;
    for (size_t i = 0; i < 8; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Blocks, of which 2.1 has none. */
static bool is_block(enum tag tag)
{
    return tag == TAG_DescriptiveDetail || tag == TAG_CollateralDetail ||
           tag == TAG_PublishingDetail || tag == TAG_ProductSupply;
}

static bool has_block(const struct node *parent)
{
    for (const struct node *n = parent->child; n != NULL; n = n->next)
        if (is_block(n->tag))
            return true;
    return false;
}

/* Where nothing says which release it is, the elements do. Both in one message are neither.
 * Returns the element's tag; TAG_UNKNOWN where the message is refused. */
static enum tag settle_release(struct onix_reader *r, const xmlChar *name)
{
    if (r->old) {
        refuse(r, (const char *)name,
               " is of ONIX 3, but the message is ONIX 2.1, by its root, its DOCTYPE or what came "
               "before");
        return TAG_UNKNOWN;
    }
    if (r->released || r->is_new || has_block(r->open)) {
        refuse(r, (const char *)name,
               " stands where only ONIX 2.1 has it, but the message is ONIX 3, by its root or what "
               "came before");
        return TAG_UNKNOWN;
    }
    begin_old(r);
    r->header.release = STR("2.1");
    return tag_of(r, name);
}

/* ---- the product ---- */

static void event(struct onix_reader *r, unsigned kind, struct str text)
{
    size_t n = text.n + 3;
    char *to = buf_reserve(&r->events, n);
    if (to == NULL)
        return;
    to[0] = (char)(kind >> 8);
    to[1] = (char)kind;
    if (text.n > 0)
        memcpy(to + 2, text.p, text.n);
    to[2 + text.n] = '\0'; /* which no text of XML holds */
    r->events.n += n;
}

static struct node *add_node(struct onix_reader *r, enum tag tag)
{
    struct node *node = ARENA_NEW(&r->nodes, struct node);
    node->tag = tag;
    node->line = (uint32_t)line_of(r);
    node->parent = r->open;
    if (r->open != NULL) {
        if (r->open->last != NULL)
            r->open->last->next = node;
        else
            r->open->child = node;
        r->open->last = node;
    }
    r->open = node;
    return node;
}

/* What is too large in the header refuses the message, else the product alone. */
static void refuse_product(struct onix_reader *r, const char *code, const char *reason)
{
    const struct node *top = r->open;
    while (top != NULL && top->parent != NULL)
        top = top->parent;
    if (r->refused || top == NULL)
        return;
    r->refused = true;
    if (top->tag == TAG_Header) {
        fault_set(&r->fault, RC_INVALID, "line %llu: in the header: %s",
                  (unsigned long long)line_of(r), reason);
        stop(r, RC_INVALID);
        return;
    }
    struct finding_place place = {&r->sink, &r->arena, node_text(top, TAG_RecordReference), 0};
    struct node at = *r->open;
    at.line = (uint32_t)line_of(r);
    find_fault(&place, SEVERITY_ERROR, &at, TAG_UNKNOWN, code, "%s", reason);
}

/* The arena grows by blocks: its size is taken when one was added. */
static void check_size(struct onix_reader *r)
{
    if (r->arena.head == r->measured && r->nodes.head == r->measured_nodes && !r->events.failed)
        return;
    r->measured = r->arena.head;
    r->measured_nodes = r->nodes.head;
    if (r->events.failed || arena_size(&r->arena) + arena_size(&r->nodes) > ARENA_MAX)
        refuse_product(r, "product-size", "the product is larger than 4 MiB");
}

/* An element of 2.1 that is not read: a node without content, to be told of. */
static void note_left(struct onix_reader *r, enum tag tag, const xmlChar *name)
{
    if (r->open == NULL || tag_names[r->open->tag].kind != KIND_COMPOSITE ||
        tag_names[tag].kind == KIND_QUIET)
        return;
    struct node *node = add_node(r, tag);
    if (tag == TAG_UNKNOWN)
        node->text = arena_str(&r->arena, utf8_cut(str_of((const char *)name), UNKNOWN_NAME_MAX));
    r->open = node->parent;
    check_size(r);
}

static void tell_garbled(struct onix_reader *r, const struct node *product)
{
    struct finding_place place = {&r->sink, &r->arena, node_text(product, TAG_RecordReference), 0};
    find_fault(&place, SEVERITY_WARNING, r->garbled, TAG_UNKNOWN, "double-encoding",
               "“%.*s” looks like UTF-8 that was read as Windows-1252 and encoded again",
               STR_ARG(shown(r->garbled->text)));
}

static void tell_no_header(struct onix_reader *r, const struct node *product)
{
    struct finding_place place = {&r->sink, &r->arena, STR_NONE, 0};
    find_fault(&place, SEVERITY_WARNING, product, TAG_Sender, "sender",
               "there is no Header: the message does not say who sends it");
}

/* The first product of the piece, and its last byte. */
static bool ends_piece(struct onix_reader *r)
{
    bool whole = r->whole && r->parser->input->cur == r->parser->input->end;
    r->whole = false;
    return whole;
}

static enum rc read_record(struct onix_reader *r, struct node *product, struct onix_record *ret)
{
    if (!r->old) {
        r->is_new = r->is_new || has_block(product);
        return product_read(product, &r->defaults, &r->sink, &r->arena, ret);
    }
    unsigned errors;
    struct header_defaults defaults = r->defaults;
    const struct node *turned = old_product(product, &defaults, &r->sink, &r->arena, &errors);
    bool partial = str_is(node_text(turned, TAG_NotificationType), "04");
    if (partial)
        defaults.language = STR_NONE; /* it may be said in what is updated */
    if (product_read(turned, &defaults, &r->sink, &r->arena, ret) != RC_OK || errors > 0)
        return RC_INVALID;
    ret->partial = partial;
    old_tell_left(product, &r->sink, &r->arena);
    return RC_OK;
}

static void end_product(struct onix_reader *r, struct node *product)
{
    struct onix_record record;
    r->number++;
    event(r, EVENT_DEFAULT, r->defaults.currency);
    event(r, EVENT_DEFAULT, r->defaults.price_type);
    event(r, EVENT_DEFAULT, r->defaults.language);
    if (!r->header_told)
        tell_no_header(r, product);
    tell_header(r);
    if (r->rc != RC_OK || r->refused)
        return;
    if (r->garbled != NULL)
        tell_garbled(r, product);
    if (read_record(r, product, &record) != RC_OK)
        return;
    record.number = r->number;
    /* What says how many copies there are, says it anew each time. */
    record.has_bytes = ends_piece(r) && record.on_hand < 0;
    memcpy(record.bytes, r->bytes, sizeof record.bytes);
    crypto_generichash(record.digest, sizeof record.digest, (const uint8_t *)r->events.p,
                       r->events.n, NULL, 0);
    enum rc rc = r->sink.record(r->sink.context, &record, &r->arena, &r->fault);
    if (rc != RC_OK)
        stop(r, rc);
}

static void end_top(struct onix_reader *r, struct node *node)
{
    if (node->tag == TAG_Product) {
        end_product(r, node);
        arena_reset(&r->arena);
    } else {
        /* The header lives as long as the reader. */
        header_read(r->old ? old_header(node, &r->arena) : node, &r->sink, &r->arena, &r->header,
                    &r->defaults);
        struct arena kept = r->arena;
        r->arena = r->header_arena;
        r->header_arena = kept;
        struct str release = r->header.release;
        r->header.release = arena_str(&r->header_arena, release);
        tell_header(r);
    }
    arena_reset(&r->nodes);
    r->refused = false;
    r->garbled = NULL;
    buf_clear(&r->events);
}

/* ---- libxml2's callbacks ---- */

static void begin_markup(struct onix_reader *r, const char *name, const xmlChar **attributes, int n)
{
    struct str href = STR_NONE;
    for (int i = 0; i < n; i++)
        if (strcmp((const char *)attributes[5 * i], "href") == 0)
            href = (struct str){(const char *)attributes[5 * i + 3],
                                (size_t)(attributes[5 * i + 4] - attributes[5 * i + 3])};
    if (!r->marked && r->text.n > 0) {
        /* Text before the first element was taken as it came. */
        struct str plain = arena_str(&r->arena, buf_str(&r->text));
        buf_clear(&r->text);
        text_escape(&r->text, plain.p, plain.n);
    }
    r->marked = true;
    r->markup++;
    buf_printf(&r->text, "<%.40s", name);
    if (href.n > 0 && str_find(href, '"') == href.n) {
        BUF_LIT(&r->text, " href=\"");
        text_escape(&r->text, href.p, href.n);
        buf_char(&r->text, '"');
    }
    buf_char(&r->text, '>');
}

static void begin_text(struct onix_reader *r, struct node *node, const xmlChar **attributes, int n)
{
    bool date = node->tag == TAG_Date || node->tag == TAG_StartDate || node->tag == TAG_EndDate;
    buf_clear(&r->text);
    r->marked = false;
    if (n == 0)
        return;
    if (date) {
        node->format = arena_str(&r->arena, attribute(attributes, n, "dateformat"));
        event(r, EVENT_FORMAT, node->format);
    }
    node->language = arena_str(&r->arena, attribute(attributes, n, "language"));
    event(r, EVENT_LANGUAGE, node->language);
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespaces_n, const xmlChar **namespaces, int n, int defaulted,
                     const xmlChar **attributes)
{
    (void)prefix;
    (void)namespaces_n;
    (void)namespaces;
    (void)defaulted;
    struct onix_reader *r = context;
    if (r->rc != RC_OK)
        return;
    if (!r->begun) {
        begin_message(r, (const char *)name, (const char *)uri, attributes, n);
        return;
    }
    if (r->root_depth > 0) {
        r->root_depth++;
        return;
    }
    if (r->skipped > 0 || r->refused) {
        r->skipped++;
        return;
    }
    if (r->open != NULL && tag_names[r->open->tag].kind == KIND_MARKUP) {
        begin_markup(r, (const char *)name, attributes, n);
        return;
    }
    enum tag tag = tag_of(r, name);
    bool late = tag == TAG_Header && r->header_told;
    if (r->open == NULL && ((tag != TAG_Header && tag != TAG_Product) || late)) {
        r->root_depth = 1; /* NoProduct, a second header, or what is not known */
        return;
    }
    bool other = r->old ? is_block(tag)
                        : (tag == TAG_UNKNOWN || tag == TAG_ProductForm) &&
                              is_old_element(r, (const char *)name);
    if (other) {
        tag = settle_release(r, name);
        if (r->rc != RC_OK)
            return;
    }
    if (tag == TAG_UNKNOWN || tag == TAG_ContentDetail || tag_names[tag].kind >= KIND_QUIET ||
        (r->open != NULL && tag_names[r->open->tag].kind == KIND_LEAF) || r->depth == DEPTH_MAX) {
        r->skipped = 1;
        if (r->old)
            note_left(r, tag, name);
        return;
    }
    r->depth++;
    struct node *node = add_node(r, tag);
    if (tag_names[tag].kind == KIND_COMPOSITE)
        event(r, tag, STR_NONE);
    else
        begin_text(r, node, attributes, n);
    check_size(r);
}

static void on_text(void *context, const xmlChar *text, int n)
{
    struct onix_reader *r = context;
    if (r->open == NULL || r->skipped > 0 || r->root_depth > 0 || r->rc != RC_OK || r->refused ||
        tag_names[r->open->tag].kind == KIND_COMPOSITE)
        return;
    if (r->text.n + (size_t)n > ONIX_TEXT_MAX)
        refuse_product(r, "text-size", "a text is longer than 256 KiB");
    else if (r->marked)
        text_escape(&r->text, (const char *)text, (size_t)n);
    else
        buf_add(&r->text, text, (size_t)n);
}

static void end_text(struct onix_reader *r, struct node *node)
{
    bool markup = tag_names[node->tag].kind == KIND_MARKUP;
    if (r->text.failed) {
        refuse_product(r, "text-size", "a text with its mark-up is longer than 1 MiB");
        return;
    }
    if (r->text.n > 0)
        node->text = markup ? arena_str(&r->arena, str_trim(buf_str(&r->text)))
                            : text_collapsed(&r->arena, buf_str(&r->text));
    event(r, node->tag, node->text);
    if (r->garbled == NULL && node->text.n > 0 && text_is_garbled(node->text))
        r->garbled = node;
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)prefix;
    (void)uri;
    struct onix_reader *r = context;
    if (r->rc != RC_OK)
        return;
    if (r->root_depth > 0) {
        r->root_depth--;
        return;
    }
    if (r->skipped > 0) {
        r->skipped--;
        return;
    }
    if (r->open == NULL)
        return; /* the root */
    if (r->markup > 0) {
        r->markup--;
        buf_printf(&r->text, "</%.40s>", (const char *)name);
        return;
    }
    struct node *node = r->open;
    if (tag_names[node->tag].kind == KIND_COMPOSITE)
        event(r, EVENT_END, STR_NONE);
    else if (!r->refused)
        end_text(r, node);
    check_size(r);
    r->open = node->parent;
    r->depth--;
    if (r->open == NULL)
        end_top(r, node);
}

/* A DOCTYPE is read only for its name: nothing is fetched, nothing it declares
 * is expanded. */
static void on_doctype(void *context, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id)
{
    (void)name;
    struct onix_reader *r = context;
    struct str id = str_of((const char *)system_id), pub = str_of((const char *)public_id);
    r->old_type = str_find_str(id, STR("/2.")) < id.n ||
                  str_find_str(id, STR("onix-international.dtd")) < id.n ||
                  str_find_str(pub, STR("2.1")) < pub.n;
}

static xmlEntityPtr on_entity(void *context, const xmlChar *name)
{
    struct onix_reader *r = context;
    return entity_find(&r->entities, name);
}

/* libxml2 keeps what an internal subset declares, though nobody asks for it:
 * no more than any honest feed declares. */
static void on_entity_declared(void *context, const xmlChar *name, int type,
                               const xmlChar *public_id, const xmlChar *system_id, xmlChar *value)
{
    struct onix_reader *r = context;
    (void)type;
    (void)public_id;
    r->declared += ENTITY_WEIGHT + str_of((const char *)name).n +
                   str_of((const char *)system_id).n + str_of((const char *)value).n;
    if (r->declared <= DECLARED_MAX || r->rc != RC_OK)
        return;
    fault_set(&r->fault, RC_INVALID, "line %llu: the DOCTYPE declares too many entities",
              (unsigned long long)line_of(r));
    stop(r, RC_INVALID);
}

/* Where a DTD is named, an unknown entity is no error to libxml2. */
static void on_reference(void *context, const xmlChar *name)
{
    struct onix_reader *r = context;
    char reason[120];
    snprintf(reason, sizeof reason, "the entity &%.60s; is not known; entities are not expanded",
             (const char *)name);
    if (r->open != NULL)
        refuse_product(r, "entity", reason);
}

static struct str unread(const xmlParserInput *input)
{
    if (input == NULL)
        return STR_NONE;
    return (struct str){(const char *)input->cur, (size_t)(input->end - input->cur)};
}

/* What breaks most files, in words of ours: libxml2's are of one language, and for those who
 * write programs. */
static void say_broken(struct onix_reader *r, const xmlError *error, struct str message)
{
    static const struct {
        int code;
        const char *words;
    } kinds[] = {
        {XML_ERR_DOCUMENT_EMPTY, "this is no XML"},
        {XML_ERR_DOCUMENT_END, "the file ends too early"},
        {XML_ERR_TAG_NOT_FINISHED, "the file ends too early"},
        {XML_ERR_LTSLASH_REQUIRED, "the file ends too early"},
        {XML_ERR_CDATA_NOT_FINISHED, "the file ends too early"},
        {XML_ERR_COMMENT_NOT_FINISHED, "the file ends too early"},
        {XML_ERR_INVALID_ENCODING, "bytes that the file’s encoding does not know"},
        {XML_ERR_UNKNOWN_ENCODING, "the encoding that the file names is not known"},
        {XML_ERR_UNSUPPORTED_ENCODING, "the encoding that the file names is not known"},
    };
    const char *first = error->str1 != NULL ? error->str1 : "";
    const char *second = error->str2 != NULL ? error->str2 : "";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (error->code == kinds[i].code) {
            fault_set(&r->xml, RC_INVALID, "%s", kinds[i].words);
            return;
        }
    if (error->code == XML_ERR_INVALID_CHAR && error->int1 > 0)
        fault_set(&r->xml, RC_INVALID, "the character U+%04X stands in no XML", error->int1);
    else if (error->code == XML_ERR_TAG_NAME_MISMATCH)
        fault_set(&r->xml, RC_INVALID, "<%.60s> of line %d is ended by </%.60s>", first,
                  error->int1, second);
    else
        fault_set(&r->xml, RC_INVALID, "the XML is not well-formed: %.*s", STR_ARG(message));
}

static void on_error(void *context, xmlErrorPtr error)
{
    struct onix_reader *r = context;
    if (error->level < XML_ERR_ERROR || r->xml.text[0] != '\0' || error->message == NULL)
        return;
    if (error->code == XML_WAR_UNDECLARED_ENTITY) /* its record is refused, alone */
        return;
    struct str message = str_trim(str_of(error->message));
    r->xml_line = error->line;
    r->xml_byte = xmlByteConsumed(r->parser);
    bool encoding = error->code == XML_ERR_INVALID_ENCODING || error->code == XML_ERR_INVALID_CHAR;
    r->windows = encoding && text_is_windows(unread(r->parser->input));
    /* libxml2 looks no further than 10 MB for the end of one of these. */
    if (str_find_str(message, STR("Huge input lookup")) < message.n)
        fault_set(&r->xml, RC_INVALID, "a comment, tag or CDATA section does not end within 10 MB");
    else
        say_broken(r, error, str_sub(message, 0, str_find(message, '\n')));
}

/* ---- in and out ---- */

enum rc onix_reader_open(const struct onix_sink *sink, struct onix_reader **ret,
                         struct fault *fault)
{
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
                             .startElementNs = on_start,
                             .endElementNs = on_end,
                             .characters = on_text,
                             .ignorableWhitespace = on_text,
                             .cdataBlock = on_text,
                             .internalSubset = on_doctype,
                             .getEntity = on_entity,
                             .entityDecl = on_entity_declared,
                             .reference = on_reference,
                             .serror = on_error};
    struct onix_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        abort();
    r->sink = *sink;
    r->arena = r->header_arena = r->nodes = ARENA_INIT;
    r->text = BUF_INIT(ONIX_TEXT_MAX * 4);
    r->events = BUF_INIT(EVENTS_MAX);
    r->pieces = PIECES_INIT;
    r->prolog = BUF_INIT(PROLOG_MAX);
    tag_table_fill(&r->tags, false);
    r->parser = xmlCreatePushParserCtxt(&handler, r, NULL, 0, NULL);
    if (r->parser == NULL) {
        onix_reader_close(r);
        return fault_set(fault, RC_IO, "libxml2 does not start");
    }
    xmlCtxtUseOptions(r->parser, XML_PARSE_NONET);
    *ret = r;
    return RC_OK;
}

uint64_t onix_reader_count(const struct onix_reader *r)
{
    return r->number;
}

void onix_reader_close(struct onix_reader *r)
{
    if (r == NULL)
        return;
    if (r->parser != NULL) {
        xmlFreeDoc(r->parser->myDoc); /* of declared entities; it shares the names */
        xmlFreeParserCtxt(r->parser);
    }
    buf_free(&r->text);
    buf_free(&r->events);
    buf_free(&r->pieces.kept);
    buf_free(&r->prolog);
    arena_free(&r->arena);
    arena_free(&r->nodes);
    arena_free(&r->header_arena);
    free(r);
}

/* What broke the file, with line, record and byte. */
static enum rc broken(struct onix_reader *r, struct fault *fault)
{
    const struct node *top = r->open;
    while (top != NULL && top->parent != NULL)
        top = top->parent;
    struct str reference = node_text(top, TAG_RecordReference);
    return fault_set(fault, RC_INVALID, "line %d (byte %ld)%s%.*s: %s%s", r->xml_line, r->xml_byte,
                     reference.n > 0 ? ", in record " : "", STR_ARG(shown(reference)),
                     r->xml.text[0] != '\0' ? r->xml.text : "broken XML",
                     r->windows ? "; it looks like Windows-1252, which has to be declared as such"
                                : "");
}

static enum rc check(struct onix_reader *r, struct fault *fault)
{
    if (r->rc != RC_OK) {
        if (fault != NULL)
            *fault = r->fault;
        return r->rc;
    }
    if (r->xml.text[0] == '\0' && r->parser->wellFormed)
        return RC_OK;
    r->rc = broken(r, &r->fault);
    if (fault != NULL)
        *fault = r->fault;
    return r->rc;
}

static enum rc parse(struct onix_reader *r, struct str bytes, struct fault *fault)
{
    for (size_t part; bytes.n > 0 && r->rc == RC_OK; bytes = str_sub(bytes, part, bytes.n)) {
        part = bytes.n < PARSED_MAX ? bytes.n : PARSED_MAX;
        xmlParseChunk(r->parser, bytes.p, (int)part, 0);
        if (check(r, fault) != RC_OK)
            return r->rc;
    }
    return check(r, fault);
}

/* Nothing is begun but the root, and nothing was given that is not read. */
static bool between_records(const struct onix_reader *r)
{
    const xmlParserCtxt *parser = r->parser;
    return r->passes && r->header_told && r->open == NULL && r->root_depth == 0 &&
           r->skipped == 0 && parser->nameNr == 1 && parser->instate == XML_PARSER_CONTENT &&
           parser->input->cur == parser->input->end;
}

static void pass_over(struct onix_reader *r, struct str piece)
{
    r->number++;
    r->parser->input->line += (int)line_ends(piece);
    r->parser->input->consumed += piece.n;
}

static enum rc take_piece(struct onix_reader *r, struct str piece, struct fault *fault)
{
    r->whole = piece.n <= PARSED_MAX && between_records(r);
    if (r->whole) {
        piece_digest(&r->basis, piece, r->bytes);
        if (r->sink.known != NULL && r->sink.known(r->sink.context, r->bytes)) {
            pass_over(r, piece);
            return RC_OK;
        }
    }
    return parse(r, piece, fault);
}

/* Until the root is seen nobody knows how the end of a product is written. */
static struct str next_piece(struct onix_reader *r, struct str *rest)
{
    if (r->begun)
        return pieces_next(&r->pieces, rest, r->header.short_tags);
    /* libxml2 looks for the end of a DOCTYPE from its beginning on with each piece: a long one,
     * behind which no record passes, comes as it came. */
    struct str piece = str_sub(*rest, 0, r->prolog.failed ? rest->n : FIRST_PIECE);
    *rest = str_sub(*rest, piece.n, rest->n);
    buf_str_add(&r->prolog, piece);
    return piece;
}

enum rc onix_reader_push(struct onix_reader *r, const void *bytes, size_t n, struct fault *fault)
{
    struct str rest = {bytes, n};
    r->pushed = r->pushed || n > 0;
    while (rest.n > 0 && r->rc == RC_OK) {
        struct str piece = next_piece(r, &rest);
        if (piece.n > 0 && take_piece(r, piece, fault) != RC_OK)
            return r->rc;
    }
    return check(r, fault);
}

enum rc onix_reader_end(struct onix_reader *r, struct fault *fault)
{
    if (r->rc == RC_OK && !r->pushed)
        return r->rc = fault_set(fault, RC_INVALID, "the file is empty");
    if (r->rc == RC_OK && parse(r, pieces_rest(&r->pieces), fault) == RC_OK)
        xmlParseChunk(r->parser, NULL, 0, 1);
    return check(r, fault);
}
