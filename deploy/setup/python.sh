#!/bin/sh
# Makes .venv with the locked packages: `python.sh runtime` or `python.sh dev`.
# The second time it only compares a stamp. Exit codes: 0 ready, 2 something must be
# installed first (the command to type is printed).
set -eu
kind=$1
root=$(cd "$(dirname "$0")/../.." && pwd -P)
cd "$root"
. deploy/setup/debian.sh

find_python() {
    for candidate in ${PYTHON:-} python3.11 /usr/bin/python3.11 python3 \
        python3.12 python3.13 python3.14; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

# Content, not times: a checkout sets times as it likes. The place belongs to it
# because a virtual environment cannot be moved.
stamp_text() {
    printf '%s\n' "$root"
    cksum "requirements/$kind.txt" pyproject.toml
}

stamp=.venv/.friction-$kind
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(stamp_text)" ] \
    && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

python=$(find_python) || {
    install_or_tell python3 python3-venv
    python=$(find_python) || {
        echo "error: Python 3.11 or later is needed; set PYTHON to its path" >&2
        exit 2
    }
}

# Debian keeps ensurepip in a package of its own, one per version.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    install_or_tell "python$version-venv"
    "$python" -c 'import ensurepip, venv' || {
        echo "error: $python still has no ensurepip; set PYTHON to another Python" >&2
        exit 2
    }
fi

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1 \
    || ! grep -qxF "$root" .venv/.friction-place 2>/dev/null; then
    echo "making the virtual environment .venv with $("$python" --version)" >&2
    rm -rf .venv
    "$python" -m venv .venv
    printf '%s\n' "$root" >.venv/.friction-place
fi

echo "installing the locked $kind packages" >&2
pip_install() {
    .venv/bin/python -m pip --disable-pip-version-check install --quiet \
        --no-warn-script-location "$@"
}
pip_install --require-hashes -r "requirements/$kind.txt"
# The lock holds what builds the package, so nothing is fetched that has no hash.
# Its builder warns about every editable installation: nothing to act on.
PYTHONWARNINGS=ignore pip_install --no-deps --no-build-isolation --editable .
stamp_text >"$stamp"
