# Every word a developer types. `make check` is the one before a push.
GO      ?= go
DATA    ?= ../shared
FUZZ    ?= 20s
BENCH   ?= .
TOOL     = $(GO) tool -modfile=tools/go.mod
FUZZERS  = $(shell grep -rl --include=*_test.go '^func Fuzz' internal | xargs -n1 dirname | sort -u)

export CGO_ENABLED = 0

.PHONY: build test race fmt lint fuzz golden eval bench demo check

build: ## the one binary
	$(GO) build -trimpath -o bin/crosscheck ./cmd/crosscheck

test: ## everything, offline
	$(GO) test ./...

race: ## the same under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race ./...

fmt:
	$(TOOL) gofumpt -w cmd internal

lint:
	@out=$$($(TOOL) gofumpt -l cmd internal); test -z "$$out" || { echo "not formatted (run make fmt):"; echo "$$out"; exit 1; }
	$(GO) vet ./...
	$(TOOL) staticcheck ./...

fuzz: ## every fuzz target, FUZZ each
	@set -e; for dir in $(FUZZERS); do for f in $$(grep -h '^func Fuzz' $$dir/*_test.go | sed 's/func \(Fuzz[A-Za-z]*\).*/\1/'); do \
		echo "$$dir $$f"; $(GO) test ./$$dir -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZ); done; done

golden: ## rewrite golden files; review them as a diff
	$(GO) test ./internal/article ./internal/statement -update

eval: build ## quality against labelled data: make eval DATA=dir
	scripts/eval.sh $(DATA)

bench: ## speed and memory
	CROSSCHECK_DATA=$(abspath $(DATA)) $(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./internal/...

demo: build ## the scripted crisis on http://127.0.0.1:8080
	bin/crosscheck demo

check: lint race build
