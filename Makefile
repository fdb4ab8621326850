# `make demo` and `make test` set themselves up in .venv from the locked versions.
# They need Python 3.11 or newer with venv, make, and the package index.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && { echo "$$python"; break; }; done)
UV := uv==0.13.9
COMPILE = .tools/lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --upgrade

.PHONY: help demo test lint bench figures docs lock clean

help:
	@echo "make demo    crawl the built-in stand-ins of both sites into output/"
	@echo "make test    install what the suite needs, then lint, types and all tests"
	@echo "make lint    ruff and mypy alone"
	@echo "make bench   the figures of benchmarks/, or BENCH='pipeline' alone"
	@echo "make figures write what make bench measured into README and docs/"
	@echo "make docs    write the help texts into docs/commands.md"
	@echo "make lock    choose new versions for the lock files"
	@echo "make clean   remove .venv and caches; output/ stays"

demo: $(VENV)/.runtime
	$(BIN)/newscrawl demo $(DEMO)

test: lint
	scripts/install-site-generators.sh || { test -z "$$CI" && echo "site builds are skipped"; }
	scripts/install-browser.sh || { test -z "$$CI" && echo "browser tests are skipped"; }
	scripts/install-warc-replay.sh || { test -z "$$CI" && echo "replay tests are skipped"; }
	$(BIN)/pytest $(PYTEST)

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks $(BENCH)

figures: $(VENV)/.dev
	$(BIN)/python -m benchmarks.publish

docs: $(VENV)/.dev
	$(BIN)/python scripts/write_docs.py

# Every file that pip installs is checked against the hashes of the lock; newscrawl itself
# is built by the hatchling of the lock and installed as a link to this checkout.
$(VENV)/.runtime: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "newscrawl needs Python 3.11 or newer, with venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

# The lock for running holds the build backend too, so that nothing comes from outside it.
lock:
	$(PYTHON) -m venv .tools/lock
	.tools/lock/bin/pip --disable-pip-version-check --quiet install "$(UV)"
	echo 'hatchling>=1.27,<2' | $(COMPILE) pyproject.toml - --output-file requirements.lock
	echo 'hatchling>=1.27,<2' | $(COMPILE) pyproject.toml - --extra dev \
		--constraint requirements.lock --output-file requirements-dev.lock
	echo 'pywb>=2.10,<3' | $(COMPILE) - --output-file scripts/warc-replay.lock

clean:
	rm -rf $(VENV) .tools build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
