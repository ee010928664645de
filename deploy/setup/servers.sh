#!/bin/sh
# What the tests need beside Python: Java 17, the jars of Apache Kafka, Prometheus
# with promtool and Alertmanager, and Chromium with a font.
# Exit codes: 0 ready, 2 something must be installed first (the command is printed).
set -eu
cd "$(dirname "$0")/../.."
. deploy/setup/debian.sh

pom=deploy/setup/kafka.pom.xml
libs=build/kafka/libs
stamp=build/kafka/.pom.xml

java_17() {
    for candidate in "${JAVA_HOME:+$JAVA_HOME/bin/java}" java /usr/lib/jvm/*/bin/java; do
        [ -n "$candidate" ] || continue
        # `openjdk version "17.0.15" ...`, on standard error.
        major=$("$candidate" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
        [ "${major:-0}" -ge 17 ] 2>/dev/null && return 0
    done
    return 1
}
has_jars() { [ -f "$stamp" ] && cmp -s "$stamp" "$pom"; }

missing=
java_17 || missing="$missing openjdk-17-jre-headless"
has_jars || command -v mvn >/dev/null 2>&1 || missing="$missing maven"
# The broker's certificates are made at test time.
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
# Without a font every letter is a box of the same width.
command -v chromium >/dev/null 2>&1 || missing="$missing chromium fonts-dejavu-core"
services=
if ! command -v promtool >/dev/null 2>&1; then
    missing="$missing prometheus"
    services=prometheus.service
fi
if ! command -v prometheus-alertmanager >/dev/null 2>&1; then
    missing="$missing prometheus-alertmanager"
    services="$services prometheus-alertmanager.service"
fi
# shellcheck disable=SC2086 # a list of words on purpose
[ -z "$missing" ] || install_or_tell $missing

# Debian starts a server with each package; the tests only want the programs.
if [ -n "$services" ] && [ -d /run/systemd/system ]; then
    # shellcheck disable=SC2086 # a list of words on purpose
    systemctl disable --quiet --now $services || true
fi

if ! has_jars; then
    echo "fetching Apache Kafka into $libs" >&2
    rm -rf build/kafka
    mkdir -p "$libs"
    # Shown only when it fails: it writes colours even where there are none.
    if ! mvn --quiet --batch-mode --strict-checksums -f "$pom" \
        -DoutputDirectory="$PWD/$libs" dependency:copy-dependencies \
        >build/kafka/maven.log 2>&1; then
        cat build/kafka/maven.log >&2
        echo "error: Maven could not fetch Apache Kafka" >&2
        exit 1
    fi
    cp "$pom" "$stamp"
fi
