"""The page of a book: what its record says, in words."""
import json
import re

from ebooks import give_files
from shop import EMMA, Browser, Shop, onix, product
from test_partner import operator

SALT, SALT_PRINT = "9780000900029", "9780000900036"

EBOOK = """<Product><RecordReference>salt</RecordReference><NotificationType>03</NotificationType><RecordSourceType>01</RecordSourceType>
<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9780000900029</IDValue></ProductIdentifier>
<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>ED</ProductForm><ProductFormDetail>E101</ProductFormDetail><ProductFormDetail>E200</ProductFormDetail>
<ProductFormFeature><ProductFormFeatureType>09</ProductFormFeatureType><ProductFormFeatureValue>04</ProductFormFeatureValue></ProductFormFeature>
<ProductFormFeature><ProductFormFeatureType>09</ProductFormFeatureType><ProductFormFeatureValue>15</ProductFormFeatureValue></ProductFormFeature>
<ProductFormFeature><ProductFormFeatureType>09</ProductFormFeatureType><ProductFormFeatureValue>52</ProductFormFeatureValue></ProductFormFeature>
<ProductFormFeature><ProductFormFeatureType>09</ProductFormFeatureType><ProductFormFeatureValue>00</ProductFormFeatureValue><ProductFormFeatureDescription>Every map has a long description.</ProductFormFeatureDescription></ProductFormFeature>
<EpubTechnicalProtection>02</EpubTechnicalProtection>
<EpubUsageConstraint><EpubUsageType>02</EpubUsageType><EpubUsageStatus>02</EpubUsageStatus><EpubUsageLimit><Quantity>20</Quantity><EpubUsageUnit>04</EpubUsageUnit></EpubUsageLimit></EpubUsageConstraint>
<EpubUsageConstraint><EpubUsageType>05</EpubUsageType><EpubUsageStatus>01</EpubUsageStatus></EpubUsageConstraint>
<EpubUsageConstraint><EpubUsageType>06</EpubUsageType><EpubUsageStatus>03</EpubUsageStatus></EpubUsageConstraint>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>The Salt Almanac</TitleText></TitleElement></TitleDetail>
<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole><PersonName>林雁</PersonName><AlternativeName><NameType>05</NameType><PersonName>Lin Yan</PersonName></AlternativeName><BiographicalNote>Lin Yan keeps a &lt;script&gt;x&lt;/script&gt;&lt;em&gt;lighthouse&lt;/em&gt;.</BiographicalNote></Contributor>
<Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>B06</ContributorRole><ContributorRole>A24</ContributorRole><PersonName>Ines Marlow</PersonName></Contributor>
<Contributor><SequenceNumber>3</SequenceNumber><ContributorRole>A12</ContributorRole><PersonName>Tom Reed</PersonName></Contributor>
<Language><LanguageRole>01</LanguageRole><LanguageCode>eng</LanguageCode></Language><Language><LanguageRole>02</LanguageRole><LanguageCode>chi</LanguageCode></Language>
<Extent><ExtentType>22</ExtentType><ExtentValue>2457600</ExtentValue><ExtentUnit>17</ExtentUnit></Extent>
<Subject><MainSubject/><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier><SubjectCode>FBA</SubjectCode></Subject><Subject><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier><SubjectCode>WTL</SubjectCode></Subject>
</DescriptiveDetail><CollateralDetail>
<TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience><Text language="eng"><p>A year by the sea.</p></Text></TextContent>
<TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience><Text language="chi"><p>海边的一年。</p></Text></TextContent>
<TextContent><TextType>04</TextType><ContentAudience>00</ContentAudience><Text language="eng"><ul><li>Winter</li><li>Spring</li></ul></Text></TextContent>
<TextContent><TextType>14</TextType><ContentAudience>00</ContentAudience><Text language="eng"><p>In January the harbour froze.</p></Text></TextContent>
<TextContent><TextType>06</TextType><ContentAudience>00</ContentAudience><Text language="eng"><p>A quiet wonder.</p></Text><TextAuthor>Ann Gray</TextAuthor><SourceTitle>The Example Times</SourceTitle></TextContent>
<TextContent><TextType>06</TextType><ContentAudience>02</ContentAudience><Text language="eng"><p>For the trade alone.</p></Text></TextContent>
<Prize><PrizeName>Example Prize</PrizeName><PrizeYear>2024</PrizeYear><PrizeCode>04</PrizeCode></Prize>
</CollateralDetail>%s</Product>"""

