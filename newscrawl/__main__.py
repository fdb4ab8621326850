"""``python -m newscrawl`` is the ``newscrawl`` command."""

from newscrawl.cli import main

if __name__ == "__main__":
    main()
