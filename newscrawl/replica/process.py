"""A replica as a process of its own, beside a test, a demo or a benchmark."""

import json
import subprocess
import sys
import tempfile
from typing import Any, Self
from urllib.request import Request, urlopen

_GREETING = "newscrawl replica on "


class ReplicaProcess:
    """Context manager that runs ``python -m newscrawl.replica`` with these options.

    Options are named as on the command line: ``ReplicaProcess(articles=200, seed="a")``.
    ``url`` is its address. Raises ``RuntimeError`` with the program's own words where it
    does not start.
    """

    def __init__(self, **options: object) -> None:
        self._arguments = [
            f"--{name}={value}" for name, value in options.items() if value is not None
        ]
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def start(self) -> Self:
        """Start it and wait until it listens."""
        command = [sys.executable, "-m", "newscrawl.replica", *self._arguments]
        # Not a pipe: a full one, which nobody reads, would stop the replica. stop() closes it.
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self._process = subprocess.Popen(  # noqa: S603 (our own module, no shell)
            command, stdout=subprocess.PIPE, stderr=self._errors, text=True, encoding="utf-8"
        )
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line.startswith(_GREETING):
            self._process.communicate()
            self._errors.seek(0)
            errors = self._errors.read()
            self.stop()
            raise RuntimeError(f"the replica did not start: {line}{errors}")
        self.url = line.removeprefix(_GREETING).strip()
        return self

    def stop(self) -> int:
        """Stop it and return its exit code; harmless where it is not running."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        finally:
            self._errors.close()
        return process.returncode

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Process id of the running replica."""
        if self._process is None:
            raise RuntimeError("the replica is not running")
        return self._process.pid

    def stats(self) -> dict[str, Any]:
        """Return ``/__replica__/stats``: requests by host and kind, gaps in seconds."""
        return self._control("stats")

    def advance(self, articles: int = 0, corrections: int = 0) -> dict[str, Any]:
        """Publish and correct more; return the identities that were met."""
        return self._control(f"advance?articles={articles}&corrections={corrections}", "POST")

    def expected(self) -> list[dict[str, Any]]:
        """Return what a full crawl must find now (``standin.Expected``)."""
        with urlopen(f"{self.url}/__replica__/expect") as answer:  # noqa: S310 (loopback)
            return [json.loads(line) for line in answer]

    def _control(self, name: str, method: str = "GET") -> dict[str, Any]:
        request = Request(f"{self.url}/__replica__/{name}", method=method)  # noqa: S310 (loopback)
        with urlopen(request) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
            return found
