"""What people take home: proofs that hold without the shop."""
import base64
import json
import os
import shutil
import subprocess

from shop import EMMA, ROOT, Shop, Skipped, run


def extra(proof):
    """What a receipt holds besides the proof."""
    line = proof.split("\n")[1]
    assert line.startswith("extra "), line
    return json.loads(base64.b64decode(line[6:]))


def verify(shop, proof, *options, log="voices"):
    """`colophon receipt verify`, offline: exit status, output, error."""
    key = shop.ok("record", "vkey", *(["--voices"] if log == "voices" else [])).strip()
    return run("receipt", "verify", shop.file("mine.tlog-proof", proof), "--key", key, *options)


def verify_with_go(shop, proof, vkey, entry):
    if shutil.which("go") is None or not os.path.exists("/usr/share/gocode/src/golang.org/x/mod"):
        raise Skipped("go is absent")
    program = os.path.join(shop.base, "proof")
    if not os.path.exists(program):
        subprocess.run(["go", "build", "-o", program, os.path.join(ROOT, "tests", "interop", "proof.go")], check=True,
                       capture_output=True, env={**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode",
                                                 "GOCACHE": os.path.join(shop.base, "cache")})
    return subprocess.run([program, shop.file("go.tlog-proof", proof), vkey, shop.file("go.entry", entry)],
                          capture_output=True, text=True, timeout=60)


def test_any_entry_is_proved_to_anybody():
    """By us and by others' tools, from the file alone."""
    with Shop() as shop:
        shop.serve()
        work = shop.work(EMMA)
        for i in range(5):
            shop.api("PUT", "/us/works/%d/rating" % work, {"stars": i + 1}, shop.reader("reader%d" % i))
        made = shop.authority("--storefront", "us", "--edition", EMMA, "--withhold", "ratings")
        for path, log in [("/record/voices/proofs/3", "voices"),
                          ("/record/proofs/%d" % made["record_index"], "decisions")]:
            answer = shop.get(path)
            assert answer.status == 200 and ".tlog-proof" in answer.headers["Content-Disposition"], answer.text
            proof, entry = answer.text, extra(answer.text)["entry"]
            status, out, err = verify(shop, proof, log=log)
            assert status == 0 and out.startswith("good: entry ") and "content: not checked" in out, out + err
            other = verify(shop, proof, log="decisions" if log == "voices" else "voices")
            assert other[0] == 1 and "NOT good" in other[2], other
            forged = base64.b64encode(json.dumps({"v": 1, "entry": entry.replace('"work":', '"work":1')}).encode())
            status, out, err = verify(shop, proof.replace(proof.split("\n")[1], "extra " + forged.decode()), log=log)
            assert status == 1 and out == "" and "does not show" in err, out + err
            key = shop.ok("record", "vkey", *(["--voices"] if log == "voices" else [])).strip()
            done = verify_with_go(shop, proof, key, entry)
            assert done.returncode == 0 and done.stdout == "OK\n", done.stdout + done.stderr
            assert verify_with_go(shop, proof, key, entry + " ").returncode == 1
        assert shop.get("/record/voices/proofs/5").status == 404
        assert run("receipt", "verify", "nowhere.tlog-proof")[0] == 2  # without a key nothing is proved
