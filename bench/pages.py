"""The pages of every day: the caseload, one household, a contact saved."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import cycle
from statistics import median
from urllib.parse import urlencode

from bench.data import Filled
from bench.households import CONTACTS, DISTRICT, TODAY
from bench.measure import Line, alternate, seconds
from bench.served import Browser, serving, signed_in
from casework.web.sent_forms import FIELD, new_key

CASELOAD = "/menages?" + urlencode({"quartier": DISTRICT, "tri": "dette", "sens": "desc"})
PAGE_TARGET, SCALE_TARGET, DOOR_TARGET = 3.0, 1.3, 1.15
# So many households are read, the others are written to.
_READ = 38


def _median_of(requests: int, ask: Callable[[], object]) -> Callable[[], float]:
    return lambda: median(seconds(ask) for _ in range(requests))


def _reading(browser: Browser, filled: Filled) -> Callable[[], object]:
    cases = cycle(filled.busy[:_READ])
    return lambda: browser.get(f"/menages/{next(cases)}")


def _saving(browser: Browser, numbers: Sequence[int], token: str) -> Callable[[], object]:
    cases = cycle(numbers)
    form = {
        "csrf_token": token,
        "occurred_on": TODAY.isoformat(),
        "kind": "VAD",
        "outcome": "REALISEE",
        "duration_minutes": "45",
        "shared_note": "Point sur le budget ; le plan d’apurement est tenu.",
        "private_note": "À reprendre la prochaine fois.",
        "planned_on": "",
        "at_time": "",
        "planned_kind": "VAD",
        "appointment_id": "",
    }
    # Each form has a key of its own, by which one that comes twice is kept once.
    return lambda: browser.post(f"/menages/{next(cases)}/contacts/nouveau", form | {FIELD: new_key()})


def measure_pages(filled: Filled, names: set[str], rounds: int, requests: int) -> Iterator[Line]:
    """Measure the three pages beside the floor, over the same database."""
    with ExitStack() as stack:
        ours = Browser(stack.enter_context(serving("ours", filled)), signed_in(filled, filled.manager))
        bare = Browser(stack.enter_context(serving("floor", filled)))
        token = ours.token(f"/menages/{filled.busy[0]}/contacts/nouveau")
        _check_same_rows(ours, bare, filled.busy[0])
        works: dict[str, tuple[str, Callable[[], object], Callable[[], object]]] = {
            "caseload": (
                "caseload, 50 rows, filtered and sorted",
                lambda: ours.get(CASELOAD),
                lambda: bare.get(CASELOAD),
            ),
            "case": ("case, 60 contacts", _reading(ours, filled), _reading(bare, filled)),
            # Another case each time: its last contact changes, and with it its summary and its alerts.
            "save": (
                "save a contact",
                _saving(ours, filled.busy[_READ::2], token),
                _saving(bare, filled.busy[_READ + 1 :: 2], ""),
            ),
        }
        for name, (words, ask_ours, ask_bare) in works.items():
            if name in names:
                times = alternate(_median_of(requests, ask_ours), _median_of(requests, ask_bare), rounds)
                yield Line(words, *times, PAGE_TARGET)


def measure_door(filled: Filled, rounds: int, requests: int) -> Iterator[Line]:
    """Measure what the door and the wall cost: the pages beside themselves without either (in the floor's column)."""
    with ExitStack() as stack:
        ours, free = (
            Browser(stack.enter_context(serving(which, filled)), signed_in(filled, filled.manager))
            for which in ("ours", "doorless")
        )
        if ours.get(CASELOAD).count('class="row-link"') != free.get(CASELOAD).count('class="row-link"'):
            raise AssertionError("the caseload shows other rows without the door")
        pairs = {
            "caseload": (lambda: ours.get(CASELOAD), lambda: free.get(CASELOAD)),
            "case": (_reading(ours, filled), _reading(free, filled)),
        }
        for words, (ask_ours, ask_free) in pairs.items():
            times = alternate(_median_of(requests, ask_ours), _median_of(requests, ask_free), rounds)
            yield Line(f"{words}, behind both walls beside none", *times, DOOR_TARGET)


def _check_same_rows(ours: Browser, bare: Browser, case_id: int) -> None:
    shown, expected = ours.get(CASELOAD).count('class="row-link"'), bare.get(CASELOAD).count("<tr>")
    if shown != expected or not shown:
        raise AssertionError(f"the caseload shows {shown} rows where the floor shows {expected}")
    page, table = (browser.get(f"/menages/{case_id}") for browser in (ours, bare))
    entries, rows = page.count('<li class="entry'), table.count("<tr>")
    if entries < rows or rows < CONTACTS:
        raise AssertionError(f"the case shows {entries} entries where the floor shows {rows}")


def measure_scale(small: Filled, large: Filled, rounds: int, requests: int) -> Iterator[Line]:
    """Measure the same pages over a large database beside a small one (which stands in the floor's column)."""
    with ExitStack() as stack:
        few_port, many_port = (stack.enter_context(serving("ours", filled)) for filled in (small, large))
        few, many = (
            Browser(few_port, signed_in(small, small.manager)),
            Browser(many_port, signed_in(large, large.manager)),
        )
        sizes = f"{large.size} beside {small.size}"
        pairs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "caseload": (lambda: many.get(CASELOAD), lambda: few.get(CASELOAD)),
            "case": (_reading(many, large), _reading(few, small)),
        }
        for words, (ask_many, ask_few) in pairs.items():
            times = alternate(_median_of(requests, ask_many), _median_of(requests, ask_few), rounds)
            yield Line(f"{words}, {sizes}", *times, SCALE_TARGET)
        few_own = Browser(few_port, signed_in(small, small.referent))
        many_own = Browser(many_port, signed_in(large, large.referent))
        times = alternate(
            _median_of(requests, lambda: many_own.get("/menages")),
            _median_of(requests, lambda: few_own.get("/menages")),
            rounds,
        )
        yield Line(f"caseload of a referent, {sizes}", *times, SCALE_TARGET)
