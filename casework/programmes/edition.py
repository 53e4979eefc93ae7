"""Between a raw definition and the fields of a form, both ways: what the form does not cover stays as it was."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from casework.programmes.definition.reader import Fault
from casework.programmes.vocabulary import PARAMETER_LABELS

Document = dict[str, object]
Entries = dict[str, object]

# field of the form → (table, key) of the definition; "" is the top
_PLACES: dict[str, tuple[str, str]] = {
    "title": ("", "title"),
    "valid_from": ("", "valid_from"),
    "category": ("", "category"),
    "summary": ("", "summary"),
    "place": ("", "place"),
    "mode": ("", "mode"),
    "publics": ("", "publics"),
    "households_value": ("households", "value"),
    "households_unit": ("households", "unit"),
    "households_approximate": ("households", "approximate"),
    "dwellings_value": ("dwellings", "value"),
    "dwellings_unit": ("dwellings", "unit"),
    "duration_months": ("duration", "months"),
    "duration_renewable": ("duration", "renewable"),
    "age_min": ("age", "min"),
    "age_min_strict": ("age", "min_strict"),
    "age_max": ("age", "max"),
    "age_max_strict": ("age", "max_strict"),
    "min_months": ("accompaniment", "min_months"),
    "max_months": ("accompaniment", "max_months"),
    "typical_months": ("accompaniment", "typical_months"),
    "open_ended": ("accompaniment", "open_ended"),
    "renewable": ("accompaniment", "renewable"),
    "period_months": ("accompaniment", "period_months"),
    "renewal_months": ("accompaniment", "renewal_months"),
    "renewals_max": ("accompaniment", "renewals_max"),
    "derogation": ("accompaniment", "derogation"),
    "order_matters": ("lease", "order_matters"),
    "total_cents": ("cost", "total_cents"),
    "total_period": ("cost", "total_period"),
    "diagnostic_unit_cents": ("cost", "diagnostic_unit_cents"),
    "accompaniment_unit_cents": ("cost", "accompaniment_unit_cents"),
    "accompaniment_unit_period": ("cost", "accompaniment_unit_period"),
    "gla_unit_cents": ("cost", "gla_unit_cents"),
    "gla_unit_period": ("cost", "gla_unit_period"),
    **{f"parameter_{key}": ("parameters", key) for key in PARAMETER_LABELS},
}
# Boxes: not ticked is not said.
_FLAGS = frozenset({"households_approximate", "age_min_strict", "age_max_strict", "derogation", "order_matters"})
_UNORDERED = frozenset({"publics"})
# Questions that may stay open.
_OPEN = frozenset({"duration_renewable", "open_ended", "renewable"})
_ANSWERS: dict[str, bool] = {"yes": True, "no": False}
# Without their value these say nothing: what else stands in the table goes with it.
_QUANTITIES = ("households", "dwellings")

# list of the form → (list of tables of the definition, the keys that a row covers)
_ROWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "quotas": ("quota", ("value", "unit", "by", "of")),
    "cadences": ("cadence", ("what", "every", "unit", "times", "from_month")),
    "paths": ("path", ("stages", "mode", "same_dwelling")),
    "fundings": ("funding", ("funder", "amount_cents", "period", "share_percent")),
}
_OPEN_IN_ROWS = frozenset({"same_dwelling"})


@dataclass(frozen=True)
class Written:
    """A definition as a form says it; `rows` holds, for each list of tables, the row of the form behind each one."""

    document: Document
    rows: Mapping[str, tuple[int, ...]]

    def field_of(self, fault: Fault) -> str:
        """Return the field of the form where a fault stands (`cadences-2-every`), "" when the form has none for it."""
        for name, (table, keys) in _ROWS.items():
            if fault.table == table and fault.number is not None:
                key = fault.key if fault.key in keys else keys[0]
                return f"{name}-{self.rows[table][fault.number - 1]}-{key}"
        places = {place: name for name, place in _PLACES.items()}
        return places.get((fault.table, fault.key), "")


def entries_of(document: Mapping[str, object]) -> Entries:
    """Return what the fields of the form hold for a raw definition."""
    entries: Entries = {}
    for name, (table, key) in _PLACES.items():
        value = _table(document, table).get(key)
        if name == "valid_from" and isinstance(value, str):
            value = date.fromisoformat(value)
        entries[name] = _answer(value) if name in _OPEN else value
    for name, (table, keys) in _ROWS.items():
        entries[name] = [
            {key: _answer(row.get(key)) if key in _OPEN_IN_ROWS else row.get(key) for key in keys} | {"origin": number}
            for number, row in enumerate(_tables(document, table))
        ]
    return entries


def as_read(document: Document) -> Written:
    """Return a definition whose form shows each of its tables as a row, in order."""
    lists = (table for table, _keys in _ROWS.values())
    return Written(document, {table: tuple(range(len(_tables(document, table)))) for table in lists})


def rows_of(entries: Entries, name: str) -> list[Entries]:
    """Return the rows of a list of the form, to be changed in place."""
    rows = entries[name]
    return rows if isinstance(rows, list) else []


def written(base: Mapping[str, object], said: Mapping[str, object]) -> Written:
    """Return the definition `base` with what the fields of a form say (`said`, as WTForms holds their data)."""
    document: Document = deepcopy(dict(base))
    for name, (table, key) in _PLACES.items():
        if name in said:
            value = _value(name, said[name])
            _put(document, table, key, _in_order(document.get(key), value) if name in _UNORDERED else value)
    for table in _QUANTITIES:
        kept = _table(document, table)
        if not kept.get("value") and not kept.get("unit"):
            document.pop(table, None)
    rows: dict[str, tuple[int, ...]] = {}
    for name, (table, keys) in _ROWS.items():
        lines = _tables(said, name)
        filled = [(number, line) for number, line in enumerate(lines) if any(_is_said(line.get(key)) for key in keys)]
        rows[table] = tuple(number for number, _line in filled)
        known = _tables(base, table)
        _put(document, "", table, [_row(known, line, keys) for _number, line in filled] or None)
    return Written(document, rows)


def list_of(table: str) -> str:
    """Return the list of the form that shows the list of tables `table`. Raises KeyError when none does."""
    return {held: name for name, (held, _keys) in _ROWS.items()}[table]


def _is_said(value: object) -> bool:
    return any(value) if isinstance(value, list) else value not in (None, "")


def _row(known: Sequence[Mapping[str, object]], line: Mapping[str, object], keys: Iterable[str]) -> Document:
    """Return a row of the form as a table; what the form does not cover comes from the table it was made from."""
    origin = line.get("origin")
    row = dict(known[origin]) if isinstance(origin, int) and 0 <= origin < len(known) else {}
    for key in keys:
        value = line.get(key)
        if key in _OPEN_IN_ROWS:
            value = _ANSWERS.get(str(value))
        elif isinstance(value, list):
            value = [item for item in value if item]
        if value in (None, "", []):
            row.pop(key, None)
        else:
            row[key] = _kept(row.get(key), value)
    return row


def _kept(before: object, after: object) -> object:
    """Return a text as it was when only the blanks are not the same: a field makes plain ones of no-break spaces."""
    both_texts = isinstance(before, str) and isinstance(after, str)
    return before if both_texts and str(before).split() == str(after).split() else after


def _value(name: str, value: object) -> object:
    if name in _OPEN:
        return _ANSWERS.get(str(value))
    if name in _FLAGS:
        return True if value else None
    if isinstance(value, date):
        return value.isoformat()
    return None if value in ("", []) else value


def _in_order(before: object, after: object) -> object:
    """Return what boxes say in the order in which it was written before, what is new at the end."""
    if not isinstance(before, list) or not isinstance(after, list):
        return after
    return [*(item for item in before if item in after), *(item for item in after if item not in before)]


def _answer(value: object) -> str:
    return {True: "yes", False: "no"}.get(bool(value), "") if isinstance(value, bool) else ""


def _put(document: Document, table: str, key: str, value: object) -> None:
    """Write a value, or take it away; a table that says nothing any more goes, too."""
    if not table:
        target: Document = document
    else:
        held = document.get(table)
        target = held if isinstance(held, dict) else {}
    if value is None:
        target.pop(key, None)
    else:
        target[key] = _kept(target.get(key), value)
    if table:
        if target:
            document[table] = target
        else:
            document.pop(table, None)


def _table(document: Mapping[str, object], name: str) -> Mapping[str, object]:
    if not name:
        return document
    found = document.get(name)
    return found if isinstance(found, Mapping) else {}


def _tables(document: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    found = document.get(name)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []
