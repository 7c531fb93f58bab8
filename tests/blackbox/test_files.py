"""Covers that are given, and the files they lie in: a folder, or a store that
speaks S3 and may be dead, slow or a liar."""
import ctypes
import os
import shutil
import struct
import subprocess
import sys
import threading
import zlib

from s3 import S3rver, SECRET, TinyS3
from shop import COLOPHON, EMMA, Shop, Skipped, run

OTHERS = True  # see run.py

OTHER = "9780000000057"
LANDLOCK_CREATE_RULESET, LANDLOCK_VERSION = 444, 1  # the call, and its flag


def png(width, height, colour=(120, 40, 30), secret=None):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = (b"\0" + bytes(colour) * width) * height
    text = chunk(b"tEXt", b"Comment\0" + secret) if secret else b""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + text +
            chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def need_vips():
    if not shutil.which("vipsthumbnail"):
        raise Skipped("there is no vipsthumbnail (Debian's libvips-tools)")


def jpeg_size(body):
    assert body[:3] == b"\xff\xd8\xff", body[:20]
    at = 2
    while body[at + 1] not in (0xc0, 0xc1, 0xc2):
        at += 2 + struct.unpack(">H", body[at + 2:at + 4])[0]
    height, width = struct.unpack(">HH", body[at + 5:at + 9])
    return width, height


def files_of(shop):
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(shop.dir, "files"))
                  for name in names)


def cover(shop, isbn=EMMA, storefront="us", **headers):
    return shop.get("/%s/covers/%s" % (storefront, isbn), **headers)


def until_cover(shop, fits, **keywords):
    """A running server follows what a command committed."""
    shop.until(lambda: fits(cover(shop, **keywords)), "the cover")
    return cover(shop, **keywords)


def is_drawn(answer):
    return answer.status == 200 and answer.headers["Content-Type"] == "image/svg+xml" and b"<svg" in answer.body


def is_picture(answer):
    return answer.status == 200 and answer.headers["Content-Type"] == "image/jpeg" and answer.body[:2] == b"\xff\xd8"


def test_a_cover_is_given_replaced_and_removed():
    need_vips()
    with Shop() as shop:
        shop.serve()
        assert is_drawn(cover(shop))
        shop.ok("cover", "put", "--isbn", "978-0-00-000004-0", shop.file("a.png", png(2000, 1000, secret=b"taken at home")))
        # The server that runs shows it at once, smaller, and without what stood beside the pixels.
        shown = until_cover(shop, is_picture)
        assert jpeg_size(shown.body) == (1200, 600) and b"taken at home" not in shown.body
        assert shown.headers["Cache-Control"] == "no-cache"
        again = cover(shop, If_None_Match=shown.headers["ETag"])
        assert again.status == 304 and again.headers["ETag"] == shown.headers["ETag"] and again.body == b""
        assert is_picture(cover(shop)) and is_picture(cover(shop, storefront="cn"))
        assert shop.ask("HEAD", "/us/covers/" + EMMA).headers["Content-Length"] == str(len(shown.body))
        first = files_of(shop)
        assert len(first) == 1 and os.stat(first[0]).st_mode & 0o777 == 0o600
        # A small one stays as small as it is; the file before it goes.
        shop.ok("cover", "put", "--isbn", EMMA, shop.file("b.png", png(300, 450, (1, 2, 3))))
        replaced = until_cover(shop, lambda answer: answer.status == 200, If_None_Match=shown.headers["ETag"])
        assert is_picture(replaced) and jpeg_size(replaced.body) == (300, 450)
        assert len(files_of(shop)) == 1 and files_of(shop) != first
        assert shop.ok("files", "check").startswith("1 files")
        # Nobody else's pages change, and the audit finds nothing.
        assert is_drawn(cover(shop, OTHER))
        status, out, _ = shop.audit()
        assert status == 0, out
        shop.ok("cover", "remove", "--isbn", EMMA)
        until_cover(shop, is_drawn)
        assert files_of(shop) == []
        status, _, err = shop.run("cover", "remove", "--isbn", EMMA)
        assert status == 1 and "no cover was given" in err


def test_jpeg_and_webp_are_taken_too():
    need_vips()
    if not shutil.which("vips"):
        raise Skipped("there is no vips to make them with")
    with Shop() as shop:
        source = shop.file("a.png", png(30, 40))
        shop.serve()
        for kind in "jpg", "webp", "avif":
            path = os.path.join(shop.base, "made." + kind)
            subprocess.run(["vips", "copy", source, path], check=True)
            assert "30 × 40" in shop.ok("cover", "put", "--isbn", EMMA, path)
            until_cover(shop, is_picture)
            assert jpeg_size(cover(shop).body) == (30, 40)
            shop.ok("cover", "remove", "--isbn", EMMA)
            until_cover(shop, is_drawn)


