.DEFAULT_GOAL := help
.PHONY: help demo test lint check bench lock
PYTHON ?= python3
BIN    := .venv/bin
BASE   := .venv/.base
DEV    := .venv/.dev

help:            ## 이 도움말
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
demo: $(BASE)    ## 예시 공시를 내장 PostgreSQL에 넣고, 한 질문에 세 수준으로 답한 뒤 대화합니다
	@$(BIN)/gongsi demo
test: $(DEV)     ## 모든 시험
	@$(BIN)/pytest
lint: $(DEV)     ## 형식, 타입, 가져오기 방향
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
check: lint test ## lint + test: CI가 하는 모든 것
bench: $(DEV)    ## 변환 속도를 lxml과 견줍니다
	$(BIN)/python benchmarks/transform.py
lock:            ## constraints.txt를 지금 맞는 최신 판으로 새로 씁니다
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/pip install --quiet torch
	.venv-lock/bin/pip install --quiet -e ".[dev,models]"
	.venv-lock/bin/pip freeze --exclude-editable | sed 's/+cpu$$//' > constraints.txt

$(BASE): pyproject.toml constraints.txt
	@echo "처음 한 번, 필요한 패키지를 .venv에 설치합니다 (1~3분)…" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e . -c constraints.txt
	@touch $@
$(DEV): $(BASE)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]" -c constraints.txt
	@touch $@
