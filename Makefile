# DFWorX. Two commands are enough: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
DFWORX := $(VENV)/bin/python -m dfworx
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run dev test test-elsewhere check bench drill new-slice lock tools

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "make %-15s  %s\n", $$1, $$2 }'

run: $(VENV)/.run ## start the workspace: database, migrations, front end, server
	@exec $(DFWORX) run

dev: $(VENV)/.dev ## the same with hot reload
	@exec $(DFWORX) dev

test: $(VENV)/.dev ## lints, types and every test (ARGS="-k name" for pytest)
	@$(DFWORX) test $(ARGS)

test-elsewhere: $(VENV)/.dev ## the database's tests on Postgres 15, Supabase's shape, and through a pooler
	@$(DFWORX) test --on 15 --on supabase --on supabase-logins --on pooler $(ARGS)

check: $(VENV)/.dev ## lints, types, import contracts, house rules
	@$(DFWORX) check

bench: $(VENV)/.dev ## measure live delivery, durable sends, memory
	@$(DFWORX) bench $(ARGS)

drill: $(VENV)/.dev ## kill, fill, cut and delay what we depend on; count what is lost
	@$(DFWORX) drill $(ARGS)

new-slice: $(VENV)/.dev ## write a new slice: make new-slice NAME=polls
	@$(DFWORX) new-slice $(or $(NAME),$(error say which: make new-slice NAME=polls))

lock: $(VENV)/.dev ## lock the requirements anew from pyproject.toml
	@$(DFWORX) lock

# The virtual environment follows the locks; nothing is installed while they stay the same.
$(VENV)/.run: requirements.txt | tools
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

tools:
	@command -v $(PYTHON) >/dev/null || { echo "DFWorX needs Python 3.11 or newer: install it, or say which: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "DFWorX needs Python 3.11 or newer; $$($(PYTHON) --version) was found: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python has no venv module: install it (on Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@command -v git >/dev/null || { echo "DFWorX needs git: install it" >&2; exit 1; }
