# Hofbuch. `make run` and `make test` need a Debian machine with the Swift toolchain, nothing else.

DATA ?= demo
PORT ?= 8080
HOFBUCH = .build/debug/hofbuch

.PHONY: run build test faults quarter check format bench install-deps install-test-deps install-fault-deps clean

# Plays a day at a sample yard and serves the console; RUN_ONCE=1 ends after the summary.
run: build
	@$(HOFBUCH) demo --data $(DATA) --port $(PORT) $(if $(filter 1,$(RUN_ONCE)),--once)

build: install-deps
	swift build --product hofbuch

# Every test; the last line is "N passed, N failed".
test: install-test-deps
	@scripts/test.sh

# Provokes every fault of docs/faults.md against the real program; FAULTS="F1 F5" chooses, ROUNDS=n
# repeats, SEED=n is the same again. Mounts go into a name space of their own where that is allowed.
faults: install-fault-deps
	swift build --product hofbuch
	swift build --product faults
	@scripts/faults.sh

# July to September of three yards, with every exception between yard, card terminal and bank:
# closed, exported, reconciled by the real program, added up again by hledger. SEED=n for others.
quarter: install-test-deps
	swift build --build-tests
	@HOFBUCH_QUARTER=whole HOFBUCH_QUARTER_SEED=$(SEED) \
	    .build/debug/hofbuchPackageTests.xctest --testing-library swift-testing --filter QuarterTests

# Layout, paths, links; no build. Warnings are errors in every build.
check:
	@scripts/check.sh

format:
	swift format --in-place --parallel --recursive --configuration .swift-format Package.swift Sources Tests

# Figures beside their floors; BENCH takes options, such as BENCH="sales --rounds 3".
bench: install-deps
	swift build -c release --scratch-path .build-release --product hofbuch
	@.build-release/release/hofbuch bench $(BENCH)

install-deps:
	@scripts/install.sh
	@scripts/sheets.sh

install-test-deps:
	@scripts/install.sh test
	@scripts/sheets.sh
	@scripts/python-tests.sh

install-fault-deps:
	@scripts/install.sh faults

# The sample town too: the next `make run` founds it again. Only a sample town has sign-ins.txt; any
# other folder in DATA stays.
clean:
	rm -rf .build .build-release .sheets .venv
	@if [ -f "$(DATA)/sign-ins.txt" ]; then rm -rf "$(DATA)"; fi
	@if [ -f "$(DATA).new/unfinished-sample-town" ]; then rm -rf "$(DATA).new"; fi
