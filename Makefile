.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: help setup test-setup run

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv with the locked dependencies and the command casework
	@scripts/setup.sh

test-setup: ## The same, with what the tests and checks need
	@scripts/setup.sh test

run: setup ## Start the application with demonstration data
	@.venv/bin/casework serve --demo
