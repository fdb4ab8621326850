"""The command group and the one place where exceptions become messages and exit codes."""

import atexit
import gc
import sys
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

import click

from newscrawl import __version__
from newscrawl.cli import options
from newscrawl.cli.crawl import crawl
from newscrawl.cli.demo import demo
from newscrawl.cli.explain import explain
from newscrawl.cli.export import export
from newscrawl.cli.extract import extract
from newscrawl.cli.history import history
from newscrawl.cli.importing import import_posts
from newscrawl.cli.ingest import ingest
from newscrawl.cli.pictures import pictures
from newscrawl.cli.rebuild import rebuild
from newscrawl.cli.recrawl import recrawl
from newscrawl.cli.reextract import reextract
from newscrawl.cli.remove import remove
from newscrawl.cli.runs import runs
from newscrawl.cli.signals import ended_by_signals
from newscrawl.cli.similar import similar
from newscrawl.cli.site import site
from newscrawl.cli.sources import sources
from newscrawl.cli.status import status
from newscrawl.cli.terminal import Terminal
from newscrawl.cli.verify import verify
from newscrawl.config import ConfigError
from newscrawl.exit_codes import ExitCode
from newscrawl.names import UnknownNameError
from newscrawl.replica.command import replica

YOUNG = 20_000
"""Objects that are made, and not let go, before Python looks for cycles among them; it has 700.
Imports leave none, and the work little: it took a twentieth of every command."""
BUG_REPORT = "this is a fault of newscrawl; run it again with --debug to see where"


class Root(click.Group):
    """The group ``newscrawl``: whatever happens inside ends in one line and a code of §7."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run the command of ``args`` (default: the process's) and exit; never a traceback."""
        given = extra.get("args") or (args[0] if args else None) or sys.argv[1:]
        terminal = Terminal()
        with ended_by_signals():
            code = guarded(
                lambda: super(Root, self).main(*args, **extra | {"standalone_mode": False}),
                terminal,
                debug="--debug" in given,
            )
        sys.exit(code)


def guarded(run: Callable[[], Any], terminal: Terminal, *, debug: bool) -> int:
    """Call ``run`` and return its exit code; say in one line what went wrong.

    With ``debug`` the traceback is shown as well. ``run`` returns an exit code or None.
    """
    try:
        return int(run() or ExitCode.OK)
    except click.exceptions.Exit as error:
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        terminal.error("newscrawl: interrupted; everything stored so far is whole")
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Exception as error:  # noqa: BLE001  (the boundary of the process)
        if debug:
            traceback.print_exc()
        code, line = _classify(error)
        terminal.error(f"newscrawl: {line}")
        return code


def _classify(error: Exception) -> tuple[ExitCode, str]:
    """Return the exit code of an exception and the line about it."""
    from newscrawl.archive import ArchiveError
    from newscrawl.archive.foreign import NotWARCError
    from newscrawl.archive.lock import LockedError
    from newscrawl.export import ExportError, ExportLocked

    if isinstance(error, ConfigError | UnknownNameError | NotWARCError):
        return ExitCode.USAGE, str(error)
    if isinstance(error, ExportLocked | LockedError):
        return ExitCode.LOCKED, str(error)
    if isinstance(error, ArchiveError | ExportError):
        return ExitCode.STORAGE, str(error)
    if isinstance(error, OSError):
        return ExitCode.STORAGE, _of_system(error)
    return ExitCode.BUG, f"{type(error).__name__}: {error} ({BUG_REPORT})"


def _of_system(error: OSError) -> str:
    """Return what the system refused, and for which file."""
    what = error.strerror or str(error)
    return f"{error.filename}: {what}" if error.filename else what


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="newscrawl")
def newscrawl() -> None:
    """Crawl Chinese finance and technology news into Jekyll, Hexo and Hugo posts.

    \b
    Try it without a network:   newscrawl demo
    Crawl the live site:        newscrawl crawl sina_finance --section china --limit 20
    """


for command in (
    crawl,
    recrawl,
    export,
    extract,
    explain,
    history,
    import_posts,
    ingest,
    pictures,
    rebuild,
    reextract,
    remove,
    runs,
    similar,
    site,
    sources,
    status,
    verify,
    options.debug(replica),
    demo,
):
    newscrawl.add_command(command)


def main() -> NoReturn:
    """Entry point of the ``newscrawl`` script."""
    gc.set_threshold(YOUNG)
    # At the end Python looks for cycles in everything that was imported, several times over:
    # a tenth of a run that finds nothing new, only to free what the system frees anyway.
    atexit.register(gc.freeze)
    newscrawl.main(prog_name="newscrawl")
