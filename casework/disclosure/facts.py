"""What the papers say of the real configuration: tables, roles, levels, delays, keys. Nothing is copied by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import aliased

from casework.accounts.models import Organisation
from casework.accounts.permissions import PERMISSIONS, READERS
from casework.accounts.vocabulary import ROLE_LABELS, Role
from casework.disclosure.content import contents
from casework.disclosure.french import LEVEL_WORDS, PERMISSION_WORDS, WAY_WORDS
from casework.disclosure.paper import PaperTable
from casework.kernel.context import Ctx
from casework.kernel.database import Base
from casework.kernel.keyring import GivenKeys, KeyCommand
from casework.kernel.vault import EncryptedText
from casework.privacy.fates import Fate, Rows, TableFate, fates
from casework.privacy.service import keeping_on
from casework.programmes.conventions import Convention, conventions_in_force
from casework.programmes.models import Programme
from casework.programmes.vocabulary.sharing import CATEGORY_LABELS, Opening
from casework.settings import Settings


@dataclass(frozen=True)
class Body:
    """A programme and the bodies that run it."""

    programme_id: int
    programme: str
    landlord: str
    operator: str


def bodies(ctx: Ctx) -> list[Body]:
    """Return the programmes that the actor works in, with their bodies; all of them for who runs the service."""
    landlord, operator = aliased(Organisation), aliased(Organisation)
    statement = (
        select(Programme.id, Programme.name, landlord.name.label("landlord"), operator.name.label("operator"))
        .join(landlord, landlord.id == Programme.landlord_id)
        .join(operator, operator.id == Programme.operator_id)
        .order_by(Programme.name, Programme.id)
    )
    if ctx.actor.role not in {"SYSTEM", Role.ADMINISTRATOR}:
        statement = statement.where(Programme.id.in_(ctx.actor.programme_ids))
    return [Body(row.id, row.name, row.landlord, row.operator) for row in ctx.session.execute(statement)]


def convention_table(ctx: Ctx, known: Sequence[Body]) -> PaperTable:
    """Return what the convention in force of each programme lets the landlord read, and by which document."""
    conventions = conventions_in_force(ctx, [body.programme_id for body in known])
    rows = [(body.programme, *_convention_words(conventions.get(body.programme_id))) for body in known]
    return PaperTable(("Dispositif", "Convention", "Le bailleur lit"), rows, (0.25, 0.3, 0.45))


def _convention_words(convention: Convention | None) -> tuple[str, str]:
    if convention is None:
        return "aucune en vigueur", "aucune rubrique de la partie partagée"
    document = convention.reference or "à compléter\u00a0: reprise de ce qui était partagé"
    read = [
        f"{ROLE_LABELS[reader]}\u00a0: {CATEGORY_LABELS[category].lower()}"
        + (", avec l’accord du ménage" if opening is Opening.AGREED else "")
        for (category, reader), opening in convention.openings.items()
        if opening is not Opening.CLOSED
    ]
    since = convention.from_on.strftime("%d/%m/%Y")
    return f"version {convention.number}, depuis le {since}\u00a0: {document}", "\u00a0; ".join(
        read
    ) or "aucune rubrique"


def encrypted_columns() -> list[str]:
    """Return table.column of everything that is closed in the database."""
    return [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, EncryptedText)
    ]


def data_table() -> PaperTable:
    """Return every table that speaks of accompanied people: what it is, what is noted in it, what becomes of it."""
    told = {content.table: content for content in contents()}
    closed = set(encrypted_columns())
    rows = []
    for fate in fates():
        if fate.rows is Rows.NONE:
            continue
        content = told[fate.table]
        noted = [
            f"{label} (chiffré)" if f"{fate.table}.{name}" in closed else label
            for name, label in content.labels.items()
        ]
        rows.append((f"{content.title} ({fate.table})", ", ".join(noted), _end(fate)))
    return PaperTable(("Table", "Ce qui est noté", "À la fin"), rows, (0.25, 0.5, 0.25))


def working_table() -> PaperTable:
    """Return every other table: what it holds, and how long."""
    rows = [(fate.table, fate.why) for fate in fates() if fate.rows is Rows.NONE]
    return PaperTable(("Table", "Ce qu’elle tient, et combien de temps"), rows, (0.25, 0.75))


def _end(fate: TableFate) -> str:
    if fate.rows is Rows.DELETE:
        return "lignes effacées"
    gone = sum(what is not Fate.KEEP for what in fate.columns.values())
    if not gone:
        return "gardé pour compter\u00a0: rien n’y nomme une personne"
    columns = "1 colonne vidée ou remplacée" if gone == 1 else f"{gone} colonnes vidées ou remplacées"
    return f"anonymisé\u00a0: {columns} sur {len(fate.columns)}, le reste sert à compter"


def role_table() -> PaperTable:
    """Return every role and what it may do."""
    rows = [
        (
            ROLE_LABELS[role],
            "\u00a0; ".join(PERMISSION_WORDS[name] for name, roles in PERMISSIONS.items() if role in roles),
        )
        for role in Role
    ]
    return PaperTable(("Rôle", "Ce qu’il peut"), rows, (0.3, 0.7))


def level_table() -> PaperTable:
    """Return every level and who reads it, by what way."""
    rows = [
        (
            LEVEL_WORDS[level],
            "\u00a0; ".join(
                f"{ROLE_LABELS[role]}, {' ou '.join(words for way, words in WAY_WORDS.items() if way in ways)}"
                for role, ways in readers.items()
            ),
        )
        for level, readers in READERS.items()
    ]
    return PaperTable(("Niveau", "Qui le lit"), rows, (0.4, 0.6))


def delay_table(ctx: Ctx, settings: Settings) -> PaperTable:
    """Return how long things are kept, by the parameters in force today."""
    keeping = keeping_on(ctx.today)
    rows = [
        ("Dossier actif", f"{keeping.active_months} mois après le dernier contact avec la personne"),
        ("Préavis au référent avant l’anonymisation", _number_of(keeping.notice_days, "jour")),
        ("Archive restreinte", "jusqu’au jour écrit avec sa raison, dossier par dossier"),
        ("Journaux des écritures et des lectures", f"{settings.log_months} mois"),
        ("Connexion", _number_of(settings.session_hours, "heure")),
    ]
    return PaperTable(("Quoi", "Combien de temps"), rows, (0.5, 0.5))


def _number_of(number: int, unit: str) -> str:
    return f"{number} {unit}" if number < 2 else f"{number} {unit}s"


def key_words(settings: Settings) -> str:
    """Return where the keys of the encrypted columns come from, without any secret."""
    source = settings.key_source
    if isinstance(source, GivenKeys):
        return "Les clés viennent d’une variable de l’environnement."
    if isinstance(source, KeyCommand):
        return "Les clés viennent d’une commande (coffre ou module matériel)."
    return "Les clés viennent d’un fichier réservé à son propriétaire, hors de la base."


def is_postgresql(settings: Settings) -> bool:
    """Tell whether the database is PostgreSQL."""
    return make_url(settings.database_url).get_backend_name() == "postgresql"
