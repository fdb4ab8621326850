"""Starts commands of newscrawl by forking a process that has imported everything already.

A command starts in milliseconds then, so that hundreds of kills fit into a test. It says and
does what a process of its own would.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from tests.faults.boundaries import Plan
from tests.faults.run import import_everything, run

ROOT = Path(__file__).parents[2]
SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. code: of its exit, or minus the number of the signal."""

    code: int
    said: str
    errors: str

    @property
    def was_killed(self) -> bool:
        """Whether SIGKILL ended it."""
        return self.code == -signal.SIGKILL


class Zygote:
    """Context manager; runs one command at a time.

    folder: for what the commands say. process: id of the command that was started last.
    """

    process: int

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._said, self._errors = folder / "said", folder / "errors"

    def __enter__(self) -> Self:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        assert self._answer() == os.getpid(), "not ready"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate(timeout=60)  # it ends with its standard input

    def start(self, *arguments: object, plan: Plan | None = None, clock: str | None = None) -> int:
        """Start a command and return its process id; ``wait`` for its end."""
        asked = {
            "arguments": [str(each) for each in arguments],
            "plan": plan and asdict(plan),
            "clock": clock,
            "said": str(self._said),
            "errors": str(self._errors),
        }
        assert self._server.stdin
        self._server.stdin.write(json.dumps(asked) + "\n")
        self.process = self._answer()
        return self.process

    def wait(self) -> Ended:
        """Wait for the end of the command that was started last."""
        code = os.waitstatus_to_exitcode(self._answer())
        return Ended(code, self._said.read_text("utf-8"), self._errors.read_text("utf-8"))

    def run(self, *arguments: object, plan: Plan | None = None, clock: str | None = None) -> Ended:
        """Run a command to its end."""
        self.start(*arguments, plan=plan, clock=clock)
        return self.wait()

    def _answer(self) -> int:
        assert self._server.stdout
        return int(self._server.stdout.readline())


def serve() -> None:
    """Fork for every line of standard input; answer with the process id, then with its end."""
    import_everything()
    gc.freeze()
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    answers.write(f"{os.getppid()}\n")
    for line in sys.stdin:
        asked = json.loads(line)
        # On a busy machine a signal may come before the child has done anything.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        child = os.fork()
        if not child:
            _become(asked)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        answers.write(f"{child}\n")
        answers.write(f"{os.waitpid(child, 0)[1]}\n")


def _become(asked: dict[str, Any]) -> None:
    """Be the command: its own files for what it says, its own end.

    A signal that comes before it begins, or after its end, would find an interpreter.
    """
    code = 1
    for sent in SIGNALS:
        signal.signal(sent, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    try:
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        for number, name in ((1, asked["said"]), (2, asked["errors"])):
            file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            os.dup2(file, number)
            os.close(file)
        run(asked["arguments"], Plan(**asked["plan"]) if asked["plan"] else None, asked["clock"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  (it is said, as an interpreter says it)
        traceback.print_exc()
    # What the end of an interpreter would close: the last of its connections, too.
    gc.collect()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    serve()
