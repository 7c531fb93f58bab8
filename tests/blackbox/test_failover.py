"""A database of two machines under Patroni and etcd, and what becomes of readers when
one of them dies; a network that swallows everything; a database that is slow."""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

from postgres import Cluster, make_database, open_place, programs, psql
from shop import EMMA, POSTGRES, SAMPLES, SLOWNESS, Node, Shop, Skipped
from watcher import Watcher, Writing, accepted

OTHERS = True  # see run.py


# The same on both engines: once is enough.
OWN_POSTGRES = True


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Patroni:
    """Two members, the second a synchronous standby, and one etcd."""

    def __init__(self):
        if shutil.which("patroni") is None or shutil.which("etcd") is None:
            raise Skipped("Patroni or etcd is absent")
        try:
            self.bin = programs()
        except FileNotFoundError as absent:
            raise Skipped(str(absent)) from None
        self.dir = tempfile.mkdtemp(prefix="colophon-ha-", dir=open_place())
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self.as_user:
            shutil.chown(self.dir, "postgres")
        self.etcd, peer = free_port(), free_port()
        self.running = {}
        self.start("etcd", "etcd", "--data-dir", os.path.join(self.dir, "etcd"), "--listen-client-urls", "http://127.0.0.1:%d" % self.etcd,
                   "--advertise-client-urls", "http://127.0.0.1:%d" % self.etcd, "--listen-peer-urls", "http://127.0.0.1:%d" % peer,
                   "--initial-advertise-peer-urls", "http://127.0.0.1:%d" % peer, "--initial-cluster", "default=http://127.0.0.1:%d" % peer)
        self.members = {name: (free_port(), free_port()) for name in ("a", "b")}
        for name in self.members:
            self.configure(name)
            self.start(name, "patroni", os.path.join(self.dir, name + ".json"))
            self.until(lambda: self.role(name) in ("master", "primary", "replica"), "member " + name)
        self.until(lambda: "sync_standby" in self.told(self.primary(), "cluster"), "the synchronous standby")

    def start(self, name, program, *args):
        log = open(os.path.join(self.dir, name + ".log"), "ab")
        self.running[name] = subprocess.Popen([*self.as_user, program, *args], cwd="/", stdout=log, stderr=log,
                                              stdin=subprocess.DEVNULL, start_new_session=True)
        log.close()

    def configure(self, name):
        rest, port = self.members[name]
        settings = {
            "scope": "colophon", "name": name,
            "restapi": {"listen": "127.0.0.1:%d" % rest, "connect_address": "127.0.0.1:%d" % rest},
            "etcd3": {"host": "127.0.0.1:%d" % self.etcd},
            "bootstrap": {"dcs": {"ttl": 20, "loop_wait": 1, "retry_timeout": 3, "maximum_lag_on_failover": 1 << 20, "synchronous_mode": True,
                                  "synchronous_mode_strict": True, "master_start_timeout": 0, "primary_start_timeout": 0,
                                  "postgresql": {"parameters": {"max_connections": 100, "shared_buffers": "64MB"}}},
                          "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, {"auth": "trust"}],
                          "pg_hba": ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]},
            "postgresql": {"listen": "127.0.0.1:%d" % port, "connect_address": "127.0.0.1:%d" % port, "bin_dir": self.bin,
                           "data_dir": os.path.join(self.dir, "data-" + name), "pgpass": os.path.join(self.dir, "pgpass-" + name),
                           "parameters": {"unix_socket_directories": self.dir},
                           # A primary that is killed may have written what its standby never got: it comes back without that.
                           "use_pg_rewind": True, "remove_data_directory_on_rewind_failure": True,
                           "remove_data_directory_on_diverged_timelines": True,
                           "authentication": {"superuser": {"username": "postgres"}, "replication": {"username": "replicator"}}},
        }
        with open(os.path.join(self.dir, name + ".json"), "w", encoding="utf-8") as f:
            json.dump(settings, f)

    def told(self, name, path=""):
        try:
            with urllib.request.urlopen("http://127.0.0.1:%d/%s" % (self.members[name][0], path), timeout=5) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as told:
            return told.read().decode()
        except OSError:
            return "{}"

    def role(self, name):
        told = json.loads(self.told(name, "patroni") or "{}")
        return told.get("role") if told.get("state") == "running" else None

    def primary(self):
        for name in self.members:
            if self.role(name) in ("master", "primary"):
                return name
        return None

    def until(self, condition, what, seconds=60):
        end = time.time() + seconds * SLOWNESS
        while time.time() < end:
            if condition():
                return
            time.sleep(0.1)
        raise AssertionError("%s did not come; %s" % (what, self.logs()))

    def logs(self):
        return "\n".join(open(os.path.join(self.dir, n + ".log"), errors="replace").read()[-1500:] for n in self.running)

    def url(self, database):
        hosts = ",".join("127.0.0.1:%d" % port for _, port in self.members.values())
        return "postgresql://postgres@%s/%s?target_session_attrs=read-write" % (hosts, database)

    def kill_postgres(self, name):
        with open(os.path.join(self.dir, "data-" + name, "postmaster.pid"), encoding="utf-8") as f:
            os.kill(int(f.readline()), signal.SIGKILL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name, process in reversed(self.running.items()):
            if process.poll() is None:
                process.send_signal(signal.SIGINT if name != "etcd" else signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        subprocess.run(["pkill", "-9", "-f", self.dir + "/data-"], check=False)
        shutil.rmtree(self.dir, ignore_errors=True)


def shop_at(url):
    """A shop in a database whose URL is not simple enough to make others from."""
    shop = Shop(database=False, samples=False)
    shop.dir = os.path.join(shop.base, "node")
    shop.ok("init", "--origin", "books.example", "--database", url)
    shop.ok("storefront", "add", "us", "--unresearched", "sell", "--country", "US", "--language", "en", "--currency", "USD")
    shop.ok("shop", "add", "main", "--name", "Riverside")
    shop.ok("import", "--shop", "main", os.path.join(SAMPLES, "classics.xml"))
    return shop


def check_all(shop, watcher, *writings):
    watcher.check(shop)
    assert accepted(shop) >= sum(w.given for w in writings)
    for w in writings:
        w.node.until(lambda: w.rate(w.given % 5 + 1), "a rating at last", seconds=30)
    status, out, err = shop.audit()
    assert status == 0, out + err


def test_the_primary_is_killed_and_its_standby_promoted():
    with Patroni() as cluster:
        psql("postgresql://postgres@127.0.0.1:%d/postgres" % cluster.members[cluster.primary()][1], "CREATE DATABASE books")
        with shop_at(cluster.url("books")) as one:
            with Node(one, "two", database=cluster.url("books")) as two:
                one.serve()
                two.serve()
                work = one.work(EMMA)
                page = "/us/books/" + EMMA
                with Watcher(one, two) as watcher, Writing(one, one.reader("ann"), work) as ann, Writing(two, two.reader("bob"), work) as bob:
                    one.until(lambda: ann.given > 3 and bob.given > 3, "ratings")
                    assert one.get(page).status == 200
                    for _ in range(2):  # there and back
                        before, failed = cluster.primary(), 0
                        cluster.until(lambda: "sync_standby" in cluster.told(before, "cluster"), "a standby")
                        counts = ann.given, bob.given
                        cluster.kill_postgres(before)
                        # What a reader has seen before is there all the time.
                        for _ in range(50):
                            failed += one.get(page).status != 200
                            time.sleep(0.02)
                        assert failed == 0, failed
                        cluster.until(lambda: cluster.primary() not in (None, before), "another primary")
                        one.until(lambda: ann.given > counts[0] + 3 and bob.given > counts[1] + 3, "ratings afterwards", seconds=60)
                check_all(one, watcher, ann, bob)


class Wire:
    """What lies between a node and its database: whole, slow, or cut without a word."""

    def __init__(self, port, host="127.0.0.1"):
        self.target, self.cut, self.delay = port, False, 0.0
        self.listener = socket.create_server((host, 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near = self.listener.accept()[0]
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(source, sink), daemon=True).start()

    def carry(self, source, sink):
        try:
            while True:
                data = source.recv(65536)
                while self.cut:
                    time.sleep(0.05)
                if self.delay:
                    time.sleep(self.delay)
                if not data:
                    break
                sink.sendall(data)
        except OSError:
            pass
        for s in (source, sink):
            s.close()


def wired():
    """A database, and the wire to it."""
    if POSTGRES:
        url = POSTGRES
    else:
        try:
            wired.cluster = Cluster()
        except FileNotFoundError as absent:
            raise Skipped(str(absent)) from None
        url = wired.cluster.url
    database = make_database(url)
    port = int(database.split(":")[-1].split("/")[0])
    wire = Wire(port)
    return database, database.replace(":%d/" % port, ":%d/" % wire.port), wire


def test_a_network_that_swallows_everything():
    """The node that signs is cut off, its turn to write half done; the other takes over,
    and the first one, back again, signs nothing of its own."""
    direct, through, wire = wired()
    with shop_at(through) as one:
        with Node(one, "two", database=direct) as two:
            one.serve()
            work, page = one.work(EMMA), "/us/books/" + EMMA
            ann_token = one.reader("ann")
            two.serve()
            bob_token = two.reader("bob")
            with Watcher(one, two) as watcher, Writing(one, ann_token, work) as ann, Writing(two, bob_token, work) as bob:
                one.until(lambda: ann.given > 3 and bob.given > 3, "ratings")
                assert one.get(page).status == 200
                for _ in range(2):
                    before = bob.given
                    wire.cut = True
                    two.until(lambda: bob.given > before + 3, "ratings through the other node", seconds=30)
                    assert one.get(page).status == 200 and one.get("/healthz").status == 200
                    wire.cut = False
                    before = ann.given
                    one.until(lambda: ann.given > before + 3, "ratings through the node that was cut off", seconds=30)
            check_all(two, watcher, ann, bob)


class Cable:
    """A network of its own for one node, with one cable to the rest of the world."""

    def __init__(self):
        if os.getuid() != 0 or shutil.which("ip") is None:
            raise Skipped("only root can lay a cable, with iproute2")
        tag = "%04x" % (os.getpid() & 0xffff)
        self.space, self.here, self.there = "colophon" + tag, "cn" + tag + "a", "cn" + tag + "b"
        third = os.getpid() % 250 + 1
        self.near, self.far = "10.213.%d.1" % third, "10.213.%d.2" % third
        try:
            self.ip("netns", "add", self.space)
        except subprocess.CalledProcessError as refused:
            raise Skipped("no network of its own can be made here") from refused
        self.ip("link", "add", self.here, "type", "veth", "peer", "name", self.there, "netns", self.space)
        self.ip("addr", "add", self.near + "/24", "dev", self.here)
        self.ip("link", "set", self.here, "up")
        for args in (("addr", "add", self.far + "/24", "dev", self.there), ("link", "set", self.there, "up"), ("link", "set", "lo", "up")):
            self.ip("-n", self.space, *args)

    def ip(self, *args):
        subprocess.run(["ip", *args], check=True, capture_output=True)

    def pull(self):
        self.ip("link", "set", self.here, "down")

    def plug(self):
        self.ip("link", "set", self.here, "up")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ip("netns", "del", self.space)


def test_the_cable_of_the_node_that_signs_is_pulled():
    with Cable() as cable:
        direct, _, wire = wired()
        wire = Wire(wire.target, cable.near)
        with shop_at(direct) as two, Node(two, "one", database=direct.replace("127.0.0.1:%d" % wire.target, "%s:%d" % (cable.near, wire.port))) as one:
            one.host, one.before = cable.far, ["ip", "netns", "exec", cable.space]
            one.serve()
            work, page = one.work(EMMA), "/us/books/" + EMMA
            ann_token = one.reader("ann")
            two.serve("--key-file", os.path.join(two.dir, "key"))
            bob_token = two.reader("bob")
            with Watcher(two) as watcher, Writing(one, ann_token, work) as ann, Writing(two, bob_token, work) as bob:
                one.until(lambda: ann.given > 3 and bob.given > 3, "ratings")
                before = bob.given
                cable.pull()
                two.until(lambda: bob.given > before + 3, "ratings through the other node", seconds=40)
                cable.plug()
                before = ann.given
                one.until(lambda: one.get(page).status == 200 and ann.given > before + 3, "ratings through the node that was cut off", seconds=60)
                watcher.look(one)
            check_all(two, watcher, ann, bob)


def test_a_slow_database_makes_nothing_wrong():
    direct, through, wire = wired()
    with shop_at(through) as one:
        with Node(one, "two", database=direct) as two:
            one.serve()
            two.serve()
            work, page = one.work(EMMA), "/us/books/" + EMMA
            with Watcher(one, two) as watcher, Writing(one, one.reader("ann"), work) as ann, Writing(two, two.reader("bob"), work) as bob:
                one.until(lambda: ann.given > 3 and bob.given > 3, "ratings")
                assert one.get(page).status == 200
                wire.delay = 0.15  # each way, each packet
                before = ann.given, bob.given
                one.until(lambda: ann.given > before[0] and bob.given > before[1], "ratings, slowly", seconds=60)
                wire.delay = 0.0
            check_all(two, watcher, ann, bob)


def test_a_full_database_refuses_and_goes_on_afterwards():
    if os.getuid() != 0:
        raise Skipped("only root can mount a small disk")
    place = tempfile.mkdtemp(prefix="colophon-full-", dir=open_place())
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=220m,mode=0777", "tmpfs", place], check=False, capture_output=True).returncode != 0:
        os.rmdir(place)
        raise Skipped("no small disk can be mounted here")
    try:
        try:
            of = Cluster(place=place)
        except FileNotFoundError as absent:
            raise Skipped(str(absent)) from None
        with Shop(database=of.url) as shop:
            shop.serve()
            token, work = shop.reader("ann"), shop.work(EMMA)
            assert shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 4}, token).status == 200
            with Watcher(shop) as watcher:
                with open(os.path.join(place, "fill"), "wb") as f:
                    try:
                        while True:
                            f.write(b"\0" * (1 << 20))
                    except OSError:
                        pass
                sizes = psql(shop.database, "SELECT COUNT(*) FROM entry")
                refusals = []

                def refused():
                    answer = shop.api("PUT", "/us/works/%d/rating" % work, {"stars": len(refusals) % 5 + 1}, token)
                    refusals.append(answer.status)
                    return answer.status in (500, 503)
                shop.until(refused, "a refusal", seconds=120)
                assert int(sizes) > 0 and shop.get("/healthz").status == 200
                os.unlink(os.path.join(place, "fill"))
                # Where its log could not be written, PostgreSQL went down; its keeper starts it again.
                if subprocess.run([*of.as_user, os.path.join(of.bin, "pg_ctl"), "-D", of.data, "status"], cwd="/", capture_output=True).returncode != 0:
                    of.call("pg_ctl", "-D", of.data, "-w", "-l", os.path.join(of.dir, "log"), "start")
                shop.until(lambda: shop.api("PUT", "/us/works/%d/rating" % work, {"stars": 5}, token).status == 200, "a rating", seconds=60)
            watcher.check(shop)
            assert accepted(shop) >= 2 + refusals.count(200)
            assert shop.audit()[0] == 0
        of.stop()
    finally:
        subprocess.run(["umount", "-l", place], check=False)
        os.rmdir(place)


# They wait more than they work; once in a run, without sanitizers.
for test in (test_the_primary_is_killed_and_its_standby_promoted, test_a_network_that_swallows_everything,
             test_the_cable_of_the_node_that_signs_is_pulled, test_a_slow_database_makes_nothing_wrong,
             test_a_full_database_refuses_and_goes_on_afterwards):
    test.slow = True
