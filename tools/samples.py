#!/usr/bin/env python3
"""Writes the sample catalogue: real titles in the public domain, from a
publisher that does not exist. samples.py samples/

classics.xml is ONIX 3.0 with reference tags, chinese-classics.xml 3.0 with
short tags, old-classics.xml 2.1 with short tags, as many senders still have it; update.xml is
a 3.1 block update; four-classics.txt lists ISBNs.
"""
import os
import sys
from xml.sax.saxutils import escape

# title, subtitle, author, inverted, year, Thema, series, part, sentence
ENGLISH = [
    ("Pride and Prejudice", "", "Jane Austen", "Austen, Jane", 1813, "FBC", "", "", "Elizabeth Bennet laughs at pride until she has to look at her own prejudice."),
    ("Emma", "", "Jane Austen", "Austen, Jane", 1815, "FBC", "", "", "A clever young woman arranges everybody’s heart but knows little of hers."),
    ("Persuasion", "", "Jane Austen", "Austen, Jane", 1817, "FBC", "", "", "Eight years after she was talked out of an engagement, the sailor comes back."),
    ("Jane Eyre", "An autobiography", "Charlotte Brontë", "Brontë, Charlotte", 1847, "FBC", "", "", "A governess without means keeps the one thing nobody can give her: her own judgement."),
    ("Wuthering Heights", "", "Emily Brontë", "Brontë, Emily", 1847, "FBC", "", "", "Two houses on the moor, two generations, and a love that spares neither."),
    ("Middlemarch", "A study of provincial life", "George Eliot", "Eliot, George", 1871, "FBC", "", "", "A whole town, its marriages, debts and hopes, seen with mercy and without illusion."),
    ("Great Expectations", "", "Charles Dickens", "Dickens, Charles", 1861, "FBC", "", "", "A blacksmith’s boy comes into money and learns where it came from."),
    ("Bleak House", "", "Charles Dickens", "Dickens, Charles", 1853, "FBC", "", "", "A lawsuit eats an inheritance while London’s fog rises."),
    ("Frankenstein", "or, The Modern Prometheus", "Mary Shelley", "Shelley, Mary", 1818, "FL", "", "", "A student makes a living being and refuses to answer for it."),
    ("Dracula", "", "Bram Stoker", "Stoker, Bram", 1897, "FK", "", "", "Letters, diaries and telegrams close in on a count who casts no reflection."),
    ("Moby-Dick", "or, The Whale", "Herman Melville", "Melville, Herman", 1851, "FBC", "", "", "One captain, one whale, and everything a ship can hold."),
    ("Walden", "or, Life in the Woods", "Henry David Thoreau", "Thoreau, Henry David", 1854, "DNL", "", "", "Two years by a pond, with the accounts kept to the half-cent."),
    ("The Scarlet Letter", "A romance", "Nathaniel Hawthorne", "Hawthorne, Nathaniel", 1850, "FBC", "", "", "A letter sewn as a punishment becomes something else."),
    ("Leaves of Grass", "", "Walt Whitman", "Whitman, Walt", 1855, "DCF", "", "", "Poems that contain multitudes."),
    ("The Adventures of Tom Sawyer", "", "Mark Twain", "Twain, Mark", 1876, "YFC", "", "", "A fence, a cave, and a boy who attends his own funeral."),
    ("Adventures of Huckleberry Finn", "", "Mark Twain", "Twain, Mark", 1884, "FBC", "", "", "A raft, a river, and a conscience that turns out to be right."),
    ("Little Women", "", "Louisa May Alcott", "Alcott, Louisa May", 1868, "YFB", "", "", "Four sisters and a winter without their father."),
    ("The Time Machine", "An invention", "H. G. Wells", "Wells, H. G.", 1895, "FLC", "", "", "A dinner guest comes back from the year 802,701."),
    ("The War of the Worlds", "", "H. G. Wells", "Wells, H. G.", 1898, "FLC", "", "", "Something falls on Horsell Common, and it is not a meteor."),
    ("Treasure Island", "", "Robert Louis Stevenson", "Stevenson, Robert Louis", 1883, "YFC", "", "", "A map, a parrot, and the most likeable villain at sea."),
    ("Strange Case of Dr Jekyll and Mr Hyde", "", "Robert Louis Stevenson", "Stevenson, Robert Louis", 1886, "FK", "", "", "A respectable door in London, and who has its key."),
    ("Alice’s Adventures in Wonderland", "", "Lewis Carroll", "Carroll, Lewis", 1865, "YFA", "", "", "Down a hole after a rabbit who is late."),
    ("Through the Looking-Glass", "and What Alice Found There", "Lewis Carroll", "Carroll, Lewis", 1871, "YFA", "", "", "A game of chess seen from one of its squares."),
    ("The Secret Garden", "", "Frances Hodgson Burnett", "Burnett, Frances Hodgson", 1911, "YFB", "", "", "A locked garden, a robin, and two children who are both ill-tempered."),
    ("The Wind in the Willows", "", "Kenneth Grahame", "Grahame, Kenneth", 1908, "YFP", "", "", "A mole, a rat, a badger, and a toad who cannot leave motor-cars alone."),
    ("Gulliver’s Travels", "", "Jonathan Swift", "Swift, Jonathan", 1726, "FBC", "", "", "Four voyages, each a worse mirror than the last."),
    ("Robinson Crusoe", "", "Daniel Defoe", "Defoe, Daniel", 1719, "FJ", "", "", "Twenty-eight years on an island, in careful lists."),
    ("Vanity Fair", "A novel without a hero", "William Makepeace Thackeray", "Thackeray, William Makepeace", 1848, "FBC", "", "", "Becky Sharp has nothing but wit, and spends all of it."),
    ("The Moonstone", "A romance", "Wilkie Collins", "Collins, Wilkie", 1868, "FFC", "", "", "A diamond disappears, and everybody tells what they saw."),
    ("The Adventures of Sherlock Holmes", "", "Arthur Conan Doyle", "Doyle, Arthur Conan", 1892, "FFC", "Sherlock Holmes", "1", "Twelve cases from Baker Street."),
    ("The Memoirs of Sherlock Holmes", "", "Arthur Conan Doyle", "Doyle, Arthur Conan", 1893, "FFC", "Sherlock Holmes", "2", "The cases that were to be the last."),
    ("The Hound of the Baskervilles", "", "Arthur Conan Doyle", "Doyle, Arthur Conan", 1902, "FFC", "Sherlock Holmes", "3", "A moor, a legend, and the footprints of something large."),
    ("On the Origin of Species", "", "Charles Darwin", "Darwin, Charles", 1859, "PSA", "", "", "One long argument, from pigeons to all of life."),
    ("The Voyage of the Beagle", "", "Charles Darwin", "Darwin, Charles", 1839, "WTL", "", "", "Five years around the world with open eyes."),
    ("The Wealth of Nations", "", "Adam Smith", "Smith, Adam", 1776, "KCA", "", "", "Why pins are cheap, and what follows from it."),
    ("Leviathan", "", "Thomas Hobbes", "Hobbes, Thomas", 1651, "JPA", "", "", "What people give up for peace, and to whom."),
    ("On Liberty", "", "John Stuart Mill", "Mill, John Stuart", 1859, "JPA", "", "", "How far may all go against one? An answer in five chapters."),
    ("A Vindication of the Rights of Woman", "", "Mary Wollstonecraft", "Wollstonecraft, Mary", 1792, "JBSF", "", "", "Reason has no sex, and so education should have none."),
    ("Narrative of the Life of Frederick Douglass", "An American slave, written by himself", "Frederick Douglass", "Douglass, Frederick", 1845, "DNB", "", "", "How a man was made a slave, and how a slave was made a man."),
    ("Areopagitica", "A speech for the liberty of unlicensed printing", "John Milton", "Milton, John", 1644, "JPVH", "", "", "Against licensing the press, by a poet who had been licensed."),
    ("Common Sense", "", "Thomas Paine", "Paine, Thomas", 1776, "JPA", "", "", "A pamphlet that made a country think of itself as one."),
    ("Meditations", "", "Marcus Aurelius", "Marcus Aurelius", 180, "QDHA", "", "", "An emperor’s notes to himself, never meant for us."),
    ("The Republic", "", "Plato", "Plato", -380, "QDHA", "", "", "What is justice? A night’s conversation by the harbour."),
    ("The Art of War", "", "Sun Tzu", "Sun Tzu", 500, "JWA", "", "", "Thirteen short chapters on not having to fight."),
    ("War and Peace", "", "Leo Tolstoy", "Tolstoy, Leo", 1869, "FBC", "", "", "Five families and one invasion."),
    ("Anna Karenina", "", "Leo Tolstoy", "Tolstoy, Leo", 1878, "FBC", "", "", "A marriage ends at a railway station, another begins with hay-making."),
    ("Crime and Punishment", "", "Fyodor Dostoevsky", "Dostoevsky, Fyodor", 1866, "FBC", "", "", "A student proves to himself that he may kill, and cannot bear the proof."),
    ("The Odyssey", "", "Homer", "Homer", -700, "DB", "", "", "Ten years to come home, and then the house is full."),
    ("Candide", "or, Optimism", "Voltaire", "Voltaire", 1759, "FBC", "", "", "The best of all possible worlds, put to the test."),
    ("Don Quixote", "", "Miguel de Cervantes", "Cervantes, Miguel de", 1605, "FBC", "", "", "A reader sets out to live as he has read."),
    ("Journey to the West", "", "Wu Cheng’en", "Wu Cheng’en", 1592, "FBC", "The Four Classic Novels", "2", "A monk sets out for scripture with a monkey who once made war on heaven."),
    ("Kokoro", "", "Natsume Sōseki", "Natsume Sōseki", 1914, "FBC", "", "", "A student, his teacher, and what the teacher cannot say."),
]

