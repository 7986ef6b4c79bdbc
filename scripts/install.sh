#!/bin/sh
# Installs what building needs and what is missing; with the argument "test" what the tests need
# too, with "faults" what the fault tests need. Debian and its relatives, as root or with sudo.
# Does nothing where all is there.
set -eu

packages="libsqlite3-dev libssl-dev libyaml-dev libxml2-dev pkg-config tzdata"
python3 -c 'import ensurepip, venv' 2>/dev/null || packages="$packages python3 python3-venv"
fault_packages="strace faketime xfsprogs e2fsprogs mount util-linux"
if [ "${1-}" = test ]; then
    packages="$packages hledger ledger beancount libxml2-utils chromium fonts-dejavu-core"
    packages="$packages golang-go golang-golang-x-mod-dev"
    packages="$packages nodejs softhsm2 openssl openssh-client openssh-server"
    packages="$packages $fault_packages"
    packages="$packages default-jre-headless libpdfbox2-java libcommons-logging-java"
    packages="$packages libactivation-java libjaxb-api-java poppler-utils"
fi
if [ "${1-}" = faults ]; then packages="$packages $fault_packages"; fi

missing=""
for package in $packages; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    case $status in
        *"install ok installed") ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "Please install:$missing" >&2
    exit 69
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then as_root="sudo"; fi

echo "Installing:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Package names hold no spaces, so they may be split here.
# shellcheck disable=SC2086
if ! { $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        $missing; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 69
fi