REST = """<PublishingDetail><Publisher><PublishingRole>01</PublishingRole><PublisherName>Tern House</PublisherName></Publisher><PublishingStatus>04</PublishingStatus><PublishingDate><PublishingDateRole>01</PublishingDateRole><Date>20240301</Date></PublishingDate>
<SalesRights><SalesRightsType>01</SalesRightsType><Territory><RegionsIncluded>WORLD</RegionsIncluded></Territory></SalesRights></PublishingDetail>
<RelatedMaterial><RelatedWork><WorkRelationCode>01</WorkRelationCode><WorkIdentifier><WorkIDType>01</WorkIDType><IDTypeName>Tern work</IDTypeName><IDValue>salt</IDValue></WorkIdentifier></RelatedWork></RelatedMaterial>
<ProductSupply><SupplyDetail><Supplier><SupplierRole>01</SupplierRole><SupplierName>S</SupplierName></Supplier><ProductAvailability>21</ProductAvailability><Price><PriceType>%s</PriceType><PriceAmount>%s</PriceAmount>%s<CurrencyCode>USD</CurrencyCode></Price></SupplyDetail></ProductSupply>"""

PRINT = """<Product><RecordReference>salt-print</RecordReference><NotificationType>03</NotificationType><RecordSourceType>01</RecordSourceType>
<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9780000900036</IDValue></ProductIdentifier>
<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>BB</ProductForm>
<Measure><MeasureType>01</MeasureType><Measurement>198</Measurement><MeasureUnitCode>mm</MeasureUnitCode></Measure><Measure><MeasureType>02</MeasureType><Measurement>129</Measurement><MeasureUnitCode>mm</MeasureUnitCode></Measure>
<Measure><MeasureType>03</MeasureType><Measurement>20</Measurement><MeasureUnitCode>mm</MeasureUnitCode></Measure><Measure><MeasureType>08</MeasureType><Measurement>310</Measurement><MeasureUnitCode>gr</MeasureUnitCode></Measure>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>The Salt Almanac</TitleText></TitleElement></TitleDetail>
<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole><PersonName>林雁</PersonName></Contributor>
<Language><LanguageRole>01</LanguageRole><LanguageCode>eng</LanguageCode></Language><Extent><ExtentType>00</ExtentType><ExtentValue>240</ExtentValue><ExtentUnit>03</ExtentUnit></Extent>
</DescriptiveDetail>%s</Product>"""


def salt_feed():
    return onix(EBOOK % (REST % ("01", "9.90", "")), PRINT % (REST % ("04", "24.00", "<PriceDate><PriceDateRole>15</PriceDateRole><Date>20351130</Date></PriceDate>")))


def salted(shop):
    status, summary, findings, err = shop.import_feed(shop.file("salt.xml", salt_feed()))
    assert status == 0 and summary["added"] == 2 and not findings, (status, summary, findings, err)


def facts_of(page):
    """The table of details: names, and values without their mark-up."""
    return {name: re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", value)).strip()
            for name, value in re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page, re.S)}


def test_the_details_of_an_ebook_are_told_in_words():
    with Shop(samples=False) as shop:
        salted(shop)
        shop.serve()
        page = shop.get("/us/books/" + SALT).text
        facts = facts_of(page)
        for name, value in {"File type": "EPUB, reflowable", "File size": "2 MB", "Copy protection": "watermark", "Original language": "Chinese",
                            "Permitted use": "printing: up to 20 pages; reading aloud: without limit; lending: not allowed",
                            "Prizes": "Example Prize 2024 (short-listed)", "Subjects": "General and literary fiction Travel"}.items():
            assert facts.get(name) == value, (name, facts)
        assert facts["Accessibility"].startswith("Screen-reader friendly; images described")
        for said in ["meets EPUB Accessibility 1.1", "full descriptions of images", "everything can be read without sight", "Every map has a long description."]:
            assert said in facts["Accessibility"], said
        assert 'href="/us/subjects/FB"' in page and shop.get("/us/subjects/FB").status == 200
        printed = facts_of(shop.get("/us/books/" + SALT_PRINT).text)
        assert printed["Size"] == "198 × 129 × 20 mm" and printed["Weight"] == "310 g" and printed["Pages"] == "240"
        assert facts_of(shop.get("/us/zh-Hans/books/" + SALT_PRINT).text)["重量"].startswith("310")
        assert "Accessibility" not in printed and "File type" not in printed
        chinese = facts_of(shop.get("/cn/books/" + SALT).text)
        assert chinese["无障碍"].startswith("适合读屏软件；图片有文字说明") and "打印" in chinese["允许的使用"]


