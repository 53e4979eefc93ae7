.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.PHONY: help setup test-setup run test pytest hostile lint format bench assets lock upgrade wheel clean

PYTHON_IN_VENV := .venv/bin/python
# What a test run may be told: make pytest ARGS="tests/unit -k arrears"
ARGS ?=
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv with the locked dependencies and the command casework
	@scripts/setup.sh

test-setup: ## The same, with what the tests and checks need, Chromium among it
	@scripts/setup.sh test
	@scripts/ensure_chromium.sh

run: setup ## Start the application with demonstration data
	@exec .venv/bin/casework serve --demo

test: test-setup lint pytest ## Run every check and every test, on both databases and in Chromium

pytest: ## Run the tests only; ARGS="tests/unit -k arrears" chooses
	@$(PYTHON_IN_VENV) -m pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

hostile: test-setup ## Send a thousand random and hostile submissions to every form
	@HOSTILE_SUBMISSIONS=1000 $(PYTHON_IN_VENV) -m pytest --numprocesses $(WORKERS) --dist worksteal tests/integration/hostile $(ARGS)

lint: ## Check style, types and the layers of the architecture
	@$(PYTHON_IN_VENV) -m ruff check .
	@$(PYTHON_IN_VENV) -m ruff format --check --quiet . || { echo "make lint: run 'make format' for the files named by: ruff format --check" >&2; exit 1; }
	@$(PYTHON_IN_VENV) -m mypy
	@.venv/bin/lint-imports --no-logo --cache-dir .import_linter_cache

format: ## Lay the code out and sort the imports
	@$(PYTHON_IN_VENV) -m ruff check --select I,F401 --fix --quiet .
	@$(PYTHON_IN_VENV) -m ruff format .

bench: test-setup ## Measure the speed beside the bare floor
	@$(PYTHON_IN_VENV) -m bench $(ARGS)

assets: test-setup ## Fetch the pinned browser assets and their licences into the repository
	@$(PYTHON_IN_VENV) scripts/vendor_assets.py $(ARGS)

lock: ## Write the lock files from setup.cfg, keeping the pins that still fit
	@$(PYTHON_IN_VENV) scripts/lock.py

upgrade: ## Write the lock files with the newest versions that setup.cfg allows
	@$(PYTHON_IN_VENV) scripts/lock.py --upgrade

wheel: setup ## Build the wheel into dist/
	@rm -rf build dist
	@$(PYTHON_IN_VENV) -m pip wheel -qq --disable-pip-version-check --no-deps --no-build-isolation --no-index --wheel-dir dist .
	@rm -rf build
	@ls dist/*.whl

clean: ## Remove what the tools made (the data in var/ stays)
	@rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
