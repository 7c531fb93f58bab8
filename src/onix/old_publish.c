/* ONIX 2.1 into blocks 4 and 5: publisher, status, dates, relations. */
#include "onix/old.h"
#include "onix/reading.h"

/* ---- publisher, status, dates ---- */

static void turn_publisher(struct turning *t, struct node *block)
{
    EACH_OLD(n, t->old, TAG_Imprint)
    TURN_SAME(t, turn_add(t, block, TAG_Imprint, n), n, TAG_ImprintName);
    EACH_OLD(n, t->old, TAG_Publisher)
    {
        struct node *publisher = turn_add(t, block, TAG_Publisher, n);
        struct node *role = old_child(n, TAG_PublishingRole);
        if (role == NULL || role->text.n == 0)
            turn_value(t, publisher, TAG_PublishingRole, n, STR("01"));
        TURN_SAME(t, publisher, n, TAG_PublishingRole, TAG_PublisherName);
    }
    static const struct {
        enum tag old;
        const char *role;
    } plain[] = {{TAG_PublisherName, "01"}, {TAG_CopublisherName, "02"}};
    for (size_t i = 0; i < 2; i++)
        EACH_OLD(n, t->old, plain[i].old)
        {
            struct node *publisher = turn_add(t, block, TAG_Publisher, n);
            turn_value(t, publisher, TAG_PublishingRole, n, str_of(plain[i].role));
            turn_text(t, publisher, TAG_PublisherName, n);
        }
}

static void turn_dates(struct turning *t, struct node *block)
{
    static const struct {
        enum tag old;
        const char *role;
    } dates[] = {{TAG_PublicationDate, "01"},
                 {TAG_AnnouncementDate, "09"},
                 {TAG_TradeAnnouncementDate, "10"},
                 {TAG_YearFirstPublished, "11"},
                 {TAG_OutOfPrintDate, "13"}};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct node *n = old_child(t->old, dates[i].old);
        if (n == NULL || n->text.n == 0)
            continue;
        struct node *date = turn_add(t, block, TAG_PublishingDate, n);
        turn_value(t, date, TAG_PublishingDateRole, n, str_of(dates[i].role));
        turn_text(t, date, TAG_Date, n);
    }
}

static void turn_country(struct turning *t, struct node *block)
{
    struct node *country = old_child(t->old, TAG_CountryOfPublication);
    if (country == NULL || country->text.n == 2 || country->text.n == 0) {
        turn_text(t, block, TAG_CountryOfPublication, country);
        return;
    }
    turn_done(country);
    find_fault(&t->place, SEVERITY_WARNING, country, TAG_UNKNOWN, "country",
               "“%.*s” is no country code and is left out", STR_ARG(shown(country->text)));
}

/* ---- relations ---- */

static void add_relation(struct turning *t, struct node *from, const char *relation,
                         const char *type)
{
    if (from->text.n == 0)
        return;
    struct node *related =
        turn_add(t, turn_block(t, TAG_RelatedMaterial), TAG_RelatedProduct, from);
    turn_value(t, related, TAG_ProductRelationCode, from, str_of(relation));
    turn_number(t, related, TAG_ProductIdentifier, TAG_ProductIDType, from, type);
}

static void turn_related(struct turning *t)
{
    static const struct {
        enum tag old;
        const char *relation, *type;
    } plain[] = {
        {TAG_ReplacesISBN, "03", "02"},           {TAG_ReplacesEAN13, "03", "03"},
        {TAG_ReplacedByISBN, "05", "02"},         {TAG_ReplacedByEAN13, "05", "03"},
        {TAG_AlternativeFormatISBN, "06", "02"},  {TAG_AlternativeFormatEAN13, "06", "03"},
        {TAG_AlternativeProductISBN, "23", "02"}, {TAG_AlternativeProductEAN13, "23", "03"}};
    EACH_OLD(n, t->old, TAG_WorkIdentifier)
    {
        struct node *work = turn_add(t, turn_block(t, TAG_RelatedMaterial), TAG_RelatedWork, n);
        turn_value(t, work, TAG_WorkRelationCode, n, STR("01"));
        turn_identifier(t, work, TAG_WorkIdentifier, TAG_WorkIDType, n, TAG_WorkIDType);
    }
    EACH_OLD(n, t->old, TAG_RelatedProduct)
    {
        struct node *related =
            turn_add(t, turn_block(t, TAG_RelatedMaterial), TAG_RelatedProduct, n);
        turn_text(t, related, TAG_ProductRelationCode, old_child(n, TAG_RelationCode));
        EACH_OLD(id, n, TAG_ProductIdentifier)
        turn_identifier(t, related, TAG_ProductIdentifier, TAG_ProductIDType, id,
                        TAG_ProductIDType);
        EACH_OLD(id, n, TAG_ISBN)
        turn_number(t, related, TAG_ProductIdentifier, TAG_ProductIDType, id, "02");
        EACH_OLD(id, n, TAG_EAN13)
        turn_number(t, related, TAG_ProductIdentifier, TAG_ProductIDType, id, "03");
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        EACH_OLD(n, t->old, plain[i].old) add_relation(t, n, plain[i].relation, plain[i].type);
}

void turn_publishing(struct turning *t)
{
    struct node *block = turn_block(t, TAG_PublishingDetail);
    turn_publisher(t, block);
    turn_country(t, block);
    TURN_SAME(t, block, t->old, TAG_PublishingStatus);
    turn_dates(t, block);
    turn_rights(t, block);
    turn_related(t);
}