def test_what_a_record_says_at_length_is_folded_and_in_the_readers_language():
    with Shop(samples=False) as shop:
        salted(shop)
        shop.serve()
        page = shop.get("/us/books/" + SALT).text
        assert '<div class="lead prose" lang="en" dir="auto"><p>A year by the sea.</p></div>' in page and "海边" not in page.split('class="lead')[1].split("</div>")[0]
        assert '<div class="lead prose" lang="zh" dir="auto"><p>海边的一年。</p></div>' in shop.get("/cn/books/" + SALT).text
        folded = dict(re.findall(r"<summary>([^<]*)</summary>(.*?)</details>", page, re.S))
        assert "<li>Winter</li>" in folded["Contents"] and "the harbour froze" in folded["Read a sample"]
        assert "<em>lighthouse</em>" in folded["About the author"] and "script" not in folded["About the author"]
        press = folded["What the press says"]
        assert "A quiet wonder." in press and "Ann Gray" in press and "The Example Times" in press
        assert "For the trade alone" not in page
        plain = shop.get("/us/books/" + SALT_PRINT).text
        assert 'class="texts"' not in plain


def series_feed():
    """Three volumes of one series by one author; the second has a second edition, in German."""
    def volume(isbn, title, part, work, language="eng", form="BC", amount="9.90", role="A01", person="Ines Marlow"):
        return ("<Product><RecordReference>v%s</RecordReference><NotificationType>03</NotificationType><RecordSourceType>01</RecordSourceType>"
                "<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>%s</IDValue></ProductIdentifier>"
                "<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>%s</ProductForm>"
                "<Collection><CollectionType>10</CollectionType><TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>02</TitleElementLevel><PartNumber>%s</PartNumber><TitleText>Tern Tales</TitleText></TitleElement></TitleDetail></Collection>"
                "<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>%s</TitleText></TitleElement></TitleDetail>"
                "<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>%s</ContributorRole><PersonName>%s</PersonName></Contributor>"
                "<Language><LanguageRole>01</LanguageRole><LanguageCode>%s</LanguageCode></Language></DescriptiveDetail>%s</Product>"
                % (isbn, isbn, form, part, title, role, person, language, (REST % ("01", amount, "")).replace(">salt<", ">%s<" % work)))
    return onix(volume("9780000910011", "The First Tern", "1", "t1"), volume("9780000910028", "The Second Tern", "2", "t2"),
                volume("9780000910035", "Die zweite Seeschwalbe", "2", "t2", language="ger"), volume("9780000910042", "The Fourth Tern", "4", "t4"))


def test_formats_stand_side_by_side_and_translations_apart():
    with Shop(samples=False) as shop:
        salted(shop)
        shop.import_feed(shop.file("series.xml", series_feed()))
        give_files(shop, SALT)
        shop.serve()
        offer = re.search(r'<aside class="offer".*?</aside>', shop.get("/us/books/" + SALT).text, re.S)[0]
        formats = re.search(r'<h2 class="small">Formats</h2>\s*<ul class="formats">(.*?)</ul>', offer, re.S)[1]
        assert formats.count("<li>") == 2 and formats.count('aria-current="true"') == 1
        assert formats.index("Hardback") < formats.index("E-book") and "$24.00" in formats and "$9.90" in formats
        assert 'href="/us/books/%s"' % SALT_PRINT in formats and 'href="/us/books/%s"' % SALT not in formats
        printed = re.search(r'<ul class="note">(.*?)</ul>', shop.get("/us/books/" + SALT_PRINT).text, re.S)[1]
        assert re.findall(r"<li>(.*?)</li>", printed) == ["tax included", "in stock", "fixed price: the same in every shop", "valid until 30 November 2035"]
        other = shop.get("/us/books/9780000910028").text
        apart = other.split("Other editions and translations")[1].split("</ul>")[0]
        assert "German" in apart and "Tern House" in apart and "2024" in apart and 'href="/us/books/9780000910035"' in apart
        # What is withheld stands in neither list.
        shop.authority("--storefront", "us", "--edition", SALT_PRINT, "--withhold", "listing")
        assert SALT_PRINT not in shop.get("/us/books/" + SALT).text


