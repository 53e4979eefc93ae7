"""Codes of the parts of a programme definition, and their labels."""

PARTY_LABELS: dict[str, str] = {
    "household": "Ménage",
    "landlord": "Bailleur",
    "operator": "Association",
    "ccas": "CCAS",
    "health": "Soignants",
    "town": "Commune",
    "department": "Département",
    "state": "État",
    "siao": "SIAO",
    "external": "Intervenant extérieur",
}

QUOTA_LABELS: dict[str, str] = {
    "mode": "par objet",
    "public": "par public",
    "landlord": "par bailleur",
    "lease": "par statut d’occupation",
    "support": "par forme d’accompagnement",
}

QUOTA_UNIT_LABELS: dict[str, str] = {"household": "ménages", "dwelling": "logements"}

DIAGNOSTIC_TIME_LABELS: dict[str, str] = {
    "before_referral": "avant l’orientation",
    "at_referral": "à l’orientation",
    "before_allocation": "avant l’attribution du logement",
    "before_contract": "avant le contrat",
    "at_entry": "à l’entrée dans le logement",
}

GATE_LABELS: dict[str, str] = {
    "committee": "Décision d’une instance",
    "dated_evaluation": "Évaluation à date fixée",
    "payment_and_debt": "Loyer payé et dette réduite",
    "opinion": "Avis puis décision",
    "recommendation": "Préconisation à l’entrée",
    "shared_framework": "Cadre commun de glissement",
}

DEBT_MODE_LABELS: dict[str, str] = {
    "reduced_to": "dette ramenée à",
    "reduced_by": "dette réduite de",
}

COST_PERIOD_LABELS: dict[str, str] = {
    "project": "pour tout le projet",
    "year": "par an",
    "six_months": "pour six mois",
    "measure": "par accompagnement",
}

COST_PART_LABELS: dict[str, str] = {
    "accompaniment": "Accompagnement",
    "diagnostic": "Diagnostic",
    "pre_evaluation": "Repérage et première évaluation",
    "rental_management": "Gestion locative adaptée",
    "bundle": "Forfait (diagnostic, accompagnement ou gestion locative)",
    "payroll": "Salaires",
    "coordination": "Coordination",
    "collective": "Actions collectives",
    "training": "Formation",
    "evaluation": "Évaluation",
    "landlord_time": "Temps du bailleur",
    "rent_reduction": "Remises de loyer",
    "investment": "Investissement",
    "equipment": "Équipement",
    "health": "Intervention médico-sociale",
    "transfer": "Aide au changement de logement",
    "other": "Autre",
}

COST_COUNT_LABELS: dict[str, str] = {
    "household": "par ménage",
    "dwelling": "par logement",
    "project": "par projet",
    "post": "par poste",
}

RECONCILE_UNIT_LABELS: dict[str, str] = {
    "eur": "euros",
    "household": "ménages",
    "dwelling": "logements",
}

REMARK_LABELS: dict[str, str] = {
    "arithmetic": "Chiffres qui ne s’accordent pas",
    "logic": "Règles qui ne s’accordent pas",
    "misprint": "Coquille ou mise en page",
    "unknown": "Illisible ou perdu : inconnu",
    "source": "Remarque",
}

STOCK_LABELS: dict[str, str] = {
    "new": "Création d’une offre nouvelle",
    "adapted": "Logements existants aménagés",
    "existing": "Logements existants sans aménagement",
    "reclassified": "Offre existante reclassée en bas loyer",
}

ELIGIBILITY_LABELS: dict[str, str] = {
    "dalo": "Ménages éligibles au DALO",
    "collective_agreements": "Ménages relevant des accords collectifs",
    "pdalpd": "Publics du PDALHPD",
    "fndollts": "Aide à l’investissement du FNDOLLTS",
}
