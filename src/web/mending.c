#include "web/mending.h"

#define N_(text) text

static const struct {
    const char *code, *mend;
} mendings[] = {
    {"isbn-check-digit",
     N_("Compare the ISBN with the printed one: its last digit does not fit the "
        "others. Send the record again with the right one.")},
    {"isbn-placeholder", N_("Give the product its own ISBN (ProductIDType 15), or another number "
                            "that names it, and send the record again.")},
    {"identifier", N_("Send at least one ProductIdentifier that names this product: an ISBN, or a "
                      "number of your own with IDTypeName.")},
    {"record-reference",
     N_("Give each record a RecordReference of its own, at most 200 bytes long, "
        "and keep it for good.")},
    {"record-reference-changed", N_("Keep one RecordReference for each product. If the old record "
                                    "is not meant any more, delete it (NotificationType 05).")},
    {"duplicate-reference", N_("Send each record once in a message. The last one was taken.")},
    {"notification-type", N_("Use a NotificationType that says what to do: 03 for a full record, "
                             "04 for an update of blocks, 05 to delete.")},
    {"not-published", N_("Nothing to mend if the record was a test. Else send it again with "
                         "NotificationType 03.")},
    {"no-record", N_("Send the full record first (NotificationType 03); updates and deletions need "
                     "one that is there.")},
    {"older", N_("A newer message was imported before. Send the present state with a new "
                 "SentDateTime.")},
    {"product-changed", N_("The same RecordReference stood for another product. If that is a "
                           "mistake, send both records again, each with its own reference.")},
    {"title", N_("Send TitleDetail with TitleType 01 and a TitleText.")},
    {"contributor", N_("Give the contributor a PersonName or a CorporateName, or leave the "
                       "composite out.")},
    {"placeholder", N_("Leave an element out where nothing is known, in place of words such as "
                       "“n/a” or “tbc”.")},
    {"date", N_("Write dates as their dateformat says: 00 is YYYYMMDD, for example 20261130.")},
    {"date-placeholder", N_("Send the true date, or leave it out: a far-off one keeps the title "
                            "from being sold.")},
    {"sent-date", N_("Write SentDateTime as 20261130T0900Z, so that newer messages can be told "
                     "from older ones.")},
    {"sender", N_("Name the sender in the header (SenderIdentifier or SenderName): records belong "
                  "to their sender.")},
    {"sales-restriction", N_("State sales restrictions within the SalesRights they belong to.")},
    {"territory", N_("Use two-letter country codes (ISO 3166-1) with spaces between, or WORLD. "
                     "Sales rights need a Territory.")},
    {"territory-run-together", N_("Put a space between the country codes: “US CA GB”.")},
    {"territory-uk", N_("Write GB for the United Kingdom. It was read so; nothing is lost.")},
    {"currency", N_("Use a currency code of three letters (ISO 4217), such as USD, CNY or EUR.")},
    {"price",
     N_("Write the amount with a point and no more decimals than the currency has: 9.90.")},
    {"price-placeholder", N_("Leave the price out until it is known. What is free has "
                             "UnpricedItemType 01.")},
    {"double-encoding", N_("Save the text as UTF-8 once: it was converted twice, and “é” became "
                           "“Ã©”.")},
    {"product-size", N_("Shorten the record: one product may have 4 MiB at most.")},
    {"text-size", N_("Shorten the text, or leave out pictures and other data that were put into "
                     "it.")},
    {"entity", N_("Write the character itself, or its number: entities are not expanded.")},
    {"not-taken",
     N_("Nothing is wrong with it: this shop has no place for it, here or in the records "
        "that follow. ONIX 3.0 can say more.")},
    {"cannot-say", N_("Send the record as ONIX 3.0, which can say it.")},
    {"rights-missing", N_("Say with SalesRights and NotForSale where the product may be sold.")},
    {"country", N_("Use a country code of two letters (ISO 3166-1), such as US or CN.")},
    {"availability", N_("Use ProductAvailability (list 65), or a code of AvailabilityCode’s own "
                        "list 54.")},
    {"order-time", N_("Write OrderTime as whole days, in one to three digits.")},
    {"supply", N_("Put the countries that one supplier serves into one SupplyDetail.")},
    {"sales-rights", N_("Say WORLD in one SalesRights alone, and list where not in NotForSale.")},
    {"file", N_("The file broke off here. Check that it is whole and well-formed XML of ONIX, and "
                "send it again; what came before has been taken.")},
    {"file-empty", N_("The file is empty. Look whether it was written, and send it again.")},
    {"file-picture", N_("This is a picture or a PDF, not ONIX. Send the ONIX file; covers have "
                        "a form of their own.")},
    {"file-zip", N_("This is a ZIP archive. Send the ONIX file itself, or packed by gzip or xz.")},
    {"file-unread", N_("Nothing of it could be read. Check that it is whole and well-formed XML of "
                       "ONIX in the encoding that it declares, and send it again.")},
};

struct str word_mending(const struct page *p, struct str code)
{
    for (size_t i = 0; i < sizeof mendings / sizeof *mendings; i++)
        if (str_eq(code, str_of(mendings[i].code)))
            return word_text(p, mendings[i].mend);
    return word_text(p, N_("Compare the element with the ONIX specification, mend it and send the "
                           "record again."));
}
