#!/bin/sh
# Checks that need no build: layout, paths, links, the table of compiled-in files.
set -eu
cd "$(dirname "$0")/.."
failed=0
complain() {
    echo "check: $*" >&2
    failed=1
}

swift format lint --strict --parallel --recursive --configuration .swift-format \
    Package.swift Sources Tests || complain "layout; run make format"

if grep -rnE "(^|[[:space:]\"'\`(=])/(home|root|Users|work|tmp|mnt)/" \
    --include='*.swift' --include='*.md' --include='*.yaml' --include='*.json' --include='*.py' \
    --include='*.mustache' --include='*.sh' --exclude-dir=TidyTests \
    Sources Tests docs tariffs finance receipts README.md CHANGELOG.md Package.swift; then
    complain "a file names a place on somebody's machine"
fi

if git ls-files --error-unmatch Package.resolved >/dev/null 2>&1; then
    complain "Package.resolved is tracked; git rm --cached Package.resolved"
fi

if command -v python3 >/dev/null; then
    python3 scripts/check_links.py || complain "a link leads nowhere"
    for file in docs/openapi.json docs/formats/tariff.schema.json; do
        python3 -m json.tool "$file" >/dev/null || complain "$file is no JSON"
    done
else
    complain "python3 is missing, so no link and no JSON file was checked;" \
        "make install-deps installs it"
fi

for file in Sources/CAssets/files/* Sources/CAssets/templates/*.mustache receipts/*.mustache; do
    grep -q "\"${file##*/}\"" Sources/CAssets/CAssets.c ||
        complain "$file is not compiled in; run Sources/CAssets/generate.sh"
done

exit "$failed"
