# Heed's chores. `make` lists them.

GO ?= go
export GO
.DEFAULT_GOAL := help

# A throw-away Postgres for what follows it; it ends with that command, however it ends.
POSTGRES := .bin/withpostgres
# Tests wait for Postgres and browsers more than they compute.
TEST := $(GO) test -timeout 20m -parallel 4

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## try Heed: a lived-in board in your browser, nothing to configure
	@scripts/postgres
	@$(MAKE) --no-print-directory build
	@exec bin/heed demo

build: ## build bin/heed, a static program
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/heed ./cmd/heed

test: tools $(POSTGRES) ## all that CI runs, from nothing: vet, linter, all tests with the race detector
	@$(MAKE) --no-print-directory vet lint
	$(POSTGRES) $(TEST) -race ./...

check: tools $(POSTGRES) ## the same without the race detector: before each commit
	@$(MAKE) --no-print-directory vet lint
	$(POSTGRES) $(TEST) ./...

vet: ## go vet
	$(GO) vet ./...

lint: ## the linter: style, errors, and who may import whom
	@linter=$$(scripts/linter) && echo golangci-lint run && "$$linter" run ./...

# ONLY=votes,growth runs some lines; KEEP=1 keeps the figures in docs for later runs to be
# compared with; RUNS=3 measures each line three times; LAST=1 takes the last run.
BENCH := $(GO) run ./cmd/bench -only "$(ONLY)" $(if $(RUNS),-runs $(RUNS)) $(if $(KEEP),-keep) $(if $(LAST),-last)

bench: ## every promise of speed as a figure beside its goal; ONLY=votes,growth runs some
	@scripts/postgres --tools
	$(BENCH)

bench-compare: ## what moved against docs/benchmarks.json, and whether it is more than noise; LAST=1: of the last run
	@scripts/postgres --tools
	$(BENCH) -compare

faults: ## break what Heed stands on while it is used, and check what it promised; ONLY=kill runs some
	@scripts/postgres --tools
	@scripts/pgbouncer
	$(GO) run ./cmd/faults -only "$(ONLY)"

faults-ha: ## the same with a cluster: Patroni's three nodes, etcd and HAProxy, on this machine
	@scripts/cluster
	$(GO) run ./cmd/faults -cluster -only "$(ONLY)"

FUZZTIME ?= 10s

fuzz: ## every reader of outside bytes for FUZZTIME each (10s); what fails is kept under testdata/fuzz
	@for file in $$(grep -rlE '^func Fuzz' --include=*_test.go .); do for name in $$(sed -n 's/^func \(Fuzz[A-Za-z]*\).*/\1/p' $$file); do \
		echo "$$name" && $(GO) test $$(dirname $$file) -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) || exit 1; done; done

soak: $(POSTGRES) ## 50 cards, 2,000 members, 20,000 reactions and a gateway that breaks, on the fake Discord
	@scripts/postgres --tools
	$(POSTGRES) $(GO) test -count 1 -timeout 20m -run TestSoak -v ./adapters/discord -soak

tools: ## install what the tests need: Postgres, PgBouncer, Chromium, the linter
	@scripts/postgres --tools
	@scripts/pgbouncer
	@scripts/chromium
	@scripts/linter >/dev/null

clean: ## delete what was built
	rm -rf bin .bin node_modules

.PHONY: help demo build test check vet lint bench bench-compare faults faults-ha fuzz soak tools clean $(POSTGRES)

# Phony: go build knows best what has changed.
$(POSTGRES):
	@$(GO) build -o $@ ./store/storetest/withpostgres
