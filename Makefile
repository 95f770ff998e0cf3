# Fireside. `make run` starts the house; `make help` lists the rest.
.DEFAULT_GOAL := help
BIN := .venv/bin
# The drivers for PostgreSQL and Valkey come along when the environment names one.
SET := $(if $(DATABASE_URL)$(VALKEY_URL),scale,base)
unexport PYTHONDONTWRITEBYTECODE  # where it is set, each of the hundreds of processes that tests start would compile a thousand modules anew
PYTEST_ARGS ?= -n 3 --dist worksteal  # many tests wait for processes of their own: three keep two cores busy
.PHONY: help run install dev test check format bench assets messages docs lock

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: install ## start the house: web, live updates and worker, on PORT (8000), with its data in FIRESIDE_DATA (var)
	@exec $(BIN)/fireside up

install: ## install the locked dependencies into .venv, and do nothing else
	@tools/install $(SET)

dev: ## the same, with everything that the tests and checks need
	@tools/install dev

test: dev ## every test: on SQLite, then what touches the database again on PostgreSQL and Valkey; FULL=1 runs long proofs whole
	@tools/test $(PYTEST_ARGS)

check: dev ## format, lint, types, layers, and that nothing generated is stale
	@tools/check

format: dev ## put the code into its format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: dev ## what pages, replies, live updates, imports and numbers cost: a JSON object a line; ONLY=page runs a part (docs/speed.md)
	@$(BIN)/fireside bench $(ONLY)

assets: dev ## rebuild the committed static assets (needs Node)
	@tools/assets

messages: dev ## collect the words of pages and code, and compile both languages
	@tools/messages

docs: dev ## write docs/catalogue.md (every action, kind, reaction and sweep) , docs/rights.md (who may do what) and docs/metrics.md (what every number counts)
	@$(BIN)/fireside catalogue

lock: dev ## write requirements/*.txt anew after a change of dependencies in pyproject.toml
	@tools/lock
