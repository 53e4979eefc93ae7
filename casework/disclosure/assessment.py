"""The draft of the impact assessment (AIPD, GDPR art. 35), generated from the real configuration."""

from casework.confidential.vocabulary import CONSENT_LABELS
from casework.disclosure import facts
from casework.disclosure.paper import Paper, PaperTable, Section
from casework.kernel.context import Ctx
from casework.privacy.rules import ANSWER_MONTHS
from casework.privacy.vocabulary import RIGHT_LABELS
from casework.settings import Settings

TITLE = "Analyse d’impact (projet)"
_LEAD = (
    "Accompagnement social lié au logement. L’analyse est obligatoire\u00a0: accompagnement social et gestion de logements "
    "sociaux figurent sur la liste de la CNIL. Ce projet dit ce que l’application fait ; la cotation des risques et l’avis "
    "du délégué ou de la déléguée restent à écrire."
)
_RISKS = (
    (
        "Accès illégitime\u00a0: une adresse, une situation de santé ou une détention est connue de qui ne le doit pas",
        "mise en danger d’une personne, expulsion, honte, perte de confiance",
        (
            "niveaux et rôles appliqués dans chaque requête, adresse protégée déplacée et chiffrée, accès exceptionnel annoncé, "
            "lectures notées, sessions côté serveur"
        ),
    ),
    (
        "Modification non désirée\u00a0: un écrit est changé ou remplacé",
        "décision prise sur une erreur, preuve perdue",
        "chaque écriture tracée avec son auteur, journal scellé et vérifiable, import sans remplacement en silence",
    ),
    (
        "Disparition\u00a0: le dossier est perdu, ou gardé trop longtemps",
        "rupture de l’accompagnement ; données de personnes qui ne sont plus suivies",
        "préavis avant toute anonymisation, archive motivée, sort déclaré de chaque colonne",
    ),
)


def assessment(ctx: Ctx, settings: Settings) -> Paper:
    """Return the draft as of today."""
    return Paper(
        TITLE,
        _LEAD,
        ctx.today,
        (*_context(ctx), *_principles(ctx, settings), *_risks(), Section("À faire ou à vérifier ici", _open(settings))),
    )


def _context(ctx: Ctx) -> tuple[Section, ...]:
    names = sorted({body.programme for body in facts.bodies(ctx)})
    return (
        Section(
            "Contexte",
            (
                "Dispositifs\u00a0: " + (", ".join(names) or "aucun pour l’instant") + ".",
                (
                    "Personnes vulnérables, données sensibles, croisement de fichiers (quittancement)\u00a0: trois critères du "
                    "comité européen sont réunis."
                ),
            ),
        ),
        Section("Données et supports", (), facts.data_table()),
        Section("Supports hors des dossiers", (), facts.working_table()),
    )


def _principles(ctx: Ctx, settings: Settings) -> tuple[Section, ...]:
    rights = ", ".join(words.partition("\u00a0:")[0].lower() for words in RIGHT_LABELS.values())
    return (
        Section(
            "Nécessité et proportionnalité",
            (
                (
                    "Chaque zone de texte libre rappelle d’écrire des faits utiles ; un numéro de sécurité sociale, un diagnostic "
                    "ou une infraction y sont signalés avant l’enregistrement. Les imports n’ajoutent aucune donnée sensible."
                ),
            ),
        ),
        Section("Durées", (), facts.delay_table(ctx, settings)),
        Section(
            "Information et accords",
            (
                "Notés avec la date, la version du texte et le retrait\u00a0: "
                + ", ".join(CONSENT_LABELS.values())
                + ".",
            ),
        ),
        Section(
            "Droits des personnes",
            (
                (
                    f"Demandes tenues par dossier\u00a0: {rights}. Réponse due dans un délai de {ANSWER_MONTHS} mois, qui finit "
                    "un jour ouvré. Une "
                    "limitation acceptée ferme le dossier à l’écriture ; la copie du dossier s’établit d’un geste."
                ),
            ),
        ),
        Section("Destinataires, par rôle", (), facts.role_table()),
        Section("Destinataires, par niveau", (), facts.level_table()),
        Section("Partage avec le bailleur, par convention", (), facts.convention_table(ctx, facts.bodies(ctx))),
    )


def _risks() -> tuple[Section, ...]:
    rows = [(*risk, "à coter") for risk in _RISKS]
    head = ("Risque", "Ce qui en résulterait", "Mesures en place", "Gravité, vraisemblance")
    return (Section("Risques", (), PaperTable(head, rows, (0.27, 0.23, 0.35, 0.15))),)


def _open(settings: Settings) -> list[str]:
    """Return what this very installation leaves to do."""
    said = [facts.key_words(settings) + " Sauvegarder le trousseau à part de la base."]
    said.append(
        "HTTPS\u00a0: actif pour les cookies."
        if settings.secure_cookies
        else "HTTPS\u00a0: à activer (CASEWORK_SECURE_COOKIES) dès que le site est joint par le réseau."
    )
    said.append(
        "Anonymisation\u00a0: chaque nuit, une fois le préavis écoulé."
        if settings.anonymises
        else "Anonymisation\u00a0: à la main, sur la page «\u00a0Conservation\u00a0» (CASEWORK_ANONYMISE n’est pas activé)."
    )
    said.append(
        "Base\u00a0: PostgreSQL."
        if facts.is_postgresql(settings)
        else "Base\u00a0: SQLite, sans second rempart dans la base ; les droits tiennent dans l’application seule."
    )
    said.append(
        "Hébergement\u00a0: un prestataire qui héberge ces données de suivi social doit être certifié HDS, au cas par cas."
    )
    return said
