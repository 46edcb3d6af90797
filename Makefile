# The whole project from here: `make run` to see it, `make test` to trust it. Nothing has to be installed first
# but python3 (3.11 or newer), make and git; everything is kept in .venv and .local.

PYTHON ?= python3
# Which set of packages .venv holds: the sum of the lock file, so that an unchanged one needs no network.
INSTALLED := .venv/installed-$(firstword $(shell cksum requirements-dev.txt))
LOCKED := --upgrade --universal --python-version 3.11 --generate-hashes --no-header --quiet
# Files with a long proof in them.
PROOFS := $(shell grep -rlw "tests.proofs" tests --include="test_*.py" --exclude-dir=browser)
APART := --override-ini=addopts="-ra -p tests.services --import-mode=importlib --strict-markers"
TEMPLATES := $(wildcard templates */templates)
# What Django's own checks for a public site are run with; no server is asked.
PUBLIC := DEBUG=false BASE_URL=https://evenhand.example DATABASE_URL=postgres://x:x@127.0.0.1:1/x \
	REDIS_URL=redis://127.0.0.1:1/0 STRIPE_API_KEY=sk_test_check STRIPE_WEBHOOK_SECRET=whsec_check \
	SECRET_KEY=only-for-the-checks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLM \
	SEALED_KEYS=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=

# What Python compiled is kept: else every program that is started here, and tests start many, compiles all of it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test proofs drill check style types line settings installed browser bench mutants screenshots format states messages lock reset
.DEFAULT_GOAL := help

help:  ## what can be done here
	@awk -F ':.*## +' '/^[a-z]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' Makefile

run: $(INSTALLED)  ## the whole co-op on this machine, with a demo in it
	@.venv/bin/python -m coop.dev.run

test: $(INSTALLED)  ## every test but the browser's, or a part of them (SHARD=1/3)
	.venv/bin/pytest -n logical --dist worksteal $(SHARD:%=--shard=%)

proofs: $(INSTALLED)  ## what `make test` tries a part of, in whole (docs/proofs.md)
	PROOFS=1 .venv/bin/pytest -n logical --dist worksteal $(PROOFS)
	PROOFS=1 .venv/bin/pytest -n 2 --dist worksteal tests/browser $(APART)

drill: $(INSTALLED)  ## a backup, people paid, the backup restored: nobody is paid twice, in some ways
	PROOFS=1 .venv/bin/pytest -v -n 0 tests/payouts/recovery/test_drill.py $(APART)

browser: $(INSTALLED)  ## the journeys and every page in a real Chromium
	.venv/bin/pytest -n 2 --dist worksteal tests/browser $(APART)

bench: $(INSTALLED)  ## how fast it is with many members and clients
	.venv/bin/pytest tests/benchmarks --override-ini=addopts="-ra -s -p tests.services --import-mode=importlib --strict-markers"

mutants: $(INSTALLED)  ## small faults, each of which a test should see (PARTS="money rules turns votes")
	.venv/bin/python -m tests.mutants $(PARTS)

screenshots: $(INSTALLED)  ## the pictures in the documentation, taken again
	.venv/bin/pytest tests/browser/pictures.py $(APART)

check: $(INSTALLED)  ## style, types, the line between the rooms, migrations, settings
	@$(MAKE) --no-print-directory -j2 --output-sync=target types style line settings

types: $(INSTALLED)
	$(PUBLIC) .venv/bin/mypy

style: $(INSTALLED)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djangofmt --check --quiet --indent-width 2 $(TEMPLATES)

line: $(INSTALLED)
	.venv/bin/lint-imports --no-logo

settings: $(INSTALLED)
	$(PUBLIC) .venv/bin/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PUBLIC) .venv/bin/python manage.py check --deploy --fail-level WARNING

format: $(INSTALLED)  ## code and templates as `make check` wants them
	.venv/bin/ruff check --fix --quiet .
	.venv/bin/ruff format .
	.venv/bin/djangofmt --quiet --indent-width 2 $(TEMPLATES)

states: $(INSTALLED)  ## docs/states.md and docs/standing.md, read off the code
	@$(PUBLIC) .venv/bin/python manage.py states > docs/states.md
	@$(PUBLIC) .venv/bin/python manage.py standing > docs/standing.md

messages: $(INSTALLED)  ## the texts for translators, collected and compiled (needs gettext)
	$(PUBLIC) .venv/bin/python manage.py makemessages --locale es --no-wrap --no-location --no-obsolete --ignore .venv --ignore .local
	$(PUBLIC) .venv/bin/python manage.py compilemessages --ignore .venv --ignore .local

lock: $(INSTALLED)  ## newer packages, locked by their hashes (from pyproject.toml)
	.venv/bin/uv pip compile $(LOCKED) pyproject.toml -o requirements.txt
	.venv/bin/uv pip compile $(LOCKED) pyproject.toml --group dev -o requirements-dev.txt

reset:  ## throw away the data of `make run`
	@.venv/bin/python -m coop.dev.run reset

installed: $(INSTALLED)

$(INSTALLED):
	@command -v $(PYTHON) >/dev/null || { echo "Evenhand needs python3, 3.11 or newer. On Debian: apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Evenhand needs Python 3.11 or newer; this is $$($(PYTHON) --version). Name another: make run PYTHON=/usr/bin/python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make virtual environments. On Debian: apt install python3-venv" >&2; exit 1; }
	@echo "Installing what Evenhand needs into .venv (once; a minute or two)"
	@umask 022 && $(PYTHON) -m venv .venv && .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements-dev.txt
	@rm -f .venv/installed-* && touch $@
