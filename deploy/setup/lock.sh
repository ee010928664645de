#!/bin/sh
# Writes requirements/*.txt anew: every package with the hashes of its files, and
# no address of an index, so that the lock says what and not from where.
# Arguments go to pip-compile, for example: --upgrade-package pydantic
set -eu
cd "$(dirname "$0")/../.."
unset PIP_FIND_LINKS
export CUSTOM_COMPILE_COMMAND="make lock"

compile() {
    .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links "$@" pyproject.toml
}

# With what builds the package itself, which is installed without isolation.
compile --build-deps-for editable --output-file requirements/runtime.txt "$@"
compile --build-deps-for editable --extra dev --constraint requirements/runtime.txt \
    --output-file requirements/dev.txt "$@"
