# make lab     install everything into .venv (first time only) and open JupyterLab on lessons/
# make test    install everything likewise, then lint and run every test
# make lint    ruff only
# make docs    build docs/ into docs/_build/html, warnings being errors
# make lock    write requirements.lock anew from pyproject.toml; ARGS=--upgrade takes newer versions
# make bench   time the small benchmarks; make bench-gpu: CPU and GPU side by side, and the headline
# make clean   remove .venv and everything built
#
# make lab PORT=8900 ARGS=--no-browser      another port, no browser window
# make lab PYTHON=python3.12                another Python for .venv (3.11 or newer)
# make test ARGS="-m 'not slow'"            the quick tests only
PYTHON ?= python3
PORT ?= 8888
ARGS ?=
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check install --quiet --no-user
JUPYTER_FILES := $(shell find binder/jupyter -type f)

.DEFAULT_GOAL := help
.PHONY: help lab test lint docs bench bench-gpu lock clean venv

help:
	@sed -n '/^PYTHON/q; s/^# *//p' Makefile

# .venv/ready is written last and names this folder: an installation that was broken off, moved,
# or whose Python has gone is not ready and is made again.
ifneq ($(shell ( $(RUN) -c "" && cat $(VENV)/ready ) 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/ready
endif

$(VENV)/ready: requirements.lock pyproject.toml $(JUPYTER_FILES)
	@( test ! -e $(VENV)/unfinished && $(RUN) -c "import pip, sys; sys.exit(sys.version_info < (3, 11))" ) 2>/dev/null || $(MAKE) --no-print-directory venv
	@echo "Installing into $(VENV). The first time takes a few minutes."
	@touch $(VENV)/unfinished
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@mkdir -p $(VENV)/etc/jupyter && cp -R binder/jupyter/. $(VENV)/etc/jupyter/
	@rm $(VENV)/unfinished && echo "$(CURDIR)" > $@

OLD = minglm needs Python 3.11 or newer, and $(PYTHON)
OTHER = Install one, or name one that is there, such as: make lab PYTHON=python3.12
venv:
	@command -v $(PYTHON) >/dev/null || { echo "$(OLD) is not here. $(OTHER)"; exit 1; }
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "$(OLD) is `$(PYTHON) -V 2>&1`. $(OTHER)"; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { echo "$(PYTHON) cannot make a virtual environment yet. On Debian and Ubuntu type: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)

lab: $(VENV)/ready
	XLA_PYTHON_CLIENT_PREALLOCATE=false $(RUN) -m jupyterlab --port=$(PORT) --ServerApp.root_dir=lessons $(ARGS)

test: $(VENV)/ready
	@test -d tests || { echo "This is a learner's copy: the tests stay with the answers."; exit 1; }
	$(RUN) -m ruff check .
	$(RUN) -m pytest -n 2 $(ARGS)

lint: $(VENV)/ready
	$(RUN) -m ruff check .

docs: $(VENV)/ready
	$(RUN) -m sphinx -W --keep-going -q -b html docs docs/_build/html

bench: $(VENV)/ready
	$(RUN) -m benchmarks ridge cv paths first-fit features exponents memory $(ARGS)

bench-gpu: $(VENV)/ready
	$(RUN) -m benchmarks gpu headline $(ARGS)

# uv writes one lock for every system and every Python from 3.11 on; it lives in a folder of its own.
lock:
	test -x .cache/uv/bin/uv || { $(PYTHON) -m venv .cache/uv && .cache/uv/bin/python -m pip install --quiet uv; }
	.cache/uv/bin/uv pip compile pyproject.toml --extra course --extra test --extra docs --universal \
	  --python-version 3.11 --fork-strategy requires-python --generate-hashes --quiet \
	  --no-annotate --custom-compile-command "make lock" -o requirements.lock $(ARGS)

clean:
	rm -rf $(VENV) .cache .pytest_cache .ruff_cache .hypothesis docs/_build