def test_what_is_no_picture_is_refused_and_changes_nothing():
    need_vips()
    with Shop() as shop:
        shop.ok("cover", "put", "--isbn", EMMA, shop.file("good.png", png(20, 30)))
        kept = files_of(shop)
        whole = png(600, 600, (9, 8, 7))
        bomb = png(1, 1)
        bomb = bomb[:16] + struct.pack(">II", 60000, 60000) + bomb[24:]
        large = png(1, 1)
        lying = large[:16] + struct.pack(">II", 7000, 7000) + large[24:]
        for name, content, told in (
                ("svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "JPEG, PNG, WebP, AVIF, GIF or TIFF"),
                ("bmp", b"BM" + b"\0" * 50, "JPEG, PNG, WebP, AVIF, GIF or TIFF"),
                ("gif", b"GIF89a" + b"\0" * 50, "0 × 0"),
                ("empty", b"", "JPEG, PNG, WebP, AVIF, GIF or TIFF"),
                ("avif", b"\0\0\0\x1cftypavif" + b"\0" * 12 + b"ispe\0\0\0\0\0\0\0\1\0\0\0\1", "cannot be read"),
                ("tiled", b"\0\0\0\x1cftypavif" + b"".join(b"ispe" + struct.pack(">III", 0, n, n) for n in (64, 60000)), "60000 × 60000"),
                ("cut", whole[:len(whole) - 300], "cannot be read"),
                ("bomb", bomb, "60000 × 60000"),
                ("lying", lying, "cannot be read"),
                ("long", b"\x89PNG\r\n\x1a\n" + b"x" * (21 << 20), "larger than"),
                ("jpeg", b"\xff\xd8\xff\xe0" + os.urandom(3000), "JPEG")):
            status, _, err = shop.run("cover", "put", "--isbn", EMMA, shop.file(name, content))
            assert status == 1 and told in err and name in err, (name, status, err)
            assert files_of(shop) == kept, name
        for isbn, told in ("9780306406157", "not in the catalogue"), ("12", "no ISBN"):
            status, _, err = shop.run("cover", "put", "--isbn", isbn, shop.file("good.png", png(20, 30)))
            assert status == 1 and told in err, err
        shop.serve()
        assert is_picture(cover(shop))


def what_is_ours_unread(shop):
    """Where the kernel has Landlock, none of the server's files can be read."""
    if ctypes.CDLL(None).syscall(LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), LANDLOCK_VERSION) < 1:
        print("test_files: this kernel has no Landlock")
        return ()
    ours = [os.path.join(shop.dir, name) for name in sorted(os.listdir(shop.dir))]
    assert any(os.path.basename(path).endswith(".key") for path in ours), ours
    return tuple(("open(%r, 'rb')" % path, "PermissionError") for path in ours if path.endswith((".key", ".db"))) + (
        ("os.listdir(%r)" % shop.dir, "PermissionError"), ("open('/proc/%d/mem' % os.getppid(), 'rb')", "PermissionError"),
        ("open('/proc/%d/environ' % os.getppid(), 'rb')", "PermissionError"), ("open('/etc/passwd')", "PermissionError"))


def test_forms_of_a_cover_that_cannot_be_made_are_told():
    """A libvips without AVIF or WebP: the cover is taken, and whoever gave it is told what it lacks."""
    if not os.access("/usr/bin/python3", os.X_OK) or not shutil.which("vips"):
        raise Skipped("there is no python3 in /usr, or no vips")
    with Shop() as shop:
        given, made = shop.file("a.png", png(20, 30)), os.path.join(shop.base, "made.jpg")
        subprocess.run(["vips", "copy", given, made], check=True)
        fake = os.path.join(shop.base, "bin", "vipsthumbnail")
        os.mkdir(os.path.dirname(fake))
        with open(made, "rb") as jpeg, open(fake, "w") as f:
            f.write("#!/usr/bin/python3 -IS\nimport os, sys\nif not sys.argv[-1].startswith('.jpg'):\n    raise SystemExit(1)\nos.write(1, %r)\n" % jpeg.read())
        os.chmod(fake, 0o755)
        status, out, err = shop.run("cover", "put", "--isbn", EMMA, given, env={"PATH": "%s:%s" % (os.path.dirname(fake), os.environ["PATH"])})
        assert status == 0 and "20 × 30" in out and "2 smaller forms" in err, (status, out, err)
        status, out, err = shop.run("cover", "put", "--isbn", EMMA, given)
        assert status == 0 and err == "", (status, out, err)


