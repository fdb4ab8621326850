"""Write the help texts of the commands into docs/commands.md, between its markers."""

import re
from pathlib import Path

import click

from newscrawl.cli.root import newscrawl

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
WIDTH = 88
_BLOCK = re.compile(
    r"(?P<marker><!-- help: (?P<name>\w+(?: \w+)?) -->\n)```text\n.*?```\n", re.DOTALL
)


def help_of(name: str) -> str:
    """Return the help text of a command, wrapped the same way on every screen."""
    settings = newscrawl.context_settings
    context = click.Context(newscrawl, info_name="newscrawl", terminal_width=WIDTH, **settings)
    command: click.Command = newscrawl
    for part in name.split() if name != "newscrawl" else ():
        command = command.commands[part]  # type: ignore[attr-defined]
        context = click.Context(command, info_name=part, parent=context, terminal_width=WIDTH)
    lines = command.get_help(context).splitlines()
    return "\n".join(line.rstrip() for line in lines)


def with_help(page: str) -> str:
    """Return the text of the page with every block after a ``help`` marker brought up to date."""
    return _BLOCK.sub(lambda m: f"{m['marker']}```text\n{help_of(m['name'])}\n```\n", page)


if __name__ == "__main__":
    PAGE.write_text(with_help(PAGE.read_text("utf-8")), "utf-8")
