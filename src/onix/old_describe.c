/* ONIX 2.1 into blocks 1 and 2. */
#include "onix/old.h"
#include "onix/reading.h"

/* ---- what it is ---- */

static bool is_digital(const char *form)
{
    return form != NULL && form[0] == 'E';
}

static void turn_epub_type(struct turning *t, struct node *block, const char *form)
{
    struct node *type = old_child(t->old, TAG_EpubType);
    if (type == NULL || type->text.n == 0 || !is_digital(form))
        return;
    const char *detail = old_epub_detail(type->text);
    if (detail != NULL)
        turn_value(t, block, TAG_ProductFormDetail, type, str_of(detail));
}

static void turn_form(struct turning *t, struct node *block)
{
    struct node *form = old_child(t->old, TAG_ProductForm);
    const struct old_form *changed = form == NULL ? NULL : old_form(form->text);
    const char *now = changed == NULL ? NULL : changed->form;
    bool electronic =
        form != NULL && str_is(form->text, "DA") && node_text(t->old, TAG_EpubType).n > 0;
    if (electronic) /* digital, on no carrier that is named */
        now = "EA";
    if (form != NULL && form->text.n > 0) {
        turn_value(t, block, TAG_ProductComposition, form,
                   changed == NULL ? STR("00") : str_of(changed->composition));
        turn_value(t, block, TAG_ProductForm, form, now == NULL ? form->text : str_of(now));
    }
    EACH_OLD(n, t->old, TAG_ProductFormDetail)
    {
        const char *detail = old_form_detail(n->text);
        turn_value(t, block, TAG_ProductFormDetail, n, detail == NULL ? n->text : str_of(detail));
    }
    EACH_OLD(n, t->old, TAG_BookFormDetail)
    {
        const char *detail = old_book_detail(n->text);
        if (detail != NULL)
            turn_value(t, block, TAG_ProductFormDetail, n, str_of(detail));
    }
    turn_epub_type(t, block, now);
    if (is_digital(now))
        find_fault(&t->place, SEVERITY_INFORMATION, form, TAG_UNKNOWN, "cannot-say",
                   "ONIX 2.1 cannot say how an e-book is protected against copying");
}

/* ---- titles ---- */

static struct node *add_element(struct turning *t, struct node *detail, struct node *from,
                                const char *level)
{
    struct node *element = turn_add(t, detail, TAG_TitleElement, from);
    turn_value(t, element, TAG_TitleElementLevel, from, str_of(level));
    return element;
}

static void turn_title(struct turning *t, struct node *parent, struct node *from, const char *level)
{
    struct node *detail = turn_add(t, parent, TAG_TitleDetail, from);
    struct str type = node_text(from, TAG_TitleType);
    turn_value(t, detail, TAG_TitleType, from, type.n > 0 ? type : STR("01"));
    turn_done(old_child(from, TAG_TitleType));
    TURN_SAME(t, add_element(t, detail, from, level), from, TAG_TitleText, TAG_TitlePrefix,
              TAG_TitleWithoutPrefix, TAG_Subtitle);
}

/* Before there was a composite, a title stood in the product itself. */
static void turn_titles(struct turning *t, struct node *block)
{
    struct node *plain = old_child(t->old, TAG_DistinctiveTitle);
    struct node *bare = old_child(t->old, TAG_TitleWithoutPrefix);
    EACH_OLD(n, t->old, TAG_Title) turn_title(t, block, n, "01");
    if (old_child(t->old, TAG_Title) != NULL || (plain == NULL && bare == NULL))
        return;
    struct node *detail = turn_add(t, block, TAG_TitleDetail, t->old);
    turn_value(t, detail, TAG_TitleType, t->old, STR("01"));
    struct node *element = add_element(t, detail, t->old, "01");
    turn_text(t, element, TAG_TitleText, plain);
    TURN_SAME(t, element, t->old, TAG_TitlePrefix, TAG_TitleWithoutPrefix, TAG_Subtitle);
}

