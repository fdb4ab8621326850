"""A batch of posts on its way to the disk: staged one by one, then named and noted together."""

from collections.abc import Callable, Iterable

from newscrawl.export.files import Staged, Tree
from newscrawl.export.manifest import Manifest
from newscrawl.export.planning import Planner
from newscrawl.export.report import Why
from newscrawl.export.standing import Change


class Batch:
    """Posts that are synced, named and confirmed together.

    Nothing has its name before ``carry_out``, and what has none at ``close`` goes.
    """

    def __init__(self, tree: Tree, manifest: Manifest, planner: Planner, rendering: str) -> None:
        self._tree = tree
        self._manifest = manifest
        self._planner = planner
        self._rendering = rendering
        self._changes: list[Change] = []
        self._writes: list[Change] = []
        self._staged: list[Staged] = []
        self._stamps: dict[str, str] = {}

    def close(self) -> None:
        """Remove what has no name."""
        for each in self._staged:
            self._tree.discard(each)

    def add(self, changes: Iterable[Change]) -> None:
        """Take changes in and stage what stands in a file of its own."""
        for change in changes:
            self._changes.append(change)
            if change.content is not None:
                self._writes.append(change)
                if self._planner.has_own_file(change):
                    self._stage(change.entry.path, change.content)
                    change.content = None

    def carry_out(self, prepare: Callable[[], None]) -> None:
        """Write the batch: one sync, the claims, the names; the confirmations are noted.

        prepare: puts in its place what posts must not be there before. The confirmations
        are saved with the claims of the next batch: after a kill, they are claims until then.
        """
        prepare()
        for path, content in self._planner.shared(self._writes):
            self._stage(path, content)
        self._tree.sync(self._staged)  # of what was prepared, too
        for change in self._writes:
            change.entry.claimed = change.digest
        self._manifest.save(change.entry for change in self._writes)
        while self._staged:
            self._tree.replace(self._staged[-1])
            self._staged.pop()
        if self._writes:
            self._tree.sync_folders()
        self._planner.restamp(self._stamps)
        self._manifest.note(change.entry for change in self._changes if self._note(change))

    def _stage(self, path: str, content: bytes) -> None:
        staged = self._tree.stage(path, content)
        self._staged.append(staged)
        self._stamps[path] = staged.stamp

    def _note(self, change: Change) -> bool:
        """Bring the entry of a file up to date; return whether it has to be saved."""
        entry, known = change.entry, (change.entry.sequence, change.entry.rendering)
        if change.why is Why.EDITED:
            entry.sequence = None  # owed, until the file is ours again
            return known[0] is not None or self._manifest.is_planned(entry)
        if change.why is Why.REMOVED:  # nothing is owed: it is as the user wants it
            entry.sequence, entry.rendering = change.sequence, self._rendering
            return known != (entry.sequence, entry.rendering)
        stamp = self._stamps.get(entry.path, change.stamp) if change.lasting else None
        return entry.confirm(change.digest, change.sequence, self._rendering, stamp, change.page)
