"""What reaches the screen can neither steer it nor fake a line, and closed pipes are calm."""

import subprocess
import sys

import pytest

from newscrawl.cli.terminal import Terminal, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("国内滚动 2026", "国内滚动 2026"),
        ("涨\n[ERROR] fake", "涨\\x0a[ERROR] fake"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b2J", "\\x9b2J"),
        ("甲\u2028乙\u202e丙", "甲\\u2028乙\\u202e丙"),
        ("half \ud83d", "half \\ud83d"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_H130_control_characters_are_shown_as_escapes(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_json_is_one_utf8_line(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    Terminal().json({"title": "涨\n跌"})
    assert capfdbinary.readouterr().out == '{"title":"涨\\n跌"}\n'.encode()


PRINT_MUCH = """
from newscrawl.cli.terminal import Terminal
terminal = Terminal()
for number in range(200_000):
    terminal.json({"number": number})
    if terminal.closed:
        break
assert terminal.closed
terminal.line("dropped")
"""


def test_H135_a_closed_pipe_ends_the_output_without_a_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PRINT_MUCH], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == b'{"number":0}\n'
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0
    process.stderr.close()
