# Every task of the project, the same by hand and in continuous integration.

PYTHON ?= python3
ENVIRONMENT := .venv
OLDEST := .venv-oldest
RUN := $(ENVIRONMENT)/bin/python
WORKERS ?= 2

# Pictures are drawn off the screen; each worker is one process, so its linear algebra keeps to one thread.
# A file is one worker's, in the order of Testing/conftest.py, which begins with those that take longest.
export QT_QPA_PLATFORM ?= offscreen
ifeq ($(shell uname),Linux)
export VTK_DEFAULT_OPENGL_WINDOW ?= vtkEGLRenderWindow
endif
SHARED := --dist=loadfile --no-loadscope-reorder
TEST := OPENBLAS_NUM_THREADS=1 $(RUN) -m pytest

.PHONY: help setup demo test test-oldest validate lint format bench screenshots clean

help:
	@echo "make setup        virtual environment $(ENVIRONMENT) from requirements/environment.txt"
	@echo "make demo         plan, verify and follow up in the digital patient; writes demo-output/"
	@echo "make test         the whole test suite, without the long validation"
	@echo "make test-oldest  the library's tests on the versions of Slicer 5.10"
	@echo "make validate     long validation: large volumes, Monte Carlo"
	@echo "make lint         ruff and mypy"
	@echo "make format       let ruff mend what it can"
	@echo "make bench        time, memory and import cost"
	@echo "make screenshots  pictures of the modules for README and Docs"

setup:
	@command -v $(PYTHON) >/dev/null || \
	  { echo "setup: no $(PYTHON) here: install Python 3.11 or newer (Debian: apt-get install python3 python3-venv)."; exit 1; }
	@$(PYTHON) Testing/tools/setup_environment.py requirements/environment.txt $(ENVIRONMENT)

# Status 1 is a result that needs a person: the demonstration's implant is made with faults, and they are found.
demo: setup
	$(RUN) -m brachyresponse demo --out demo-output || [ $$? -eq 1 ]

test: setup
	$(TEST) --numprocesses=$(WORKERS) $(SHARED) -m "not validation" Testing

test-oldest:
	@$(PYTHON) Testing/tools/setup_environment.py requirements/oldest.txt $(OLDEST)
	OPENBLAS_NUM_THREADS=1 $(OLDEST)/bin/python -m pytest --numprocesses=$(WORKERS) $(SHARED) \
	  -m "not validation" Testing/library

validate: setup
	$(TEST) -m validation Testing

lint: setup
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy

format: setup
	$(RUN) -m ruff check --fix
	$(RUN) -m ruff format

bench: setup
	OPENBLAS_NUM_THREADS=1 $(RUN) Benchmarks/run.py

screenshots: setup
	PYTHONPATH=Testing $(RUN) -m screenshots

clean:
	rm -rf $(ENVIRONMENT) $(OLDEST) demo-output build .hypothesis .mypy_cache .pytest_cache .ruff_cache
