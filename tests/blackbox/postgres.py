"""A PostgreSQL of the tests' own: a cluster in a temporary folder, on a free port
of loopback, run as the user postgres where we are root. One database a shop."""
import atexit
import glob
import os
import shutil
import socket
import subprocess
import tempfile


# Roles that each cluster has, beside the one that owns it.
OWNER, WRITER, READER = "shop_owner", "shop_writer", "shop_reader"


def programs():
    """The folder of PostgreSQL's programs."""
    versions = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not versions:
        raise FileNotFoundError("PostgreSQL is not installed")
    return versions[-1]


def open_place():
    """Not below the tests' own folder, which the user postgres cannot enter."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > 2 << 30 else "/tmp"


class Cluster:
    def __init__(self, place=None):
        self.bin = programs()
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self.prepare(place or open_place())
        self.call("initdb", "-D", self.data, "-U", "colophon", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with open(os.path.join(self.data, "postgresql.conf"), "a") as f:
            f.write("listen_addresses = '127.0.0.1'\nport = %d\nunix_socket_directories = '%s'\n"
                    "max_connections = 200\nshared_buffers = 64MB\n"
                    # No test takes the power away: what a process wrote is there when it is killed.
                    "fsync = off\nfull_page_writes = off\n"
                    # Nor does any live long enough for its rows to be counted.
                    "autovacuum = off\n" % (self.port, self.dir))
        self.start()
        for role in (OWNER, WRITER, READER):
            psql(self.url, "CREATE ROLE %s LOGIN" % role)

    def prepare(self, place):
        """A folder and a port."""
        self.dir = tempfile.mkdtemp(prefix="colophon-pg-", dir=place)
        if self.as_user:
            shutil.chown(self.dir, "postgres")
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]

    def start(self):
        self.call("pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.dir, "log"), "start")
        atexit.register(self.stop)

    def halt(self):
        """It can be started again."""
        self.call("pg_ctl", "-D", self.data, "-w", "-m", "fast", "stop")

    @property
    def data(self):
        return os.path.join(self.dir, "data")

    def call(self, program, *args):
        done = subprocess.run([*self.as_user, os.path.join(self.bin, program), *args], cwd="/",
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise RuntimeError("%s: %s" % (program, done.stderr.decode()))

    def replica(self):
        """A cluster that streams from this one."""
        made = Cluster.__new__(Cluster)
        made.bin, made.as_user = self.bin, self.as_user
        made.prepare(open_place())
        made.call("pg_basebackup", "-D", made.data, "-d", self.url, "-R", "-X", "stream", "-c", "fast")
        with open(os.path.join(made.data, "postgresql.conf"), "a") as f:
            f.write("port = %d\nunix_socket_directories = '%s'\nhot_standby_feedback = on\n" % (made.port, made.dir))
        made.start()
        return made

    def processor_seconds(self):
        """What its processes used, those that have ended."""
        with open(os.path.join(self.data, "postmaster.pid"), encoding="ascii") as f:
            pid = f.readline().strip()
        with open("/proc/%s/stat" % pid, encoding="ascii") as f:
            times = f.read().rsplit(")", 1)[1].split()[11:15]  # of its own and of its children, in user and system
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")

    @property
    def url(self):
        return "postgresql://colophon@127.0.0.1:%d/postgres" % self.port

    def signal(self, which):
        """Sends it to all of the cluster's processes: SIGSTOP and it hangs, as a machine or a network does."""
        with open(os.path.join(self.data, "postmaster.pid"), encoding="ascii") as f:
            postmaster = int(f.readline())
        os.kill(postmaster, which)
        for path in glob.glob("/proc/[0-9]*/stat"):
            try:
                with open(path, encoding="utf-8", errors="replace") as f:
                    pid, rest = f.read().split(" ", 1)
                if int(rest.rpartition(")")[2].split()[1]) == postmaster:
                    os.kill(int(pid), which)
            except (FileNotFoundError, ProcessLookupError):
                pass  # it has ended meanwhile

    def stop(self):
        atexit.unregister(self.stop)
        try:
            if os.path.exists(os.path.join(self.data, "postmaster.pid")):
                self.call("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        finally:
            shutil.rmtree(self.dir, ignore_errors=True)


def make_database(cluster_url, template=None):
    """A new database, empty or a copy of the one whose URL is given; its URL."""
    name = "shop_" + os.urandom(6).hex()
    psql(cluster_url, "CREATE DATABASE " + name + (" TEMPLATE %s STRATEGY FILE_COPY" % template.rsplit("/", 1)[1] if template else ""))
    return cluster_url.rsplit("/", 1)[0] + "/" + name


def as_role(url, role):
    scheme, rest = url.split("//", 1)
    return "%s//%s@%s" % (scheme, role, rest.split("@", 1)[1])


def drop_database(url):
    base, name = url.rsplit("/", 1)
    psql(base + "/postgres", "DROP DATABASE IF EXISTS %s WITH (FORCE)" % name)


def psql(url, *statements):
    """What they answer, in one transaction."""
    return subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", ";".join(statements)], check=True,
                          capture_output=True).stdout.decode()