CHINESE = [
    ("红楼梦", "", "曹雪芹", 1791, "FBC", "四大名著", "4", "金陵十二钗与贾府的兴衰,一把辛酸泪。"),
    ("西游记", "", "吴承恩", 1592, "FBC", "四大名著", "2", "唐僧西天取经,行者大闹天宫,一百回。"),
    ("三国演义", "", "罗贯中", 1522, "FV", "四大名著", "1", "天下大势,分久必合,合久必分。"),
    ("水浒传", "", "施耐庵", 1589, "FJ", "四大名著", "3", "一百零八将聚义梁山泊。"),
    ("儒林外史", "", "吴敬梓", 1750, "FU", "", "", "写尽读书人的功名与荒唐。"),
    ("聊斋志异", "", "蒲松龄", 1766, "FK", "", "", "鬼狐花妖,近五百篇短故事。"),
    ("镜花缘", "", "李汝珍", 1818, "FM", "", "", "海外诸国的游历与百花仙子的故事。"),
    ("封神演义", "", "许仲琳", 1620, "FM", "", "", "商周之际,仙人与凡人的战争。"),
    ("论语", "", "孔子", -400, "QDHC", "", "", "孔子与弟子的问答,二十篇。"),
    ("孟子", "", "孟子", -300, "QDHC", "", "", "性善、仁政与浩然之气。"),
    ("道德经", "", "老子", -400, "QDHC", "", "", "五千言说道与德。"),
    ("庄子", "", "庄子", -300, "QDHC", "", "", "逍遥、齐物,寓言里的哲学。"),
    ("孙子兵法", "", "孙武", -500, "JWA", "", "", "十三篇,不战而屈人之兵。"),
    ("史记", "", "司马迁", -90, "NHF", "", "", "从黄帝到汉武,纪传体的开端。"),
    ("诗经", "", "佚名", -600, "DCF", "", "", "三百零五篇,风雅颂。"),
    ("唐诗三百首", "", "蘅塘退士", 1763, "DCF", "", "", "熟读唐诗三百首,不会作诗也会吟。"),
    ("世说新语", "", "刘义庆", 430, "DNL", "", "", "魏晋名士的言谈与风度。"),
    ("呐喊", "", "鲁迅", 1923, "FYB", "", "", "《狂人日记》《阿Q正传》等十四篇。"),
    ("彷徨", "", "鲁迅", 1926, "FYB", "", "", "《祝福》《伤逝》等十一篇。"),
    ("朝花夕拾", "", "鲁迅", 1928, "DNC", "", "", "十篇回忆,旧事重提。"),
]
# form, title, subtitle, author, inverted, year, language, BIC, rights, sentence: the characters are written
# as such feeds do, by their names
OLD = [
    ("BC", "Candide", "ou l&rsquo;Optimisme", "Voltaire", "Voltaire", 1759, "fre", "FC", (("01", "b388", "WORLD"),),
     "Un jeune homme apprend que tout n&rsquo;est pas au mieux, et cultive son jardin."),
    ("BB", "Les Fleurs du mal", "", "Charles Baudelaire", "Baudelaire, Charles", 1857, "fre", "DCF",
     (("01", "b388", "WORLD"), ("not", "b090", "US")), "Des po&egrave;mes que l&rsquo;on jugea, et qui rest&egrave;rent."),
    ("DG", "Faust", "Eine Trag&ouml;die", "Johann Wolfgang von Goethe", "Goethe, Johann Wolfgang von", 1808, "ger", "DD",
     (("01", "b090", "GB IE"), ("03", "b388", "ROW")), "Ein Gelehrter wettet mit dem Teufel."),
    ("BC", "Don Quijote de la Mancha", "", "Miguel de Cervantes", "Cervantes, Miguel de", 1605, "spa", "FC", (),
     "Un hidalgo lee demasiado y sale a arreglar el mundo."),
    ("DG", "Os Lus&iacute;adas", "", "Lu&iacute;s de Cam&otilde;es", "Cam&otilde;es, Lu&iacute;s de", 1572,
     "por", "DCF", (), "Uma viagem &agrave; &Iacute;ndia em dez cantos."),
    ("BC", "Pan Tadeusz", "", "Adam Mickiewicz", "Mickiewicz, Adam", 1834, "pol", "DCF", (("02", "b090", "GB"), ("02", "b388", "ROW"), ("not", "b090", "CN")),
     "Ostatni zajazd na Litwie, pi&eogon;&cacute;set stron p&oacute;&zacute;niej zgoda."),
]
FORMS = {"BC": 1299, "BB": 2499, "ED": 499}


