# The two commands of the README are `make demo` and `make test`; the rest is for developers.

# Linear algebra in threads, beside two processes of tests, makes each of them wait for the other.
export OPENBLAS_NUM_THREADS ?= 1

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell \
	command -v $(name) >/dev/null 2>&1 && \
	$(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
INSTALLED := $(VENV)/.installed
PEERS := .venv-benchmark
CLIENTS := .venv-clients

.PHONY: help demo test proofs clients benchmark fuzz accessibility check lock clean

help:
	@echo "make demo    simulate two years of returns, run them, and show the KPIs"
	@echo "make test    run every test"
	@echo "make proofs  run the proofs that take minutes"
	@echo "make fuzz    read ten thousand damaged files (some minutes)"
	@echo "make accessibility  scan every page in headless Chromium (needs chromium, node and npm)"
	@echo "make clients  ask every question of the documents by the oldest supported DuckDB"
	@echo "make benchmark  race other programs and write docs/benchmarks.md (ten minutes)"
	@echo "make check   formatting, lint, types and import rules"
	@echo "make lock    resolve requirements.lock again from pyproject.toml (needs uv)"

demo: $(INSTALLED)
	@$(BIN)/perceptions demo

test: $(INSTALLED)
	@$(BIN)/python -m pytest -n 2 --dist loadscope

proofs: $(INSTALLED)
	@$(BIN)/python -m pytest -m slow

fuzz: $(INSTALLED)
	@$(BIN)/python -m pytest -m "slow or not slow" tests/fuzz

accessibility: $(INSTALLED)
	@$(BIN)/python -m pytest -m slow -rs tests/warehouse/test_site_accessibility.py

clients: $(INSTALLED) $(CLIENTS)/.installed
	@$(BIN)/python -m pytest -m slow -rs tests/docs/test_clients.py

benchmark: $(INSTALLED) $(PEERS)/.installed
	@PYTHONPATH=.:tests $(BIN)/python -m benchmarks

check: $(INSTALLED)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

$(INSTALLED): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; install it, or name it: make PYTHON=/path/to/python3"; exit 2; }
	@echo "Making the environment in $(VENV) (about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(PEERS)/.installed: tests/benchmarks/requirements.txt
	@echo "Making the environment of the programs to be raced in $(PEERS)"
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r $<
	@touch $@

$(CLIENTS)/.installed: tests/clients/requirements.txt
	@$(PYTHON) -m venv $(CLIENTS)
	@$(CLIENTS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r $<
	@touch $@

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) $(PEERS) $(CLIENTS) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
