# make lab    install everything into .venv and open JupyterLab on lessons/
# make test   install everything and run every test
# Options:    make lab PORT=8900 ARGS=--no-browser      make test ARGS="-m 'not slow'"
PYTHON ?= python3
PORT ?= 8888
ARGS ?=
VENV := .venv
RUN := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help lab test lint lock docs bench clean

help:
	@sed -n 's/^# //p' Makefile

# One stamp file, written last: an installation that was broken off is done again.
$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

lab: $(VENV)/ready
	$(RUN) -m jupyterlab --port=$(PORT) --ServerApp.root_dir=lessons $(ARGS)

test: $(VENV)/ready
	$(RUN) -m ruff check .
	$(RUN) -m pytest -n 2 $(ARGS)

lint: $(VENV)/ready
	$(RUN) -m ruff check .

lock:
	uv pip compile pyproject.toml --extra course --extra test --extra docs --universal \
	  --python-version 3.11 --fork-strategy requires-python --generate-hashes \
	  --no-emit-index-url --no-annotate --custom-compile-command "make lock" -o requirements.lock

docs: $(VENV)/ready
	$(RUN) -m sphinx -W -b html docs docs/_build/html

clean:
	rm -rf $(VENV) .cache docs/_build