def isbn(number):
    digits = "97800%07d" % number
    return digits + str(-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10)


def tag(name, value, attributes=""):
    return "<%s%s>%s</%s>" % (name, attributes, escape(value), name) if value != "" else ""


def price(kind, amount, currency, country):
    return ("<Price>%s%s%s<Territory>%s</Territory></Price>" % (
        tag("PriceType", kind), tag("PriceAmount", "%.2f" % (amount / 100)), tag("CurrencyCode", currency),
        tag("CountriesIncluded", country)))


def rights(index, form):
    if index % 17 == 11:  # sold everywhere but in one country
        return ("<SalesRights><SalesRightsType>02</SalesRightsType><Territory><RegionsIncluded>WORLD</RegionsIncluded>"
                "<CountriesExcluded>CN</CountriesExcluded></Territory></SalesRights><SalesRights><SalesRightsType>03"
                "</SalesRightsType><Territory><CountriesIncluded>CN</CountriesIncluded></Territory></SalesRights>")
    if index % 19 == 13 and form == "ED":
        return ""  # nobody said: an e-book is not sold then
    return ("<SalesRights><SalesRightsType>01</SalesRightsType><Territory><RegionsIncluded>WORLD</RegionsIncluded>"
            "</Territory></SalesRights>")


def product(number, index, form, title, subtitle, author, inverted, year, thema, series, part, text, language):
    prefix, rest = "", title
    if language == "eng":
        for word in ("The ", "A "):
            if title.startswith(word):
                prefix, rest = word.strip(), title[len(word):]
    out = ["<Product>", tag("RecordReference", "example.riverside.%s" % isbn(number)),
           tag("NotificationType", "03"), tag("RecordSourceType", "01"),
           "<ProductIdentifier><ProductIDType>15</ProductIDType>%s</ProductIdentifier>" % tag("IDValue", isbn(number)),
           "<DescriptiveDetail>", tag("ProductComposition", "00"), tag("ProductForm", form)]
    if form == "ED":
        out += [tag("ProductFormDetail", "E101"), tag("EpubTechnicalProtection", "00")]
    if series:
        out.append("<Collection><CollectionType>10</CollectionType><TitleDetail><TitleType>01</TitleType><TitleElement>"
                   "<TitleElementLevel>02</TitleElementLevel>%s%s</TitleElement></TitleDetail></Collection>" % (
                       tag("PartNumber", part), tag("TitleText", series)))
    out.append("<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>%s%s</TitleElement></TitleDetail>" % (
        tag("TitlePrefix", prefix) + tag("TitleWithoutPrefix", rest) if prefix else tag("TitleText", title), tag("Subtitle", subtitle)))
    out.append("<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>%s%s</Contributor>" % (
        tag("PersonName", author), tag("PersonNameInverted", inverted)))
    out.append("<Language><LanguageRole>01</LanguageRole>%s%s</Language>" % (
        tag("LanguageCode", language), tag("ScriptCode", "Hans") if language == "chi" else ""))
    if form != "ED":
        out.append("<Extent><ExtentType>00</ExtentType>%s<ExtentUnit>03</ExtentUnit></Extent>" % tag("ExtentValue", str(120 + number * 37 % 620)))
    out.append("<Subject><MainSubject/><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier>%s</Subject>" % tag("SubjectCode", thema))
    out.append("<Subject><SubjectSchemeIdentifier>20</SubjectSchemeIdentifier>%s</Subject>" % tag("SubjectHeadingText", "经典" if language == "chi" else "classics; public domain"))
    out.append("</DescriptiveDetail><CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>")
    out.append('<Text language="%s" textformat="05"><p>%s</p></Text></TextContent></CollateralDetail>' % (language, escape(text)))
    out.append("<PublishingDetail><Imprint><ImprintName>Riverside Classics</ImprintName></Imprint><Publisher><PublishingRole>01</PublishingRole>"
               "<PublisherName>Riverside Press</PublisherName></Publisher><PublishingStatus>%s</PublishingStatus>" % ("02" if index % 23 == 5 else "04"))
    date = "20270301" if index % 23 == 5 else "%d%02d%02d" % (2019 + index % 7, 1 + index * 5 % 12, 1 + index * 7 % 28)
    out.append("<PublishingDate><PublishingDateRole>01</PublishingDateRole>%s</PublishingDate>%s</PublishingDetail>" % (tag("Date", date), rights(index, form)))
    if year > 0:
        out.append("<RelatedMaterial><RelatedWork><WorkRelationCode>01</WorkRelationCode><WorkIdentifier><WorkIDType>01</WorkIDType>"
                   "<IDTypeName>Riverside work</IDTypeName>%s</WorkIdentifier></RelatedWork></RelatedMaterial>" % tag("IDValue", "%s-%d" % (language, index)))
    base = FORMS[form] + index * 50 % 900
    out.append("<ProductSupply><Market><Territory><RegionsIncluded>WORLD</RegionsIncluded></Territory></Market><SupplyDetail><Supplier>"
               "<SupplierRole>01</SupplierRole><SupplierName>Riverside Press</SupplierName></Supplier>%s" % tag("ProductAvailability", "10" if index % 23 == 5 else "20"))
    if index % 23 == 5:
        out.append("<SupplyDate><SupplyDateRole>08</SupplyDateRole><Date>20270301</Date></SupplyDate>")
    out.append(price("01", base, "USD", "US") + price("02", base * 5, "CNY", "CN") + "</SupplyDetail></ProductSupply></Product>")
    return "".join(o for o in out if o)


