"""What processes have used so far, from /proc."""
import pathlib
import struct

PROC = pathlib.Path("/proc")
WAL_HEADER, FRAME_HEADER = 32, 24


def family(pid):
    """A process and those that it has started."""
    found = [pid]
    for one in found:
        for task in (PROC / str(one) / "task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def cpu_us(pid):
    """CPU of a process with its threads and children, microseconds."""
    return sum(int((task / "schedstat").read_text().split()[0])
               for one in family(pid)
               for task in (PROC / str(one) / "task").iterdir()) / 1000


class Commits:
    """Counts the commits of an SQLite store by its write-ahead log: a frame
    that ends a transaction says how large the file is then. The log begins
    anew, with another salt, each few thousand pages; so look often."""

    def __init__(self, database):
        self._wal = pathlib.Path(str(database) + "-wal")
        self._salt, self._frames, self.count = b"", 0, 0

    def look(self):
        try:
            with open(self._wal, "rb") as wal:
                self._read(wal)
        except FileNotFoundError:
            pass

    def _read(self, wal):
        header = wal.read(WAL_HEADER)
        if len(header) < WAL_HEADER:
            return
        page, = struct.unpack(">I", header[8:12])
        if header[16:24] != self._salt:
            self._salt, self._frames = header[16:24], 0
        while True:
            wal.seek(WAL_HEADER + self._frames * (page + FRAME_HEADER))
            frame = wal.read(FRAME_HEADER)
            if len(frame) < FRAME_HEADER or frame[8:16] != self._salt:
                return
            self._frames += 1
            self.count += frame[4:8] != b"\0\0\0\0"
