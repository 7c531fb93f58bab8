"""Witnesses for tests: our own, the real binary on a folder of its own; and ones that
stand in front of such a one and are slow, dead, or lie."""
import base64
import hashlib
import http.client
import http.server
import os
import re
import signal
import subprocess
import tempfile
import threading
import time

from shop import COLOPHON, SLOWNESS, Answer, run

EMPTY = hashlib.sha256(b"").digest()


class Witness:
    def __init__(self, base, name="witness.example/w", logs=(), env=None):
        self.dir = tempfile.mkdtemp(prefix="witness-", dir=base)
        status, out, err = run("witness", "key", name, "--state", self.dir)
        assert status == 0, err
        self.name, self.vkey, self.server, self.logs, self.env = name, out.strip(), None, list(logs), env or {}
        self.port = 0

    def serve(self, env=None):
        self.server = subprocess.Popen(
            [COLOPHON, "witness", "serve", "--listen", "127.0.0.1:%d" % self.port, "--state", self.dir,
             *[x for log in self.logs for x in ("--log", log)]],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **self.env, **(env or {})})
        line = self.server.stdout.readline().decode()
        if not line:
            raise AssertionError("witness serve: " + self.server.stderr.read().decode())
        self.url = line.strip()
        self.port = int(self.url.rsplit(":", 1)[1])
        return self

    def __enter__(self):
        return self if self.server else self.serve()

    def __exit__(self, *_):
        self.stop()

    def stop(self, how=signal.SIGTERM):
        if self.server is None:
            return
        server, self.server = self.server, None
        server.send_signal(how)
        said = server.communicate(timeout=20 * SLOWNESS)[1].decode("utf-8", "replace")
        assert how == signal.SIGKILL or server.returncode == 0, said

    def kill(self):
        self.stop(signal.SIGKILL)

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30 * SLOWNESS)
        connection.request(method, path, body=body)
        response = connection.getresponse()
        answer = Answer(response, response.read())
        connection.close()
        return answer

    def add(self, old, proof, note):
        return self.ask("POST", "/add-checkpoint", add_body(old, proof, note))

    def kept(self, origin):
        """The checkpoint it keeps of this log; None before the first."""
        answer = self.ask("GET", "/%s/checkpoint" % hashlib.sha256(origin.encode()).hexdigest())
        assert answer.status in (200, 404), answer.text
        return answer.text if answer.status == 200 else None

    def size(self, origin):
        note = self.kept(origin)
        return int(note.split("\n")[1]) if note else 0


def add_body(old, proof, note):
    return ("old %d\n%s\n%s" % (old, "".join(base64.b64encode(h).decode() + "\n" for h in proof), note)).encode()


def leaves(shop, log=""):
    """The leaf hashes of a log as it is served."""
    size = int(shop.get("/record%s/checkpoint" % log).text.split("\n")[1])
    return shop.get("/record%s/tile/0/000.p/%d" % (log, size)).body, size


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def root(v):
    if len(v) < 2:
        return v[0] if v else EMPTY
    k = split(len(v))
    return hashlib.sha256(b"\1" + root(v[:k]) + root(v[k:])).digest()


def consistency(m, v, whole=True):
    """RFC 6962, section 2.1.2."""
    if m == len(v):
        return [] if whole else [root(v)]
    k = split(len(v))
    if m <= k:
        return consistency(m, v[:k], whole) + [root(v[k:])]
    return consistency(m - k, v[k:], False) + [root(v[:k])]


class Liar:
    """Stands before a witness. `how` may be changed at any time:
    honest, dead (no answer), slow, garbage, endless, conflict (409 for ever),
    broken (a signature with a bit turned), refuse (403), error (500)."""

    def __init__(self, witness, how="honest"):
        self.witness, self.how, self.asked, self.bodies = witness, how, 0, []
        liar = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                liar.asked += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                liar.bodies.append(body)
                try:
                    liar.answer(self, self.path, body)
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def send(self, handler, status, body, kind="text/plain"):
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def answer(self, handler, path, body):
        how = self.how
        if how == "dead":
            handler.connection.close()
        elif how == "slow":
            time.sleep(20)
        elif how == "garbage":
            self.send(handler, 200, b"\xff\0\r\n" * 50)
        elif how == "conflict":
            self.send(handler, 409, b"%d\n" % (self.asked % 3), "text/x.tlog.size")
        elif how == "refuse":
            self.send(handler, 403, b"no\n")
        elif how == "error":
            self.send(handler, 500, b"")
        elif how == "endless":
            handler.send_response(200)
            handler.end_headers()
            while True:
                handler.wfile.write(b"x" * 65536)
        else:
            said = self.witness.ask("POST", path, body)
            out = said.body
            if how == "broken" and said.status == 200:
                line = said.text.rstrip("\n")
                head, coded = line.rsplit(" ", 1)
                raw = bytearray(base64.b64decode(coded))
                raw[-3] ^= 1
                out = ("%s %s\n" % (head, base64.b64encode(bytes(raw)).decode())).encode()
            self.send(handler, said.status, out, said.headers.get("Content-Type", "text/plain"))


def sizes_cosigned(note, name):
    return len(re.findall("^— %s " % re.escape(name), note, re.M))
