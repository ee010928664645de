"""The states one batch touches: read in bulk, changed in memory, stored at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic_core import from_json, to_json

from monitor.domain.deflated import inflated
from monitor.domain.items import Profile
from monitor.domain.packed import pack_timelines, unpack_timelines
from monitor.domain.stored_values import reading_stored
from monitor.domain.timeline import Timeline
from monitor.indicators.totals.ledger import moved
from monitor.pipeline.ports import Changes, StateReader
from monitor.pipeline.recent import Held, Recent
from monitor.relate.code_index import Node, unpack_node
from monitor.relate.packed_rows import pack, unpack
from monitor.relate.rows import Row

# How a stored home begins that names another key of the same entity; and one that
# begins like that although it names a root item. No name holds a NUL.
_ALIAS = "="
_NAME = "\x00"


class WorkingSet:
    """Rows, timelines, homes and index nodes of one batch, each read once.

    A home is the root item an entity belongs to; an entity without one is its
    own. An alias is a home that names another key of the same entity. ``touched``
    are the items whose timelines may have changed. ``projects`` are those whose keys
    are tickets for who is placed now; None: for whoever read a text they were.
    """

    def __init__(
        self,
        state: StateReader,
        recent: Recent | None = None,
        projects: frozenset[str] | None = None,
    ) -> None:
        """Start with nothing read but what recent batches hold."""
        self._state = state
        self.projects = projects
        self._recent = recent if recent is not None else Recent()
        self._packed_bytes = 0
        self._rows: dict[str, Row] = {}
        self._homes: dict[str, str | None] = {}
        self._nodes: dict[str, Node] = {}
        self._plain: dict[str, Any] = {}
        # Of plain data by day, what is in them in order of time; never stored.
        self.orders: dict[str, list[tuple[int, str]]] = {}
        self.stored: set[str] = set()
        self.touched: dict[str, None] = {}
        self._changed_rows: set[str] = set()
        self._timelines: dict[str, tuple[Timeline, ...]] = {}
        self._stored_timelines: dict[str, tuple[Timeline, ...]] = {}
        self._packed_timelines: dict[str, bytes] = {}
        self._changed_homes: set[str] = set()
        self._changed_nodes: set[str] = set()
        self._changed_plain: set[str] = set()
        self._moved: dict[str, None] = {}
        self._gone: dict[str, bool] = {}
        self._dropped: list[str] = []
        self.told_late = 0  # sealed dependents of what was heard of only now
        # Whether anything at all is sealed; a set lives for one transaction.
        self.any_gone = state.any_gone()

    def prefetch_homes(self, entities: Iterable[str]) -> None:
        """Read where many entities belong with one look-up."""
        wanted = {entity for entity in entities if entity not in self._homes}
        self._homes |= self._recent.homes(wanted)
        missing = [entity for entity in wanted if entity not in self._homes]
        found = self._state.get_many("homes", missing)
        for entity in missing:
            value = found.get(entity)
            self._homes[entity] = value.decode() if value is not None else None

    def load_rows(self, keys: Iterable[str]) -> None:
        """Read the rows of root items with one look-up."""
        wanted = {key for key in keys if key not in self._rows}
        held = self._recent.rows(wanted)
        self._rows |= held
        self.stored.update(held)
        missing = [key for key in wanted if key not in held]
        found = self._state.get_many("items", missing)
        with reading_stored("an item"):
            for key, packed in found.items():
                plain = inflated(packed)
                self._rows[key] = unpack(plain)
                self._packed_bytes += len(plain)
                self.stored.add(key)
        for key in missing:
            self._rows.setdefault(key, Row(key))

    def load_timelines(self, keys: Iterable[str]) -> None:
        """Read what was last evaluated of items with one look-up."""
        missing = [key for key in keys if key not in self._timelines]
        found = self._state.get_many("timelines", missing)
        self._packed_timelines |= found
        for key in missing:
            packed = found.get(key)
            self._timelines[key] = unpack_timelines(packed) if packed else ()

    def prefetch_nodes(self, keys: Iterable[str]) -> None:
        """Read index nodes of many keys with one look-up."""
        wanted = {key for key in keys if key not in self._nodes}
        self._nodes |= self._recent.nodes(wanted)
        missing = [key for key in wanted if key not in self._nodes]
        found = self._state.get_many("indexes", missing)
        with reading_stored("an index"):
            for key in missing:
                self._nodes[key] = unpack_node(found.get(key))

    def canonical(self, entity: str) -> str:
        """The key an alias stands for; any other key as it is."""
        home = self._homes[entity] if entity in self._homes else self._home(entity)
        while home is not None and home[0] == _ALIAS:
            entity = home[1:]
            home = self._home(entity)
        return entity

    def home(self, entity: str) -> str:
        """The root item the entity belongs to at present."""
        home = self._homes[entity] if entity in self._homes else self._home(entity)
        if home is None:
            return entity
        if home[0] == _ALIAS:
            return self.home(home[1:])
        return home if home[0] != _NAME else home[1:]

    def _home(self, entity: str) -> str | None:
        if entity not in self._homes:
            self.prefetch_homes([entity])
        return self._homes[entity]

    def set_home(self, entity: str, root: str) -> None:
        """Record where the entity's facts are kept."""
        home = None if root == entity else root
        if home is not None and home[0] in (_ALIAS, _NAME):
            home = _NAME + home
        self._set_home(entity, home)
        self._moved[entity] = None

    def moved(self, *entities: str) -> None:
        """What is known of where the entities belong is new."""
        self._moved.update(dict.fromkeys(entities))

    def take_moved(self) -> list[str]:
        """What has moved since the last call."""
        moved, self._moved = list(self._moved), {}
        return moved

    def set_alias(self, alias: str, entity: str) -> None:
        """Record that two keys are one entity."""
        self._set_home(alias, _ALIAS + entity)

    def _set_home(self, entity: str, value: str | None) -> None:
        if self._home(entity) != value:
            self._homes[entity] = value
            self._changed_homes.add(entity)

    def row(self, key: str) -> Row:
        """The row of a root item, empty when nothing is known of it."""
        if key not in self._rows:
            self.load_rows([key])
        return self._rows[key]

    def touch(self, row: Row) -> None:
        """The row changed: it is evaluated and stored at the end of the batch."""
        self.touched[row.key] = None
        self._changed_rows.add(row.key)

    def to_evaluate(self) -> list[str]:
        """The touched items; not those that a batch made and emptied again."""
        rows, stored = self._rows, self.stored
        return [key for key in self.touched if rows[key].sections or key in stored]

    def gone(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys that are of sealed items."""
        wanted = set(keys)
        asked = wanted - self._gone.keys()
        found = self._state.gone(asked)
        self._gone.update((key, key in found) for key in asked)
        return {key for key in wanted if self._gone[key]}

    def is_gone(self, key: str) -> bool:
        """Whether the key is of a sealed item."""
        return self.any_gone and bool(self.gone([key]))

    def is_new(self, entity: str) -> bool:
        """Whether nothing was ever heard of it."""
        return self.home(entity) == entity and self.row(entity).is_unheard_of()

    def drop(self, entities: Iterable[str]) -> None:
        """From now on these are of sealed items, too."""
        for entity in entities:
            self._dropped.append(entity)
            self._gone[entity] = self.any_gone = True

    def tell(self, blocker: str, new: Profile | None, told: Iterable[str]) -> None:
        """Tell dependents of a blocker, or that nothing is known, where it is new."""
        profile = new and new.renamed(self.canonical)
        for entity in told:
            if self.is_gone(entity):
                continue
            other = self.row(self.home(entity))
            if other.blockers.get(blocker) != profile:
                other.heard_of(blocker, profile)
                self.touch(other)

    def timelines(self, key: str) -> tuple[Timeline, ...]:
        """What was last evaluated of an item that was loaded."""
        return self._timelines[key]

    def set_timelines(self, key: str, timelines: tuple[Timeline, ...]) -> None:
        """What was evaluated now; it is stored at the end of the batch."""
        self._stored_timelines.setdefault(key, self._timelines[key])
        self._timelines[key] = timelines

    def node(self, key: str) -> Node:
        """The index node of a sha or branch."""
        if key not in self._nodes:
            self.prefetch_nodes([key])
        return self._nodes[key]

    def prefetch_plain(self, keys: Iterable[str]) -> None:
        """Read plain data of many keys with one look-up."""
        missing = [key for key in keys if key not in self._plain]
        if not missing:
            return  # asking the store for nothing takes as long as for one
        found = self._state.get_many("indexes", missing)
        with reading_stored("an index"):
            for key in missing:
                packed = found.get(key)
                plain = None if packed is None else from_json(inflated(packed))
                self._plain[key] = plain

    def plain(self, key: str) -> Any:
        """The index's plain data of a key; None for nothing. Put it when changed."""
        if key not in self._plain:
            self.prefetch_plain([key])
        return self._plain[key]

    def hold_plain(self, key: str, value: object) -> None:
        """The data of a key as what they stand for; they have not changed."""
        self._plain[key] = value

    def put_plain(self, key: str, value: object) -> None:
        """The data are these and are stored at the end of the batch; empty ones go."""
        self._plain[key] = value
        self._changed_plain.add(key)

    def touch_node(self, key: str) -> None:
        """The node changed and is stored at the end of the batch."""
        self._changed_nodes.add(key)

    def collect(self, changes: Changes) -> None:
        """Put everything that changed into the transaction."""
        items = changes.puts.setdefault("items", {})
        for key in self._changed_rows:
            row = self._rows[key]
            if not row.is_unheard_of():
                packed = items[key] = pack(row)
                self._packed_bytes += len(packed)
            elif key in self.stored:
                items[key] = None
        timelines = changes.puts.setdefault("timelines", {})
        for key, before in self._stored_timelines.items():
            found = self._timelines[key]
            timelines[key] = pack_timelines(found) if found else None
            if (entries := moved(key, before, found)) is not None:
                changes.ledger.append(entries)
        # Also of those evaluated to the same: not all that facts say is in timelines.
        for key in self._timelines:
            changes.replaced[key] = self._packed_timelines.get(key, b"")
        homes = changes.puts.setdefault("homes", {})
        for entity in self._changed_homes:
            home = self._homes[entity]
            homes[entity] = None if home is None else home.encode()
        changes.gone += self._dropped
        self.collect_indexes(changes)

    def collect_indexes(self, changes: Changes) -> None:
        """Put the index nodes and data that changed into the transaction."""
        indexes = changes.puts.setdefault("indexes", {})
        for key in self._changed_nodes:
            node = self._nodes[key]
            indexes[key] = None if node.is_empty else node.pack()
        for key in self._changed_plain:
            data = self._plain[key]
            indexes[key] = to_json(data) if data else None

    def held(self) -> Held:
        """What the batches that follow may use, once this one is stored."""
        return Held(self._rows, self._homes, self._nodes, self._packed_bytes)
