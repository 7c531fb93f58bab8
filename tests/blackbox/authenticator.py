"""A device with passkeys (Web Authentication), written a second time: CBOR, authenticator data, keys of openssl."""
import base64
import hashlib
import json
import os
import struct
import subprocess
import tempfile

ES256, EDDSA, RS256 = -7, -8, -257
PRESENT, VERIFIED, CREDENTIAL, EXTENSIONS = 1, 4, 64, 128
MAKE = {ES256: ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], EDDSA: ["genpkey", "-algorithm", "ed25519"],
        RS256: ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]}


def text(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def data_of(encoded):
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


def openssl(*args, stdin=None):
    return subprocess.run(["openssl", *args], input=stdin, capture_output=True, check=True).stdout


def head(major, n):
    for size, more, form in ((24, None, ">B"), (256, 24, ">B"), (65536, 25, ">H"), (1 << 32, 26, ">I")):
        if n < size:
            return bytes([major << 5 | n]) if more is None else bytes([major << 5 | more]) + struct.pack(form, n)
    return bytes([major << 5 | 27]) + struct.pack(">Q", n)


def cbor(value):
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())


class Key:
    def __init__(self, algorithm=ES256):
        self.algorithm, self.pem = algorithm, openssl(*MAKE[algorithm])
        public = openssl("pkey", "-pubout", "-outform", "DER", stdin=self.pem)
        if algorithm == ES256:
            self.cose = {1: 2, 3: -7, -1: 1, -2: public[-64:-32], -3: public[-32:]}
        elif algorithm == EDDSA:
            self.cose = {1: 1, 3: -8, -1: 6, -2: public[-32:]}
        else:
            modulus = openssl("rsa", "-noout", "-modulus", stdin=self.pem).decode().strip().split("=")[1]
            self.cose = {1: 3, 3: -257, -1: bytes.fromhex(modulus), -2: b"\1\0\1"}

    def sign(self, data):
        with tempfile.TemporaryDirectory() as folder:
            key, message = os.path.join(folder, "key"), os.path.join(folder, "message")
            for path, content in ((key, self.pem), (message, data)):
                with open(path, "wb") as f:
                    f.write(content)
            if self.algorithm == EDDSA:
                return openssl("pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", message)
            return openssl("dgst", "-sha256", "-sign", key, message)


def client_data(kind, challenge, origin, **more):
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False, **more}).encode()


class Passkey:
    """One, for an account at a host. Each part that is signed can be said otherwise."""

    def __init__(self, rp, origin, algorithm=ES256, credential=None):
        self.rp, self.origin, self.key = rp, origin, Key(algorithm)
        self.credential, self.counter, self.user = credential or os.urandom(32), 0, b""

    def authenticator_data(self, flags, rp=None, counter=None, credential=None, cose=None, tail=b""):
        data = hashlib.sha256((rp or self.rp).encode()).digest() + struct.pack(">BI", flags, self.counter if counter is None else counter)
        if flags & CREDENTIAL:
            name = self.credential if credential is None else credential
            data += bytes(16) + struct.pack(">H", len(name)) + name + cbor(self.key.cose if cose is None else cose)
        return data + tail

    def made(self, asked, fmt="none", kind="webauthn.create", origin=None, challenge=None, flags=PRESENT | VERIFIED | CREDENTIAL,
             attestation=None, statement=None, more=None, **parts):
        self.user = self.user or data_of(asked["user"]["id"])
        client = client_data(kind, asked["challenge"] if challenge is None else challenge, origin or self.origin, **(more or {}))
        data = self.authenticator_data(flags, **parts)
        if statement is None:
            statement = {} if fmt == "none" else {"alg": self.key.algorithm, "sig": self.key.sign(data + hashlib.sha256(client).digest())}
        made = cbor({"fmt": fmt, "attStmt": statement, "authData": data}) if attestation is None else attestation
        return {"client_data": text(client), "attestation": text(made)}

    def used(self, asked, kind="webauthn.get", origin=None, challenge=None, flags=PRESENT | VERIFIED, signature=None, user=None,
             credential=None, key=None, more=None, **parts):
        client = client_data(kind, asked["challenge"] if challenge is None else challenge, origin or self.origin, **(more or {}))
        data = self.authenticator_data(flags, **parts)
        if signature is None:
            signature = (key or self.key).sign(data + hashlib.sha256(client).digest())
        return {"credential": text(self.credential if credential is None else credential), "user": text(self.user if user is None else user),
                "client_data": text(client), "authenticator_data": text(data), "signature": text(signature)}
