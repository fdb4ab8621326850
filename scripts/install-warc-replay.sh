#!/bin/sh
# Installs what `pytest -m replay` shows the raw record with: pywb, the replay server of web
# archives, in a Python environment of its own, .tools/warc-replay, since it wants other versions
# than newscrawl does. Every file is checked against the hashes in scripts/warc-replay.lock.
# What is there already is left alone. Says what it could not get, and exits 1 then.
set -eu
cd "$(dirname "$0")/.."
place=.tools/warc-replay
python=${PYTHON:-.venv/bin/python}
[ -x "$python" ] || python=python3

if [ -f "$place/lock" ] && cmp -s scripts/warc-replay.lock "$place/lock"; then
    echo "pywb is there: $place"
    exit 0
fi
rm -rf "$place"
if "$python" -m venv "$place" &&
    "$place/bin/pip" --disable-pip-version-check --quiet install --require-hashes \
        --requirement scripts/warc-replay.lock; then
    cp scripts/warc-replay.lock "$place/lock"
    echo "pywb installed: $place"
else
    rm -rf "$place"
    echo "install-warc-replay: cannot get pywb: it takes venv, the package index, and a network" >&2
    exit 1
fi
