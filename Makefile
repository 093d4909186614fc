# make setup | run | compare-small | test | check | bench | clean
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Quiet and predictable processes: one passive OpenMP thread each (spinning pools on shared cores slow each other down
# tenfold), no usage statistics, and no second virtual environment for Ray's workers under `uv run`.
export OMP_NUM_THREADS ?= 1
export OMP_WAIT_POLICY ?= PASSIVE
export RAY_USAGE_STATS_ENABLED ?= 0
export RAY_ENABLE_UV_RUN_RUNTIME_ENV ?= 0
export MLFLOW_DISABLE_TELEMETRY ?= true

.PHONY: setup run compare-small test check bench clean
.DEFAULT_GOAL := setup

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' || \
	  { echo "rls3 needs Python 3.11 or 3.12; name one: make setup PYTHON=python3.11" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

run: setup
	$(BIN)/rls3 run configs/quickstart.yaml

compare-small: setup
	$(BIN)/rls3 compare configs/compare.yaml configs/compare-small.yaml --students rls3-vilt-base --jobs 2

test: setup
	$(BIN)/pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	@set -e; for each in tests/performance/bench_*.py; do $(BIN)/python $$each; done

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find rls3 tests -name __pycache__ -type d -prune -exec rm -rf {} +
