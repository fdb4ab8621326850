"""``python -m newscrawl.replica``."""

from newscrawl.replica.command import replica

if __name__ == "__main__":
    replica(prog_name="python -m newscrawl.replica")
