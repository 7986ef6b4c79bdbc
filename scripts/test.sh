#!/bin/bash
# Builds once (debug) and runs every test: Swift, then Python against the program just built.
# The last line is "N passed, N failed"; it is kept in .build/test-summary.
set -euo pipefail
cd "$(dirname "$0")/.."

swift build --build-tests
swift_log=.build/swift-test.log
python_log=.build/python-test.log
rm -f .build/test-summary "$swift_log" "$python_log"

# A failing test must not end this script before it has counted.
set +e
# Tests that pass say nothing, so that what fails can be seen.
swift test --skip-build 2>&1 | tee "$swift_log" | grep --line-buffered -vE '^(◇|✔ (Test|Suite) )'
swift_status=${PIPESTATUS[0]}
.venv/bin/python -m pytest Tests/python --quiet --color=no 2>&1 | tee "$python_log"
python_status=${PIPESTATUS[0]}
set -e

all=$(awk '/Test run with [0-9]+ tests?/ {sub(/.*Test run with /, ""); n += $1} END {print n + 0}' "$swift_log")
swift_failed=$(awk '/^✘ Test / && !/^✘ Test run / && / failed after / {n++} END {print n + 0}' "$swift_log")
if [ "$swift_status" -ne 0 ] && [ "$swift_failed" -eq 0 ]; then swift_failed=1; fi
if [ "$all" -lt "$swift_failed" ]; then all=$swift_failed; fi

# The number before a word in pytest's closing line, such as "12 passed, 1 failed in 30.1s".
closing=$(grep -E '^[0-9]+ (passed|failed|error|skipped).* in [0-9.]+s' "$python_log" | tail -1 || true)
number() { grep -oE "[0-9]+ $1" <<<"$closing" | grep -oE '^[0-9]+' || echo 0; }
python_passed=$(number passed)
python_failed=$(($(number failed) + $(number error)))
if [ "$python_status" -ne 0 ] && [ "$python_failed" -eq 0 ]; then python_failed=1; fi

passed=$((all - swift_failed + python_passed))
failed=$((swift_failed + python_failed))
echo "$passed passed, $failed failed" | tee .build/test-summary
[ "$swift_status" -eq 0 ] && [ "$python_status" -eq 0 ] && [ "$passed" -gt 0 ]
