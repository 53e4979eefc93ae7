"""Use cases on the versions of a programme: what a new one would change, and saving it."""

from collections.abc import Mapping
from dataclasses import dataclass

from casework.kernel.audit import reason_given
from casework.kernel.context import Ctx
from casework.kernel.errors import Conflict, NotVisible, RuleViolation
from casework.programmes.catalogue import digest_of
from casework.programmes.definition import Definition, read_definition
from casework.programmes.models import Programme, ProgrammeVersion
from casework.programmes.queries import find_programme, open_cases_by_version, programme_to_change, versions_of
from casework.programmes.rules import Difference, check_same_programme, check_title, check_version_start, differences


@dataclass(frozen=True)
class Proposal:
    """A version that could follow the last one: what it says otherwise, and who would not be touched by it.

    `open_cases` holds how many open cases follow each version, by its number: they keep it.
    """

    number: int
    before: Definition
    definition: Definition
    differences: tuple[Difference, ...]
    open_cases: Mapping[int, int]


def propose_version(ctx: Ctx, code: str, document: Mapping[str, object], base_number: int) -> Proposal:
    """Return what the raw definition `document` would change as the next version of a programme; write nothing.

    `base_number` is the version from which it was written. Raises NotVisible, DefinitionError, RuleViolation on
    `valid_from`, on a key of the document, or on the whole when it says nothing new, Conflict when somebody else
    saved a version in the meantime.
    """
    programme = find_programme(ctx, code)
    if programme is None:
        raise NotVisible
    return _proposal(ctx, programme, document, base_number)


def save_version(
    ctx: Ctx, code: str, document: Mapping[str, object], base_number: int, reason: str
) -> ProgrammeVersion:
    """Save the next version of a programme: referrals from its date on follow it, the cases keep theirs.

    Raises what `propose_version` raises, and RuleViolation on `reason`.
    """
    programme = programme_to_change(ctx, code)
    proposal = _proposal(ctx, programme, document, base_number)
    if not reason:
        raise RuleViolation("reason", "Dites en quelques mots pourquoi le dispositif change.")
    version = ProgrammeVersion(
        programme_id=programme.id,
        number=proposal.number,
        valid_from=proposal.definition.valid_from,
        definition=dict(document),
        digest=digest_of(dict(document)),
        created_at=ctx.clock.now(),
        created_by_id=ctx.actor.user_id,
        reason=reason,
    )
    with reason_given(ctx, reason):
        ctx.session.add(version)
        programme.name = proposal.definition.title
    return version


def _proposal(ctx: Ctx, programme: Programme, document: Mapping[str, object], base_number: int) -> Proposal:
    last = versions_of(ctx, programme.id)[-1]
    if last.number != base_number:
        raise Conflict(
            "La version %(number)s de ce dispositif a été enregistrée depuis que vous avez ouvert cette page. "
            "Ce que vous avez écrit est encore là : comparez-le à cette version, puis enregistrez de nouveau.",
            number=last.number,
        )
    definition = read_definition(programme.code, document)
    check_title(definition.title)
    check_same_programme(last.definition, definition)
    check_version_start(definition.valid_from, last.definition.valid_from)
    found = differences(last.definition, definition)
    if not found:
        raise RuleViolation("", "Rien ne change par rapport à la version %(number)s.", number=last.number)
    return Proposal(last.number + 1, last.definition, definition, found, open_cases_by_version(ctx, programme.id))