def test_the_reader_of_pictures_is_on_a_leash():
    """Whatever has taken hold of it: it ends, and what it leaves is looked at."""
    # The system's own: nothing beneath a home may be executed.
    python = "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else os.path.realpath(sys.executable)
    if not python.startswith("/usr/"):
        raise Skipped("there is no python3 in /usr")
    with Shop() as shop:
        given = shop.file("a.png", png(20, 30))
        empty = os.path.join(shop.base, "nothing")
        os.mkdir(empty)
        status, _, err = shop.run("cover", "put", "--isbn", EMMA, given, env={"PATH": empty})
        assert status == 1 and "libvips-tools" in err, err
        for script, told in (("raise SystemExit(3)", "cannot be read"),
                             ("print('hello')", "nothing came of it"),
                             ("os.write(1, os.read(0, 1 << 20))", "nothing came of it"),  # the PNG itself
                             ("signal.raise_signal(6)", "signal"),
                             ("[os.write(1, bytes(1 << 20)) for _ in range(50)]", "cannot be read"),
                             ("bytearray(3 << 30)", "cannot be read"),
                             # What no reader of pictures asks of the system kills it.
                             ("os.fork()", "signal 31"),
                             ("os.execv('/bin/true', ['true'])", "signal 31"),
                             ("_socket.socket()", "signal 31"),
                             ("os.unlink(%r)" % given, "signal 31"),
                             ("os.kill(os.getppid(), 0)", "signal 31"),
                             # Nor does it write anywhere, set another's limits, or have the system send another signals.
                             ("open(%r, 'w')" % given, "PermissionError"),
                             ("resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (0, 0))", "PermissionError"),
                             ("fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())", "PermissionError")) + what_is_ours_unread(shop):
            place = os.path.join(shop.base, "bin")
            os.makedirs(place, exist_ok=True)
            fake = os.path.join(place, "vipsthumbnail")
            with open(fake, "w") as f:
                f.write("#!%s -IS\nimport fcntl, os, resource, signal, _socket\n%s\n" % (python, script))
            os.chmod(fake, 0o755)
            status, _, err = shop.run("cover", "put", "--isbn", EMMA, given,
                                      env={"PATH": "%s:%s" % (place, os.environ["PATH"])})
            assert status == 1 and (told in err or "larger than" in err), (script, err)
        assert files_of(shop) == [] and os.path.getsize(given) > 0


def test_a_withheld_title_shows_no_cover():
    need_vips()
    with Shop() as shop:
        shop.ok("cover", "put", "--isbn", EMMA, shop.file("a.png", png(20, 30)))
        shop.serve()
        before = cover(shop, storefront="cn")
        assert is_picture(before)
        entry = shop.authority("--storefront", "cn", "--edition", EMMA, "--withhold", "listing")
        # Also for who has it and asks whether it is still so.
        for tag in {}, {"If_None_Match": before.headers["ETag"]}:
            gone = cover(shop, storefront="cn", **tag)
            assert gone.status == 451 and b"\xff\xd8" not in gone.body
            assert any('rel="blocked-by"' in link for link in gone.headers.get_all("Link"))
        assert is_picture(cover(shop))
        shop.ok("restriction", "lift", str(entry["id"]), "--reason", "It was withdrawn.")
        back = cover(shop, storefront="cn")
        assert is_picture(back) and back.body == before.body


def test_killed_while_a_cover_is_given():
    need_vips()
    with Shop() as shop:
        given = shop.file("a.png", png(20, 30))
        # The file lies there and nobody names it; or it is named.
        assert shop.run("cover", "put", "--isbn", EMMA, given, env={"COLOPHON_CRASH": "cover-put"})[0] != 0
        shop.serve()
        assert is_drawn(cover(shop))
        assert shop.run("cover", "put", "--isbn", EMMA, given, env={"COLOPHON_CRASH": "cover-named"})[0] != 0
        shop.until(lambda: is_picture(cover(shop)), "the cover that was committed")
        shop.ok("files", "check")
        # What is taken away leaves no file behind: whoever comes next removes it.
        files = len(files_of(shop))
        assert shop.run("cover", "remove", "--isbn", EMMA, env={"COLOPHON_CRASH": "cover-unnamed"})[0] != 0
        assert len(files_of(shop)) == files and shop.look("SELECT COUNT(*) FROM file_leaving") == "1"
        assert shop.ok("files", "check").startswith("0 files")
        assert len(files_of(shop)) == files - 1 and shop.look("SELECT COUNT(*) FROM file_leaving") == "0"


