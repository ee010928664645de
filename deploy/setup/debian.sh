# To be sourced. `install_or_tell PACKAGE...` installs Debian packages when it may,
# else prints the exact command and ends the script with 2.

install_or_tell() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "installing with apt-get: $*" >&2
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq -o DPkg::Lock::Timeout=120 update >&2 || true
        # Standard output of a package's scripts is no output of ours.
        if apt-get -qq -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 \
            install --no-install-recommends "$@" >&2; then
            return 0
        fi
        echo "error: apt-get could not install: $*" >&2
        exit 2
    fi
    echo "error: missing: $*. As root, type:" >&2
    if command -v apt-get >/dev/null 2>&1; then
        echo "    apt-get update && apt-get install -y --no-install-recommends $*" >&2
    else
        echo "    (your system's packages of what Debian calls: $*)" >&2
    fi
    exit 2
}
