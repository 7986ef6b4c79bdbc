#!/bin/bash
# Builds once (debug) and runs every test: Swift, then Python against the program just built.
# The last line is "N passed, N failed"; it is kept in .build/test-summary. What could not run on
# this machine is neither: it is counted before, with its reasons.
set -euo pipefail
cd "$(dirname "$0")/.."

swift_log=.build/swift-test.log
fault_log=.build/fault-test.log
python_log=.build/python-test.log
# First of all: a build that fails must not leave the last run's numbers behind.
rm -f .build/test-summary "$swift_log" "$fault_log" "$python_log"
swift build --build-tests

# A failing test must not end this script before it has counted.
set +e
# The faults drive programs and wait, so they run beside the others, in a process of their own,
# and in a mount name space of their own where that is allowed, so that no mount outlives them.
# Few tests at the same time: a thousand that share two threads would wait for each other.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4
# The lines are read below, and by people in logs.
export NO_COLOR=1
swift_tests=(.build/debug/hofbuchPackageTests.xctest --testing-library swift-testing)
apart=()
if unshare -m true 2>/dev/null; then apart=(unshare -m); fi
"${apart[@]}" "${swift_tests[@]}" --filter FaultTests >"$fault_log" 2>&1 &
faults=$!
# Tests that pass say nothing, so that what fails can be seen.
said() { grep --text --line-buffered -vE '^(◇|✔ (Test|Suite) )' "$@"; }
"${swift_tests[@]}" --skip FaultTests 2>&1 | tee "$swift_log" | said
swift_status=${PIPESTATUS[0]}
wait "$faults"
faults_status=$?
said "$fault_log"
# Two files at a time: each waits for its own servers and its own browser most of the time.
.venv/bin/python -m pytest Tests/python --numprocesses 2 --dist loadfile \
    --quiet --color=no -rs 2>&1 | tee "$python_log"
python_status=${PIPESTATUS[0]}
set -e

# Passed and failed tests of a log, at least one failure where its program failed.
swift_count() {
    awk -v status="$2" '
        /^➜ Test .*( skipped| was cancelled)/ {skipped++}
        /Test run with [0-9]+ tests?/ {sub(/.*Test run with /, ""); all += $1}
        /^✘ Test / && !/^✘ Test run / && / failed after / {failed++}
        END {
            if (status != 0 && failed == 0) failed = 1
            passed = all - failed - skipped
            print (passed > 0 ? passed : 0), failed + 0
        }' "$1"
}
read -r swift_passed swift_failed < <(swift_count "$swift_log" "$swift_status")
read -r faults_passed faults_failed < <(swift_count "$fault_log" "$faults_status")

# The number before a word in pytest's closing line, such as "12 passed, 1 failed in 30.1s".
closing=$(grep -E '^[0-9]+ (passed|failed|error|skipped).* in [0-9.]+s' "$python_log" | tail -1 || true)
number() { grep -oE "[0-9]+ $1" <<<"$closing" | grep -oE '^[0-9]+' || echo 0; }
python_passed=$(number passed)
python_failed=$(($(number failed) + $(number error)))
if [ "$python_status" -ne 0 ] && [ "$python_failed" -eq 0 ]; then python_failed=1; fi

# One line for each skipped test or fault, which says the reason.
skips() {
    sed -nE 's/^➜ Test .*( skipped| was cancelled after [^:]*): "(.*)"$/\2/p
        s/^➜ Test .* skipped\.$/no reason given/p' "$swift_log" "$fault_log"
    sed -nE 's/^(F[0-9]+) SKIPPED: /\1: /p' "$fault_log" | sort -u
    sed -nE 's/^SKIPPED \[([0-9]+)\] [^ ]+: (.*)$/\1 \2/p' "$python_log" |
        while read -r count reason; do
            for _ in $(seq "$count"); do echo "$reason"; done
        done
}
skipped=$(skips | wc -l)
echo "$skipped skipped$([ "$skipped" -eq 0 ] || echo ':')"
skips | sort | uniq -c | sort -rn

passed=$((swift_passed + faults_passed + python_passed))
failed=$((swift_failed + faults_failed + python_failed))
echo "$passed passed, $failed failed" | tee .build/test-summary
[ "$failed" -eq 0 ] && [ "$swift_passed" -gt 0 ] && [ "$faults_passed" -gt 0 ] && [ "$python_passed" -gt 0 ]
