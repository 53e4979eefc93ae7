"""From a parsed TOML or JSON document to a checked definition."""

from dataclasses import replace

from casework.programmes.definition import parts
from casework.programmes.definition.checks import check_whole
from casework.programmes.definition.evidence import Ambiguity, Reconciliation, Remark
from casework.programmes.definition.money import read_cost_parts, read_costs, read_fundings
from casework.programmes.definition.paths import read_lease
from casework.programmes.definition.reader import Place, Reader
from casework.programmes.definition.words import CADENCES, CATEGORIES, DWELLING_UNITS, MODES, PERIODS, UNITS
from casework.programmes.vocabulary import PARAMETER_LABELS, LeaseStageCode
from casework.programmes.vocabulary.actions import ACTIONS
from casework.programmes.vocabulary.bodies import BODY_ROLE_LABELS
from casework.programmes.vocabulary.documents import DOCUMENT_LABELS
from casework.programmes.vocabulary.parts import (
    DIAGNOSTIC_TIME_LABELS,
    PARTY_LABELS,
    QUOTA_LABELS,
    QUOTA_UNIT_LABELS,
    RECONCILE_UNIT_LABELS,
    REMARK_LABELS,
    STOCK_LABELS,
)
from casework.programmes.vocabulary.publics import PUBLIC_LABELS
from casework.programmes.vocabulary.thresholds import THRESHOLD_LABELS, THRESHOLD_UNIT_LABELS

STAGES = tuple(code.value for code in LeaseStageCode)
PARTIES = tuple(PARTY_LABELS)


def read_definition(place: str, data: object) -> parts.Definition:
    """Return the definition held in `data` (a parsed TOML or JSON document); `place` names it in messages.

    Raises DefinitionError with the place, the key, the value and what is allowed.
    """
    root = Reader(Place(place), data)
    definition = _with_money(root, _with_path(root, _identity(root)))
    root.finish()
    check_whole(place, definition)
    return definition


def _identity(root: Reader) -> parts.Definition:
    return parts.Definition(
        id=root.text("id"),
        title=root.text("title"),
        valid_from=root.day("valid_from"),
        category=root.choice("category", CATEGORIES),
        landlords=root.words("landlords", required=True),
        operators=root.words("operators"),
        place=root.optional_text("place"),
        summary=root.optional_text("summary"),
        source=root.optional_text("source"),
        mode=root.optional_choice("mode", MODES),
        publics=root.words("publics", tuple(PUBLIC_LABELS)),
        origin=root.words("origin", STAGES),
        actions=root.words("actions", ACTIONS),
    )


def _with_path(root: Reader, definition: parts.Definition) -> parts.Definition:
    """Add for whom, with whom, how long, how often, under what titles."""
    return replace(
        definition,
        households=_quantity(root.table("households"), UNITS),
        dwellings=_quantity(root.table("dwellings"), DWELLING_UNITS),
        duration=_duration(root.table("duration")),
        ages=_ages(root.table("age")),
        eligibility=_eligibility(root.table("eligibility")),
        quotas=tuple(_quota(r) for r in root.tables("quota")),
        referrals=tuple(_referral(r) for r in root.tables("referral")),
        diagnostic=_diagnostic(root.table("diagnostic")),
        bodies=tuple(_body(r) for r in root.tables("body")),
        documents=tuple(_document(r) for r in root.tables("document")),
        accompaniment=_accompaniment(root.table("accompaniment")),
        phases=tuple(parts.Phase(r.text("name"), r.optional_number("months")) for r in root.tables("phase")),
        cadences=tuple(_cadence(r) for r in root.tables("cadence")),
        lease=read_lease(root),
        thresholds=tuple(_threshold(r) for r in root.tables("threshold")),
        watch=_watch(root.table("watch")),
        workshops=tuple(_workshop(r) for r in root.tables("workshop")),
    )


def _with_money(root: Reader, definition: parts.Definition) -> parts.Definition:
    """Add what it costs and who pays, and what is to be known of the source."""
    return replace(
        definition,
        costs=read_costs(root.table("cost")),
        cost_parts=read_cost_parts(root),
        fundings=read_fundings(root),
        ambiguities=tuple(_ambiguity(r) for r in root.tables("ambiguity")),
        reconciliations=tuple(_reconciliation(r) for r in root.tables("reconcile")),
        remarks=tuple(Remark(r.choice("kind", tuple(REMARK_LABELS)), r.text("text")) for r in root.tables("remark")),
        parameters=_parameters(root.table("parameters")),
    )


def _quantity(reader: Reader | None, units: tuple[str, ...]) -> parts.Quantity | None:
    if reader is None:
        return None
    return parts.Quantity(
        value=reader.number("value"),
        unit=reader.choice("unit", units),
        approximate=reader.flag("approximate"),
        low=reader.optional_number("low"),
        per_year=reader.optional_number("per_year"),
    )


def _duration(reader: Reader | None) -> parts.Duration:
    if reader is None:
        return parts.Duration()
    return parts.Duration(
        months=reader.optional_number("months", high=600),
        is_minimum=reader.flag("is_minimum"),
        renewable=reader.maybe("renewable"),
        renewals_max=reader.optional_number("renewals_max", high=100),
        total_months_max=reader.optional_number("total_months_max", high=600),
    )


def _ages(reader: Reader | None) -> parts.Ages:
    if reader is None:
        return parts.Ages()
    return parts.Ages(
        min=reader.optional_number("min", high=120),
        min_strict=reader.flag("min_strict"),
        max=reader.optional_number("max", high=120),
        max_strict=reader.flag("max_strict"),
    )