HEADER = ("<Header><Sender><SenderIdentifier><SenderIDType>01</SenderIDType><IDTypeName>Riverside</IDTypeName><IDValue>RIVER</IDValue>"
          "</SenderIdentifier><SenderName>Riverside Press</SenderName></Sender><MessageNumber>%d</MessageNumber>"
          "<SentDateTime>%s</SentDateTime></Header>")

SHORT = {"SenderIDType": "m379", "IDTypeName": "b233", "IDValue": "b244", "SenderName": "x298", "MessageNumber": "m180",
         "SentDateTime": "x307", "RecordReference": "a001", "NotificationType": "a002", "RecordSourceType": "a194",
         "ProductIDType": "b221", "ProductComposition": "x314", "ProductForm": "b012", "ProductFormDetail": "b333",
         "EpubTechnicalProtection": "x317", "CollectionType": "x329", "TitleType": "b202", "TitleElementLevel": "x409",
         "PartNumber": "x410", "TitleText": "b203", "TitlePrefix": "b030", "TitleWithoutPrefix": "b031", "Subtitle": "b029",
         "SequenceNumber": "b034", "ContributorRole": "b035", "PersonName": "b036", "PersonNameInverted": "b037",
         "LanguageRole": "b253", "LanguageCode": "b252", "ScriptCode": "x420", "ExtentType": "b218", "ExtentValue": "b219",
         "ExtentUnit": "b220", "MainSubject": "x425", "SubjectSchemeIdentifier": "b067", "SubjectCode": "b069",
         "SubjectHeadingText": "b070", "TextType": "x426", "ContentAudience": "x427", "Text": "d104", "ImprintName": "b079",
         "PublishingRole": "b291", "PublisherName": "b081", "PublishingStatus": "b394", "PublishingDateRole": "x448",
         "Date": "b306", "SalesRightsType": "b089", "RegionsIncluded": "x450", "CountriesIncluded": "x449",
         "CountriesExcluded": "x451", "WorkRelationCode": "x454", "WorkIDType": "b201", "SupplierRole": "j292",
         "SupplierName": "j137", "ProductAvailability": "j396", "SupplyDateRole": "x461", "PriceType": "x462",
         "PriceAmount": "j151", "CurrencyCode": "j152"}


