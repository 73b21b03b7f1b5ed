# Lightbox in two commands: `make run` starts it, `make test` sets it up and runs every test.

HOST = 127.0.0.1
PORT = 8501
ARGS =
BENCH = start_to_first_point first_page upload_memory import_rate import_memory
PY = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test soak check bench screenshots readme bundle lock clean

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null || grep '##' $(MAKEFILE_LIST)

run: ## start Lightbox here (HOST=0.0.0.0: for the network, with an access key; PORT=8501)
	@.ci/setup run
	@exec $(PY) -m core serve --host "$(HOST)" --port "$(PORT)"

test: ## set up and run every test, the browser journeys included (ARGS="-k name")
	@.ci/setup dev
	@$(PY) -m pytest -m "not soak" $(ARGS)

soak: ## the long forms: a gigabyte, twenty rounds, five seeds (about 15 minutes)
	@.ci/setup dev
	@$(PY) -m pytest -m soak --timeout 3600 $(ARGS)

check: ## lint, format, types and the import contract
	@.ci/setup dev
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -c 'from importlinter.cli import lint_imports; raise SystemExit(lint_imports())'

bench: ## every benchmark, one after the other (BENCH=first_page: only that one)
	@.ci/setup dev
	@for name in $(BENCH); do $(PY) -m benchmarks.$$name || exit 1; done

screenshots: ## take the pictures of the README anew, from a real run
	@.ci/setup dev
	@$(PY) docs/screenshots.py

readme: ## write the tables of the README anew, from the specs and the settings
	@.ci/setup run
	@$(PY) -m core tables --into README.md

bundle: ## every package as a file in wheels/, for a machine without a network (GPU=1: with CUDA)
	@GPU=auto .ci/setup run
	@mkdir -p wheels
	@$(PY) -m pip download --disable-pip-version-check --only-binary :all: --dest wheels \
		-r requirements.txt -r requirements-dev.txt $(if $(filter 1,$(GPU)),-r requirements-gpu.txt)

lock: ## compile requirements*.txt anew from requirements*.in
	@.ci/setup dev
	@$(PY) -m venv build/lock && build/lock/bin/python -m pip install --quiet uv
	@for name in requirements requirements-dev requirements-gpu; do \
		build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --no-header --upgrade \
			$$name.in --output-file $$name.txt || exit 1; done

clean: ## remove .venv and every cache; wheels/ and your data stay
	@rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
