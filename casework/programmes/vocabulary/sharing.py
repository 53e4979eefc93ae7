"""Words of a convention on sharing: its categories, in the order in which pages show them, and what each may be."""

from enum import StrEnum

from casework.accounts.vocabulary import Category

CATEGORY_LABELS: dict[str, str] = {
    Category.COMPOSITION: "Composition du ménage",
    Category.CONTACTS: "Visites et appels",
    Category.APPOINTMENTS: "Prochains rendez-vous",
    Category.NOTES: "Comptes rendus partagés",
    Category.DIAGNOSTIC: "Diagnostic : logement et préconisation",
    Category.BUDGET: "Budget, taux d’effort et reste à vivre",
    Category.REASSESSMENTS: "Réévaluations",
    Category.OBJECTIVES: "Objectifs du contrat",
}
OPENED_LABELS: dict[str, str] = {
    Category.COMPOSITION: "Combien d’adultes et d’enfants, et quelle forme de famille.",
    Category.CONTACTS: "Leur date, leur résultat, les retards de visite ; pas ce qui s’y est dit.",
    Category.APPOINTMENTS: "Le jour et l’heure des rendez-vous à venir.",
    Category.NOTES: "Ce que l’association écrit pour le bailleur après une visite ou une réévaluation.",
    Category.DIAGNOSTIC: "Sa date, la situation du logement et l’accompagnement préconisé.",
    Category.BUDGET: "Ressources et charges du diagnostic, et ce qui en est calculé.",
    Category.REASSESSMENTS: "Leur date, les niveaux par domaine, la décision et les mots du ménage.",
    Category.OBJECTIVES: "Ce que chacun s’est engagé à faire, et où il en est.",
}


class Opening(StrEnum):
    """What a convention says of a category for a reader."""

    OPEN = "OPEN"
    AGREED = "AGREED"
    CLOSED = "CLOSED"


OPENING_LABELS: dict[str, str] = {
    Opening.OPEN: "Lu",
    Opening.AGREED: "Lu si le ménage est d’accord",
    Opening.CLOSED: "Non lu",
}
# Category → those of which one at least must be open with it: where its words stand.
STANDS_IN: dict[Category, frozenset[Category]] = {
    Category.NOTES: frozenset({Category.CONTACTS, Category.REASSESSMENTS}),
    Category.BUDGET: frozenset({Category.DIAGNOSTIC}),
}
