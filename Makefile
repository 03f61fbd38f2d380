# fleetd: `make` lists the targets.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# Swift's build products stay outside the checkout and are shared by all checkouts of one account.
BUILD ?= $(shell scripts/build-directory)
SWIFT := swift
SWIFT_BUILD := $(SWIFT) build --scratch-path $(BUILD)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: requirements
requirements: ## install what building and testing needs (Debian's packages; says what it does)
	@scripts/requirements

.PHONY: build
build: requirements ## build fleetd (debug)
	$(SWIFT_BUILD) --product fleetd

.PHONY: release
release: requirements ## build fleetd for use: static Swift, stripped, in $(BUILD)-release/release/fleetd
	$(SWIFT) build -c release --static-swift-stdlib --scratch-path $(BUILD)-release --product fleetd -Xlinker -s
	@echo "$(BUILD)-release/release/fleetd"

.PHONY: deb
deb: release ## build the Debian package: $(BUILD)-release/fleetd_VERSION_ARCHITECTURE.deb
	@packaging/debian/build $(BUILD)-release/release/fleetd $(BUILD)-release

.PHONY: reproduce
reproduce: requirements ## build the Debian package twice from nothing: are they the same bytes? (takes long)
	@packaging/debian/reproduce

.PHONY: man
man: build ## the manual page, from what --help says: $(BUILD)/fleetd.8
	@scripts/man $(BUILD)/debug/fleetd > $(BUILD)/fleetd.8
	@echo "$(BUILD)/fleetd.8"

.PHONY: check
check: requirements ## format, layers, shell scripts, links: what a reviewer should not have to look for
	$(SWIFT) format lint --strict --parallel --recursive Sources Tests Benchmarks Package.swift
	scripts/check-layers
	scripts/check-shell
	scripts/check-links
	lab/check

.PHONY: format
format: ## rewrite the sources as .swift-format says
	$(SWIFT) format --in-place --parallel --recursive Sources Tests Benchmarks Package.swift

.PHONY: test
test: requirements ## set up everything and run all tests, the lab's included (without root: all but the lab's)
	@scripts/test

.PHONY: test-unit
test-unit: requirements ## run the tests that need no lab
	@scripts/test --unit

.PHONY: fleet
fleet: build ## this project's own inventory/ and cluster/ through the offline check, and the tests of packaging/ci
	$(BUILD)/debug/fleetd --check --offline
	FLEETD=$(BUILD)/debug/fleetd packaging/ci/test

.PHONY: test-faults
test-faults: requirements ## kill a roll-out at every boundary, and what else can go wrong on nodes; takes long
	@scripts/test --faults

.PHONY: test-machines
test-machines: requirements ## rebuild an emulated ARM64 board from a blank card, as an agent and as a server; takes long, the first time longer
	@scripts/test --machines

.PHONY: demo
demo: requirements ## three real nodes drift and are repaired: packages, build, lab, check, once, check, clean up
	@scripts/demo

.PHONY: lab-up
lab-up: ## start three real nodes (make lab-up N=10 for ten)
	@lab/up $(or $(N),3)

.PHONY: lab-down
lab-down: ## stop the lab; its cache stays
	@lab/down

.PHONY: bench
bench: requirements ## measure: a cold check of ten nodes against OpenSSH and a bare client, in turns
	@scripts/bench

.PHONY: bench-endurance
bench-endurance: requirements ## measure memory: ten simulated nodes through ten thousand passes (PASSES=n FOLLOWERS=n)
	$(SWIFT_BUILD) --product Endurance
	$(BUILD)/debug/Endurance $(or $(PASSES),10000) $(or $(FOLLOWERS),2)

.PHONY: bench-daemon
bench-daemon: requirements ## measure the daemon: ten nodes for ten minutes at rest, then a hundred passes
	@scripts/bench-daemon