def shortened(xml):
    import re
    return re.sub(r"<(/?)([A-Z]\w*)", lambda m: "<%s%s" % (m[1], SHORT.get(m[2], m[2].lower())), xml)


OLD_HEADER = ("<header><m174>Riverside Press</m174><m180>4</m180><m182>202611230900</m182><m184>eng</m184><m185>02</m185>"
              "<m186>USD</m186></header>")


def old_product(number, form, title, subtitle, author, inverted, year, language, bic, rights, text):
    """ONIX 2.1, with what only 2.1 has: a format beside the form, plain subjects, prices by country, availability by letters."""
    def leaf(name, value):
        return "<%s>%s</%s>" % (name, value, name) if value else ""

    said = "".join("<notforsale>%s</notforsale>" % leaf(where, places) if kind == "not" else
                   "<salesrights>%s%s</salesrights>" % (leaf("b089", kind), leaf(where, places)) for kind, where, places in rights)
    base = {"BC": 1099, "BB": 2199, "DG": 599}[form] + number * 50 % 900
    prices = "".join("<price>%s%s%s%s</price>" % (leaf("j148", kind), leaf("j151", "%.2f" % (base * factor / 100)), leaf("j152", currency), leaf("b251", country))
                     for kind, factor, currency, country in (("01", 1, "USD", "US"), ("02", 5, "CNY", "CN"), ("02", 0.8, "GBP", "GB")))
    return ("<product>%s%s%s<productidentifier><b221>15</b221>%s</productidentifier><b246>00</b246>%s%s"
            "<title><b202>01</b202>%s%s</title><contributor><b034>1</b034><b035>A01</b035>%s%s</contributor><n386/>"
            "<language><b253>01</b253>%s</language>%s%s<b073>01</b073><othertext><d102>01</d102><d103>00</d103>%s</othertext>"
            "<imprint><b079>Riverside Classics</b079></imprint><publisher><b291>01</b291><b081>Riverside Press</b081></publisher>"
            "<b394>04</b394><b003>%d0415</b003>%s%s<measure><c093>08</c093><c094>310</c094><c095>gr</c095></measure>"
            "<supplydetail><j137>Riverside Press</j137><j292>01</j292><j141>IP</j141><stock><j350>12</j350></stock>%s</supplydetail></product>" % (
                leaf("a001", "example.riverside.%s" % isbn(number)), leaf("a002", "03"), leaf("a194", "01"), leaf("b244", isbn(number)),
                leaf("b012", form), leaf("b211", "029" if form == "DG" else ""), leaf("b203", title), leaf("b029", subtitle),
                leaf("b036", author), leaf("b037", inverted), leaf("b252", language), leaf("b061", "" if form == "DG" else str(100 + number * 37 % 500)),
                leaf("b065", bic), leaf("d104", text), 2015 + number % 9, leaf("b088", str(year)), said, prices))


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    products, number, four = [], 1, []
    for index, (title, subtitle, author, inverted, year, thema, series, part, text) in enumerate(ENGLISH):
        for form in ("BC", "ED") if index % 3 else ("BC", "BB", "ED"):
            products.append(product(number, index, form, title, subtitle, author, inverted, year, thema, series, part, text, "eng"))
            if title == "Journey to the West" and form == "BC":
                four.append(isbn(number))
            number += 1
    with open(os.path.join(folder, "classics.xml"), "w", encoding="utf-8") as f:
        f.write('<?xml version="1.0" encoding="UTF-8"?>\n<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference">\n')
        f.write(HEADER % (1, "20261120T0900Z") + "\n" + "\n".join(products) + "\n</ONIXMessage>\n")
    chinese, number = [], 5001
    for index, (title, subtitle, author, year, thema, series, part, text) in enumerate(CHINESE):
        for form in ("BC", "ED"):
            chinese.append(product(number, index, form, title, subtitle, author, author, year, thema, series, part, text, "chi"))
            if series and form == "BC":
                four.append(isbn(number))
            number += 1
    with open(os.path.join(folder, "chinese-classics.xml"), "w", encoding="utf-8") as f:
        f.write('<?xml version="1.0" encoding="UTF-8"?>\n<ONIXmessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/short">\n')
        f.write(shortened(HEADER % (2, "20261121T0900Z") + "\n" + "\n".join(chinese)) + "\n</ONIXmessage>\n")
    with open(os.path.join(folder, "four-classics.txt"), "w", encoding="utf-8") as f:
        f.write("\n".join(four) + "\n")
    with open(os.path.join(folder, "old-classics.xml"), "w", encoding="utf-8") as f:
        f.write('<?xml version="1.0"?>\n<!DOCTYPE ONIXmessage SYSTEM "http://www.editeur.org/onix/2.1/short/onix-international.dtd">\n'
                '<ONIXmessage release="2.1">\n' + OLD_HEADER + "\n" +
                "\n".join(old_product(8001 + i, *row) for i, row in enumerate(OLD)) + "\n</ONIXmessage>\n")
    update = ("<Product>%s%s<RecordSourceType>01</RecordSourceType><ProductIdentifier><ProductIDType>15</ProductIDType>%s</ProductIdentifier>"
              "<ProductSupply><Market><Territory><RegionsIncluded>WORLD</RegionsIncluded></Territory></Market>"
              "<SupplyDetail><Supplier><SupplierRole>01</SupplierRole><SupplierName>Riverside Press</SupplierName></Supplier>"
              "<ProductAvailability>20</ProductAvailability>%s%s</SupplyDetail></ProductSupply></Product>" % (
                  tag("RecordReference", "example.riverside.%s" % isbn(1)), tag("NotificationType", "04"), tag("IDValue", isbn(1)),
                  price("01", 999, "USD", "US"), price("02", 4900, "CNY", "CN")))
    with open(os.path.join(folder, "update.xml"), "w", encoding="utf-8") as f:
        f.write('<?xml version="1.0" encoding="UTF-8"?>\n<ONIXMessage release="3.1" xmlns="http://ns.editeur.org/onix/3.1/reference">\n')
        f.write(HEADER % (3, "20261122T0900Z") + "\n" + update + "\n</ONIXMessage>\n")


if __name__ == "__main__":
    main()
