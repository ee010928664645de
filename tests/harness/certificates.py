"""A certificate authority for one broker, made with openssl.

Keys and certificates live in the test's own folder and for a few days only.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_DAYS = "7"
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc")


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files of a broker on loopback.

    ``other_ca`` is an authority that signed nothing here: a client that trusts only
    it must refuse the broker. ``server`` holds the key and its certificate.
    """

    ca: Path
    other_ca: Path
    server: Path


def make_certificates(folder: Path) -> Certificates:
    """Make an authority, a certificate for 127.0.0.1 and localhost, and a stranger.

    Raises:
        subprocess.CalledProcessError: openssl refused.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ca = _make_authority(folder, "ca")
    other_ca = _make_authority(folder, "other-ca")
    key, certificate = folder / "server.key", folder / "server.crt"
    _openssl(
        *("req", "-x509", *_KEY, "-days", _DAYS, "-subj", "/CN=localhost"),
        *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
        *("-addext", "basicConstraints=critical,CA:FALSE"),
        *("-CA", str(ca), "-CAkey", str(folder / "ca.key")),
        *("-keyout", str(key), "-out", str(certificate)),
    )
    server = folder / "server.pem"
    server.write_text(key.read_text() + certificate.read_text())
    return Certificates(ca, other_ca, server)


def _make_authority(folder: Path, name: str) -> Path:
    certificate = folder / f"{name}.crt"
    _openssl(
        *("req", "-x509", *_KEY, "-days", _DAYS, "-subj", f"/CN={name}"),
        *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
        *("-keyout", str(folder / f"{name}.key"), "-out", str(certificate)),
    )
    return certificate


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make_self_signed(folder: Path, begins: str, ends: str) -> Path:
    """Make a certificate for 127.0.0.1 that is its own authority, with its key.

    Valid between two times as ``20200101000000Z``.

    Raises:
        subprocess.CalledProcessError: openssl refused.
    """
    key, request = folder / "own.key", folder / "own.csr"
    certificate, made = folder / "own.pem", folder / "own.crt"
    settings = folder / "own.cnf"
    (folder / "own.index").touch()
    settings.write_text(
        "[ca]\ndefault_ca = own\n"
        f"[own]\ndatabase = {folder}/own.index\nnew_certs_dir = {folder}\n"
        "default_md = sha256\nrand_serial = yes\npolicy = any\n"
        "x509_extensions = names\n"
        "[any]\ncommonName = supplied\n"
        "[names]\nsubjectAltName = IP:127.0.0.1\n"
    )
    _openssl(
        *("req", "-new", *_KEY, "-subj", "/CN=localhost"),
        *("-keyout", str(key), "-out", str(request)),
    )
    _openssl(
        *("ca", "-batch", "-notext", "-selfsign", "-config", str(settings)),
        *("-startdate", begins, "-enddate", ends, "-keyfile", str(key)),
        *("-in", str(request), "-out", str(made)),
    )
    certificate.write_text(key.read_text() + made.read_text())
    return certificate
