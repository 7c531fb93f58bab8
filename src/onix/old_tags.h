/* Inside onix/: the elements that ONIX 2.1 has beside those of 3.0 (onix/tags.h), by reference
 * name and short tag.
 *
 * OLD_COMPOSITE, OLD_LEAF and OLD_MARKUP are read. OLD_QUIET says nothing that is missed;
 * OLD_LEFT is not read, and the sender is told of it. Some names mean something else in 3.0
 * or are read there: their tags have names of their own. */
#ifndef COLOPHON_ONIX_OLD_TAGS_H
#define COLOPHON_ONIX_OLD_TAGS_H

/* clang-format off */
#define OLD_COMPOSITES(X) \
    X(Title, "Title", "title") X(Series, "Series", "series") \
    X(SeriesIdentifier, "SeriesIdentifier", "seriesidentifier") X(Set, "Set", "set") \
    X(PersonNameIdentifier, "PersonNameIdentifier", "personnameidentifier") \
    X(OldMainSubject, "MainSubject", "mainsubject") X(OtherText, "OtherText", "othertext") \
    X(MediaFile, "MediaFile", "mediafile") X(NotForSale, "NotForSale", "notforsale") \
    X(MarketRepresentation, "MarketRepresentation", "marketrepresentation")

#define OLD_LEAVES(X) \
    X(FromCompany, "FromCompany", "m174") X(FromSAN, "FromSAN", "m173") \
    X(FromEANNumber, "FromEANNumber", "m172") X(SentDate, "SentDate", "m182") \
    X(DefaultPriceTypeCode, "DefaultPriceTypeCode", "m185") X(ISBN, "ISBN", "b004") \
    X(EAN13, "EAN13", "b005") X(UPC, "UPC", "b006") \
    X(PublisherProductNo, "PublisherProductNo", "b007") X(ISMN, "ISMN", "b008") \
    X(DOI, "DOI", "b009") X(EpubType, "EpubType", "b211") \
    X(BookFormDetail, "BookFormDetail", "b013") X(DistinctiveTitle, "DistinctiveTitle", "b028") \
    X(TitleOfSeries, "TitleOfSeries", "b018") X(NumberWithinSeries, "NumberWithinSeries", "b019") \
    X(SeriesISSN, "SeriesISSN", "b016") X(PublisherSeriesCode, "PublisherSeriesCode", "b017") \
    X(SeriesIDType, "SeriesIDType", "b273") X(TitleOfSet, "TitleOfSet", "b023") \
    X(ItemNumberWithinSet, "ItemNumberWithinSet", "b026") \
    X(PersonNameIDType, "PersonNameIDType", "b390") X(LanguageOfText, "LanguageOfText", "b059") \
    X(OriginalLanguage, "OriginalLanguage", "b060") X(NumberOfPages, "NumberOfPages", "b061") \
    X(PagesArabic, "PagesArabic", "b255") X(BASICMainSubject, "BASICMainSubject", "b064") \
    X(BICMainSubject, "BICMainSubject", "b065") \
    X(MainSubjectSchemeIdentifier, "MainSubjectSchemeIdentifier", "b191") \
    X(AudienceCode, "AudienceCode", "b073") X(TextTypeCode, "TextTypeCode", "d102") \
    X(MediaFileTypeCode, "MediaFileTypeCode", "f114") \
    X(MediaFileLinkTypeCode, "MediaFileLinkTypeCode", "f116") \
    X(MediaFileLink, "MediaFileLink", "f117") X(CoverImageLink, "CoverImageLink", "f113") \
    X(CoverImageLinkTypeCode, "CoverImageLinkTypeCode", "f112") \
    X(CopublisherName, "CopublisherName", "b084") X(PublicationDate, "PublicationDate", "b003") \
    X(AnnouncementDate, "AnnouncementDate", "b086") \
    X(TradeAnnouncementDate, "TradeAnnouncementDate", "b362") \
    X(YearFirstPublished, "YearFirstPublished", "b088") \
    X(OutOfPrintDate, "OutOfPrintDate", "h134") X(RightsCountry, "RightsCountry", "b090") \
    X(RightsTerritory, "RightsTerritory", "b388") X(RightsRegion, "RightsRegion", "b091") \
    X(RelationCode, "RelationCode", "h208") X(ReplacesISBN, "ReplacesISBN", "b010") \
    X(ReplacesEAN13, "ReplacesEAN13", "b011") X(ReplacedByISBN, "ReplacedByISBN", "h130") \
    X(ReplacedByEAN13, "ReplacedByEAN13", "h131") \
    X(AlternativeFormatISBN, "AlternativeFormatISBN", "h132") \
    X(AlternativeFormatEAN13, "AlternativeFormatEAN13", "h133") \
    X(AlternativeProductISBN, "AlternativeProductISBN", "h163") \
    X(AlternativeProductEAN13, "AlternativeProductEAN13", "h164") \
    X(MarketCountry, "MarketCountry", "j403") X(MarketTerritory, "MarketTerritory", "j404") \
    X(MarketCountryExcluded, "MarketCountryExcluded", "j405") \
    X(SupplyToCountry, "SupplyToCountry", "j138") \
    X(SupplyToTerritory, "SupplyToTerritory", "j397") X(SupplyToRegion, "SupplyToRegion", "j139") \
    X(SupplyToCountryExcluded, "SupplyToCountryExcluded", "j140") \
    X(AvailabilityCode, "AvailabilityCode", "j141") \
    X(ExpectedShipDate, "ExpectedShipDate", "j142") X(OnSaleDate, "OnSaleDate", "j143") \
    X(AudienceRestrictionFlag, "AudienceRestrictionFlag", "j146") \
    X(PriceTypeCode, "PriceTypeCode", "j148") X(ClassOfTrade, "ClassOfTrade", "j149") \
    X(PricePer, "PricePer", "j239") X(MinimumOrderQuantity, "MinimumOrderQuantity", "j263") \
    X(CountryCode, "CountryCode", "b251") X(OldTerritory, "Territory", "j303") \
    X(CountryExcluded, "CountryExcluded", "j304") \
    X(TerritoryExcluded, "TerritoryExcluded", "j308") X(TaxRateCode1, "TaxRateCode1", "j153") \
    X(TaxRatePercent1, "TaxRatePercent1", "j154") X(TaxRateCode2, "TaxRateCode2", "j157") \
    X(TaxRatePercent2, "TaxRatePercent2", "j158") \
    X(PriceEffectiveFrom, "PriceEffectiveFrom", "j161") \
    X(PriceEffectiveUntil, "PriceEffectiveUntil", "j162") \
    X(MeasureTypeCode, "MeasureTypeCode", "c093") X(TextSourceTitle, "TextSourceTitle", "d108")

