.DEFAULT_GOAL := help
.PHONY: help demo test lint check bench bench-compare bench-scale bench-load bench-service bench-inbox bench-answering bench-cells bench-digest fuzz eval adversary baseline lock \
	finetune-env finetune-smoke finetune-4bit
PYTHON ?= python3
BIN    := .venv/bin
BASE   := .venv/.base
DEV    := .venv/.dev
TRIAL  := data/eval
EVAL   := GONGSI_PATHS__DATA=$(TRIAL) GONGSI_LLM__BACKEND=$(or $(GONGSI_LLM__BACKEND),extractive) $(BIN)/gongsi
GOLD   := tests/gold/samples.jsonl

help:            ## 이 도움말
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
demo: $(BASE)    ## 예시 공시를 내장 PostgreSQL에 넣고, 한 질문에 세 수준으로 답한 뒤 대화합니다
	@$(BIN)/gongsi demo
test: $(DEV)     ## 모든 시험
	@$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile
lint: $(DEV)     ## 형식, 타입, 가져오기 방향
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
check: lint test ## lint + test: CI가 하는 모든 것
bench: $(DEV)    ## 변환 속도를 lxml과 견줍니다
	$(BIN)/python benchmarks/transform.py
bench-compare:   ## 변환을 markitdown, unstructured와 견줍니다 (.venv-bench에 따로 설치합니다)
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check -e . markitdown unstructured
	.venv-bench/bin/python benchmarks/compare.py
bench-scale: $(DEV) ## 공시 5,000건을 지어내 변환하고 넣어 봅니다(도중에 죽여 가며): 속도, 메모리, 크기, 시장 전체 추정
	$(BIN)/python benchmarks/scale.py
bench-load: $(DEV) ## 벡터와 글을 넣는 속도를 PGVectorStore.add_documents와 견줍니다
	$(BIN)/python benchmarks/load.py
bench-service: $(DEV) ## 200명이 두 메신저에서 묻습니다: 장애, SIGTERM, SIGKILL, 두 프로세스 (약 30분)
	$(BIN)/python -m benchmarks.service
bench-inbox: $(DEV) ## 받은 편지함의 지연과 처리량
	$(BIN)/python benchmarks/inbox.py
bench-answering: $(DEV) ## 답 하나에 걸리는 시간: 조각 1만, 3만, 10만 개에서, PGVectorStore 검색과 나란히
	$(BIN)/python -m benchmarks.answering
bench-cells: $(DEV) ## 실제 공시의 숫자를 무작위로 골라 그 이름표대로 물어봅니다: 맞음, 틀림, 거절
	$(BIN)/python -m benchmarks.cells
bench-digest: $(DEV) ## 구독자 1,000명의 하루 요약, 도중에 죽여 가며
	$(BIN)/python benchmarks/digest.py
fuzz: $(DEV)     ## 망가뜨린 공시 10,000건을 읽힙니다: 읽거나 한 문장으로 거절해야 합니다
	$(BIN)/python benchmarks/fuzz.py
eval: $(BASE)    ## 예시 공시에 관한 질문으로 답을 채점하고, 틀린 답을 data/eval/answers.md에 적습니다
	@$(EVAL) etl import samples >/dev/null
	@$(EVAL) eval answers --gold $(GOLD) --report $(TRIAL)/answers.md; code=$$?; $(EVAL) db stop; exit $$code
adversary: $(DEV) ## 거짓말하는 언어 모델로 모든 질문을 물어, 틀린 문장이 하나라도 나가면 떨어집니다 (약 10분)
	@$(EVAL) etl import samples >/dev/null
	@GONGSI_PATHS__DATA=$(TRIAL) $(BIN)/python -m benchmarks.adversary; code=$$?; $(EVAL) db stop; exit $$code
baseline: $(BASE) ## 지금 성적을 tests/gold/baseline.json으로 삼습니다: 시험은 이보다 낮아지면 떨어집니다
	@$(EVAL) etl import samples >/dev/null
	@$(EVAL) eval answers --gold $(GOLD) --json > $(TRIAL)/card.json; code=$$?; $(EVAL) db stop; exit $$code
	@$(BIN)/python -m json.tool --no-ensure-ascii $(TRIAL)/card.json tests/gold/baseline.json
finetune-env:    ## 파인튜닝 환경을 .venv-finetune에 만듭니다: PyTorch와 LLaMA-Factory (2GB, 3~5분)
	@test -x .venv-finetune/bin/python || $(PYTHON) -m venv .venv-finetune
	.venv-finetune/bin/pip install --quiet --disable-pip-version-check "$$(grep '^torch==' finetune/constraints.txt)"
	.venv-finetune/bin/pip install --quiet --disable-pip-version-check --no-deps -r finetune/constraints.txt
finetune-smoke: $(DEV) ## 작은 무작위 모델로 데이터셋부터 봇의 답까지 모두 해 봅니다 (CPU, 10분 안)
	@test -x .venv-finetune/bin/python || $(MAKE) finetune-env
	@rm -rf data/finetune-smoke/lora data/finetune-smoke/merged data/finetune-smoke/ollama
	$(BIN)/python -m finetune.smoke
finetune-4bit:   ## finetune-smoke가 만든 작은 모델을 4비트(bitsandbytes)로 줄여 CPU에서 열 걸음 학습합니다
	@rm -rf data/finetune-smoke/lora-4bit
	$(BIN)/gongsi finetune train --profile cpu-smoke-4bit --model data/finetune-smoke/tiny \
		--data data/finetune-smoke/dataset --out data/finetune-smoke/lora-4bit
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