def test_contributors_are_named_with_all_they_did_and_in_both_scripts():
    with Shop(samples=False) as shop:
        salted(shop)
        shop.serve()
        by = re.sub(r"<[^>]*>", "", re.search(r'<p class="by">(.*?)</p>', shop.get("/us/books/" + SALT).text, re.S)[1])
        assert by == "by 林雁 Lin Yan, Ines Marlow (translator and introduction), Tom Reed (illustrator)", by


def test_the_next_volume_and_the_authors_other_books_stand_beside_a_book():
    with Shop(samples=False) as shop:
        shop.import_feed(shop.file("series.xml", series_feed()))
        shop.serve()

        def beside(isbn):
            page = shop.get("/us/books/" + isbn).text
            following = re.search(r'<p class="next">(.*?)</p>', page, re.S)
            shelf = re.search(r"<h2>More by Ines Marlow</h2>(.*?)</section>", page, re.S)
            return following and following[1], shelf and re.findall(r'<a href="/us/books/(\d+)">', shelf[1])
        following, shelf = beside("9780000910011")
        assert "The Second Tern" in following and "2 ·" in following and shelf == ["9780000910042", "9780000910028"], (following, shelf)
        following, _ = beside("9780000910028")
        assert "The Fourth Tern" in following and "4 ·" in following
        assert beside("9780000910042")[0] is None
        # A volume that is withheld is named as such, and stands on no shelf; its work as a whole, or each edition of it.
        shop.authority("--storefront", "us", "--work", str(shop.work("9780000910042")), "--withhold", "listing")
        following, shelf = beside("9780000910028")
        assert "volume 4 is withheld here" in following and 'data-feature="listing"' in following and "The Fourth Tern" not in following
        assert shelf == ["9780000910011"], shelf
        # What the shelf leaves out it says, with the restriction.
        shop.until(lambda: "data-withheld" in shop.get("/us/books/9780000910028").text, "the shelf to say what it leaves out")
        left_out = shop.get("/us/books/9780000910028").text.split("<h2>More by Ines Marlow</h2>")[1].split("</section>")[0]
        assert 'data-withheld="1"' in left_out and "1 work is withheld here" in left_out and 'data-restriction="' in left_out, left_out
        assert 'data-withheld' not in shop.get("/cn/en/books/9780000910028").text.split("<h2>More by Ines Marlow</h2>")[-1].split("</section>")[0]
        shop.authority("--storefront", "us", "--edition", "9780000910028", "--withhold", "listing")
        following, shelf = beside("9780000910011")
        assert "Die zweite Seeschwalbe" in following and shelf == ["9780000910035"], (following, shelf)
        assert "withheld" not in (shop.get("/cn/books/9780000910028").text.split("下一册")[1].split("</p>")[0])


def test_a_shelf_says_whose_sale_is_withheld():
    with Shop(samples=False) as shop:
        shop.import_feed(shop.file("series.xml", series_feed()))
        shop.serve()
        r = shop.authority("--storefront", "us", "--work", str(shop.work("9780000910042")), "--withhold", "sale")
        shelf_of = lambda: shop.get("/us/books/9780000910028").text.split("<h2>More by Ines Marlow</h2>")[1].split("</section>")[0]
        shop.until(lambda: 'data-withheld="1"' in shelf_of(), "the shelf to say what it leaves out")
        shelf = shelf_of()
        assert 'data-restriction="%d"' % r["id"] in shelf and "9780000910042" not in shelf, shelf


def test_the_page_names_the_storefronts_where_what_readers_say_is_not_shown():
    with Shop() as shop:
        shop.serve()
        everywhere = "Ratings and reviews belong to the work and show in every storefront where no restriction holds. "
        assert everywhere in shop.get("/us/books/" + EMMA).text
        shop.authority("--storefront", "cn", "--work", str(shop.work(EMMA)), "--withhold", "reviews")
        shop.until(lambda: "one holds in: China." in shop.get("/cn/en/books/" + EMMA).text, "the page to name the storefront")
        assert everywhere not in shop.get("/cn/en/books/" + EMMA).text and everywhere in shop.get("/us/books/" + EMMA).text
        reader = Browser(shop)
        reader.sign_up("us", "Ada")
        form = reader.get("/us/books/%s/review" % EMMA).text
        assert "in every storefront, at once" not in form and "A restriction holds in: China." in form