#define OLD_MARKUP(X) \
    X(MainDescription, "MainDescription", "d101") X(Annotation, "Annotation", "d100") \
    X(ReviewQuote, "ReviewQuote", "e110")

#define OLD_QUIET(X) \
    X(TaxableAmount1, "TaxableAmount1", "j155") X(TaxAmount1, "TaxAmount1", "j156") \
    X(TaxableAmount2, "TaxableAmount2", "j159") X(TaxAmount2, "TaxAmount2", "j160") \
    X(NoSeries, "NoSeries", "n338") X(NoEdition, "NoEdition", "n386") \
    X(NoContributor, "NoContributor", "n339") X(TextFormat, "TextFormat", "d103") \
    X(TextCaseFlag, "TextCaseFlag", "b027") X(AbbreviatedLength, "AbbreviatedLength", "b276") \
    X(SubjectSchemeVersion, "SubjectSchemeVersion", "b068") \
    X(SubjectSchemeName, "SubjectSchemeName", "b171") X(BICVersion, "BICVersion", "b066") \
    X(BASICVersion, "BASICVersion", "b200") X(MediaFileFormatCode, "MediaFileFormatCode", "f115") \
    X(MediaFileDate, "MediaFileDate", "f373") X(ImageResolution, "ImageResolution", "f259") \
    X(CoverImageFormatCode, "CoverImageFormatCode", "f111") \
    X(RecordSourceName, "RecordSourceName", "a197") \
    X(RecordSourceIdentifier, "RecordSourceIdentifier", "a196") \
    X(RecordSourceIdentifierType, "RecordSourceIdentifierType", "a195") \
    X(Barcode, "Barcode", "b246") X(NameCodeType, "NameCodeType", "b241") \
    X(NameCodeTypeName, "NameCodeTypeName", "b242") X(NameCodeValue, "NameCodeValue", "b243")

