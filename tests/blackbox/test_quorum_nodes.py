"""The quorum where several nodes serve one shop."""
from shop import EMMA, Node, Shop
from test_nodes import cluster_url
from test_quorum import ORIGIN, policy, rate, size, vkeys
from witnesses import Liar, Witness

OTHERS = True  # see run.py

# The same on both engines: once is enough.
OWN_POSTGRES = True


def test_the_next_node_takes_the_candidate_up():
    """Two nodes, a witness that is away: what waits for it waits for whoever leads, and
    who asked the other node is not kept waiting for ever."""
    with Shop(database=cluster_url()) as one, Node(one, "two") as two:
        one.serve()
        two.serve()
        ann, bob, work = one.reader("ann"), one.reader("bob"), one.work(EMMA)
        with Witness(one.base, "one.example", vkeys(one)) as w, Liar(w) as liar:
            one.ok("policy", "set", policy(one, [(w, liar.url)]))
            assert rate(two, 3, ann).status < 300
            voices = size(one, "/voices")
            liar.how = "dead"
            answer = rate(two, 5, bob)
            assert answer.status == 503, answer.text
            assert size(one, "/voices") == size(two, "/voices") == voices
            assert two.api("GET", "/us/works/%d" % work).json()["rating"]["count"] == 1
            one.kill()
            liar.how = "honest"
            two.until(lambda: size(two, "/voices") == voices + 1, "the next leader", 20)
            assert w.size(ORIGIN + "/voices") == voices + 1
            two.until(lambda: two.api("GET", "/us/works/%d" % work).json()["rating"]["count"] == 2, "its effect")
            assert rate(two, 5, bob).status < 300 and size(two, "/voices") == voices + 1
            assert two.audit()[0] == 0
