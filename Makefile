# Everything runs from .venv; tools/setup.sh fills it from the locks, and does nothing the second time.

BIN := .venv/bin
JOBS ?= 2
export PYTHON
# A test run starts hundreds of processes; without bytecode each of them compiles every library anew.
unexport PYTHONDONTWRITEBYTECODE
LOCK = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet $(if $(UPGRADE),-U)

.PHONY: help demo test check soak bench coverage-table messages lock run-ready dev-ready bench-ready clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile

demo: run-ready ## See real customers classified, and why (SERVE=0 stops after the summary)
	@$(BIN)/seamark demo $(if $(filter 0,$(SERVE)),--no-serve)

test: check ## Run every check and every test (STRICT=1 fails where Spark's would be skipped)
	$(BIN)/python tools/java.py
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(if $(STRICT),--spark-must-run)

check: dev-ready ## Lint, format, types and layers, without tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: dev-ready ## Kill web, worker and database at random while deliveries come in (ROUNDS=50)
	$(BIN)/python -m tests.faults.soak --rounds $(or $(ROUNDS),50)

bench: bench-ready ## Measure against peers, into benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

coverage-table: dev-ready ## Show which tests stand for which requirement
	@$(BIN)/python tools/coverage_table.py

messages: dev-ready ## Bring the translations up to date with the texts of the pages
	$(BIN)/python tools/messages.py extract

lock: dev-ready ## Write the locks anew after a change in pyproject.toml (UPGRADE=1 takes newer versions)
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml -c requirements.lock --extra learn --extra spark --group dev -o requirements-dev.lock
	$(LOCK) pyproject.toml -c requirements-dev.lock --group bench -o requirements-bench.lock
	$(LOCK) -c requirements-dev.lock --group setup -o requirements-setup.lock
	$(LOCK) --group node -o requirements-node.lock
	$(BIN)/python tools/vendor.py lock

run-ready:
	@sh tools/setup.sh run

dev-ready:
	@sh tools/setup.sh dev

bench-ready:
	@sh tools/setup.sh bench

clean: ## Remove .venv and everything that tools and tests left behind
	rm -rf .venv build dist .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	rm -rf node_modules src/seamark/site/static/vendor
	rm -rf spark-warehouse metastore_db derby.log demo.html
	find src -name '*.mo' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
