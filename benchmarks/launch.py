"""Runs one command and writes how it ended and what it took, for ``benchmarks.measure.run``.

``python launch.py DESCRIPTOR COMMAND...``. A process of its own because the kernel counts as
a process's peak memory also that of the one it was started from: this one is small. So it
imports nothing of ours.
"""

import json
import os
import sys
from time import monotonic


def main(descriptor: int, command: list[str]) -> None:
    """Run the command; write exit code, wall and CPU seconds and peak MB as a JSON array."""
    os.set_inheritable(descriptor, False)
    begun = monotonic()
    child = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    wall, cpu = monotonic() - begun, usage.ru_utime + usage.ru_stime
    code = os.waitstatus_to_exitcode(status)
    os.write(descriptor, json.dumps([code, wall, cpu, usage.ru_maxrss / 1024]).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
