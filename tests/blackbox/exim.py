"""A real mail server for tests: Debian's exim4, on a free port of this machine, in a
folder of its own, run by somebody without rights, who puts every letter into one file."""
import email
import email.policy
import mailbox
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from shop import SLOWNESS, Skipped

USER, PASSWORD = "colophon", "a password for the mail server"

CONFIG = """
primary_hostname = mail.example
exim_user = {uid}
exim_group = {gid}
deliver_drop_privilege = true
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path = {folder}/exim.pid
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
host_lookup =
rfc1413_hosts =
keep_environment =
smtp_accept_max = 20
smtp_accept_max_per_host = 20
smtp_accept_queue_per_connection = 0
tls_advertise_hosts = {tls}
tls_certificate = {folder}/cert.pem
tls_privatekey = {folder}/key.pem
acl_smtp_rcpt = check_rcpt
acl_smtp_data = check_data
{auth_required}
begin acl
check_rcpt:
  deny  local_parts = never
        message = 5.1.1 nobody of this name is here
  defer local_parts = later
        message = 4.2.1 come again later
  warn  local_parts = slow
        delay = 600s
  {rcpt_auth}
  accept
check_data:
  accept
begin routers
all:
  driver = accept
  transport = file
begin transports
file:
  driver = appendfile
  file = {folder}/mbox
  mode = 0644
  user = {uid}
  group = {gid}
  envelope_to_add
  delivery_date_add
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{{user}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
  server_advertise_condition = {advertise}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def nobody():
    """Who runs it: ourselves, unless we are root."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


class Exim:
    def __init__(self, tls=False, login=False):
        self.program = shutil.which("exim4") or "/usr/sbin/exim4"
        if not os.path.exists(self.program):
            raise Skipped("exim4 is not installed")
        self.folder, self.port, self.tls, self.login = tempfile.mkdtemp(prefix="exim-"), free_port(), tls, login
        self.uid, self.gid = nobody()
        self.process = None
        for name in ("spool", "log"):
            os.mkdir(os.path.join(self.folder, name))
        if tls:
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                            "-days", "3650", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                            "-keyout", self.path("key.pem"), "-out", self.path("cert.pem")], check=True, capture_output=True)
        with open(self.path("exim.conf"), "w", encoding="utf-8") as f:
            f.write(CONFIG.format(
                folder=self.folder, port=self.port, uid=self.uid, gid=self.gid, tls="*" if tls else "", user=USER, password=PASSWORD,
                advertise="${if def:tls_in_cipher}" if tls else "true", auth_required="auth_advertise_hosts = *",
                rcpt_auth="require authenticated = *" if login else ""))
        # The way there must be open to whoever runs it.
        way = self.folder
        while os.geteuid() == 0 and way not in ("/", "/tmp", "/dev/shm", "/dev"):
            if os.stat(way).st_uid == 0 and way != self.folder:
                os.chmod(way, os.stat(way).st_mode | 0o011)
            way = os.path.dirname(way)
        if os.geteuid() == 0:
            for base, folders, files in os.walk(self.folder):
                for name in [".", *folders, *files]:
                    os.chown(os.path.join(base, name), self.uid, self.gid)

    def path(self, name):
        return os.path.join(self.folder, name)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        who = {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() == 0 else {}
        self.process = subprocess.Popen([self.program, "-C", self.path("exim.conf"), "-bdf"], cwd="/", stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True, **who)
        end = time.time() + 20 * SLOWNESS
        while time.time() < end:
            if self.process.poll() is not None:
                raise AssertionError("exim: " + self.process.stderr.read().decode())
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.02)
        raise AssertionError("exim does not listen: " + self.said())

    def stop(self):
        if self.process is None:
            return
        process, self.process = self.process, None
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
        process.wait()
        process.stderr.close()

    def said(self):
        out = ""
        for name in ("mainlog", "rejectlog", "paniclog"):
            if os.path.exists(self.path("log/" + name)):
                with open(self.path("log/" + name), encoding="utf-8", errors="replace") as f:
                    out += f.read()
        return out

    def letters(self, to=None):
        """What came, in order; to one address, where one is named."""
        if not os.path.exists(self.path("mbox")):
            return []
        policy = email.policy.default
        box = mailbox.mbox(self.path("mbox"), factory=lambda f: email.message_from_binary_file(f, policy=policy), create=False)
        try:
            return [m for m in box if to is None or m["Envelope-to"] == to]
        finally:
            box.close()

    @property
    def server(self):
        return "smtp://localhost:%d" % self.port
