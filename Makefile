# Everything runs in .venv, which is made when needed and again when pyproject.toml or constraints.txt changes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := tests/node/node_modules
SEEDS ?= seeds
OUT ?= out

.PHONY: build test check format browser generators training fuzz soak benchmark clean
.DEFAULT_GOAL := build

build: $(VENV)/.installed
	$(BIN)/briefs build $(SEEDS) $(OUT)

test: $(VENV)/.installed-test
	$(BIN)/pytest

check: $(VENV)/.installed-check
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

browser: $(VENV)/.installed-browser
	$(BIN)/pytest -m browser tests/browser

generators: $(VENV)/.installed-generators $(NODE)/.installed
	$(BIN)/pytest tests/generators tests/node

training: $(VENV)/.installed-training
	$(BIN)/mypy
	$(BIN)/pytest -m 'training or not (training or browser)' tests/network tests/test_training.py training

fuzz: $(VENV)/.installed-fuzz
	$(BIN)/python tests/fuzz.py -max_total_time=240

soak: $(VENV)/.installed-test
	$(BIN)/python tests/soak.py --steps 200

format: $(VENV)/.installed-check
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

benchmark: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks.speed

clean:
	rm -rf $(VENV) $(NODE) $(OUT) dist

$(VENV)/.python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "briefs needs Python 3.11 or newer; this is " + sys.version.split()[0] + ": make PYTHON=python3.12 names another")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --upgrade pip
	@touch $@

$(VENV)/.installed: $(VENV)/.python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --build-constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-training: $(VENV)/.installed-check
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[training]'
	@touch $@

$(NODE)/.installed: tests/node/package-lock.json
	npm ci --prefix tests/node --ignore-scripts --silent
	@touch $@

$(VENV)/.installed-test $(VENV)/.installed-browser $(VENV)/.installed-check $(VENV)/.installed-fuzz $(VENV)/.installed-generators: $(VENV)/.installed-%: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group $*
	@touch $@
