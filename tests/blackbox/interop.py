"""Programs in Go that check what we write with other people's code (tests/interop)."""
import os
import shutil
import subprocess

from shop import ROOT, Skipped


def build(base, name):
    """The program, built without a network; Skipped where Go or x/mod is absent."""
    if shutil.which("go") is None or not os.path.exists("/usr/share/gocode/src/golang.org/x/mod"):
        raise Skipped("golang-go and golang-golang-x-mod-dev are absent")
    program = os.path.join(base, name)
    if not os.path.exists(program):
        subprocess.run(["go", "build", "-o", program, os.path.join(ROOT, "tests", "interop", name + ".go")], check=True, capture_output=True,
                       env={**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": os.path.join(base, "cache")})
    return program


def ask(program, *args):
    """Exit status, standard output and error."""
    done = subprocess.run([program, *args], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr
