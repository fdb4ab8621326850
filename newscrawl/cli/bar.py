"""The bar that shows on a terminal how far some work is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(what: str, *, shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function that shows how much of all is done; None where nobody looks."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=None)

    def show(done: int, of: int) -> None:
        bar.start()  # not before: it has a thread, which the start of workers does not bear
        bar.update(task, completed=done, total=of)

    try:
        yield show
    finally:
        bar.stop()


@contextmanager
def progress_bars(*, shown: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """Give a function that shows a bar for each thing that is looked at; None as above."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    bars = Progress(console=Console(stderr=True), transient=True)
    tasks = {}

    def show(what: str, done: int, total: int) -> None:
        bars.start()  # as above
        if what not in tasks:
            tasks[what] = bars.add_task(what, total=total)
        bars.update(tasks[what], completed=done, total=total)

    try:
        yield show
    finally:
        bars.stop()
