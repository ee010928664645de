# Every target sets up what it needs; see deploy/setup/.
.DEFAULT_GOAL := help
.PHONY: help demo test lint format boards bench accuracy screenshots lock docs-check clean runtime dev servers collected

BIN := .venv/bin
SOURCES := monitor grafana tests
# Test processes beside each other: the suite is made for two cores, and much of it
# waits for brokers.
WORKERS ?= 3
# Where the demonstration is served: make demo PORT=9205
PORT ?= 9105
# Passed on to pytest, for example: make test PYTEST="-k broker"
PYTEST ?=
RUN_TESTS = pytest -n $(WORKERS) --dist loadgroup $(PYTEST)
# Six processes collect the tests: kept compiled, they need not be compiled six times.
export PYTHONDONTWRITEBYTECODE :=
# What was chosen may lie in one of two runs only; of all tests neither may be without.
MAY_BE_EMPTY = $(if $(PYTEST),|| test $$? -eq 5)

help: ## what can be typed here
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

demo: runtime ## a simulated organisation, measured and served on this machine
	@exec $(BIN)/friction demo --port $(PORT)

# What is fetched and installed waits for others while types are checked. Python's packages
# come first: of two who install, one would find the other's lock.
test: dev ## everything that must hold
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=line lint servers collected
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m $(RUN_TESTS) -m measured $(MAY_BE_EMPTY)
	$(BIN)/$(RUN_TESTS) -m "not measured" $(MAY_BE_EMPTY)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/coverage report --include='monitor/domain/*,monitor/indicators/*' --fail-under=98

lint: dev ## style, format, types, direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports

format: dev ## format and repair what can be repaired
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

boards: dev ## write the boards in grafana/dashboards anew
	$(BIN)/python -m grafana.boards

screenshots: dev servers ## write the pictures in docs/images anew
	$(BIN)/python -m tests.browser.screenshots

bench: dev servers ## the measured promises, into build/bench.json
	$(BIN)/python -m tests.bench

accuracy: dev ## what lost, late, unlabelled events do, into docs/accuracy.md
	$(BIN)/python -m tests.accuracy --write

docs-check: dev ## links, commands and generated pages of the documentation
	$(BIN)/pytest -q tests/unit/test_documents.py
	$(BIN)/python -m monitor.adapters.prometheus.reference_page | diff docs/metrics.md -

lock: dev ## pin the dependencies of pyproject.toml anew
	deploy/setup/lock.sh $(ARGUMENTS)

clean: ## remove what was built; the next target sets up anew
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache .coverage .coverage.*

runtime:
	@deploy/setup/python.sh runtime

dev:
	@deploy/setup/python.sh dev

servers:
	@deploy/setup/servers.sh

# Found by one process before several do: pytest compiles each module of tests in its own
# way, and in a new checkout every process would compile them all. What is wrong with one
# is told by the run.
collected: dev
	@$(BIN)/pytest --collect-only --quiet $(PYTEST) >/dev/null 2>&1 || true