/* A series or a set: a collection, whose title is `name` or a composite. */
static void turn_collection(struct turning *t, struct node *block, struct node *from, enum tag name,
                            enum tag number)
{
    struct node *collection = turn_add(t, block, TAG_Collection, from);
    struct node *title = old_child(from, name);
    turn_value(t, collection, TAG_CollectionType, from, STR("10"));
    EACH_OLD(n, from, TAG_SeriesIdentifier)
    turn_identifier(t, collection, TAG_CollectionIdentifier, TAG_CollectionIDType, n,
                    TAG_SeriesIDType);
    EACH_OLD(n, from, TAG_SeriesISSN)
    turn_number(t, collection, TAG_CollectionIdentifier, TAG_CollectionIDType, n, "02");
    EACH_OLD(n, from, TAG_PublisherSeriesCode)
    turn_number(t, collection, TAG_CollectionIdentifier, TAG_CollectionIDType, n, "01");
    EACH_OLD(n, from, TAG_Title) turn_title(t, collection, n, "02");
    if (title != NULL && title->text.n > 0 && old_child(from, TAG_Title) == NULL) {
        struct node *detail = turn_add(t, collection, TAG_TitleDetail, title);
        turn_value(t, detail, TAG_TitleType, title, STR("01"));
        turn_text(t, add_element(t, detail, title, "02"), TAG_TitleText, title);
    }
    turn_done(title);
    struct node *place = old_child(from, number);
    if (place == NULL)
        place = old_child(from, TAG_YearOfAnnual);
    if (place == NULL || place->text.n == 0)
        return;
    struct node *sequence = turn_add(t, collection, TAG_CollectionSequence, place);
    turn_text(t, sequence, TAG_CollectionSequenceNumber, place);
}

/* ---- people, languages, extents, subjects ---- */

static void turn_contributor(struct turning *t, struct node *block, struct node *from)
{
    struct node *c = turn_add(t, block, TAG_Contributor, from);
    TURN_SAME(t, c, from, TAG_SequenceNumber, TAG_ContributorRole, TAG_PersonName,
              TAG_PersonNameInverted, TAG_NamesBeforeKey, TAG_PrefixToKey, TAG_KeyNames,
              TAG_NamesAfterKey, TAG_CorporateName, TAG_UnnamedPersons);
    TURN_SAME(t, c, from, TAG_BiographicalNote);
    EACH_OLD(n, from, TAG_PersonNameIdentifier)
    turn_identifier(t, c, TAG_NameIdentifier, TAG_NameIDType, n, TAG_PersonNameIDType);
}

static void turn_language(struct turning *t, struct node *block, enum tag old, const char *role)
{
    EACH_OLD(n, t->old, old)
    {
        struct node *language = turn_add(t, block, TAG_Language, n);
        turn_value(t, language, TAG_LanguageRole, n, str_of(role));
        turn_text(t, language, TAG_LanguageCode, n);
    }
}

static void turn_pages(struct turning *t, struct node *block)
{
    struct node *pages = old_child(t->old, TAG_NumberOfPages);
    if (pages == NULL)
        pages = old_child(t->old, TAG_PagesArabic);
    turn_done(old_child(t->old, TAG_PagesArabic));
    if (pages == NULL || pages->text.n == 0)
        return;
    struct node *extent = turn_add(t, block, TAG_Extent, pages);
    turn_value(t, extent, TAG_ExtentType, pages, STR("00"));
    turn_text(t, extent, TAG_ExtentValue, pages);
    turn_value(t, extent, TAG_ExtentUnit, pages, STR("03"));
}

static struct node *add_subject(struct turning *t, struct node *block, struct node *from,
                                struct str scheme, bool main)
{
    struct node *subject = turn_add(t, block, TAG_Subject, from);
    if (main)
        turn_add(t, subject, TAG_MainSubject, from);
    turn_value(t, subject, TAG_SubjectSchemeIdentifier, from, scheme);
    return subject;
}

