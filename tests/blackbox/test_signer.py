"""The process that has the key: it signs what continues what it signed before and nothing
else, whoever asks. Dead, slow or lying, it stops new entries, and neither pages nor lifts."""
import base64
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import threading

from shop import COLOPHON, EMMA, POSTGRES, SLOWNESS, Node, Shop, Skipped, run
from test_keys import entries, key_id, rate, signers, vkeys
from test_quorum import ORIGIN, policy
from watcher import Watcher
from witnesses import Liar, Witness, sizes_cosigned

OTHERS = True  # see run.py


class Signer:
    """`colophon signer serve` with the shop's key, which is no more in the shop's folder."""

    def __init__(self, shop):
        self.place = tempfile.mkdtemp(prefix="signer-", dir="/tmp")  # a socket's path is short
        self.key, self.socket = os.path.join(self.place, "key"), os.path.join(self.place, "socket")
        shutil.move(os.path.join(shop.dir, "key"), self.key)
        self.process = None

    def start(self, crash=""):
        self.process = subprocess.Popen([COLOPHON, "signer", "serve", "--key-file", self.key, "--socket", self.socket],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "COLOPHON_CRASH": crash})
        line = self.process.stdout.readline().decode()
        assert line.strip() == self.socket, line + self.process.stderr.read().decode()
        return self

    def stop(self, how=signal.SIGTERM):
        if self.process:
            process, self.process = self.process, None
            process.send_signal(how)
            process.communicate(timeout=20 * SLOWNESS)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.place)

    def ask(self, question):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(30 * SLOWNESS)
            s.connect(self.socket)
            try:
                s.sendall(question if isinstance(question, bytes) else question.encode())
                s.shutdown(socket.SHUT_WR)
            except OSError:  # it hung up before the end
                pass
            out = b""
            while True:
                try:
                    part = s.recv(65536)
                except ConnectionResetError:
                    return out.decode()
                if not part:
                    return out.decode()
                out += part


class Fake:
    """Something else at the signer's socket."""

    def __init__(self, path, answer):
        self.path, self.answer, self.held = path, answer, []
        if os.path.exists(path):
            os.unlink(path)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(path)
        self.socket.listen(16)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                one, _ = self.socket.accept()
            except OSError:
                return
            self.held.append(one)
            if self.answer is not None:
                try:
                    one.sendall(self.answer)
                except OSError:
                    pass
                one.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for one in self.held:
            one.close()
        os.unlink(self.path)


def head(shop, log=""):
    return shop.get("/record%s/checkpoint" % log).text


def lifted(shop, restriction):
    shop.ok("restriction", "lift", str(restriction), "--reason", "Over.")
    return shop.until(lambda: "/record/restrictions/%d" % restriction not in shop.get("/us/books/" + EMMA).text, "the lift")


