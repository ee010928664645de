"""What can happen to an item in a drawn history, one step at a time."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.harness.history_branches import BRANCH_STEPS
from tests.harness.history_deploys import deploy_step, roll_out
from tests.harness.history_draft import HOUR, MINUTE, Draft, Step
from tests.harness.history_runs import run_step

CLASSES = ("feature", "feature", "defect", "debt", None)


def start(item: Draft) -> None:
    """The ticket is started, or started again."""
    if item.mode == "flying" and not item.chance(20):
        return
    item.pass_time(MINUTE)
    fresh = not item.owner
    team = item.known() if fresh or (item.chance(20) and not item.receiver) else None
    item.owner = team or item.owner
    work_class = item.draw(st.sampled_from(CLASSES)) if fresh else None
    item.say("ticket.started", team=team, work_class=work_class)
    item.mode = "flying"


def create(item: Draft) -> None:
    """The ticket is filed, before it is worked on."""
    if item.owner:
        return
    item.owner = item.known()
    work_class = item.draw(st.sampled_from(CLASSES))
    item.say("ticket.created", team=item.owner, work_class=work_class)
    item.pass_time(MINUTE)


def block(item: Draft) -> None:
    """The flag goes on, with or without the team that is waited for."""
    item.say("ticket.blocked", on_team=None if item.chance(15) else item.team())


def unblock(item: Draft) -> None:
    """One block or every block is lifted, open or not; another may begin with it."""
    named = [e.get("on_team") for e in item.events if e["kind"] == "ticket.blocked"]
    item.say("ticket.unblocked", on_team=item.draw(st.sampled_from([None, *named])))
    if item.chance(50):
        block(item)


def comment(item: Draft) -> None:
    """Somebody or a machine says something."""
    automation = True if item.chance(30) else None
    by_team = None
    if not automation and item.mode == "flying" and item.chance(40):
        by_team = item.receiver or item.owner or None
        item.owner, item.receiver = by_team or "", ""
    kind = "ticket.commented" if by_team or item.chance(60) else "ticket.updated"
    item.say(kind, automation=automation, by_team=by_team)


def hand_over(item: Draft) -> None:
    """The ticket is tossed, tossed again, or given back."""
    if item.mode != "flying" or not item.owner:
        return
    item.pass_time(MINUTE)
    receiver = item.known()
    if receiver == (item.receiver or item.owner):
        return
    if item.chance(15):
        item.owner = item.known()
        item.say("ticket.started", team=item.owner)
    item.say("ticket.assigned", to_team=receiver)
    item.receiver = "" if receiver == item.owner else receiver


def accept(item: Draft) -> None:
    """The receiver starts on it, or the giver goes on with it, or a third team."""
    if item.mode != "flying" or not item.receiver:
        return
    item.pass_time()
    kind, team = "ticket.accepted", item.receiver
    if item.chance(25):
        kind = item.draw(st.sampled_from(("ticket.accepted", "ticket.started")))
        team = item.draw(st.sampled_from((item.owner, item.known())))
    item.say(kind, team=team)
    item.owner, item.receiver = team, ""


def finish(item: Draft) -> None:
    """Done, cancelled or put back to the backlog."""
    kind = item.draw(st.sampled_from(("done", "done", "cancelled", "parked")))
    if kind == "parked" and item.mode != "flying":
        return
    item.say(f"ticket.{kind}")
    item.mode = "parked" if kind == "parked" else "done"
    if kind != "parked":
        item.receiver = ""


def put_back(item: Draft) -> None:
    """Back to the backlog, whatever still runs for it."""
    if item.mode == "flying":
        item.say("ticket.parked")
        item.mode = "parked"


def merge_all(item: Draft) -> None:
    """Every open change is merged, whatever still runs for it."""
    for change, state in item.changes.items():
        if state == "open":
            item.say("change.merged", change, item=item.key)
            item.changes[change] = "shut"


def reopen(item: Draft) -> None:
    """What was done comes back, perhaps because of somebody else, or to a list."""
    if not item.chance(70 if item.mode in ("done", "parked") else 10):
        return
    item.pass_time()
    item.say("ticket.reopened", cause_team=item.team() if item.chance(60) else None)
    item.mode = "flying"
    if item.chance(20):
        put_back(item)


def link(item: Draft) -> None:
    """Another item blocks this one."""
    item.say("link.added", blocker=item.draw(st.sampled_from(item.others)))


def unlink(item: Draft) -> None:
    """A link goes, whether it was there or not."""
    item.say("link.removed", blocker=item.draw(st.sampled_from(item.others)))


def request(item: Draft) -> None:
    """The ticket is a request that another item needs."""
    item.say(
        "ticket.requested",
        requester_team=item.team(),
        needed_by=item.draw(st.sampled_from(item.others)),
    )


def change_step(item: Draft) -> None:
    """A change is opened, and then lives."""
    names = ("opened", "ready", "drafted", "pushed", "pushed", "merged", "closed")
    change = f"{item.key}-PR-{item.draw(st.integers(1, 2))}"
    state = item.changes.get(change, "never")
    kind = "opened" if state == "never" else item.draw(st.sampled_from(names))
    if state == "shut" or (kind == "opened" and state != "never"):
        return
    item.say(
        f"change.{kind}", change, item=item.key, sha=f"{change}-{len(item.events)}"
    )
    item.changes[change] = "shut" if kind in ("merged", "closed") else "open"
    if item.mode in ("never", "parked") and kind in ("opened", "ready"):
        item.mode = "flying"


def review_step(item: Draft) -> None:
    """A review is asked, withdrawn or given."""
    if not item.changes:
        return
    change = item.draw(st.sampled_from(sorted(item.changes)))
    kind = item.draw(
        st.sampled_from(("review_requested", "review_requested", "reviewed"))
        | st.just("review_unrequested")
    )
    asked = [e["on_team"] for e in item.events if e["kind"].endswith("w_requested")]
    team = (
        item.team()
        if kind == "review_requested" or not asked
        else (item.draw(st.sampled_from(asked)))
    )
    said = {"team": team} if kind == "reviewed" else {"on_team": team}
    item.say(f"change.{kind}", change, item=item.key, **said)


TICKET_STEPS: tuple[Step, ...] = (
    *(start, start, block, block, unblock, comment, comment, hand_over, accept),
    *(finish, reopen, link, unlink, request, change_step, change_step, review_step),
    *(review_step, run_step, run_step, run_step, deploy_step, roll_out, roll_out),
)
# Of five tickets one has little else than failing runs, one than runs that go on where
# nobody works any more, and one is handed around and comes back.
MORE_STEPS = (
    TICKET_STEPS,
    (start, hand_over, hand_over, accept, comment, finish, reopen),
    (start, change_step, run_step, *BRANCH_STEPS),
    (start, change_step, run_step, run_step, run_step, put_back, merge_all),
)
CHANGE_STEPS: tuple[Step, ...] = (review_step, review_step, run_step, run_step)


def ticket(item: Draft, steps: tuple[Step, ...] | None, length: int) -> None:
    """A ticket, whose first words name its owner and class."""
    item.draw(st.sampled_from((create, start)))(item)
    steps = steps or item.draw(st.sampled_from((TICKET_STEPS, *MORE_STEPS)))
    for step in item.draw(
        st.lists(st.sampled_from(steps), min_size=1, max_size=length)
    ):
        item.pass_time()
        step(item)


def lone_change(item: Draft, steps: tuple[Step, ...] | None, length: int) -> None:
    """A change without a ticket: opened, worked on, and merged or not."""
    del steps
    change = item.key
    item.owner = item.known()
    item.say("change.opened", team=item.owner)
    item.mode = "flying"
    item.changes[change] = "open"
    for step in item.draw(
        st.lists(st.sampled_from(CHANGE_STEPS), min_size=1, max_size=length)
    ):
        item.pass_time()
        step(item)
    for body in item.events:
        if body.get("item") == change:
            del body["item"]
    for body in item.events:
        if body["kind"].startswith("run."):
            body["change"] = change
    if item.chance(60):
        item.pass_time()
        item.say(item.draw(st.sampled_from(("change.merged", "change.closed"))))


def incident(item: Draft) -> None:
    """An incident with one or several causes, some stated only later.

    It may come to another team, be opened again, and have deploys that mend it.
    """
    causes = item.draw(st.lists(st.sampled_from(sorted(item.world.teams)), max_size=3))
    cause = (causes[0] if len(causes) == 1 else sorted(set(causes))) or None
    _opened(item, cause_team=cause)
    item.pass_time()
    for step in item.draw(
        st.lists(st.sampled_from((_opened, deploy_step, roll_out)), max_size=5)
    ):
        step(item)
        item.pass_time(MINUTE)
    late = item.known() if item.chance(20) else None
    team = item.known() if item.chance(20) else None
    if item.chance(70):
        item.say("incident.mitigated", cause_team=late, team=team)
        item.now += HOUR
    if item.chance(20):
        _opened(item)
        item.pass_time(MINUTE)
    if item.chance(60):
        item.say("incident.resolved")
        if item.chance(30):
            item.pass_time()
            _opened(item)


def _opened(item: Draft, **said: Any) -> None:
    """It is somebody's, by name or by its service; so many respond."""
    if item.chance(60):
        said["team"] = item.known()
    else:
        said["service"] = item.draw(st.sampled_from(("checkout-api", "nobodys-api")))
    people = item.draw(st.sampled_from((None, None, 2, 5)))
    item.say("incident.opened", responders=people, **said)


ITEMS = (ticket, ticket, ticket, ticket, lone_change)