def _eligibility(reader: Reader | None) -> parts.Eligibility:
    if reader is None:
        return parts.Eligibility()
    return parts.Eligibility(
        dalo=reader.maybe("dalo"),
        collective_agreements=reader.maybe("collective_agreements"),
        pdalpd=reader.maybe("pdalpd"),
        fndollts=reader.maybe("fndollts"),
        stock=reader.words("stock", tuple(STOCK_LABELS)),
    )


def _quota(reader: Reader) -> parts.Quota:
    return parts.Quota(
        value=reader.number("value"),
        unit=reader.choice("unit", tuple(QUOTA_UNIT_LABELS)),
        by=reader.choice("by", tuple(QUOTA_LABELS)),
        of=reader.text("of"),
    )


def _referral(reader: Reader) -> parts.Referral:
    return parts.Referral(reader.text("source"), reader.optional_choice("mode", MODES[:2]))


def _diagnostic(reader: Reader | None) -> parts.Diagnostic | None:
    if reader is None:
        return None
    return parts.Diagnostic(
        by=reader.words("by", PARTIES),
        when=reader.optional_choice("when", tuple(DIAGNOSTIC_TIME_LABELS)),
        shared=reader.maybe("shared"),
        form=reader.optional_text("form"),
    )


def _body(reader: Reader) -> parts.Body:
    every, unit = _rhythm(reader)
    return parts.Body(
        name=reader.text("name"),
        roles=reader.words("roles", tuple(BODY_ROLE_LABELS)),
        every=every,
        unit=unit,
        household_sits=reader.maybe("household_sits"),
    )


def _document(reader: Reader) -> parts.Document:
    return parts.Document(reader.choice("kind", tuple(DOCUMENT_LABELS)), reader.words("parties", PARTIES))


def _accompaniment(reader: Reader | None) -> parts.Accompaniment:
    if reader is None:
        return parts.Accompaniment()
    return parts.Accompaniment(
        min_months=reader.optional_number("min_months", high=600),
        max_months=reader.optional_number("max_months", high=600),
        typical_months=reader.optional_number("typical_months", high=600),
        open_ended=reader.maybe("open_ended"),
        renewable=reader.maybe("renewable"),
        period_months=reader.optional_number("period_months", high=600),
        renewal_months=reader.optional_number("renewal_months", high=600),
        renewals_max=reader.optional_number("renewals_max", high=100),
        review_months=reader.numbers("review_months"),
        derogation=reader.flag("derogation"),
        only_for=reader.optional_text("only_for"),
    )


def _rhythm(reader: Reader) -> tuple[int | None, str | None]:
    every = reader.optional_number("every", high=1_000)
    if every is None:
        return None, reader.optional_choice("unit", PERIODS)
    return every, reader.choice("unit", PERIODS)


def _cadence(reader: Reader) -> parts.Cadence:
    what = reader.choice("what", CADENCES)
    every, unit = _rhythm(reader)
    cadence = parts.Cadence(
        what=what,
        every=every,
        unit=unit,
        times=reader.optional_number("times", high=1_000),
        at_least=reader.flag("at_least"),
        from_month=reader.optional_number("from_month", low=0, high=600) or 0,
        phase=reader.optional_text("phase"),
        anchor=reader.optional_text("anchor"),
    )
    if what == "reassessment" and cadence.days is not None and cadence.months is None:
        reader.place.refuse("unit", unit, "une réévaluation se compte en month, quarter ou year")
    return cadence


def _threshold(reader: Reader) -> parts.Threshold:
    return parts.Threshold(
        what=reader.choice("what", tuple(THRESHOLD_LABELS)),
        value=reader.measure("value"),
        unit=reader.optional_choice("unit", tuple(THRESHOLD_UNIT_LABELS)),
        low=reader.measure("low"),
        base=reader.optional_text("base"),
        strict=reader.flag("strict"),
    )


def _watch(reader: Reader | None) -> parts.Watch | None:
    if reader is None:
        return None
    return parts.Watch(reader.optional_number("max_months", high=600), reader.words("by", PARTIES))


def _workshop(reader: Reader) -> parts.Workshop:
    every, unit = _rhythm(reader)
    return parts.Workshop(
        title=reader.text("title"),
        hours=reader.optional_number("hours"),
        optional=reader.flag("optional"),
        modules=reader.optional_number("modules"),
        every=every,
        unit=unit,
        group_min=reader.optional_number("group_min"),
        group_max=reader.optional_number("group_max"),
        open_to_others=reader.maybe("open_to_others"),
    )


def _ambiguity(reader: Reader) -> Ambiguity:
    readings = reader.words("readings", required=True)
    if len(readings) < 2:
        reader.place.refuse("readings", ", ".join(readings), "au moins deux lectures sont attendues")
    return Ambiguity(reader.text("about"), readings, reader.number("chosen", high=len(readings)))


def _reconciliation(reader: Reader) -> Reconciliation:
    return Reconciliation(
        about=reader.text("about"),
        unit=reader.choice("unit", tuple(RECONCILE_UNIT_LABELS)),
        printed=reader.exact("printed"),
        terms=reader.products("terms"),
    )


def _parameters(reader: Reader | None) -> dict[str, int]:
    """Return the numbers that replace national parameters. A reminder may be of no day; nothing else may be nil."""
    if reader is None:
        return {}
    values = {
        key: reader.optional_number(key, low=0 if key.endswith("_notice_days") else 1) for key in PARAMETER_LABELS
    }
    return {key: value for key, value in values.items() if value is not None}