#define OLD_LEFT(X) \
    X(AddresseeIDType, "AddresseeIDType", "m380") \
    X(AddresseeIdentifier, "AddresseeIdentifier", "addresseeidentifier") \
    X(Affiliation, "Affiliation", "b046") X(AgentIDType, "AgentIDType", "j400") \
    X(AgentIdentifier, "AgentIdentifier", "agentidentifier") X(AgentName, "AgentName", "j401") \
    X(AgentRole, "AgentRole", "j402") X(AudienceCodeTypeName, "AudienceCodeTypeName", "b205") \
    X(AudienceDescription, "AudienceDescription", "b207") \
    X(AudienceRestrictionNote, "AudienceRestrictionNote", "j147") \
    X(BICDiscountGroupCode, "BICDiscountGroupCode", "j150") \
    X(BatchBonus, "BatchBonus", "batchbonus") X(BatchQuantity, "BatchQuantity", "j264") \
    X(Bible, "Bible", "bible") X(BibleContents, "BibleContents", "b352") \
    X(BiblePurpose, "BiblePurpose", "b354") \
    X(BibleReferenceLocation, "BibleReferenceLocation", "b356") \
    X(BibleTextFeature, "BibleTextFeature", "b357") \
    X(BibleTextOrganization, "BibleTextOrganization", "b355") \
    X(BibleVersion, "BibleVersion", "b353") X(BookClubAdoption, "BookClubAdoption", "k169") \
    X(CBO, "CBO", "j375") X(CityOfPublication, "CityOfPublication", "b209") \
    X(Complexity, "Complexity", "complexity") X(ComplexityCode, "ComplexityCode", "b078") \
    X(ComplexitySchemeIdentifier, "ComplexitySchemeIdentifier", "b077") \
    X(ComponentNumber, "ComponentNumber", "b289") \
    X(ComponentTypeName, "ComponentTypeName", "b288") X(Conference, "Conference", "conference") \
    X(ConferenceAcronym, "ConferenceAcronym", "b341") X(ConferenceDate, "ConferenceDate", "b054") \
    X(ConferenceDescription, "ConferenceDescription", "b050") \
    X(ConferenceName, "ConferenceName", "b052") X(ConferenceNumber, "ConferenceNumber", "b053") \
    X(ConferencePlace, "ConferencePlace", "b055") X(ConferenceRole, "ConferenceRole", "b051") \
    X(ConferenceSponsor, "ConferenceSponsor", "conferencesponsor") \
    X(ConferenceSponsorIDType, "ConferenceSponsorIDType", "b391") \
    X(ConferenceSponsorIdentifier, "ConferenceSponsorIdentifier", "conferencesponsoridentifier") \
    X(ConferenceTheme, "ConferenceTheme", "b342") \
    X(ContainedItem, "ContainedItem", "containeditem") \
    X(ContentItem, "ContentItem", "contentitem") \
    X(ContributorDescription, "ContributorDescription", "b048") \
    X(ContributorStatement, "ContributorStatement", "b049") X(CopiesSold, "CopiesSold", "k168") \
    X(CopyrightOwner, "CopyrightOwner", "copyrightowner") \
    X(CopyrightOwnerIDType, "CopyrightOwnerIDType", "b392") \
    X(CopyrightOwnerIdentifier, "CopyrightOwnerIdentifier", "copyrightowneridentifier") \
    X(CopyrightStatement, "CopyrightStatement", "copyrightstatement") \
    X(CopyrightYear, "CopyrightYear", "b087") \
    X(CorporateBodyAsSubject, "CorporateBodyAsSubject", "b071") \
    X(DefaultClassOfTrade, "DefaultClassOfTrade", "m193") \
    X(DefaultLinearUnit, "DefaultLinearUnit", "m187") \
    X(DefaultWeightUnit, "DefaultWeightUnit", "m188") X(DeletionCode, "DeletionCode", "a198") \
    X(DeletionText, "DeletionText", "a199") X(Dimensions, "Dimensions", "c258") \
    X(DiscountCode, "DiscountCode", "j364") X(DiscountCodeType, "DiscountCodeType", "j363") \
    X(DiscountCodeTypeName, "DiscountCodeTypeName", "j378") \
    X(DiscountCoded, "DiscountCoded", "discountcoded") \
    X(DiscountPercent, "DiscountPercent", "j267") X(DownloadCaption, "DownloadCaption", "f119") \
    X(DownloadCopyrightNotice, "DownloadCopyrightNotice", "f121") \
    X(DownloadCredit, "DownloadCredit", "f120") X(DownloadTerms, "DownloadTerms", "f122") \
    X(EAN13OfSet, "EAN13OfSet", "b022") X(EditionTypeCode, "EditionTypeCode", "b056") \
    X(EditionVersionNumber, "EditionVersionNumber", "b217") \
    X(EmailAddress, "EmailAddress", "j272") X(EpubFormat, "EpubFormat", "b214") \
    X(EpubFormatDescription, "EpubFormatDescription", "b216") \
    X(EpubFormatVersion, "EpubFormatVersion", "b215") X(EpubSource, "EpubSource", "b278") \
    X(EpubSourceDescription, "EpubSourceDescription", "b280") \
    X(EpubSourceVersion, "EpubSourceVersion", "b279") \
    X(EpubTypeDescription, "EpubTypeDescription", "b213") X(EpubTypeNote, "EpubTypeNote", "b277") \
    X(EpubTypeVersion, "EpubTypeVersion", "b212") X(ExpectedDate, "ExpectedDate", "j302") \
    X(FaxNumber, "FaxNumber", "j271") X(FirstPageNumber, "FirstPageNumber", "b286") \
    X(FormerTitle, "FormerTitle", "b033") X(FreeQuantity, "FreeQuantity", "j265") \
    X(FromEmail, "FromEmail", "m283") X(FromPerson, "FromPerson", "m175") \
    X(Height, "Height", "c096") X(ISBNOfSet, "ISBNOfSet", "b021") \
    X(IllustrationType, "IllustrationType", "b256") \
    X(IllustrationTypeDescription, "IllustrationTypeDescription", "b361") \
    X(Illustrations, "Illustrations", "illustrations") \
    X(IllustrationsNote, "IllustrationsNote", "b062") \
    X(InitialPrintRun, "InitialPrintRun", "k167") X(InterestAge, "InterestAge", "b190") \
    X(IntermediaryAvailabilityCode, "IntermediaryAvailabilityCode", "j348") \
    X(ItemQuantity, "ItemQuantity", "b015") X(LastDateForReturns, "LastDateForReturns", "j387") \
    X(LastPageNumber, "LastPageNumber", "b287") X(LettersAfterNames, "LettersAfterNames", "b042") \
    X(LevelSequenceNumber, "LevelSequenceNumber", "b284") \
    X(LocationIDType, "LocationIDType", "j377") \
    X(LocationIdentifier, "LocationIdentifier", "locationidentifier") \
    X(LocationName, "LocationName", "j349") \
    X(MainSeriesRecord, "MainSeriesRecord", "mainseriesrecord") X(MapScale, "MapScale", "b063") \
    X(MarketRestrictionDetail, "MarketRestrictionDetail", "j406") \
    X(MessageNote, "MessageNote", "m183") X(MessageRepeat, "MessageRepeat", "m181") \
    X(Name, "Name", "name") X(NewSupplier, "NewSupplier", "newsupplier") \
    X(Number, "Number", "b257") X(NumberOfIllustrations, "NumberOfIllustrations", "b125") \
    X(NumberOfPieces, "NumberOfPieces", "b210") X(OldOnHand, "OnHand", "j350") \
    X(OnOrder, "OnOrder", "j351") X(OnOrderDetail, "OnOrderDetail", "onorderdetail") \
    X(OriginalPublisher, "OriginalPublisher", "b240") \
    X(PackQuantity, "PackQuantity", "j145") X(PageRun, "PageRun", "pagerun") \
    X(PagesRoman, "PagesRoman", "b254") \
    X(ParentIdentifier, "ParentIdentifier", "parentidentifier") X(Percent, "Percent", "b337") \
    X(PersonAsSubject, "PersonAsSubject", "personassubject") \
    X(PersonDate, "PersonDate", "persondate") X(PersonDateRole, "PersonDateRole", "b305") \
    X(PersonNameType, "PersonNameType", "b250") X(PlaceAsSubject, "PlaceAsSubject", "b072") \
    X(PriceTypeDescription, "PriceTypeDescription", "j262") \
    X(PrizeCountry, "PrizeCountry", "g128") X(PrizeJury, "PrizeJury", "g343") \
    X(PrizesDescription, "PrizesDescription", "g124") \
    X(ProductClassification, "ProductClassification", "productclassification") \
    X(ProductClassificationCode, "ProductClassificationCode", "b275") \
    X(ProductClassificationType, "ProductClassificationType", "b274") \
    X(ProductContentType, "ProductContentType", "b385") \
    X(ProductFormDescription, "ProductFormDescription", "b014") \
    X(ProductPackaging, "ProductPackaging", "b225") \
    X(ProductWebsite, "ProductWebsite", "productwebsite") \
    X(ProductWebsiteDescription, "ProductWebsiteDescription", "f170") \
    X(ProductWebsiteLink, "ProductWebsiteLink", "f123") \
    X(ProfessionalAffiliation, "ProfessionalAffiliation", "professionalaffiliation") \
    X(ProfessionalPosition, "ProfessionalPosition", "b045") \
    X(PromotionCampaign, "PromotionCampaign", "k165") \
    X(PromotionContact, "PromotionContact", "k166") \
    X(PublishingStatusNote, "PublishingStatusNote", "b395") X(RegionCode, "RegionCode", "b398") \
    X(Reissue, "Reissue", "reissue") X(ReissueDate, "ReissueDate", "j365") \
    X(ReissueDescription, "ReissueDescription", "j366") \
    X(ReligiousText, "ReligiousText", "religioustext") \
    X(ReligiousTextFeature, "ReligiousTextFeature", "religioustextfeature") \
    X(ReligiousTextFeatureCode, "ReligiousTextFeatureCode", "b359") \
    X(ReligiousTextFeatureDescription, "ReligiousTextFeatureDescription", "b360") \
    X(ReligiousTextFeatureType, "ReligiousTextFeatureType", "b358") \
    X(ReligiousTextID, "ReligiousTextID", "b376") X(ReprintDetail, "ReprintDetail", "k309") \
    X(ReturnsCode, "ReturnsCode", "j269") X(ReturnsCodeType, "ReturnsCodeType", "j268") \
    X(SalesOutlet, "SalesOutlet", "salesoutlet") X(SalesOutletIDType, "SalesOutletIDType", "b393") \
    X(SalesOutletIdentifier, "SalesOutletIdentifier", "salesoutletidentifier") \
    X(SalesOutletName, "SalesOutletName", "b382") \
    X(SalesRestrictionDetail, "SalesRestrictionDetail", "b383") \
    X(SequenceNumberWithinRole, "SequenceNumberWithinRole", "b340") \
    X(SeriesPartName, "SeriesPartName", "b282") X(SetItemTitle, "SetItemTitle", "b281") \
    X(SetPartNumber, "SetPartNumber", "b024") X(SetPartTitle, "SetPartTitle", "b025") \
    X(SponsorName, "SponsorName", "b085") X(OldStock, "Stock", "stock") \
    X(StockQuantityCode, "StockQuantityCode", "j297") \
    X(StockQuantityCodeType, "StockQuantityCodeType", "j293") \
    X(StockQuantityCodeTypeName, "StockQuantityCodeTypeName", "j296") \
    X(StockQuantityCoded, "StockQuantityCoded", "stockquantitycoded") \
    X(StudyBibleType, "StudyBibleType", "b389") \
    X(SubSeriesRecord, "SubSeriesRecord", "subseriesrecord") \
    X(SubordinateEntries, "SubordinateEntries", "a245") X(SuffixToKey, "SuffixToKey", "b248") \
    X(SupplierEANLocationNumber, "SupplierEANLocationNumber", "j135") \
    X(SupplierIDType, "SupplierIDType", "j345") \
    X(SupplierIdentifier, "SupplierIdentifier", "supplieridentifier") \
    X(SupplierSAN, "SupplierSAN", "j136") \
    X(SupplyRestrictionDetail, "SupplyRestrictionDetail", "j399") \
    \
    \
    X(TelephoneNumber, "TelephoneNumber", "j270") X(TextItem, "TextItem", "textitem") \
    X(TextItemIDType, "TextItemIDType", "b285") \
    X(TextItemIdentifier, "TextItemIdentifier", "textitemidentifier") \
    X(TextItemType, "TextItemType", "b290") X(TextLink, "TextLink", "d106") \
    X(TextLinkType, "TextLinkType", "d105") X(TextPublicationDate, "TextPublicationDate", "d109") \
    X(TextWithDownload, "TextWithDownload", "f118") \
    X(ThesisPresentedTo, "ThesisPresentedTo", "b369") X(ThesisType, "ThesisType", "b368") \
    X(ThesisYear, "ThesisYear", "b370") X(Thickness, "Thickness", "c098") \
    X(TitlesAfterNames, "TitlesAfterNames", "b043") \
    X(TitlesBeforeNames, "TitlesBeforeNames", "b038") X(ToCompany, "ToCompany", "m178") \
    X(ToEANNumber, "ToEANNumber", "m176") X(ToPerson, "ToPerson", "m179") \
    X(ToSAN, "ToSAN", "m177") X(TradeCategory, "TradeCategory", "b384") \
    X(TranslationOfTitle, "TranslationOfTitle", "b032") X(USSchoolGrade, "USSchoolGrade", "b189") \
    X(Website, "Website", "website") X(WebsiteDescription, "WebsiteDescription", "b294") \
    X(WebsiteLink, "WebsiteLink", "b295") X(WebsiteRole, "WebsiteRole", "b367") \
    X(Weight, "Weight", "c099") X(Width, "Width", "c097")

/* clang-format on */

#endif
