# `make` alone installs; `make help` lists the rest. Needs Python 3.11 or newer and make.
PYTHON ?= python3
WORKERS ?= 2
CHROMIUM ?= /usr/bin/chromium
UV_VERSION ?= 0.13.9

BIN := .venv/bin
LOCKED := .venv/.locked
INSTALLED := .venv/.installed

.DEFAULT_GOAL := install
.PHONY: install brief serve test pytest lint style types format test-browser bench docs claims choices lock clean help
.DELETE_ON_ERROR:

install: $(INSTALLED) ## Make .venv with everything the README and the tests use (the default)

$(LOCKED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "dualtrack needs Python 3.11 or newer; this is $$($(PYTHON) -V). Try: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	# --no-deps: the lock is complete, and leaves out what [tool.uv] in pyproject.toml says is not used
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@touch $@

$(INSTALLED): $(LOCKED) pyproject.toml src/dualtrack/__init__.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

brief: install ## Write both briefs, as of May 2016 and as of today, to build/
	@mkdir -p build
	$(BIN)/dualtrack brief --as-of 2016-05 --since 2014-09-05 -o build/brief-2016-05.html
	$(BIN)/dualtrack brief -o build/brief-today.html

serve: install ## Open the workbench in a browser, from this machine alone
	$(BIN)/dualtrack serve

test: style ## Check style and types, and run every test that needs no browser
	@$(MAKE) --no-print-directory -j 2 types pytest # types take one core for a minute

pytest: install
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not browser"

lint: style types ## Check style, formatting and types only

style: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

format: install ## Put the code into the house format and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test-browser: install ## Run the tests that drive chromium; fails where it is missing
	@command -v "$(CHROMIUM)" >/dev/null || \
		{ echo "test-browser: no chromium at $(CHROMIUM). Install it (Debian: apt-get install chromium) or say where it is: make test-browser CHROMIUM=/path" >&2; exit 1; }
	CHROMIUM="$(CHROMIUM)" $(BIN)/python -m pytest -m browser tests/browser

bench: install ## Measure beside other tools; prints tables (DATA=DIR also runs what needs data of yours)
	@for script in $$(grep -L '^NEEDS_DATA' benchmarks/*.py); do echo "$$script" >&2; $(BIN)/python $$script || exit 1; done
	@if [ -n "$(DATA)" ]; then for script in $$(grep -l '^NEEDS_DATA' benchmarks/*.py); do \
		echo "$$script" >&2; $(BIN)/python $$script "$(DATA)" || exit 1; done; fi

docs: install ## Write docs/reference anew from the code
	$(BIN)/python scripts/reference.py docs/reference

claims: install ## Write the table of claims anew from the claim files
	$(BIN)/python scripts/claims_table.py

choices: install ## Solve and tell the runs of the workbench anew, after the model, a scenario or priors changed (minutes)
	$(BIN)/python scripts/choices.py

lock: ## Write requirements.lock anew from pyproject.toml (UPGRADE=--upgrade takes the newest versions)
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	build/lock/bin/uv pip compile pyproject.toml --quiet --all-extras --group build --group lint --group test \
		--group browser --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" $(UPGRADE) --output-file requirements.lock

clean: ## Remove what make, the tests and the checkers left behind, .venv included
	rm -rf .venv build dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
