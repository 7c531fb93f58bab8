"""Queries of our own on the real catalogues, each with what somebody who types it wants:
grades by what a title and its names are, not by where any search puts them.

A judgement is (grade, pattern of the title, pattern of the names): regular expressions over
lower case without accents, "" for anything; the first that fits counts. 3 is what was meant,
2 is near it (another language, a part, an adaptation), 1 is about it."""

E, C = "us", "cn"


def work(title, author, near=None, about=None):
    """Somebody looks for one work: title and names as patterns that begin a title."""
    end = r"( ?[:;,(/（].*|$)"
    return [(3, "^(the |a |an |le |la |les |der |die |das )?(%s)%s" % (title, end), author), (2, near or title, author), (1, about or title, "")]


def name(author, about=None):
    """Somebody looks for what one person wrote."""
    return [(3, "", author), (1, about or author, "")]


JUDGED = [
    # Works in English by title.
    (E, "pride and prejudice", work("pride and prejudice", "austen")),
    (E, "hamlet", work("hamlet", "shakespeare")),
    (E, "frankenstein", work("frankenstein", "shelley")),
    (E, "jane eyre", work("jane eyre", "bronte")),
    (E, "moby dick", work("moby[- ]dick", "melville")),
    (E, "dracula", work("dracula", "stoker")),
    (E, "ulysses", work("ulysses", "joyce")),
    (E, "faust", work("faust", "goethe")),
    (E, "don quixote", work("don quixote", "cervantes")),
    (E, "les miserables", work("les miserables", "hugo")),
    (E, "origin of species", work("on the origin of species|origin of species", "darwin")),
    (E, "the hunger games", work("hunger games", "collins", about="hunger games")),
    (E, "the great gatsby", work("great gatsby", "fitzgerald")),
    (E, "alice in wonderland", work("alice in wonderland|alice's adventures in wonderland", "carroll")),
    (E, "treasure island", work("treasure island", "stevenson")),
    (E, "emma", work("emma", "austen")),
    (E, "middlemarch", work("middlemarch", "eliot")),
    (E, "walden", work("walden", "thoreau")),
    (E, "the republic", work("republic", "plato")),
    (E, "the art of war", work("art of war", "sun ?tzu|sunzi")),
    (E, "the time machine", work("time machine", "wells")),
    (E, "war of the worlds", work("war of the worlds", "wells")),
    (E, "dubliners", work("dubliners", "joyce")),
    (E, "persuasion", work("persuasion", "austen")),
    (E, "metamorphosis", work("metamorphosis", "kafka|ovid")),
    (E, "siddhartha", work("siddhartha", "hesse")),
    # Title and name together, in either order.
    (E, "tolstoy war and peace", work("war and peace", "tolstoy")),
    (E, "macbeth shakespeare", work("macbeth", "shakespeare")),
    (E, "dickens great expectations", work("great expectations", "dickens")),
    (E, "dostoyevsky crime and punishment", work("crime and punishment", "dosto")),
    (E, "homer odyssey", work("odyssey", "homer")),
    # Names.
    (E, "jane austen", name("jane austen")),
    (E, "mark twain", name("mark twain|twain, mark")),
    (E, "shakespeare", name("shakespeare")),
    (E, "nietzsche", name("nietzsche")),
    (E, "virginia woolf", name("virginia woolf")),
    # Slips, accents, spacing.
    (E, "pride and predjudice", work("pride and prejudice", "austen")),
    (E, "frankenstien", work("frankenstein", "shelley")),
    (E, "shakespear hamlet", work("hamlet", "shakespeare")),
    (E, "huckelberry finn", work("adventures of huckleberry finn", "twain")),
    (E, "sherlok holmes", [(3, "sherlock holmes", "doyle"), (2, "sherlock holmes", "")]),
    (E, "dostoevskij", name("dosto")),
    (E, "treasureisland", work("treasure island", "stevenson")),
    (E, "wuthering hights", work("wuthering heights", "bronte")),
    (E, "emile zola", name("zola")),
    (E, "tao te ching", [(3, "tao te ching|tao teh king", ""), (2, "", "lao ?tzu|laozi")]),
    # Chinese works and names.
    (C, "红楼梦", work("[红紅][楼樓][梦夢]", "cao|曹雪芹")),
    (C, "西游记", work("西[游遊][记記]", "wu|吴承恩")),
    (C, "三国演义", work("三[国國](志)?演[义義]", "luo|罗贯中", about="三[国國]")),
    (C, "水浒传", work("水[浒滸][传傳]", "shi|施耐庵", about="水[浒滸]")),
    (C, "史记", work("史[记記]", "司马迁|qian|赵")),
    (C, "论语", [(3, "^[论論][语語]($|[译新])", ""), (1, "[论論][语語]", "")]),
    (C, "道德经", [(3, "^(老子)?道德[经經]($|[注（(])", ""), (1, "道德[经經]", "")]),
    (C, "三体", work("三[体體]", "刘慈欣|劉慈欣", near="三[体體]")),
    (C, "鲁迅", name("鲁迅|魯迅|xun lu|lu xun", about="鲁迅|魯迅")),
    (C, "村上春树", name("村上春[树樹]", about="村上春[树樹]")),
    (C, "機器學習", [(3, "^(图解)?机器学习", ""), (2, "机器学习", "")]),
    (C, "数据结构", [(3, "^(大话)?数据结构", ""), (2, "数据结构", "")]),
    (C, "钱钟书 围城", [(3, "^围城", "钱钟书|钱锺书"), (2, "围城", "")]),
    (C, "聊斋志异", work("聊[斋齋]志[异異]|聊[斋齋]誌異", "蒲松|pu", near="聊[斋齋]")),
    # The same in Latin letters.
    (C, "hong lou meng", work("[红紅][楼樓][梦夢]", "cao|曹雪芹", near="[红紅][楼樓][梦夢]")),
    (C, "xiyouji", work("西[游遊][记記]", "wu|吴承恩", near="西[游遊][记記]")),
    (C, "sanguo yanyi", work("三[国國](志)?演[义義]", "luo|罗贯中")),
    (C, "lu xun", name("鲁迅|魯迅|lu xun", about="鲁迅|魯迅")),
    (C, "cunshang chunshu", name("村上春[树樹]", about="村上春[树樹]")),
    (C, "santi", work("三[体體]", "刘慈欣|劉慈欣")),
    (C, "daode jing", [(3, "^(老子)?道德[经經]($|[注（(])", ""), (1, "道德[经經]", "")]),
    (C, "liaozhai zhiyi", work("聊[斋齋]志[异異]|聊[斋齋]誌異", "蒲松|pu", near="聊[斋齋]")),
    # Names and titles of other scripts, romanised.
    (E, "naguib mahfouz", name("mahfouz|محفوظ")),
    (E, "ahlam mosteghanemi", name("mosteghanemi|مستغانمي")),
    (E, "youssef ziedan", name("youssef zi?e?dan|يوسف زيدان")),
    (E, "ghassan kanafani", name("kanafani|غسان كنفاني")),
    (E, "kazantzakis", name("kazantzakis|καζαντζακης")),
    (E, "oidipous tyrannos", [(3, "οιδιπους τυραννος|oidipous tyrannos", ""), (2, "oedipus (rex|the king)", "")]),
    (E, "lysistrati", [(3, "λυσιστρατη|lysistrata", "")]),
    (E, "griboyedov", name("griboyedov|грибоедов")),
    (E, "hristo botev", [(3, "христо ботев", ""), (3, "", "botev|христо ботев")]),
    (E, "epopeya na zabravenite", [(3, "епопея на забравените", "")]),
    (E, "azuma kiyohiko", name("あすま きよひこ|azuma,? kiyohiko|kiyohiko azuma")),
    (E, "matsumoto yukihiro", name("まつもと ?ゆきひろ|matsumoto,? yukihiro|yukihiro matsumoto")),
]
