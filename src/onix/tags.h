/* Inside onix/: the elements that are read, by reference name and short tag.
 * Composites' short tags are their names in lower case. */
#ifndef COLOPHON_ONIX_TAGS_H
#define COLOPHON_ONIX_TAGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "onix/old_tags.h"

/* COMPOSITE(name) holds elements, LEAF(name, short) text, MARKUP(name, short)
 * text that may hold XHTML. */
/* clang-format off */
#define ONIX_TAGS(COMPOSITE, LEAF, MARKUP)                                                                                                            \
    COMPOSITE(Header)                                                                                                                                 \
    COMPOSITE(Sender) COMPOSITE(SenderIdentifier) COMPOSITE(Product) COMPOSITE(ProductIdentifier) COMPOSITE(                                          \
        DescriptiveDetail) COMPOSITE(CollateralDetail) COMPOSITE(ContentDetail) COMPOSITE(PublishingDetail) COMPOSITE(RelatedMaterial)                \
        COMPOSITE(ProductSupply) COMPOSITE(Collection) COMPOSITE(CollectionIdentifier) COMPOSITE(CollectionSequence) COMPOSITE(                       \
            TitleDetail) COMPOSITE(TitleElement) COMPOSITE(Contributor) COMPOSITE(NameIdentifier) COMPOSITE(Language)                                 \
            COMPOSITE(Extent) COMPOSITE(Subject) COMPOSITE(Audience) COMPOSITE(AudienceRange) COMPOSITE(TextContent) COMPOSITE(                       \
                SupportingResource) COMPOSITE(ResourceVersion) COMPOSITE(Imprint) COMPOSITE(Publisher)                                                \
                COMPOSITE(PublishingDate) COMPOSITE(SalesRights) COMPOSITE(Territory) COMPOSITE(SalesRestriction) COMPOSITE(                          \
                    RelatedWork) COMPOSITE(WorkIdentifier) COMPOSITE(RelatedProduct) COMPOSITE(Market) COMPOSITE(MarketPublishingDetail)              \
                    COMPOSITE(MarketDate) COMPOSITE(SupplyDetail) COMPOSITE(Supplier) COMPOSITE(SupplyDate) COMPOSITE(Price) COMPOSITE(               \
                        PriceCondition) COMPOSITE(PriceDate) COMPOSITE(Tax) LEAF(SenderIDType, m379)                                                  \
                        LEAF(SenderName, x298) LEAF(MessageNumber, m180) LEAF(SentDateTime, x307) LEAF(DefaultLanguageOfText, m184) LEAF(             \
                            DefaultCurrencyCode,                                                                                                      \
                            m186) LEAF(DefaultPriceType,                                                                                              \
                                       x310) LEAF(RecordReference,                                                                                    \
                                                  a001) LEAF(NotificationType, a002)                                                                  \
                            LEAF(RecordSourceType, a194) LEAF(ProductIDType, b221) LEAF(IDTypeName, b233) LEAF(IDValue, b244) LEAF(                   \
                                ProductComposition,                                                                                                   \
                                x314) LEAF(ProductForm,                                                                                               \
                                           b012) LEAF(ProductFormDetail,                                                                              \
                                                      b333) LEAF(EpubTechnicalProtection, x317)                                                       \
                                LEAF(CollectionType, x329) LEAF(CollectionSequenceType, x479) LEAF(CollectionSequenceNumber, x481) LEAF(              \
                                    CollectionIDType,                                                                                                 \
                                    x344) LEAF(TitleType,                                                                                             \
                                               b202) LEAF(TitleElementLevel,                                                                          \
                                                          x409) LEAF(TitlePrefix, b030)                                                               \
                                    LEAF(TitleWithoutPrefix, b031) LEAF(TitleText, b203) LEAF(Subtitle, b029) LEAF(                                   \
                                        PartNumber,                                                                                                   \
                                        x410) LEAF(YearOfAnnual,                                                                                      \
                                                   b020) LEAF(ContributorRole,                                                                        \
                                                              b035) LEAF(SequenceNumber, b034)                                                        \
                                        LEAF(NameIDType, x415) LEAF(PersonName, b036) LEAF(                                                           \
                                            PersonNameInverted,                                                                                       \
                                            b037) LEAF(NamesBeforeKey,                                                                                \
                                                       b039) LEAF(PrefixToKey, b247)                                                                  \
                                            LEAF(KeyNames, b040) LEAF(NamesAfterKey, b041) LEAF(CorporateName, b047) LEAF(                            \
                                                CorporateNameInverted,                                                                                \
                                                x443) LEAF(UnnamedPersons,                                                                            \
                                                           b249) LEAF(EditionNumber,                                                                  \
                                                                      b057) LEAF(EditionStatement, b058)                                              \
                                                LEAF(LanguageRole, b253) LEAF(LanguageCode, b252) LEAF(ScriptCode, x420) LEAF(ExtentType, b218) LEAF( \
                                                    ExtentValue,                                                                                      \
                                                    b219) LEAF(ExtentUnit,                                                                            \
                                                               b220) LEAF(SubjectSchemeIdentifier,                                                    \
                                                                          b067) LEAF(SubjectCode, b069)                                               \
                                                    LEAF(SubjectHeadingText, b070) LEAF(MainSubject, x425) LEAF(                                      \
                                                        AudienceCodeType,                                                                             \
                                                        b204) LEAF(AudienceCodeValue,                                                                 \
                                                                   b206) LEAF(AudienceRangeQualifier,                                                 \
                                                                              b074) LEAF(AudienceRangePrecision, b075)                                \
                                                        LEAF(AudienceRangeValue, b076) LEAF(                                                          \
                                                            TextType,                                                                                 \
                                                            x426) LEAF(ContentAudience,                                                               \
                                                                       x427) LEAF(ResourceContentType,                                                \
                                                                                  x436) LEAF(ResourceMode, x437)                                      \
                                                            LEAF(ResourceForm, x441) LEAF(ResourceLink, x435) LEAF(                                   \
                                                                ImprintName,                                                                          \
                                                                b079) LEAF(PublisherName,                                                             \
                                                                           b081) LEAF(PublishingRole,                                                 \
                                                                                      b291) LEAF(PublishingStatus, b394)                              \
                                                                LEAF(PublishingDateRole, x448) LEAF(                                                  \
                                                                    Date,                                                                             \
                                                                    b306) LEAF(DateFormat,                                                            \
                                                                               j260) LEAF(CountryOfPublication,                                       \
                                                                                          b083) LEAF(SalesRightsType, b089)                           \
                                                                    LEAF(ROWSalesRightsType, x456) LEAF(                                              \
                                                                        CountriesIncluded,                                                            \
                                                                        x449) LEAF(RegionsIncluded,                                                   \
                                                                                   x450) LEAF(CountriesExcluded,                                      \
                                                                                              x451) LEAF(RegionsExcluded, x452)                       \
                                                                        LEAF(SalesRestrictionType, b381) LEAF(                                        \
                                                                            StartDate,                                                                \
                                                                            b324) LEAF(EndDate,                                                       \
                                                                                       b325) LEAF(WorkRelationCode, x454)                             \
                                                                            LEAF(WorkIDType, b201) LEAF(                                              \
                                                                                ProductRelationCode,                                                  \
                                                                                x455) LEAF(MarketReference,                                           \
                                                                                           x587) LEAF(MarketPublishingStatus,                         \
                                                                                                      j407)                                           \
                                                                                LEAF(MarketDateRole, j408) LEAF(                                      \
                                                                                    SupplierRole,                                                     \
                                                                                    j292) LEAF(OrderTime, j144) LEAF(SupplierName,                                          \
                                                                                               j137) LEAF(ProductAvailability,                        \
                                                                                                          j396)                                       \
                                                                                    LEAF(SupplyDateRole, x461) LEAF(                                  \
                                                                                        UnpricedItemType,                                             \
                                                                                        j192) LEAF(PriceType,                                         \
                                                                                                   x462)                                              \
                                                                                        LEAF(PriceQualifier, j261) LEAF(                              \
                                                                                            PriceStatus,                                              \
                                                                                            j266) LEAF(PriceAmount,                                   \
                                                                                                       j151)                                          \
                                                                                            LEAF(CurrencyCode, j152) LEAF(                            \
                                                                                                PriceDateRole,                                        \
                                                                                                x476) LEAF(TaxType,                                   \
                                                                                                           x470)                                      \
                                                                                                LEAF(                                                 \
                                                                                                    TaxRateCode,                                      \
                                                                                                    x471)                                             \
                                                                                                    LEAF(                                             \
                                                                                                        TaxRatePercent,                               \
                                                                                                        x472)                                         \
                                                                                                        MARKUP(                                       \
                                                                                                            Text,                                     \
                                                                                                            d104) \
    /* Later ones: the order is part of a record's digest, so that new ones come last. */ \
    COMPOSITE(ProductFormFeature) LEAF(ProductFormFeatureType, b334) LEAF(ProductFormFeatureValue, b335) \
    LEAF(ProductFormFeatureDescription, b336) \
    COMPOSITE(Measure) LEAF(MeasureType, x315) LEAF(Measurement, c094) LEAF(MeasureUnitCode, c095) \
    COMPOSITE(EpubUsageConstraint) COMPOSITE(EpubUsageLimit) LEAF(EpubUsageType, x318) \
    LEAF(EpubUsageStatus, x319) LEAF(Quantity, x320) LEAF(EpubUsageUnit, x321) \
    COMPOSITE(AlternativeName) LEAF(NameType, x414) MARKUP(BiographicalNote, b044) \
    COMPOSITE(Prize) LEAF(PrizeName, g126) LEAF(PrizeYear, g127) LEAF(PrizeCode, g129) \
    LEAF(TextAuthor, d107) LEAF(SourceTitle, x428) LEAF(TextSourceCorporate, b374) \
    COMPOSITE(Stock) LEAF(OnHand, j350)

