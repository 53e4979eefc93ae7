"""Codes of programme definitions."""

from enum import StrEnum


class LeaseStageCode(StrEnum):
    """Titles of occupation (domain reference: STATUT_OCCUPATION)."""

    HEBERGEMENT = "HEBERGEMENT"
    ALT = "ALT"
    SOUS_LOCATION = "SOUS_LOCATION"
    BAIL_ASSOCIATIF = "BAIL_ASSOCIATIF"
    BAIL_GLISSANT = "BAIL_GLISSANT"
    BAIL_DIRECT = "BAIL_DIRECT"
    RES_SOCIALE = "RES_SOCIALE"
    BAIL_SECURISATION = "BAIL_SECURISATION"
    BAIL_SAUVEGARDE = "BAIL_SAUVEGARDE"
    TRANSIT_GLISSANT = "TRANSIT_GLISSANT"
    COLOCATION = "COLOCATION"
    RELOGEMENT_TRANSITOIRE = "RELOGEMENT_TRANSITOIRE"
    REPRISE_BAIL = "REPRISE_BAIL"
    APPARTEMENT_TEMOIN = "APPARTEMENT_TEMOIN"
    PCS = "PCS"
    OSDT = "OSDT"


STAGE_LABELS: dict[str, str] = {
    LeaseStageCode.HEBERGEMENT: "Hébergement",
    LeaseStageCode.ALT: "Allocation logement temporaire (ALT)",
    LeaseStageCode.SOUS_LOCATION: "Sous-location",
    LeaseStageCode.BAIL_ASSOCIATIF: "Bail associatif",
    LeaseStageCode.BAIL_GLISSANT: "Bail glissant",
    LeaseStageCode.BAIL_DIRECT: "Bail direct",
    LeaseStageCode.RES_SOCIALE: "Résidence sociale",
    LeaseStageCode.BAIL_SECURISATION: "Bail de sécurisation",
    LeaseStageCode.BAIL_SAUVEGARDE: "Bail de sauvegarde",
    LeaseStageCode.TRANSIT_GLISSANT: "Bail « transit glissant »",
    LeaseStageCode.COLOCATION: "Colocation",
    LeaseStageCode.RELOGEMENT_TRANSITOIRE: "Relogement transitoire",
    LeaseStageCode.REPRISE_BAIL: "Reprise du bail",
    LeaseStageCode.APPARTEMENT_TEMOIN: "Appartement témoin",
    LeaseStageCode.PCS: "Protocole de cohésion sociale",
    LeaseStageCode.OSDT: "Occupation sans droit ni titre",
}

# The codes under which the mechanisms of the source programmes are exchanged.
EXCHANGE_CODES: dict[str, str] = {
    LeaseStageCode.HEBERGEMENT: "accommodation",
    LeaseStageCode.ALT: "temporary_allowance",
    LeaseStageCode.SOUS_LOCATION: "sublease",
    LeaseStageCode.BAIL_ASSOCIATIF: "association_lease",
    LeaseStageCode.BAIL_GLISSANT: "sliding_lease",
    LeaseStageCode.BAIL_DIRECT: "direct_lease",
    LeaseStageCode.RES_SOCIALE: "social_residence",
    LeaseStageCode.BAIL_SECURISATION: "securing_lease",
    LeaseStageCode.BAIL_SAUVEGARDE: "safeguard_lease",
    LeaseStageCode.TRANSIT_GLISSANT: "transit_sliding",
    LeaseStageCode.COLOCATION: "shared_tenancy",
    LeaseStageCode.RELOGEMENT_TRANSITOIRE: "transitional_rehousing",
    LeaseStageCode.REPRISE_BAIL: "lease_takeover",
    LeaseStageCode.APPARTEMENT_TEMOIN: "trial_flat",
    LeaseStageCode.PCS: "social_cohesion_protocol",
    LeaseStageCode.OSDT: "occupant_without_title",
}

# The slide examination and the notice to the préfet belong to these.
SLIDING_STAGES = frozenset({LeaseStageCode.BAIL_GLISSANT})

CATEGORY_LABELS: dict[str, str] = {
    "coordination": "Coordination des acteurs",
    "access": "Accès au logement",
    "maintain": "Maintien dans le logement",
    "access_and_maintain": "Accès et maintien",
    "mental_health": "Santé mentale",
    "domestic_violence": "Femmes victimes de violences",
    "youth": "Jeunes",
    "travellers": "Gens du voyage",
    "ex_offenders": "Sortants de détention",
    "elderly": "Personnes âgées",
}

MODE_LABELS: dict[str, str] = {"access": "accès", "maintain": "maintien", "both": "accès et maintien"}

UNIT_LABELS: dict[str, str] = {
    "total": "au total",
    "per_year": "par an",
    "active_caseload": "en file active",
}

CADENCE_LABELS: dict[str, str] = {
    "contact": "Contact avec le ménage",
    "home_visit": "Visite à domicile",
    "meeting": "Rencontre avec le ménage",
    "reassessment": "Réévaluation avec le ménage",
    "evaluation": "Bilan du dispositif",
    "lease_slide_evaluation": "Évaluation avant le glissement du bail",
    "landlord_review": "Point entre association et bailleur",
    "commission": "Commission",
    "steering": "Comité de pilotage",
    "workshop": "Atelier",
    "post_exit_watch": "Veille après la fin",
}

PARAMETER_LABELS: dict[str, str] = {
    "contact_every_days": "Jours entre deux contacts",
    "reassess_every_months": "Mois entre deux réévaluations",
    "reassess_notice_days": "Rappel avant une réévaluation, en jours",
    "contract_end_notice_days": "Rappel avant le terme du contrat, en jours",
    "contact_lost_after": "Rendez-vous manqués de suite avant de dire le contact perdu",
    "slide_examination_months": "Période d’examen d’un bail glissant, en mois",
    "slide_notice_months": "Réponse au préfet avant la fin de la période, en mois",
    "arrears_multiple": "Impayé constitué à partir de … fois la part du ménage",
    "caf_report_months": "Mois pour signaler un impayé constitué",
    "caf_report_notice_days": "Rappel avant le signalement, en jours",
    "early_arrears_months": "Premiers impayés : mois après l’entrée",
    "effort_warn_tenths": "Taux d’effort à surveiller",
    "effort_alert_tenths": "Taux d’effort trop élevé",
    "remainder_days": "Jours d’un mois pour le reste à vivre",
    "retention_active_months": "Mois d’un dossier actif après le dernier contact avec la personne",
    "glass_hours": "Heures d’un accès exceptionnel à ce que seule l’équipe lit",
    "glass_told_days": "Jours pendant lesquels un accès exceptionnel est signalé à l’équipe et aux responsables",
    "retention_notice_days": "Jours entre le préavis au référent et la fin d’un dossier",
}

# What is not read in the legal text itself is shown as not verified.
STATUS_LABELS: dict[str, str] = {
    "verified": "Vérifié dans le texte",
    "secondary": "Non vérifié : source secondaire",
    "practice": "Non vérifié : usage",
    "unverified": "Non vérifié",
}
