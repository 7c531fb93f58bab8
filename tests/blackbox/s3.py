"""Stores that speak S3, for tests: a tiny one of our own, which checks every
signature (AWS Signature Version 4) and misbehaves as it is told to, and npm's
s3rver, which others wrote."""
import hashlib
import hmac
import http.server
import os
import re
import shutil
import subprocess
import tempfile
import threading

from shop import ROOT, Skipped

ID, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def signature_is_right(handler, body):
    """Recomputes it from what came, as a store does."""
    said = handler.headers.get("Authorization", "")
    if not said.startswith("AWS4-HMAC-SHA256 "):
        return False
    parts = dict(part.strip().split("=", 1) for part in said[len("AWS4-HMAC-SHA256 "):].split(","))
    key_id, day, region, service, end = parts["Credential"].split("/")
    payload = handler.headers.get("x-amz-content-sha256", "")
    if payload != hashlib.sha256(body).hexdigest() or (key_id, service, end) != (ID, "s3", "aws4_request"):
        return False
    signed = parts["SignedHeaders"].split(";")
    if not {"host", "x-amz-date"} <= set(signed):
        return False
    canonical = "\n".join([
        handler.command, handler.path, "",
        *("%s:%s" % (name, " ".join(handler.headers.get(name, "").split())) for name in signed), "",
        parts["SignedHeaders"], payload])
    when = handler.headers["x-amz-date"]
    text = "\n".join(["AWS4-HMAC-SHA256", when, "/".join([day, region, service, end]),
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + SECRET).encode()
    for piece in (day, region, service, end, text):
        key = hmac.new(key, piece.encode(), hashlib.sha256).digest()
    return when.startswith(day) and hmac.compare_digest(key.hex(), parts["Signature"])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", code=None, headers=()):
        if code:
            body = b"<Error><Code>%s</Code><Message>no</Message></Error>" % code.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_one(self):
        store = self.server.store
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        store.asked.append((self.command, self.path))
        mode = store.mode
        if mode == "slow":
            store.released.wait(60)
            self.close_connection = True
            return
        if mode == "500":
            return self.answer(500, code="InternalError")
        if mode == "503":
            return self.answer(503, code="SlowDown")
        if mode == "redirect":
            return self.answer(307, headers=[("Location", "http://127.0.0.1:9/elsewhere")])
        if mode == "endless" and self.command == "GET":
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.end_headers()
            self.close_connection = True
            try:
                for _ in range(64):
                    self.wfile.write(b"x" * (1 << 20))
            except OSError:
                pass
            return
        if mode == "cut" and self.command == "GET":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b"half")
            self.close_connection = True
            return
        if not signature_is_right(self, body):
            return self.answer(403, code="SignatureDoesNotMatch")
        if not self.path.startswith("/books/"):
            return self.answer(404, code="NoSuchBucket")
        if self.command == "PUT":
            if mode != "forgets":
                store.files[self.path] = body
            return self.answer(200)
        if self.command == "DELETE":
            store.files.pop(self.path, None)
            return self.answer(204)
        if self.path not in store.files:
            return self.answer(404, code="NoSuchKey")
        body = b"another picture" if mode == "lies" else store.files[self.path]
        part = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        store.parts.append((int(part[1]), int(part[2]) + 1) if part else (0, len(body)))
        if mode == "tires":
            store.mode = "500"
        if part:
            return self.answer(206, body[int(part[1]):int(part[2]) + 1])
        return self.answer(200, body)

    do_GET = do_PUT = do_HEAD = do_DELETE = handle_one


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # its client had enough


class TinyS3:
    """mode: "" as it should be; "500", "503", "slow", "redirect", "endless", "cut",
    "lies" (other bytes), "forgets" (what was put), "tires" (one more answer, then "500"). parts: of
    what was read, from where to where."""
    key = {"AWS_ACCESS_KEY_ID": ID, "AWS_SECRET_ACCESS_KEY": SECRET}

    def __init__(self):
        self.files, self.asked, self.parts, self.mode = {}, [], [], ""
        self.released = threading.Event()
        self.port = 0
        self.start()

    def start(self):
        self.http = Server(("127.0.0.1", self.port), Handler)
        self.http.store = self
        self.port = self.http.server_address[1]
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def stop(self):
        self.released.set()
        self.http.shutdown()
        self.http.server_close()

    def address(self, prefix="shop"):
        return "s3://books/%s?endpoint=http://127.0.0.1:%d&region=eu-west-3" % (prefix, self.port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class S3rver:
    """npm's, out of tests/s3."""
    key = {"AWS_ACCESS_KEY_ID": "S3RVER", "AWS_SECRET_ACCESS_KEY": "S3RVER"}

    def __init__(self):
        place = os.path.join(ROOT, "tests", "s3")
        if not shutil.which("node") or not shutil.which("npm"):
            raise Skipped("there is no npm")
        if not os.path.isdir(os.path.join(place, "node_modules", "s3rver")):
            done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=place, capture_output=True, timeout=300)
            if done.returncode != 0:
                raise Skipped("npm ci failed: %s" % done.stderr.decode().strip().split("\n")[-1])
        self.dir = tempfile.mkdtemp(prefix="s3rver-")
        self.process = subprocess.Popen(["node", os.path.join(place, "serve.js"), self.dir], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        line = self.process.stdout.readline()
        if not line:
            raise Skipped("s3rver does not start")
        self.port = int(line)

    def address(self):
        return "s3://books/shop?endpoint=http://127.0.0.1:%d" % self.port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.dir, ignore_errors=True)


