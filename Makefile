# The one entrance. `make` alone lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Builds live outside the checkout, so that a fresh clone need not build everything again.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/vedette
export CARGO_TARGET_DIR := $(or $(CARGO_TARGET_DIR),$(CACHE)/target)
export UV_PYTHON_DOWNLOADS := never
UV := $(CACHE)/uv/bin/uv
BIN := .venv/bin
PYTHON ?= $(shell tools/find_python.sh)
RUST_SOURCES := $(shell find native -name '*.rs' -o -name Cargo.toml) Cargo.toml Cargo.lock

.PHONY: help build pages pictures run test check fmt unit rust ui demos soak bench demo demo-check clean

help: ## list what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

build: .venv/built pages ## install and build what `make run` needs

pages: $(UV) ## build the pages of the UI, when their sources changed
	@ui/build.sh

run: build ## install what is missing, then run the server
	@exec $(BIN)/vedette up

test: .venv/tested-tools check rust ui demos unit ## every test that belongs to the project

check: .venv/tested-tools ## formatting, lint, types, room rules, tidiness
	@echo "── format and lint"; $(BIN)/ruff format --check -q . && $(BIN)/ruff check -q .
	@echo "── room rules"; $(BIN)/lint-imports --no-logo | tail -4
	@echo "── types"; $(BIN)/mypy
	@echo "── tidy"; $(BIN)/python tools/tidy.py

fmt: .venv/tested-tools ## format everything
	@$(BIN)/ruff format -q . && $(BIN)/ruff check --fix -q . || true
	@cargo fmt --all

rust: .venv/tested-tools ## clippy and the tests of the native crates
	@echo "── clippy"; cargo clippy -q --workspace --all-targets --locked -- -D warnings
	@echo "── cargo test"; cargo test -q --workspace --locked

unit: .venv/tested-tools pages ## the Python tests: unit, contract, wire, journey
	@PATH="$$(ui/tools/node.sh):$$PATH" ui/tools/modules.sh
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --ignore=tests/pages
	@# The browser keeps an event loop of its own in its process: nothing else runs beside it there.
	@$(BIN)/python -m pytest tests/pages

ui: pages ## the checks of the pages: lint, types, rooms, tests, size (tests/pages are in `make unit`)
	@echo "── ui"; ui/check.sh

pictures: .venv/tested-tools pages ## draw every page anew for the guide
	@$(BIN)/python -m pytest -q tests/pages/test_every_page.py --pictures docs/guide/pictures

demos: $(UV) ## the tracing library and the demonstration platforms, each by its own check
	@for each in packages/waymark demo/ticketing demo/igaming; do \
	  echo "── $$each"; PATH="$(CACHE)/uv/bin:$$PATH" $$each/check.sh || exit 1; done

soak: .venv/tested-tools ## the long tests that `make test` leaves out
	@$(BIN)/python -m pytest -m soak

bench: .venv/tested-tools ## the benchmarks; prints a table, writes bench/results/
	@$(BIN)/python -m bench

demo: build ## the demonstration platform (DEMO=ticketing for the other one)
	@exec demo/$(or $(DEMO),igaming)/start.sh

demo-check: ## the contracts of a running iGaming platform, three clean runs, with a scoreboard
	@exec demo/igaming/contracts.sh --three-times

clean: ## forget what was built in this checkout
	rm -rf .venv

# -- how things get here -------------------------------------------------------------------------

$(UV):
	@tools/prerequisites.sh
	@echo "── installing uv into $(CACHE)"
	@mkdir -p $(CACHE) && $(PYTHON) -m venv $(CACHE)/uv && $(CACHE)/uv/bin/pip install -q --disable-pip-version-check uv==0.13.9

.venv/built: $(UV) pyproject.toml uv.lock $(RUST_SOURCES)
	@tools/prerequisites.sh
	@echo "── installing Python packages (the first time takes a minute: the engine alone is 150 MB)"
	@$(UV) sync -q --locked --no-install-project --no-default-groups --inexact --python $(PYTHON)
	@echo "── building the native extension (the first time takes two minutes)"
	@$(UV) tool run -q --from maturin==1.16.0 maturin develop -q --release --locked --uv
	@touch $@

.venv/tested-tools: .venv/built
	@echo "── installing what the tests need"
	@$(UV) sync -q --locked --no-install-project --inexact --python $(PYTHON)
	@tools/test_services.sh
	@touch $@