static void turn_subjects(struct turning *t, struct node *block)
{
    static const struct {
        enum tag old;
        const char *scheme;
    } plain[] = {{TAG_BASICMainSubject, "10"}, {TAG_BICMainSubject, "12"}};
    for (size_t i = 0; i < 2; i++)
        EACH_OLD(n, t->old, plain[i].old)
    if (n->text.n > 0)
        turn_text(t, add_subject(t, block, n, str_of(plain[i].scheme), true), TAG_SubjectCode, n);
    EACH_OLD(n, t->old, TAG_OldMainSubject)
    {
        struct node *scheme = old_child(n, TAG_MainSubjectSchemeIdentifier);
        turn_done(scheme);
        TURN_SAME(t, add_subject(t, block, n, scheme == NULL ? STR_NONE : scheme->text, true), n,
                  TAG_SubjectCode, TAG_SubjectHeadingText);
    }
    EACH_OLD(n, t->old, TAG_Subject)
    {
        struct node *scheme = old_child(n, TAG_SubjectSchemeIdentifier);
        turn_done(scheme);
        TURN_SAME(t, add_subject(t, block, n, scheme == NULL ? STR_NONE : scheme->text, false), n,
                  TAG_SubjectCode, TAG_SubjectHeadingText);
    }
}

static void turn_audiences(struct turning *t, struct node *block)
{
    EACH_OLD(n, t->old, TAG_AudienceCode)
    if (n->text.n > 0) {
        struct node *audience = turn_add(t, block, TAG_Audience, n);
        turn_value(t, audience, TAG_AudienceCodeType, n, STR("01"));
        turn_text(t, audience, TAG_AudienceCodeValue, n);
    }
    EACH_OLD(n, t->old, TAG_Audience)
    TURN_SAME(t, turn_add(t, block, TAG_Audience, n), n, TAG_AudienceCodeType,
              TAG_AudienceCodeValue);
    EACH_OLD(n, t->old, TAG_AudienceRange)
    TURN_SAME(t, turn_add(t, block, TAG_AudienceRange, n), n, TAG_AudienceRangeQualifier,
              TAG_AudienceRangePrecision, TAG_AudienceRangeValue);
}

static void turn_features(struct turning *t, struct node *block)
{
    EACH_OLD(n, t->old, TAG_ProductFormFeature)
    TURN_SAME(t, turn_add(t, block, TAG_ProductFormFeature, n), n, TAG_ProductFormFeatureType,
              TAG_ProductFormFeatureValue, TAG_ProductFormFeatureDescription);
    EACH_OLD(n, t->old, TAG_Measure)
    {
        struct node *measure = turn_add(t, block, TAG_Measure, n);
        turn_text(t, measure, TAG_MeasureType, old_child(n, TAG_MeasureTypeCode));
        TURN_SAME(t, measure, n, TAG_Measurement, TAG_MeasureUnitCode);
    }
}

void turn_descriptive(struct turning *t)
{
    /* An update need not say anything of it. */
    struct node *block = turn_block(t, TAG_DescriptiveDetail);
    turn_form(t, block);
    turn_titles(t, block);
    EACH_OLD(n, t->old, TAG_Series)
    turn_collection(t, block, n, TAG_TitleOfSeries, TAG_NumberWithinSeries);
    EACH_OLD(n, t->old, TAG_Set)
    turn_collection(t, block, n, TAG_TitleOfSet, TAG_ItemNumberWithinSet);
    EACH_OLD(n, t->old, TAG_Contributor) turn_contributor(t, block, n);
    TURN_SAME(t, block, t->old, TAG_EditionNumber, TAG_EditionStatement);
    EACH_OLD(n, t->old, TAG_Language)
    TURN_SAME(t, turn_add(t, block, TAG_Language, n), n, TAG_LanguageRole, TAG_LanguageCode);
    turn_language(t, block, TAG_LanguageOfText, "01");
    turn_language(t, block, TAG_OriginalLanguage, "02");
    EACH_OLD(n, t->old, TAG_Extent)
    TURN_SAME(t, turn_add(t, block, TAG_Extent, n), n, TAG_ExtentType, TAG_ExtentValue,
              TAG_ExtentUnit);
    turn_pages(t, block);
    turn_subjects(t, block);
    turn_audiences(t, block);
    turn_features(t, block);
}

