"""What work leaves in memory where nobody looks for cycles."""

import gc
from collections.abc import Callable


def left_by(work: Callable[[], object], kind: type) -> list[object]:
    """Return the objects of a kind that are there after ``work`` and were not before it."""

    def there() -> list[object]:
        return [each for each in gc.get_objects() if isinstance(each, kind)]

    gc.collect()
    before = there()  # held, so that no new object has the place of one of these
    known = set(map(id, before))
    gc.disable()
    try:
        work()
        return [each for each in there() if id(each) not in known]
    finally:
        gc.enable()
