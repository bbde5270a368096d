# Everything a person or a build machine calls. `make` alone lists it.

BIN := .venv/bin
export PYTHONUNBUFFERED = 1
unexport PYTHONDONTWRITEBYTECODE  # every process would compile all its modules anew

# A Sunday night that is still Sunday in UTC, the last of its month and year, before a holiday; and the tests that follow the calendar.
ODD_DAY := 2028-12-31T23:30
BY_THE_DAY := $(addprefix tests/,applications/test_clock.py applications/test_chat.py applications/test_register.py \
	complaints/test_after.py complaints/test_staff.py complaints/test_words.py console/test_complaints.py console/test_duties.py \
	console/test_figures.py figures/test_service.py handoff/test_queue.py knowledge/test_due.py privacy/test_retention.py \
	survey/test_invitations.py)

.DEFAULT_GOAL := help
.PHONY: help run check test lint typecheck format peers chromium model bench vectors chaos hosts nlu-compare fuzz audit loads clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is missing, train the model if needed, and start Pandu; Ctrl-C stops it
	@scripts/bootstrap
	@exec $(BIN)/pandu serve

check: ## What one runs all day: lint, types, knowledge, the tests without database, engine and browser
	@scripts/bootstrap --dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pandu knowledge check
	$(BIN)/pytest -q -n 2 -m "not slow and not alone"

test: ## Formatting, lint, types, knowledge and all tests, with a really trained model
	@scripts/bootstrap --dev
	@$(MAKE) --no-print-directory chromium peers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pandu knowledge check
	@$(MAKE) --no-print-directory model
	@red=; \
	$(BIN)/pytest -q -n 2 --dist loadfile -m "not processes and not alone" || red=1; \
	$(BIN)/pytest -q -n 2 --dist loadfile -m "processes and not alone" || red=1; \
	$(BIN)/pytest -m alone || red=1; \
	PANDU_TEST_CLOCK=$(ODD_DAY) $(BIN)/pytest -q -n 2 --dist loadfile $(BY_THE_DAY) || red=1; \
	test -z "$$red"  # each runs, also after a red one: all that fails is seen at once

lint: ## Formatting and lint only
	@scripts/bootstrap --dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

typecheck: ## Strict types only
	@scripts/bootstrap --dev
	$(BIN)/mypy

format: ## Put the code into the house's format
	@scripts/bootstrap --dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

peers: ## Install what the tests need of Node: programs that stand in for Twilio, a checker of accessibility
	@scripts/node tests/peers
	@scripts/node tests/browser

chromium: ## Check that Chromium is there for the browser tests; install it when root
	@scripts/chromium

model: ## Train the dialogue model if its training data changed
	@scripts/bootstrap
	@$(BIN)/pandu nlu train

vectors: ## Renew what is kept of sentence vectors: those of the examples, and the weights that find answers (10 minutes)
	@scripts/bootstrap
	engine/.venv/bin/python -m engine.kept_vectors
	$(BIN)/pandu answers learn

bench: ## Measure speed and size, also against stock Rasa (15 minutes); ARGS="--quick --write"
	@scripts/bootstrap --dev
	$(BIN)/pandu bench $(ARGS)

chaos: ## Kill processes under load and count what is lost or doubled (an hour); ARGS="--messages 2000 --kills 10"
	@scripts/bootstrap --dev
	$(BIN)/python -m benchmarks.chaos $(if $(ARGS),$(ARGS),--write docs/chaos.md)

hosts: ## Two hosts on one PostgreSQL: cut off, migrated, restarted under load (ten minutes); ARGS="--messages 1000"
	@scripts/bootstrap --dev
	$(BIN)/python -m benchmarks.hosts $(if $(ARGS),$(ARGS),--write docs/chaos.md)

nlu-compare: ## Compare ways to understand messages (half an hour); REAL=FILE.jsonl adds real messages
	@scripts/bootstrap --dev
	$(BIN)/python -m benchmarks.nlu $(if $(REAL),--real $(REAL)) --write docs/understanding.md

fuzz: ## Hostile input against everything that reads what others wrote; CASES=N (100,000)
	@scripts/bootstrap --dev
	$(BIN)/python -m tests.hostile.fuzzing $(if $(CASES),--cases $(CASES))

audit: ## Bills of materials (CycloneDX) of both environments; known vulnerabilities in them (needs PyPI's data)
	@scripts/bootstrap --dev
	@$(BIN)/python scripts/audit.py

loads: ## Which packages serving really loads, and what of them foreign input reaches
	@scripts/bootstrap --dev
	@$(BIN)/python scripts/loads.py

clean: ## Remove the environments and caches; the data folder stays
	rm -rf .venv engine/.venv tests/peers/node_modules tests/browser/node_modules bot/web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