/* ---- texts and pictures ---- */

static void add_text(struct turning *t, struct node *from, struct node *text, const char *type)
{
    if (text == NULL || text->text.n == 0)
        return;
    struct node *content = turn_add(t, turn_block(t, TAG_CollateralDetail), TAG_TextContent, from);
    turn_value(t, content, TAG_TextType, from, str_of(type));
    turn_value(t, content, TAG_ContentAudience, from, STR("00"));
    turn_text(t, content, TAG_Text, text);
    if (from != text) {
        TURN_SAME(t, content, from, TAG_TextAuthor, TAG_TextSourceCorporate);
        turn_text(t, content, TAG_SourceTitle, old_child(from, TAG_TextSourceTitle));
    }
}

/* Of two descriptions, both of which 3.0 has as 03, the main one comes first. */
static void turn_texts(struct turning *t)
{
    static const struct {
        enum tag old;
        const char *type;
    } plain[] = {{TAG_MainDescription, "03"}, {TAG_Annotation, "02"}, {TAG_ReviewQuote, "06"}};
    for (int main = 1; main >= 0; main--)
        EACH_OLD(n, t->old, TAG_OtherText)
        {
            struct node *code = old_child(n, TAG_TextTypeCode);
            struct node *text = old_child(n, TAG_Text);
            const char *type = code == NULL ? NULL : old_text_type(code->text);
            if (type == NULL || text == NULL || str_is(code->text, "01") != main)
                continue;
            turn_done(n);
            turn_done(code);
            turn_done(text);
            add_text(t, n, text, type);
        }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        EACH_OLD(n, t->old, plain[i].old) add_text(t, n, n, plain[i].type);
}

/* A link that may be followed: nobody can follow the name of a file. */
static bool is_link(struct str kind, struct str link)
{
    return (kind.n == 0 || str_is(kind, "01")) &&
           (str_starts(link, STR("http://")) || str_starts(link, STR("https://")));
}

static void add_picture(struct turning *t, struct node *from, struct node *link, const char *type)
{
    struct node *resource =
        turn_add(t, turn_block(t, TAG_CollateralDetail), TAG_SupportingResource, from);
    turn_value(t, resource, TAG_ResourceContentType, from, str_of(type));
    turn_value(t, resource, TAG_ResourceMode, from, STR("03"));
    struct node *version = turn_add(t, resource, TAG_ResourceVersion, from);
    turn_value(t, version, TAG_ResourceForm, from, STR("02"));
    turn_text(t, version, TAG_ResourceLink, link);
}

/* Of two covers the one of high quality comes first. */
static void turn_pictures(struct turning *t)
{
    for (int best = 1; best >= 0; best--)
        EACH_OLD(n, t->old, TAG_MediaFile)
        {
            struct node *code = old_child(n, TAG_MediaFileTypeCode);
            struct node *kind = old_child(n, TAG_MediaFileLinkTypeCode);
            struct node *link = old_child(n, TAG_MediaFileLink);
            const char *type = code == NULL ? NULL : old_media_type(code->text);
            if (type == NULL || link == NULL || str_is(code->text, "06") != best ||
                !is_link(kind == NULL ? STR_NONE : kind->text, link->text))
                continue;
            turn_done(code);
            turn_done(kind);
            add_picture(t, n, link, type);
        }
    struct node *link = old_child(t->old, TAG_CoverImageLink);
    struct node *kind = old_child(t->old, TAG_CoverImageLinkTypeCode);
    if (link != NULL && is_link(kind == NULL ? STR_NONE : kind->text, link->text)) {
        turn_done(kind);
        add_picture(t, link, link, "01");
    }
}

void turn_collateral(struct turning *t)
{
    EACH_OLD(n, t->old, TAG_Prize)
    TURN_SAME(t, turn_add(t, turn_block(t, TAG_CollateralDetail), TAG_Prize, n), n, TAG_PrizeName,
              TAG_PrizeYear, TAG_PrizeCode);
    turn_texts(t);
    turn_pictures(t);
}
