"""Code and comments of a body name no tickets, and cost no time to find."""

from __future__ import annotations

import time

import pytest

from monitor.decode.github.text import closed_by

PLACE = ("github.com:77", "acme/shop")
ONE, TWO = "github.com:77#1", "github.com:77#2"


@pytest.mark.parametrize(
    ("body", "tickets"),
    [
        ("Fixes #1, not `fixes #2`", [ONE]),
        ("``a ` closes #2`` closes #1", [ONE]),
        ("Fixes `#2` and fixes #1", [ONE]),
        ("Fixes `x` #2", []),
        ("```\nfixes #2\n```\nfixes #1", [ONE]),
        ("fixes #1\r\n```sh\r\nfixes #2\r\n```\r\n", [ONE]),
        ("~~~\nfixes #2\n```\n~~~\nfixes #1", [ONE]),
        ("````\n```\nfixes #2\n````\nfixes #1", [ONE]),
        ("> ```\n> closes OPS-2\n> ```\ncloses OPS-1", ["OPS-1"]),
        ("- so:\n    ```\n    fixes #2\n    ```\n- fixes #1", [ONE]),
        ("- ```\n  fixes #2\n  ```\n\nfixes #1", [ONE]),
        ("1. ~~~\n   fixes #2\n   ~~~\n\nfixes #1", [ONE]),
        ("```\nnever closed, fixes #2", []),
        ("<!-- never closed, fixes #2", []),
        ("fixes #1\n<!-- never closed, fixes #2", [ONE]),
        ("No `<!--` is closed, fixes #1", [ONE]),
        ("<!-- ``` --> fixes #1", [ONE]),
        ("```\n<!--\n```\nfixes #1 -->", [ONE]),
        ("Fixes <!-- which? --> #1", [ONE]),
        ("an odd ` fixes #1", [ONE]),
        ("an odd ` here\n\nfixes #1 ` there", [ONE]),
        ("an odd ` here\n```\n`\n```\nfixes #1", [ONE]),
        ("```not a fence``` fixes #1", [ONE]),
        ("~~struck~~ fixes #1 ~~~", [ONE]),
        ("`a` fixes #1 `b` fixes #2 ``c``", [ONE, TWO]),
    ],
)
def test_code_and_comments_name_no_tickets(body: str, tickets: list[str]) -> None:
    assert closed_by(body, *PLACE) == tickets


@pytest.mark.parametrize(
    "hostile",
    [
        "".join("`" * length + " " for length in range(1, 360)),
        "` \n\n" * 16_000,
        "<!-- " * 13_000,
        "<!-- -->" * 8_000,
        "```\n" * 16_000,
        "~~~~\n~~~\n" * 7_000,
        "\n1234567. " * 6_000,
        ">" * 65_000 + "`",
        "\n> " * 21_000 + "`",
        "`" * 65_000,
    ],
)
def test_no_body_takes_long(hostile: str) -> None:
    """What is quadratic takes five seconds; read once, each is some hundredths."""
    begun = time.process_time()
    closed_by("fixes #1 `\n\n" + hostile, *PLACE)
    assert time.process_time() - begun < 2
