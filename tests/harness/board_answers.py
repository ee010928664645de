"""What answers of the Platform-PM board carry: the labels its panels show them by.

Keys are the panel's id and the question's letter.
"""

NONE: frozenset[str] = frozenset()
TEAM, ON_TEAM = frozenset({"team"}), frozenset({"on_team"})
PAIR = TEAM | ON_TEAM
CAUSE = PAIR | {"component"}
SIGNAL = frozenset({"signal"})
# The labels of a panel's answers: what its legend or its columns show.
LABELS: dict[str, frozenset[str]] = {
    **{f"101-{ref}": NONE for ref in "ABC"},
    **{f"102-{ref}": NONE for ref in "ABCDEFGH"},
    "103-A": TEAM,
    **{f"104-{ref}": TEAM for ref in "ABCDEFGHI"},
    **{f"201-{ref}": CAUSE for ref in "ABC"},
    "202-A": PAIR | {"id"},
    "203-A": frozenset({"component"}),
    "301-A": ON_TEAM,
    **{f"302-{ref}": ON_TEAM for ref in "ABCDE"},
    **{f"401-{ref}": PAIR for ref in "ABC"},
    "402-A": PAIR,
    **{f"403-{ref}": TEAM for ref in "ABC"},
    **{f"601-{ref}": TEAM for ref in "ABCDEFGHIJK"},
    **{f"{panel}-{ref}": NONE for panel in (602, 603) for ref in "AB"},
    "604-A": TEAM,
    "701-A": SIGNAL,
    **{f"702-{ref}": NONE for ref in "ABC"},
    **{f"703-{ref}": SIGNAL for ref in "ABCD"},
    **{f"{panel}-A": NONE for panel in (501, 502, 503, 504, 505, 506, 510)},
    "507-A": frozenset({"result"}),
    "508-A": frozenset({"source"}),
    "509-A": frozenset({"source", "reason"}),
    "511-A": frozenset({"version"}),
    "511-B": frozenset({"version"}),
    "511-C": frozenset({"hash"}),
}
