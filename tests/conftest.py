"""What the whole suite stands on."""

import signal


def pytest_configure() -> None:
    """Hear of Ctrl-C again: a suite started in the background inherits that it is ignored.

    Its children would too, and newscrawl leaves alone who wants a signal ignored, so that
    whatever is asked to end by SIGINT would run on.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
