# `make demo` and `make test` need Python 3.10 or newer, make and a package index; everything else they install into .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEMO ?= .demo
ROWS ?= 200000
BENCH ?=

.PHONY: docs reference demo test browser fuzz bench accuracy format clean

demo: $(INSTALLED)
	rm -rf $(DEMO)
	$(BIN)/anonkit demo --rows $(ROWS) $(DEMO)/data
	$(BIN)/anonkit run --data-dir $(DEMO)/data --output-dir $(DEMO)/output --site FermiGrid --report-file cmd_env_report.txt
	@echo
	@echo "What came out, in $(DEMO)/output:"
	@ls -l $(DEMO)/output
	@echo
	@echo "The first job of cmd_env_report.txt:"
	@awk '/^— Job #2 —/ { exit } { print }' $(DEMO)/output/cmd_env_report.txt

# Without bytecode each process that a test starts would compile all of anonkit.
test: export PYTHONDONTWRITEBYTECODE =
test: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist loadgroup

# The browser that tests of report.html run in, from the distribution's packages; without one they are skipped, and say so.
browser:
	@command -v chromium || command -v chromium-browser || command -v google-chrome \
	|| timeout 300 sh -c 'apt-get update -qq && apt-get install -y -qq chromium' \
	|| echo "Chromium cannot be installed here: the tests of report.html in a browser are skipped"

# The properties on twenty times as many examples, and hostile texts; FUZZ_SECONDS bounds each of the latter.
# Of each format of text MUTATED_FILES damaged files are read.
fuzz: export HYPOTHESIS_PROFILE = thorough
fuzz: export FUZZ_SECONDS ?= 300
fuzz: export BOTH_SIDES_TEXTS ?= 100000
fuzz: export MUTATED_FILES ?= 10000
fuzz: $(INSTALLED)
	$(BIN)/pytest -n auto --dist loadgroup -m "hypothesis or fuzz"

# BENCH=--large for sets of up to 10 million rows, BENCH=--quick for a first impression.
bench: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench,dask]'
	$(BIN)/python -m benchmarks --document docs/performance.md $(BENCH)

# The peers are installed beside it.
accuracy: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[accuracy]'
	$(BIN)/python -m benchmarks.accuracy --document docs/accuracy.md

# The site of the documents, in .docs; a warning is an error.
docs: $(INSTALLED)
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going --doctree-dir .docs/.doctrees docs .docs

# The reference of commands, options and the API, and the stored surface of the API.
reference: $(INSTALLED)
	$(BIN)/python -m tests.contracts.reference
	$(BIN)/python -m tests.contracts.public_surface

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(DEMO) .docs

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 10) else "anonkit needs Python 3.10 or newer; run make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	touch $@
