"""The register of processing (GDPR art. 30), generated from the real configuration."""

from collections.abc import Sequence

from casework.disclosure import facts
from casework.disclosure.paper import Paper, PaperTable, Section
from casework.kernel.context import Ctx
from casework.settings import Settings

TITLE = "Registre des traitements"
_LEAD = (
    "Accompagnement social lié au logement (RGPD, article 30). Ce qui est tiré de la configuration est exact le jour où "
    "ce registre est établi ; ce qui porte «\u00a0à compléter\u00a0» appartient au responsable de traitement."
)

_BASIS = Section(
    "Base légale",
    (
        (
            "À compléter par le responsable\u00a0: mission d’intérêt public (CCAS, office public) ou intérêt légitime "
            "(association, société d’habitations). L’adhésion au contrat n’est pas un consentement au sens du RGPD."
        ),
        (
            "Catégories particulières (article 9)\u00a0: seulement ce que la personne donne et que l’accompagnement exige. "
            "Infractions (article 10)\u00a0: non traitées ; une détention est notée comme une situation de logement."
        ),
        "Numéro de sécurité sociale\u00a0: aucune colonne n’en tient (décret 2019-341).",
    ),
)


def register(ctx: Ctx, settings: Settings) -> Paper:
    """Return the register as of today."""
    known = facts.bodies(ctx)
    bodies = PaperTable(
        ("Dispositif", "Bailleur", "Association ou opérateur"),
        [(body.programme, body.landlord, body.operator) for body in known],
        (0.4, 0.3, 0.3),
    )
    return Paper(TITLE, _LEAD, ctx.today, (*_frame(bodies), *_data(ctx, settings, known), *_protection(settings)))


def _frame(bodies: PaperTable) -> tuple[Section, ...]:
    return (
        Section(
            "Responsables",
            (
                (
                    "La convention dit qui est responsable de traitement, ou si la responsabilité est conjointe. À "
                    "compléter\u00a0: coordonnées, représentant, délégué ou déléguée à la protection des données."
                ),
            ),
            bodies,
        ),
        Section(
            "Finalités",
            (
                (
                    "Accompagner un ménage vers un logement ou dans son logement\u00a0: diagnostic, contrat, contacts, "
                    "réévaluations, étapes du bail, prévention des impayés."
                ),
                "Rendre compte en nombres, sans nom, au bailleur, à la coordination et au financeur.",
            ),
        ),
        _BASIS,
        Section(
            "Personnes concernées",
            (
                "Les personnes des ménages accompagnés ; les professionnels qui ont un compte, pour leur nom et leur rôle.",
            ),
        ),
    )


def _data(ctx: Ctx, settings: Settings, known: Sequence[facts.Body]) -> tuple[Section, ...]:
    return (
        Section("Données, table par table", (), facts.data_table()),
        Section("Tables hors des dossiers", (), facts.working_table()),
        Section(
            "Destinataires, par rôle",
            ("Un rôle n’atteint que les dossiers de ses dispositifs ; un référent, ceux dont il est de l’équipe.",),
            facts.role_table(),
        ),
        Section("Destinataires, par niveau", (), facts.level_table()),
        Section(
            "Partage avec le bailleur, par convention",
            ("Sans convention en vigueur, le bailleur ne lit aucune rubrique ; aucune n’ouvre les niveaux S1 à S4.",),
            facts.convention_table(ctx, known),
        ),
        Section("Durées de conservation", (), facts.delay_table(ctx, settings)),
        Section(
            "Transferts hors de l’Union européenne",
            ("L’application n’appelle aucun service extérieur. À compléter\u00a0: lieu d’hébergement.",),
        ),
    )


def _protection(settings: Settings) -> tuple[Section, ...]:
    closed = facts.encrypted_columns()
    return (
        Section(
            "Mesures de sécurité",
            (
                "Chiffrement dans la base (AES-256-GCM) de ces colonnes\u00a0: " + ", ".join(closed) + ".",
                facts.key_words(settings),
                (
                    "Droits vérifiés à chaque requête, journal des écritures scellé, journal des lectures des niveaux S2 à S4, "
                    "accès exceptionnel motivé et annoncé. Le détail est dans le modèle de sécurité (docs/security-model.md)."
                ),
            ),
        ),
    )
