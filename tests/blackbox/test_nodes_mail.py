"""Letters of several nodes: the one that leads sends them, and whoever takes over sends
none again but the one that was on its way."""
import collections
import signal

from exim import Exim
from shop import Node, Shop
from test_following import book, bring, isbn
from test_mail import FROM, later, queue, until
from test_nodes import cluster_url, leader_of

OTHERS = True  # see run.py

# The same on both engines: once is enough.
OWN_POSTGRES = True

MANY = 60


def add_many(shop, name):
    """So many letters at once, like the first one."""
    shop.tamper("INSERT INTO letter (id, message_id, kind, account_id, recipient, language, content, entry_id, state, created, due, until,"
                " claimed, attempts, ended, reason) SELECT (SELECT MAX(id) FROM letter) + g, '%s.' || g || '@books.example', kind, account_id,"
                " '%s' || g || '@readers.example', language, '{}', 0, 'waiting', created, 0, until, 0, 0, 0, ''"
                " FROM letter, generate_series(1, %d) AS g WHERE id = 1" % (name, name, MANY))


def copies(exim, name):
    """How often each letter came, by its Message-ID; each recipient got his own."""
    came = [m for m in exim.letters() if m["Envelope-to"].startswith(name)]
    assert all(m["Message-ID"].split("@")[0].strip("<").replace(".", "") == m["Envelope-to"].split("@")[0] for m in came)
    return collections.Counter(m["Message-ID"] for m in came)


def all_came(shop, exim, name):
    until(shop, "state = 'sent' AND recipient LIKE '%s%%'" % name, "all letters", MANY)
    shop.until(lambda: len(copies(exim, name)) == MANY, "all letters in the mailbox", seconds=30)
    return sum(copies(exim, name).values()) - MANY


def test_no_letter_is_sent_twice_at_a_takeover():
    with Exim() as exim, Shop(samples=False, database=cluster_url()) as one, Node(one, "two") as two:
        one.ok("mail", "set", "--server", exim.server, "--from", FROM, "--url", "https://books.example/")
        one.serve(wait=False)
        queue(one, "first@readers.example")
        until(one, "state = 'sent'", "the first letter")
        two.serve(wait=False)
        # Both are there: each letter once.
        add_many(one, "both")
        assert all_came(one, exim, "both") == 0
        # The one that leads is killed in the midst of it: the other sends the rest. The letter
        # that was on its way may come twice, as the same letter.
        first = leader_of(one)
        add_many(one, "killed")
        one.until(lambda: len(copies(exim, "killed")) >= 1, "some letters", seconds=30)
        one.kill()
        again = all_came(one, exim, "killed")
        assert again <= 1, copies(exim, "killed")
        second = leader_of(one)
        assert second != first
        # It hangs, is taken for dead, and wakes up when the other has sent what was left.
        one.serve(wait=False)
        add_many(one, "stopped")
        one.until(lambda: len(copies(exim, "stopped")) >= 1, "some letters", seconds=30)
        two.server.send_signal(signal.SIGSTOP)
        try:
            one.until(lambda: leader_of(one) != second, "the other to lead", seconds=30)
            until(one, "state = 'sent' AND recipient LIKE 'stopped%'", "all letters but those it had", MANY - 1)
        finally:
            two.server.send_signal(signal.SIGCONT)
        assert all_came(one, exim, "stopped") <= 1, copies(exim, "stopped")


def test_news_is_told_once_at_a_takeover():
    with Exim() as exim, Shop(database=cluster_url()) as one, Node(one, "two") as two:
        one.serve()
        bring(one, book(1, "The First"))
        ann = one.reader("ann")
        assert one.api("PUT", "/following/contributor/%d" % one.edition(isbn(1))["contributors"][0]["id"], token=ann).status == 200
        one.stop()
        one.ok("mail", "set", "--server", exim.server, "--from", FROM, "--url", "https://books.example/")
        # So many readers, who follow what she does and want letters.
        many = " FROM %s, generate_series(1, %d) AS g"
        one.tamper("INSERT INTO account (id, email, name, password, role, created, language, confirmed)"
                   " SELECT id + g, 'news' || g || '@readers.example', name, password, role, created, language, 1" + many % ("account", MANY - 1),
                   "INSERT INTO follow (account_id, kind, target_id, after_edition, created) SELECT account_id + g, kind, target_id, after_edition, created" + many % ("follow", MANY - 1),
                   "INSERT INTO follower (account_id, feed, stop, storefront, root, mailed, told) SELECT account_id + g, 'f' || g, 's' || g, '', '', 0, told" + many % ("follower", MANY - 1),
                   "UPDATE follower SET storefront = 'us', root = '/us'", "UPDATE account SET confirmed = 1")
        bring(one, book(2, "The Second"))
        one.serve(env=later(3600), wait=False)
        two.serve(env=later(3600), wait=False)
        # The one that leads is killed in the midst of it: the other tells the rest, and nobody twice.
        until(one, "kind = 'news'", "some letters", 2)
        one.kill()
        until(one, "kind = 'news' AND state = 'sent'", "all letters", MANY)
        assert one.look("SELECT COUNT(*) FROM letter WHERE kind = 'news'") == str(MANY) == one.look("SELECT COUNT(DISTINCT account_id) FROM letter WHERE kind = 'news'")