def test_an_offer_that_is_not_sold_here_is_listed_not_sold():
    with Shop() as shop:
        shop.serve()
        unsold = next(hit["isbn13"] for hit in shop.api("GET", "/cn/search?limit=100&availability=not-here").json()["results"])
        box = shop.get("/cn/en/books/" + unsold).text.split('class="offer"')[1].split("</aside>")[0]
        assert "Listed by" in box and "Sold by" not in box and 'data-evidence="' in box and "<code>" not in box
        box = shop.get("/us/books/" + EMMA).text.split('class="offer"')[1].split("</aside>")[0]
        assert "Sold by" in box and "Listed by" not in box


def test_a_series_stands_in_reading_order_with_what_is_missing_and_what_is_withheld():
    with Shop(samples=False) as shop:
        shop.import_feed(shop.file("series.xml", series_feed()))
        shop.serve()
        book = shop.get("/us/books/9780000910011").text
        series = re.search(r'<p class="series"><a href="(/us/series/[^"]+)">Tern Tales</a> · 1</p>', book)[1]

        def volumes():
            listed = shop.get(series).text.split('<ol class="results volumes">')[1].split("</ol>")[0]
            return [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", line)).strip() for line in listed.split("<li ")[1:]], listed
        lines, _ = volumes()
        assert len(lines) == 4 and "The First Tern" in lines[0] and "The Second Tern" in lines[1] and "The Fourth Tern" in lines[3], lines
        assert "3 not in this shop’s catalogue" in lines[2], lines
        number = shop.look("SELECT id FROM collection WHERE name = 'Tern Tales'")
        moved = shop.get("/us/series/" + number)
        assert moved.status == 301 and moved.headers["Location"] == series
        assert shop.get("/us/series/none").status == 404 and shop.get("/us/series/999999").status == 404
        assert shop.get("/cn" + series[3:]).status == 200
        shop.authority("--storefront", "us", "--work", str(shop.work("9780000910028")), "--withhold", "listing")
        shop.authority("--storefront", "us", "--edition", "9780000910042", "--withhold", "listing")
        shop.until(lambda: volumes()[1].count('data-feature="listing"') == 2, "both volumes to be withheld")
        lines, listed = volumes()
        assert len(lines) == 4 and "The Second Tern" not in listed and "Seeschwalbe" not in listed and "Fourth" not in listed
        assert "This volume is withheld here: restriction 1" in lines[1] and "restriction 2" in lines[3], lines
        assert listed.count('data-feature="listing"') == 2


def test_a_series_tells_what_is_to_come_and_a_reader_where_they_are():
    with Shop(samples=False) as shop:
        feed = series_feed()
        last = feed.rindex("9780000910042")
        feed = feed[:last] + feed[last:].replace("20240301", "20901224", 1)
        shop.import_feed(shop.file("series.xml", feed))
        shop.serve()
        path = re.search(r'<p class="series"><a href="(/us/series/[^"]+)">', shop.get("/us/books/9780000910011").text)[1]
        plain = lambda text, name: [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", p)).strip() for p in re.findall(r'<p class="%s"[^>]*>.*?</p>' % name, text, re.S)]
        coming, = plain(shop.get(path).text, "coming")
        assert coming == "Still to come: The Fourth Tern, on 24 December 2090.", coming
        # Its author's page says in which languages there is something of theirs, as far as it is listed.
        author = "/us/contributors/%d" % shop.edition("9780000910011")["contributors"][0]["id"]
        spoken = lambda: plain(shop.get(author).text, "soft languages")
        assert spoken() == ["Languages: English German"], spoken()
        # For a reader: what they rated and want to read, and what comes next. Nobody else's page has any of it.
        reader, browser, work = shop.reader("ann"), Browser(shop), shop.work
        assert browser.post("/us/sign-in", "/us/sign-in", {"email": "ann@example.org", "password": "a long enough secret"}).status == 303
        assert shop.api("PUT", "/lists/want/works/%d" % work("9780000910028"), token=reader).status == 200
        assert shop.api("PUT", "/us/works/%d/rating" % work("9780000910011"), {"stars": 4}, token=reader).status == 200
        own = browser.get(path).text
        marks = lambda text: re.findall(r'data-edition="(\d+)"|data-mark="(\w+)"', text.split('<ol class="results volumes">')[-1])
        assert plain(own, "unread") == ["Next after the volumes you rated: The Second Tern."]
        assert marks(own)[:4] == [("9780000910011", ""), ("", "rated"), ("9780000910028", ""), ("", "wanted")] and "You gave it 4 of 5 stars" in own, marks(own)
        others = shop.get(path).text
        assert "data-mark" not in others and not plain(others, "unread")
        assert 'data-mark="wanted"' in browser.get("/us/search?q=tern").text and "data-mark" not in shop.get("/us/search?q=tern").text
        # The next volume is withheld: that is said, and no later one is called the next.
        shop.authority("--storefront", "us", "--work", str(work("9780000910028")), "--withhold", "listing")
        asked = lambda: browser.get(path).text
        shop.until(lambda: "comes one that is withheld here" in asked(), "the next volume to be withheld")
        assert plain(asked(), "unread") == ["After the volumes you rated comes one that is withheld here: restriction 1"]
        assert spoken() == ["Languages: English"]


def test_a_contributors_page_says_what_they_did_by_year_and_what_is_to_come():
    def book(isbn, title, role, year):
        return ("<Product><RecordReference>c%s</RecordReference><NotificationType>03</NotificationType><RecordSourceType>01</RecordSourceType>"
                "<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>%s</IDValue></ProductIdentifier>"
                "<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>BC</ProductForm>"
                "<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>%s</TitleText></TitleElement></TitleDetail>"
                "<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>%s</ContributorRole><PersonName>林雁</PersonName><AlternativeName><NameType>05</NameType><PersonName>Lin Yan</PersonName></AlternativeName></Contributor>"
                "<Language><LanguageRole>01</LanguageRole><LanguageCode>eng</LanguageCode></Language></DescriptiveDetail>%s</Product>"
                % (isbn, isbn, title, role, (REST % ("01", "9.90", "")).replace(">salt<", ">%s<" % isbn).replace("20240301", year)))
    with Shop(samples=False) as shop:
        shop.import_feed(shop.file("c.xml", onix(
            book("9780000920010", "Old Salt", "A01", "20010101"), book("9780000920027", "New Salt", "A01", "20200101"),
            book("9780000920034", "Turned Salt", "B06", "20100101"), book("9780000920041", "Drawn Salt", "A12", "20110101"),
            book("9780000920058", "Gathered Salt", "B01", "20120101"), book("9780000920065", "Salt to Come", "A01", "20900101"))))
        shop.serve()
        person = "/us/contributors/%d" % shop.edition("9780000920010")["contributors"][0]["id"]

        def page():
            text = shop.get(person).text
            return text, re.findall(r"<h2>(.*?)</h2>|<h3><a [^>]*>(.*?)</a></h3>", text)
        text, lines = page()
        assert [a or b for a, b in lines] == ["To be published", "Salt to Come", "Written", "New Salt", "Old Salt", "Translated", "Turned Salt",
                                              "Edited", "Gathered Salt", "Illustrated", "Drawn Salt"], lines
        assert "林雁" in text and "Lin Yan" in text and 'data-total="6"' in text
        shop.authority("--storefront", "us", "--edition", "9780000920027", "--withhold", "listing")
        text, lines = page()
        assert "New Salt" not in text and 'data-total="5"' in text and "restriction 1" in text


def test_readers_who_liked_this_are_never_few_and_what_is_withheld_is_not_counted():
    """Five readers or nobody; a shelf that rests on ratings goes where ratings are withheld, of the book or of its neighbour."""
    with Shop(samples=False) as shop:
        salted(shop)
        shop.import_feed(shop.file("series.xml", series_feed()))
        shop.serve()
        salt, first, second, fourth = (shop.work(isbn) for isbn in [SALT, "9780000910011", "9780000910028", "9780000910042"])
        readers = [shop.reader("reader%d" % i) for i in range(6)]

        def rate(reader, work, stars):
            answer = shop.api("PUT", "/us/works/%d/rating" % work, {"stars": stars}, reader)
            assert answer.status in (200, 201), answer.text
        for i, reader in enumerate(readers):
            rate(reader, salt, 5)
            if i < 5:
                rate(reader, first, 4)
            if i < 4:
                rate(reader, second, 5)
            rate(reader, fourth, 3)

        def shelf(isbn=SALT, storefront="us"):
            found = re.search(r'<section class="shelf-of liked">(.*?)</section>', shop.get("/%s/books/%s" % (storefront, isbn)).text, re.S)
            return found and re.findall(r'<a href="/us/books/(\d+)">', found[1])
        assert shelf() is None
        assert shop.ok("ratings", "relate") == "2 changed\n"
        # The second has four readers, and three stars are no liking.
        shop.until(lambda: shelf() == ["9780000910011"], "the shelf that a command made")
        assert shelf("9780000910011") in ([SALT], [SALT_PRINT]) and shelf("9780000910028") is None
        assert "each by at least 5 of them" in shop.get("/us/books/" + SALT).text
        assert shop.ok("ratings", "relate") == "0 changed\n"
        # Ratings of the neighbour, of the book itself, a single rating, the neighbour's page.
        for target in [["--work", str(first), "--withhold", "ratings"], ["--work", str(salt), "--withhold", "ratings"],
                       ["--edition", "9780000910011", "--withhold", "listing"]]:
            made = shop.authority("--storefront", "us", *target)
            if "listing" in target:  # the title is missing on a shelf, and the shelf says who keeps it off
                assert shelf() == [], target
                said = re.search(r'<section class="shelf-of liked">(.*?)</section>', shop.get("/us/books/" + SALT).text, re.S)[1]
                assert 'data-withheld="1"' in said and 'data-restriction="%d"' % made["id"] in said
            else:
                assert shelf() is None, target
            lifted = max(r["id"] for r in shop.api("GET", "/restrictions").json()["restrictions"])
            shop.ok("restriction", "lift", str(lifted), "--reason", "Over.")
            assert shelf() == ["9780000910011"], target
        answer = shop.api("POST", "/us/works/%d/reviews" % first, {"title": "T", "text": "Good.", "language": "en", "stars": 4}, readers[0])
        shop.authority("--storefront", "us", "--target", "review:%d" % answer.json()["record_index"], "--withhold", "ratings")
        assert shelf() is None, "one of its ratings is withheld here"
        # Who takes a rating back is gone from it with the next making.
        shop.ok("restriction", "lift", "4", "--reason", "Over.")
        assert shop.api("DELETE", "/us/works/%d/rating" % salt, None, readers[0]).status in (200, 204)
        shop.ok("ratings", "relate")
        shop.until(lambda: shelf() is None, "the shelf to be gone")


def test_programs_are_told_the_same_facts():
    with Shop(samples=False) as shop:
        salted(shop)
        shop.import_feed(shop.file("series.xml", series_feed()))
        shop.serve()
        salt = shop.edition(SALT)
        assert salt["published"] == "2024-03-01" and salt["original_language"] == "zh" and salt["subjects"] == ["FBA", "WTL"] and salt["protection"] == "02"
        assert salt["accessibility"] == {"codes": ["04", "15", "52", "00"], "summary": "Every map has a long description."}
        assert salt["usage"][0] == {"type": "02", "status": "02", "quantity": "20", "unit": "04"} and len(salt["usage"]) == 3
        assert salt["prizes"] == [{"name": "Example Prize", "year": "2024", "code": "04"}] and salt["contributors"][0]["transliterated"] == "Lin Yan"
        printed = shop.edition(SALT_PRINT)
        assert {"type": "08", "value": "310", "unit": "gr"} in printed["measures"] and printed["pages"] == 240
        offer = printed["offers"][0]
        assert offer["availability"] == "21" and offer["price_type"] == "04" and offer["valid_until"] == "2035-11-30"
        second = shop.edition("9780000910028")
        assert second["next"] == [{"collection": "tern-tales", "part": "4", "edition": {
            "isbn13": "9780000910042", "title": "The Fourth Tern", "work_id": shop.work("9780000910042")}}]
        assert {b["isbn13"] for b in second["by_author"]} >= {"9780000910011", "9780000910042"} and second["liked"] == []
        book = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', shop.get("/us/books/" + SALT).text, re.S)[1])
        assert book["translator"][0]["name"] == "Ines Marlow" and book["illustrator"][0]["name"] == "Tom Reed"
        assert book["author"][0]["alternateName"] == "Lin Yan" and book["description"] == "A year by the sea."
        assert book["accessibilityFeature"] == ["longDescription"] and book["accessibilitySummary"] == "Every map has a long description."
        printed = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', shop.get("/us/books/" + SALT_PRINT).text, re.S)[1])
        assert printed["offers"][0]["priceValidUntil"] == "2035-11-30"
        # What is withheld is named by its restriction, and by nothing else.
        shop.authority("--storefront", "us", "--work", str(shop.work("9780000910042")), "--withhold", "listing")
        second = shop.edition("9780000910028")
        assert second["next"] == [{"collection": "tern-tales", "part": "4", "withheld": 1}]
        assert "9780000910042" not in json.dumps(second["by_author"])


def test_a_book_can_be_cited_and_what_is_wrong_be_told():
    with Shop(samples=False) as shop:
        salted(shop)
        shop.serve()
        page = shop.get("/us/books/" + SALT).text
        cited = re.search(r'<p class="cite">(.*?)</p>', page)[1]
        assert cited.startswith("林雁; Tom Reed: The Salt Almanac. Tern House, 2024. ISBN %s. http" % SALT) and cited.endswith("/us/books/" + SALT), cited
        wrong = re.search(r'<a rel="nofollow" href="([^"]*)">Tell us what must not stand here</a>', page)[1].replace("&amp;", "&")
        form = shop.get(wrong)
        assert form.status == 200 and SALT in form.text
        # Not sold in yuan: it says why, and what one can do.
        unsold = shop.get("/cn/en/books/" + SALT).text.split('class="offer"')[1].split("</aside>")[0]
        assert "no price in this country’s currency" in unsold and "No other edition in this language is sold here; see the others:" in unsold


def test_texts_for_the_trade_are_not_shown_to_readers():
    with Shop(samples=False) as shop:
        text = lambda kind, audiences, words: "<TextContent><TextType>%s</TextType>%s<Text>%s</Text></TextContent>" % (
            kind, "".join("<ContentAudience>%s</ContentAudience>" % a for a in audiences), words)
        trade = [text(kind, audience, "CANARY for the trade") for kind in ("02", "03", "04", "06", "10", "12", "14", "27") for audience in (["01"], ["02", "05"])]
        feed = onix(product("a", SALT, title="The Salt Almanac").replace("<PublishingDetail>", "<CollateralDetail>%s</CollateralDetail><PublishingDetail>" % "".join(
            [*trade, text("03", ["02", "03"], "Told to readers."), text("04", ["00"], "What is in it.")]), 1))
        assert shop.import_feed(shop.file("audiences.xml", feed))[1]["added"] == 1
        shop.serve()
        page = shop.get("/us/books/" + SALT).text
        assert "Told to readers." in page and "What is in it." in page and "CANARY" not in page
        for path in ("/api/v1/us/editions/" + SALT, "/us/search?q=salt", "/us/"):
            assert "CANARY" not in shop.get(path).text, path


def test_how_long_a_supplier_takes():
    def taking(days):
        return (REST % ("01", "9.90", "")).replace("</ProductAvailability>", "</ProductAvailability><OrderTime>%s</OrderTime>" % days)
    with Shop(samples=False) as shop:
        feed = onix(EBOOK % taking("7"), PRINT % taking("soon"))
        status, summary, findings, err = shop.import_feed(shop.file("salt.xml", feed))
        assert status == 0 and summary["added"] == 2 and [f["code"] for f in findings] == ["order-time"], (summary, findings, err)
        give_files(shop, SALT)
        shop.serve()
        assert [shop.edition(isbn)["offers"][0].get("order_days") for isbn in (SALT, SALT_PRINT)] == [7, None]
        assert "usually sent within 7 days" in shop.get("/us/books/" + SALT).text and "usually sent" not in shop.get("/us/books/" + SALT_PRINT).text
        assert '<td class="n" data-label="Days until it is sent">7</td>' in operator(shop).get("/desk/partner/main/titles/" + SALT).text
