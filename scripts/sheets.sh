#!/bin/sh
# Makes .sheets: the Python environment with typst, which makes the archive files of closes.
# `serve` finds it there; another place is said with --sheet-python.
set -eu
cd "$(dirname "$0")/.."

packages="typst==0.15.2"
if [ "$(cat .sheets/packages 2>/dev/null || true)" = "$packages" ]; then exit 0; fi

echo "Making .sheets with: $packages"
python3 -m venv --clear .sheets
# Package names hold no spaces, so they may be split here.
# shellcheck disable=SC2086
.sheets/bin/python -m pip install --quiet --disable-pip-version-check $packages
printf '%s\n' "$packages" >.sheets/packages