def test_files_in_a_store_that_speaks_s3():
    need_vips()
    with TinyS3() as store, Shop() as shop:
        other = os.path.join(shop.base, "other")
        status, out, err = run("-d", other, "init", "--files", store.address())
        assert status == 0, err
        shop.env = dict(store.key)
        shop.ok("files", "move", "--to", store.address())
        process = subprocess.Popen([COLOPHON, "-d", shop.dir, "cover", "put", "--isbn", EMMA,
                                    shop.file("a.png", png(20, 30))], env={**os.environ, **store.key})
        with open("/proc/%d/cmdline" % process.pid, "rb") as f:
            assert SECRET.encode() not in f.read()
        assert process.wait() == 0
        assert len(store.files) == 1 and files_of(shop) == []
        (name, body), = store.files.items()
        assert name.startswith("/books/shop/covers/") and body[:2] == b"\xff\xd8"
        # A node that never had the file shows it, and then needs not ask again.
        shop.serve()
        assert is_picture(cover(shop)) and body.startswith(cover(shop).body)
        asked = len(store.asked)
        assert body.startswith(cover(shop).body) and len(store.asked) == asked
        # Its key: out of a file that is nobody else's, or not at all.
        shop.env = {}
        status, _, err = shop.run("files", "check")
        assert status == 1 and "files-key" in err and "AWS_ACCESS_KEY_ID" in err, err
        path = os.path.join(shop.dir, "files-key")
        with open(path, "w") as f:
            f.write("%s\n%s\n" % tuple(store.key.values()))
        os.chmod(path, 0o644)
        status, _, err = shop.run("files", "check")
        assert status == 1 and "chmod 600" in err and SECRET not in err, err
        os.chmod(path, 0o600)
        assert shop.ok("files", "check").startswith("1 files")
        with open(path, "w") as f:
            f.write("%s\n%s\n" % (store.key["AWS_ACCESS_KEY_ID"], "another secret"))
        status, out, err = shop.run("files", "check")
        assert status == 1 and "403 SignatureDoesNotMatch" in out and "another secret" not in out + err, out
        # With a wrong key a page has the drawn one.
        shop.serve()
        assert is_drawn(cover(shop))


def test_s3rver():
    need_vips()
    with S3rver() as store, Shop() as shop:
        shop.env = dict(store.key)
        shop.ok("cover", "put", "--isbn", EMMA, shop.file("a.png", png(20, 30)))
        shop.ok("files", "move", "--to", store.address())
        shutil.rmtree(os.path.join(shop.dir, "files"))
        shop.serve()
        assert is_picture(cover(shop))
        shop.ok("cover", "put", "--isbn", EMMA, shop.file("b.png", png(40, 50)))
        until_cover(shop, lambda answer: jpeg_size(answer.body) == (40, 50))
        assert shop.ok("files", "check").startswith("1 files")
        folder = os.path.join(shop.base, "back")
        shop.ok("files", "move", "--to", folder)
        shop.ok("cover", "remove", "--isbn", EMMA)
        until_cover(shop, is_drawn)


def test_a_store_that_fails():
    need_vips()
    with TinyS3() as store, Shop() as shop:
        shop.env = dict(store.key)
        shop.ok("cover", "put", "--isbn", EMMA, shop.file("a.png", png(20, 30)))
        shop.ok("files", "move", "--to", store.address())
        good = dict(store.files)
        for mode, told in (("500", "500 InternalError"), ("503", "503 SlowDown"), ("redirect", "307"),
                           ("endless", "larger than allowed"), ("cut", "s3://books"),
                           ("lies", "not the bytes that were put")):
            store.mode = mode
            status, out, err = shop.run("files", "check")
            assert status == 1 and told in out and EMMA in out, (mode, out, err)
            shop.serve()
            shown = cover(shop)
            assert is_drawn(shown) and "no-store" in shown.headers["Cache-Control"], (mode, shown.headers)
            assert shop.get("/us/books/" + EMMA).status == 200
        # What is put and not there is an error, and nothing that was there is lost.
        for mode, told in ("forgets", "put, and not there"), ("lies", "not the bytes"), ("500", "500 InternalError"):
            store.mode = mode
            status, _, err = shop.run("cover", "put", "--isbn", EMMA, shop.file("b.png", png(40, 50)))
            assert status == 1 and told in err, (mode, err)
        store.mode = ""
        assert store.files == good
        shop.until(lambda: is_picture(cover(shop)), "the cover, once the store is well again", 20)
        # Dead: as when nobody listens there.
        store.stop()
        shop.serve()
        assert is_drawn(cover(shop))
        status, _, err = shop.run("cover", "put", "--isbn", EMMA, shop.file("b.png", png(40, 50)))
        assert status == 1 and "s3://books" in err, err


