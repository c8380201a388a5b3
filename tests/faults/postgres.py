"""A PostgreSQL of its own, on a Unix socket in its folder. As root it runs as
`postgres` or `nobody`, since it refuses to be root."""
import glob
import os
import pwd
import signal
import subprocess

from world import wait_until

PROGRAMS = "/usr/lib/postgresql/*/bin"
READY_SECONDS = 30


def account():
    """Of whom it runs, or None: whoever we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    return None


class Postgres:
    """@param folder  empty"""

    def __init__(self, folder):
        self.folder, self._child, user = folder, None, account()
        self._who = {}
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
            self._who = {"user": user.pw_uid, "group": user.pw_gid,
                         "extra_groups": []}
        self._run("initdb", "-D", folder / "data", "-U", "imgw", "-A", "trust",
                  "-E", "UTF8", "-N", "--locale=C")

    @property
    def url(self):
        return "postgresql://imgw@/postgres?host=%s" % self.folder

    @staticmethod
    def is_there():
        return bool(glob.glob(PROGRAMS))

    def _how(self, program, *arguments):
        path = sorted(glob.glob(PROGRAMS))[-1]
        return {"args": ["%s/%s" % (path, program), *map(str, arguments)],
                "cwd": self.folder, "env": {"LC_ALL": "C.UTF-8"}, **self._who}

    def _run(self, *arguments):
        done = subprocess.run(**self._how(*arguments), capture_output=True,
                              text=True)
        assert done.returncode == 0, done.stderr

    def start(self):
        with open(self.folder.parent / "postgres.log", "ab") as log:
            self._child = subprocess.Popen(
                **self._how("postgres", "-D", self.folder / "data", "-k",
                            self.folder, "-c", "listen_addresses=", "-c",
                            "shared_buffers=32MB"), stdout=log, stderr=log)
        wait_until(lambda: self._answers(), READY_SECONDS,
                   "PostgreSQL is not ready")

    def _answers(self):
        done = subprocess.run(["pg_isready", "-q", "-h", self.folder])
        return done.returncode == 0

    def ask(self, sql):
        """-> the first value of the first row, or None: it is away"""
        done = subprocess.run(["psql", "-XAtq", self.url, "-c", sql],
                              capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else None

    def stop(self, number=signal.SIGINT):
        """SIGQUIT is the immediate mode: no goodbye, recovery at the start."""
        if self._child and self._child.poll() is None:
            self._child.send_signal(number)
            self._child.wait(30)
