# make run     the whole product on http://127.0.0.1:8000    (ARGS="--day 10" makes a day last ten seconds)
# make test    everything that is checked before a change is kept
# make clean   what can be made again; data/ stays

.PHONY: run test lint setup clean
.DEFAULT_GOAL := run
PYTHON := .venv/bin/python

run:
	@infra/setup.sh run
	@$(PYTHON) -m infra.cli up $(ARGS)

test:
	@infra/setup.sh test
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest $(ARGS)

lint:
	@infra/setup.sh test
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy

setup:
	@infra/setup.sh test

clean:
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find functions infra tests -name __pycache__ -type d -prune -exec rm -rf {} +