def test_a_slow_store_stops_nobody_else():
    need_vips()
    with TinyS3() as store, Shop() as shop:
        shop.env = dict(store.key)
        shop.ok("cover", "put", "--isbn", EMMA, shop.file("a.png", png(20, 30)))
        shop.ok("files", "move", "--to", store.address())
        shop.serve()
        assert shop.ask("HEAD", "/us/covers/" + OTHER).status == 200
        token = shop.reader("anna")
        store.mode = "slow"
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(cover(shop))) for _ in range(40)]
        for thread in threads:
            thread.start()
        shop.until(lambda: store.asked and store.asked[-1][0] == "GET", "the first question")
        # While that waits, pages are read and ratings are written.
        assert shop.get("/us/books/" + EMMA).status == 200
        assert shop.api("PUT", "/us/works/%d/rating" % shop.work(EMMA), {"stars": 4}, token).status in (200, 201)
        for thread in threads:
            thread.join()
        assert len(answers) == 40 and all(is_drawn(a) for a in answers)


def test_files_move_and_are_compared():
    need_vips()
    with TinyS3() as store, Shop() as shop:
        shop.env = dict(store.key)
        shop.serve()
        for isbn in EMMA, OTHER:
            shop.ok("cover", "put", "--isbn", isbn, shop.file("a.png", png(20, 30, (len(isbn), int(isbn[-2:]), 0))))
        # Stopped before the switch, everything is as it was, and the next try goes on.
        assert shop.run("files", "move", "--to", store.address(), env={"COLOPHON_CRASH": "files-copied"})[0] != 0
        assert len(store.files) == 2 and len(files_of(shop)) == 2
        shop.ok("cover", "remove", "--isbn", OTHER)
        assert len(files_of(shop)) == 1
        puts = len([a for a in store.asked if a[0] == "PUT"])
        assert shop.ok("files", "move", "--to", store.address()).startswith("1 files")
        assert len([a for a in store.asked if a[0] == "PUT"]) == puts
        shutil.rmtree(os.path.join(shop.dir, "files"))
        until_cover(shop, is_picture)
        status, _, err = shop.run("files", "move", "--to", store.address())
        assert status == 1 and "already" in err
        for wrong in "files", "s3://x", "ftp://example.org/x", "":
            assert shop.run("files", "move", "--to", wrong)[0] != 0, wrong
        # What is not as it was put is not carried along, and is named.
        good = dict(store.files)
        for name in good:
            store.files[name] = b"something else"
        back = os.path.join(shop.base, "back")
        status, _, err = shop.run("files", "move", "--to", back)
        assert status == 1 and EMMA in err and "not the bytes" in err, err
        store.files.update(good)
        shop.ok("files", "move", "--to", back)
        assert shop.ok("files", "check").startswith("1 files")


def test_backup_takes_the_files_along():
    need_vips()
    with TinyS3() as store, Shop() as shop:
        shop.ok("cover", "put", "--isbn", EMMA, shop.file("a.png", png(20, 30)))
        elsewhere = os.path.join(shop.base, "elsewhere")
        shop.ok("files", "move", "--to", elsewhere)
        backup = os.path.join(shop.base, "backup.db")
        shop.ok("backup", backup)
        with Shop(samples=False, database=False) as new:
            shutil.rmtree(new.dir)
            shutil.rmtree(elsewhere)  # the old machine is gone
            new.ok("restore", backup)
            shutil.copy(os.path.join(shop.dir, "key"), new.dir)
            new.serve()
            assert is_picture(cover(new))
            assert new.ok("files", "check").startswith("1 files")
            # A file that is lost is named, and everything else is copied.
            os.unlink(files_of(new)[0])
            status, _, err = new.run("backup", os.path.join(new.base, "second.db"))
            assert status == 1 and EMMA in err and "everything is copied but 1 files" in err, err
            assert os.path.exists(os.path.join(new.base, "second.db"))
            # In a store elsewhere they are not, and it says so.
            new.env = dict(store.key)
            new.ok("cover", "put", "--isbn", EMMA, shop.file("a.png", png(20, 30)))
            new.ok("files", "move", "--to", store.address())
            status, _, err = new.run("backup", os.path.join(new.base, "third.db"))
            assert status == 0 and "their own store" in err, err
            assert not os.path.exists(os.path.join(new.base, "third.db.files"))
