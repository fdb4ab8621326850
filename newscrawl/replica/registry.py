"""The stand-ins there are: every package beside this module that defines one."""

import importlib
import pkgutil
from collections.abc import Sequence

import newscrawl.replica
from newscrawl.names import unknown
from newscrawl.replica.options import SHANGHAI, ReplicaError, ReplicaOptions
from newscrawl.replica.standin import Captured, StandIn
from newscrawl.replica.world import Clock, lanes


def standins() -> dict[str, type[StandIn]]:
    """Return name -> class of all stand-ins, sorted by name."""
    found = {}
    for info in pkgutil.iter_modules(newscrawl.replica.__path__, "newscrawl.replica."):
        if info.ispkg:
            for value in vars(importlib.import_module(info.name)).values():
                if isinstance(value, type) and issubclass(value, StandIn) and value is not StandIn:
                    found[value.name] = value
    return dict(sorted(found.items()))


def build(
    options: ReplicaOptions, clock: Clock, captured: Sequence[Captured] = ()
) -> list[StandIn]:
    """Return the stand-ins that ``options`` ask for, sharing one clock.

    Raises ``ReplicaError`` for an unknown source, naming the nearest one.
    """
    known = standins()
    if options.only is not None and options.only not in known:
        problem = unknown("source", options.only, known, f"there are {', '.join(known)}")
        raise ReplicaError(str(problem))
    chosen = [known[options.only]] if options.only else list(known.values())
    shares = lanes(
        len(chosen),
        articles=options.articles,
        now=options.now.astimezone(SHANGHAI),
        interval=options.interval,
        correct=options.correct,
        clock=clock,
    )
    return [
        cls(lane, options.seed, tuple(captured)) for cls, lane in zip(chosen, shares, strict=True)
    ]
