# Every command of the README and of CONTRIBUTING.md. `make install` is a no-op when nothing changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PAGES := data/daily-papers
PORT ?= 7860
CODE := assistant ingest ui vectorstore tests benchmarks training

.PHONY: install run format lint types test check bench

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "paperchat needs Python 3.11 or newer; try make PYTHON=python3.12"; exit 1; }
	@if command -v uv >/dev/null; then \
		uv venv --allow-existing --python $(PYTHON) $(VENV) \
		&& uv pip install --python $(BIN)/python --constraint constraints.txt --editable '.[dev]'; \
	else \
		$(PYTHON) -m venv $(VENV) \
		&& $(BIN)/python -m pip install --constraint constraints.txt --editable '.[dev]'; \
	fi
	@touch $@

run: install
	$(BIN)/paperchat ingest $(PAGES)
	$(BIN)/paperchat serve --port $(PORT)

format: install
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

lint: install
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)

types: install
	$(BIN)/mypy

test: install
	$(BIN)/pytest

check: lint types test

bench: install
	$(BIN)/python -m benchmarks.ingest $(PAGES)
	$(BIN)/python -m benchmarks.start_up $(PAGES)
