#!/bin/sh
# Runs the fault tests that were just built, in a mount name space of their own where that is
# allowed, so that no mount outlives them.
set -eu
cd "$(dirname "$0")/.."

if unshare -m true 2>/dev/null; then
    exec unshare -m .build/debug/faults
fi
echo "No mount name space here: the faults that need a file system of their own are skipped." >&2
exec .build/debug/faults