def test_a_signer_that_is_dead_slow_or_lies():
    with Shop() as shop, Signer(shop) as signer:
        shop.serve("--signer", signer.socket)
        ann, save = shop.reader("ann"), os.path.join(shop.base, "head.json")
        assert rate(shop, 3, ann).status == 200
        assert stat.S_IMODE(os.stat(signer.socket).st_mode) == 0o600
        held = [shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", f)["id"] for f in ("reviews", "ratings", "comments")]
        assert shop.audit("--save", save)[0] == 0 and shop.ok("record", "verify")
        with open(signer.key + ".signed", encoding="utf-8") as f:
            kept = f.read().split("\n\n")
        assert kept[0] + "\n" == head(shop).split("\n\n")[0] + "\n" and kept[1] == head(shop, "/voices").split("\n\n")[0].strip("\n")
        status, _, err = run("signer", "serve", "--key-file", signer.key, "--socket", signer.socket + "2")
        assert status == 1 and "another signer" in err, err
        # Dead.
        signer.stop(signal.SIGKILL)
        shown = shop.api("GET", "/us/works/%d" % shop.work(EMMA)).text
        assert rate(shop, 1, ann).status == 503
        shop.until(lambda: shop.get("/readyz").json()["signs"] is False, "health")
        assert signer.socket in shop.get("/readyz").json()["why"]
        lifted(shop, held[0])
        assert shop.get("/us/").status == 200
        # It comes back, and dies between what it writes and what it answers.
        for crash in ("signer-checked", "signer-kept"):
            signer.start(crash)
            shop.until(lambda: signer.process.poll() is not None, crash)
            signer.process = None
            assert rate(shop, 1, ann).status == 503
        # Slow, lying, with another's key, without an end.
        for said in (None, b"", b"ok\n", b"ok\n\xe2\x80\x94 books.example " + base64.b64encode(b"x" * 68) + b"\n", b"at\n0\n", b"at\n900\n",
                     b"no\nnever\n", b"x" * 200000):
            with Fake(signer.socket, said):
                assert rate(shop, 1, ann).status == 503, said
                assert shop.api("GET", "/us/works/%d" % shop.work(EMMA)).status == 200
        lifted(shop, held[1])
        signer.start()
        shop.until(lambda: rate(shop, 5, ann).status == 200, "the signer is back")
        shop.until(lambda: shop.get("/readyz").json()["signs"] is True, "health")
        lifted(shop, held[2])
        status, out, err = shop.audit("--save", save)
        assert status == 0, out + err
        # What was tried meanwhile is there once at most, and shown.
        listed = {r["id"]: r for r in shop.api("GET", "/restrictions").json()["restrictions"]}
        assert all(listed[i]["state"] == "lifted" and not listed[i].get("lift_pending") for i in held)
        shop.stop()
        # A server dies; one without the signer and the key signs nothing.
        shop.serve()
        assert rate(shop, 2, ann).status == 503
        shop.kill()
        shop.serve("--signer", signer.socket)
        assert rate(shop, 2, ann).status == 200 and shown


def test_whoever_takes_the_server_over_cannot_fork():
    with Shop() as shop, Signer(shop) as signer:
        shop.serve("--signer", signer.socket)
        ann = shop.reader("ann")
        assert rate(shop, 3, ann).status == 200 and rate(shop, 4, ann).status == 200
        keys, before = vkeys(shop), head(shop, "/voices")
        name, size, root = before.split("\n")[:3]
        other = base64.b64encode(b"y" * 32).decode()
        sign = lambda text, old=size, proof="", key=keys[1], also="-": signer.ask("sign\n%s\n%s\n%s\n%s\n%s" % (key, also, old, proof, text))
        text = lambda s, r, n=name: "%s\n%s\n%s\n" % (n, s, r)
        assert signer.ask("keys\n").split("\n") == ["ok", *keys, ""]
        assert sign(text(size, root)).startswith("ok\n\u2014 " + name), "the same again is no other"
        for asked, word in [
            (sign(text(size, other)), "no\nanother tree"),
            (sign(text(3, other)), "no\nit does not continue"),
            (sign(text(3, other), proof=other + "\n"), "no\nit does not continue"),
            (sign(text(1, root)), "no\n2 entries were signed"),
            (sign(text(1, root), old=1), "at\n2"),
            (sign(text(3, other), old=0), "at\n2"),
            (sign(text(size, root) + "more\n"), "no\n"),
            (sign(text(size, root, "books.example")), "no\n"),
            (sign("colophon/key/v1\nbooks.example\n3\nx\ny\n"), "no\n"),
            (sign(text(size, root), key=keys[0]), "no\n"),
            (sign(text(size, root), also=keys[0]), "no\nthat key is not here"),
            (sign(text(size, root), proof="x\n"), "no\nthe proof"),
            (signer.ask("hand-over\n%s\n2\n%s\n%s\n" % (name, keys[1], keys[0])), "no\nthese are not"),
            (signer.ask("private\n"), "no\n"), (signer.ask(b"\xff\n" * 9), "no\n"), (signer.ask("x" * 100000), ""),
            (signer.ask(""), "no\n"), (signer.ask("sign\n" + "\n" * 400), "no\n"),
        ]:
            assert asked.startswith(word) and "\u2014" not in asked, (word, asked)
        # One that says nothing holds nobody up for longer than its time.
        with socket.socket(socket.AF_UNIX) as silent:
            silent.connect(signer.socket)
            shop.until(lambda: rate(shop, 5, ann).status == 200, "its turn")
        # A backup is restored: what was signed since is not in it.
        if not shop.database:
            shop.stop()
            old = os.path.join(shop.base, "old")
            subprocess.run(["cp", "-a", shop.dir, old], check=True)
            shop.serve("--signer", signer.socket)
            assert rate(shop, 1, ann).status == 200
            shop.stop()
            second = Shop.__new__(Shop)
            second.base, second.dir, second.server, second.env, second.database = shop.base, old, None, {}, None
            second.serve("--signer", signer.socket)
            assert rate(second, 2, ann).status == 503
            second.until(lambda: second.get("/readyz").json()["signs"] is False, "health")
            second.stop()
            shop.serve("--signer", signer.socket)
            assert rate(shop, 3, ann).status == 200 and shop.audit()[0] == 0


def test_a_signer_goes_over_to_a_new_key():
    with Shop() as shop, Signer(shop) as signer:
        shop.serve("--signer", signer.socket)
        ann = shop.reader("ann")
        assert rate(shop, 3, ann).status == 200
        old = vkeys(shop)
        status, _, err = shop.run("key", "rotate", "--signer", signer.socket)
        assert status == 1 and "prepare" in err, err
        new = shop.ok("key", "prepare", "--key-file", signer.key).split()
        assert shop.ok("key", "rotate", "--signer", signer.socket).split()[:2] == new == vkeys(shop)
        assert signers(shop, "/voices") == [key_id(old[1]), key_id(new[1])]
        assert rate(shop, 4, ann).status == 200 and signers(shop, "/voices") == [key_id(new[1])]
        assert not os.path.exists(signer.key + ".next") and os.path.exists(signer.key + ".retired-" + key_id(old[0]))
        assert signer.ask("keys\n").split("\n") == ["ok", *new, ""], "the old key signs no more"
        assert len(entries(shop, "key")) == 2
        status, out, err = shop.audit("--vkey", old[0])
        assert status == 0, out + err


def test_a_key_made_elsewhere_goes_to_the_signer():
    """`key rotate --new-key FILE --signer SOCKET`: the key lies beside the signer's, or nothing has happened."""
    with Shop() as shop, Signer(shop) as signer:
        shop.serve("--signer", signer.socket)
        ann = shop.reader("ann")
        second, third = (os.path.join(shop.base, name) for name in ("second", "third"))
        for place in second, third:
            assert run("-d", place, "init", "--origin", "books.example")[0] == 0
        key, other = (os.path.join(place, "key") for place in (second, third))
        rotate = ["key", "rotate", "--new-key", key, "--signer", signer.socket]
        status, _, err = shop.run(*rotate)
        assert status == 2 and "--key-file" in err, (status, err)
        assert not os.path.exists(os.path.join(shop.dir, "key.next")), "beside the shop's key nobody looks"
        # Of two keys the signer goes over to none but the one that is asked for.
        lost = os.path.join(shop.base, "lost")
        shutil.copy(signer.key, lost)
        shop.ok("key", "prepare", "--new-key", other, "--key-file", signer.key)
        old = vkeys(shop)
        status, _, err = shop.run(*rotate, "--key-file", lost)
        assert status == 1 and "another key" in err and vkeys(shop) == old, err
        os.remove(signer.key + ".next")
        os.remove(lost + ".next")
        new = shop.ok(*rotate, "--key-file", signer.key).split()[:2]
        assert new == vkeys(shop)
        assert rate(shop, 4, ann).status == 200 and signers(shop, "/voices") == [key_id(new[1])]
        assert signer.ask("keys\n").split() == ["ok", *new]
        assert not os.path.exists(os.path.join(shop.dir, "key")), "the shop's folder has none"
        audit = shop.audit("--vkey", old[0])
        assert audit[0] == 0, audit


def test_a_signer_and_witnesses_together():
    """Each entry needs both; whichever of them is away, and whoever dies in between, all of it goes on after."""
    with Shop() as shop, Signer(shop) as signer:
        shop.serve("--signer", signer.socket)
        ann, bob, save = shop.reader("ann"), shop.reader("bob"), os.path.join(shop.base, "head.json")
        assert rate(shop, 3, ann).status == 200
        old = vkeys(shop)
        with Witness(shop.base, "one.example", old) as one, Liar(one) as liar:
            path = policy(shop, [(one, liar.url)])
            shop.ok("policy", "set", path)
            held = [shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", f)["id"] for f in ("reviews", "ratings")]
            assert rate(shop, 4, ann).status == 200
            for log in ("", "/voices"):
                assert sizes_cosigned(head(shop, log), one.name) == 1 and one.size(ORIGIN + log) == int(head(shop, log).split("\n")[1])
            assert shop.audit("--save", save, "--policy", path)[0] == 0
            # The witness is away: the signer has signed what nobody may see yet.
            liar.how = "dead"
            voices = head(shop, "/voices")
            assert rate(shop, 5, ann).status == 503 and head(shop, "/voices") == voices
            lifted(shop, held[0])
            # Then the signer, too; and the server dies over it.
            signer.stop(signal.SIGKILL)
            shop.kill()
            liar.how = "honest"
            shop.serve("--signer", signer.socket, wait=False)
            assert rate(shop, 2, ann).status == 503 and head(shop, "/voices") == voices
            assert shop.get("/us/books/" + EMMA).status == 200
            signer.start()
            shop.until(lambda: shop.get("/readyz").json()["signs"] is True, "health")
            shop.until(lambda: rate(shop, 2, ann).status == 200, "both are back")
            assert one.size(ORIGIN + "/voices") == int(head(shop, "/voices").split("\n")[1])
            # It goes over to another key, which the policy names and the witness is told of.
            new = shop.ok("key", "prepare", "--key-file", signer.key).split()
            status, _, err = shop.run("key", "rotate", "--signer", signer.socket)
            assert status == 1 and "log " + new[0] in err, err
            with open(path, encoding="utf-8") as f:
                shop.ok("policy", "set", shop.file("both", "".join("log %s\n" % k for k in new) + f.read()))
            assert shop.ok("key", "rotate", "--signer", signer.socket).split()[:2] == new == vkeys(shop)
            assert rate(shop, 1, bob).status == 200 and signers(shop, "/voices") == [key_id(new[1])]
            assert sizes_cosigned(head(shop, "/voices"), one.name) == 1
            lifted(shop, held[1])
            shop.ok("record", "verify")
            for known in (["--save", save], ["--vkey", old[0]]):
                status, out, err = shop.audit("--policy", path, *known)
                assert status == 0, out + err


def test_nodes_with_one_signer_take_over():
    if not POSTGRES:
        raise Skipped("several nodes need PostgreSQL")
    with Shop() as one, Signer(one) as signer, Node(one, "two", key=False) as two:
        one.serve("--signer", signer.socket)
        two.serve("--signer", signer.socket)
        ann, bob = one.reader("ann"), one.reader("bob")
        with Watcher(one) as watcher:
            assert rate(one, 3, ann).status == 200 and rate(two, 4, ann).status == 200
            # One that is stopped in its tracks wakes up when another leads.
            one.server.send_signal(signal.SIGSTOP)
            try:
                two.until(lambda: rate(two, 5, ann).status == 200, "the other node to lead", seconds=20)
            finally:
                one.server.send_signal(signal.SIGCONT)
            assert rate(one, 2, ann).status == 200
            # The signer is away for both; who died over it leaves what waits to the other.
            signer.stop(signal.SIGKILL)
            assert rate(one, 3, bob).status == 503 and rate(two, 3, bob).status == 503
            two.kill()
            signer.start()
            one.until(lambda: rate(one, 4, bob).status == 200, "the signer is back", seconds=20)
        watcher.check(one)
        status, out, err = one.audit()
        assert status == 0, out + err
