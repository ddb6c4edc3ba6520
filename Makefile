# The two commands a newcomer needs are `make run` and `make test`. Each does its own set-up and says what it cannot get.

.DEFAULT_GOAL := help
SHELL := bash
.PHONY: help run test check bench faults fuzz api clean

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build everything and start a demo on http://localhost:8080
	@tests/tools/need cargo node npm cc
	@tests/tools/web-packages
	@echo "· building the web apps"
	@cd web && npm run --silent build
	@echo "· building the server (the first time takes some minutes)"
	@cargo build --bin plainclothes
	@exec target/debug/plainclothes serve --demo

test: ## Formatting, lints, and every test there is
	@tests/run

check: ## Formatting and lints only
	@tests/run check

bench: ## Measure the rules alone, then a release build under load, with a ledger of what was acknowledged
	@benches/run

faults: ## Break a running server on purpose, with a ledger of what was acknowledged; size=small|medium|large seed=N only=R7
	@tests/faults/run "$(or $(size),small)" "$(seed)" $(only)

fuzz: ## Feed checklists and audits with nonsense; seconds=60 for each target
	@fuzz/run $(or $(seconds),60)

api: ## Write docs/openapi.json and the TypeScript types made from it anew
	@tests/tools/need cargo node npm cc
	@tests/tools/web-packages
	@cargo build --quiet --workspace && target/debug/plainclothes openapi > docs/openapi.json
	@cd web && npm run --silent api

clean: ## Remove what was built (not ./data)
	@cargo clean --quiet && rm -rf web/dist web/node_modules
