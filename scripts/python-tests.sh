#!/bin/sh
# Makes the Python environment of the tests in .venv, unless it is there with these packages.
set -eu
cd "$(dirname "$0")/.."

packages="playwright axe-playwright-python pytest pytest-xdist==3.8.0"
packages="$packages openapi-spec-validator requests jsonschema pyyaml orjson"
if [ "$(cat .venv/packages 2>/dev/null || true)" = "$packages" ]; then exit 0; fi

echo "Making .venv with: $packages"
python3 -m venv --clear .venv
# Package names hold no spaces, so they may be split here.
# shellcheck disable=SC2086
.venv/bin/python -m pip install --quiet --disable-pip-version-check $packages
printf '%s\n' "$packages" >.venv/packages
