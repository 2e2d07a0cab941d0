# make run     the whole product on http://127.0.0.1:8000    (ARGS="--day 10" makes a day last ten seconds)
# make test    everything that is checked before a change is kept
# make fuzz    20,000 damaged invoices; ARGS="--cases 1000 --seed 2" for others
# make scan    prepares the reading of scans and photos (optional, 400 MB)
# make clean   what can be made again; data/ stays

.PHONY: scan run test lint fuzz setup clean
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

fuzz:
	@infra/setup.sh test
	$(PYTHON) -m infra.bench.fuzz $(ARGS)

lint:
	@infra/setup.sh test
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy

scan:
	@infra/setup.sh scan

setup:
	@infra/setup.sh test

clean:
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find functions infra tests -name __pycache__ -type d -prune -exec rm -rf {} +
