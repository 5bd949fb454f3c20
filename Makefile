.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check docs lock clean

PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv ignores the system's certificates unless told, and never reads pip.conf: where it cannot
# reach an index, pip does the same work from the same hashed files.
export UV_SYSTEM_CERTS ?= 1
define install
$(BIN)/uv pip install -q -p $(BIN)/python $(1) || $(BIN)/python -m pip install -q $(1)
endef
LOCKED := --require-hashes --no-deps

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## Set up and run the main job on a generated workspace
	$(BIN)/bullseye demo demo --force

test: $(VENV)/.dev ## Set up and pass all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto --dist loadfile

docs: $(VENV)/.dev ## Rewrite the generated parts of the documentation
	$(BIN)/python -m docs.generate

$(BIN)/uv: requirements/uv.txt
	$(PY) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed")'
	$(PY) -m venv $(VENV)
	$(BIN)/python -m pip install -q --require-hashes -r requirements/uv.txt
	touch $@

$(VENV)/.run: $(BIN)/uv requirements/run.txt requirements/build.txt pyproject.toml
	$(call install,$(LOCKED) -r requirements/build.txt -r requirements/run.txt)
	$(call install,--no-build-isolation --no-deps -e .)
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt requirements/duckdb-lts.txt
	$(call install,$(LOCKED) -r requirements/dev.txt)
	$(call install,$(LOCKED) --target $(VENV)/duckdb-lts -r requirements/duckdb-lts.txt)
	touch $@

COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links
lock: $(BIN)/uv ## Rewrite the locked requirements
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) pyproject.toml --group dev -o requirements/dev.txt
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) requirements/build.in -o requirements/build.txt
	$(COMPILE) requirements/duckdb-lts.in -o requirements/duckdb-lts.txt
	! grep -nE 'https?:|index-url|find-links|file:' requirements/*.txt

clean: ## Remove the environment
	rm -rf $(VENV)
