# Each target sets up what it needs; "make" alone lists them. PYTHON=… names the interpreter for .venv.
PYTHON ?=
PY := .venv/bin/python
SERVICE := .venv/service.stamp
DEV := .venv/dev.stamp

.DEFAULT_GOAL := help
.PHONY: help demo run test soak check format constraints

help: ## lists what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(SERVICE) ## shows Ferry at work, without any Telegram account
	@$(PY) main.py demo

run: $(SERVICE) ## starts the service: bot and engine
	@$(PY) main.py run

# Four at a time, handed out one by one, also on two cores: most of a test's time is waiting for its processes.
test: $(DEV) ## runs all tests
	@$(PY) -m pytest -n 4 --dist load --maxschedchunk 1

soak: $(DEV) ## kills and faults for many minutes, and whether every message has arrived once
	@$(PY) -m tests.soak $(SOAK)

check: $(DEV) ## everything that must hold: format, lint, types, import directions, tests
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) .venv/bin/lint-imports
	@$(MAKE) --no-print-directory test

format: $(DEV) ## formats the code and mends what the linter can mend
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

constraints: $(DEV) ## pins everything that stands in .venv now
	@{ echo '# Everything that is installed, pinned; made by "make constraints".'; $(PY) -m pip freeze; } > constraints.txt

$(SERVICE): requirements.txt constraints.txt
	@PYTHON="$(PYTHON)" .ci/venv requirements.txt
	@touch $@

# The file of development names requirements.txt too, so both are up to date after it.
$(DEV): requirements-dev.txt requirements.txt constraints.txt
	@PYTHON="$(PYTHON)" .ci/venv requirements-dev.txt
	@touch $@ $(SERVICE)
