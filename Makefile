# yujing: `make run` shows the whole job on a sample province and opens its desk, `make test` proves it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE := .yujing/sample
SERVE ?= 1
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input -c pins.txt
YUJING := YUJING_HOME=$(SAMPLE) $(BIN)/yujing

.PHONY: run serve test lint types stress bench clean

$(VENV)/.run: pyproject.toml pins.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "yujing needs Python 3.11 or newer; say make PYTHON=…")'
	@echo "installing into $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@$(PIP) -e '.[dev,postgres,elasticsearch,sms]'
	@touch $@

run: $(VENV)/.run
	@$(YUJING) import centers docs/sample/register/centers.csv
	@$(YUJING) import enterprises docs/sample/register/enterprises.csv
	@$(YUJING) import contacts docs/sample/register/contacts.csv
	@$(YUJING) watch --once --replay docs/sample/pages
	@echo "以下命令请先执行 first: export YUJING_HOME=$(SAMPLE) PATH=\$$PWD/$(BIN):\$$PATH"
	@if [ "$(SERVE)" != 0 ] && [ -t 0 ] && [ -t 1 ]; then $(MAKE) --no-print-directory serve; \
	else echo "打开工作台 open the desk: make serve"; fi

serve: $(VENV)/.run
	@$(YUJING) users add wangmin --name 王敏 >/dev/null
	@$(YUJING) serve --login wangmin

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -m "not stress"

stress: $(VENV)/.dev
	@$(BIN)/python -m pytest -m stress

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: $(VENV)/.dev
	@$(BIN)/mypy

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.bench

clean:
	rm -rf $(VENV) .yujing build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