#define TAG_COMPOSITE(name) TAG_##name,
#define TAG_LEAF(name, code) TAG_##name,
#define TAG_OLD(name, reference, code) TAG_##name,
/* Digests of records rest on the numbers: those of one release do not move when the other gets
 * one more. */
enum tag {
    TAG_UNKNOWN,
    ONIX_TAGS(TAG_COMPOSITE, TAG_LEAF, TAG_LEAF) TAG_NEW_COUNT,
    TAG_BEFORE_OLD = 1023,
    OLD_COMPOSITES(TAG_OLD) OLD_LEAVES(TAG_OLD) OLD_MARKUP(TAG_OLD) OLD_QUIET(TAG_OLD)
        OLD_LEFT(TAG_OLD) TAG_COUNT
};

/* The last two are of 2.1, and are not read: nothing is missed, or something is. */
enum tag_kind { KIND_UNKNOWN, KIND_COMPOSITE, KIND_LEAF, KIND_MARKUP, KIND_QUIET, KIND_LEFT };

struct tag_names {
    const char *reference; /* NULL: no element has this number */
    const char *code;      /* NULL: the reference name in lower case */
    enum tag_kind kind;
};
extern const struct tag_names tag_names[TAG_COUNT];

/* Both spellings, hashed. */
enum { TAG_SLOTS = 2048 };
struct tag_table {
    uint16_t slots[TAG_SLOTS];
};
/* Of 3.0 and 3.1, or of 2.1 (`old`), which shares most. */
void tag_table_fill(struct tag_table *table, bool old);
enum tag tag_find(const struct tag_table *table, struct str name);

#endif
