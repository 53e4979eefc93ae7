"""Codes of the annual review: its figures in words, in their order, and what is not told to everybody."""

from casework.accounts.vocabulary import Category

FIRST_YEAR = 1990
LAST_YEAR = 2100

# The code that stands for a blank in a breakdown, as in the domain reference.
UNKNOWN = "NR"

# Who may not open the households behind a figure may not recognise one in it either.
SMALL_COUNT = 5


# The code that stands for all codes of a breakdown that are not told one by one, because so few are in them.
GROUPED = "*"

FIGURE_LABELS: dict[str, str] = {
    "households_referred": "Ménages orientés",
    "diagnostics_made": "Diagnostics réalisés",
    "stock_on_1_january": "Ménages suivis au 1er janvier",
    "entered": "Ménages entrés dans l’année",
    "left": "Ménages sortis dans l’année",
    "stock_on_31_december": "Ménages suivis au 31 décembre",
    "active_caseload": "Ménages suivis dans l’année (file active)",
    "persons_adults": "Adultes",
    "persons_children": "Enfants",
    "household_months": "Mois-mesures",
    "composition": "Composition des ménages",
    "housing_at_entry": "Situation de logement à l’entrée",
    "referral_source": "Origine de l’orientation",
    "end_reasons": "Motifs de fin",
    "outcomes": "Logement à la sortie",
    "median_duration_days_of_left": "Durée médiane des accompagnements terminés (jours)",
    "contacts_made": "Contacts réalisés",
    "home_visits_made": "Visites à domicile réalisées",
    "contacts_missed": "Absences et refus",
    "reassessments_held": "Réévaluations tenues",
}

# How the figures are grouped on every face; breakdowns have their own place.
REFERRALS = ("households_referred", "diagnostics_made")
MOVEMENTS = ("stock_on_1_january", "entered", "left", "stock_on_31_december")
PEOPLE = ("persons_adults", "persons_children", "household_months", "median_duration_days_of_left")
ACTIVITY = ("contacts_made", "home_visits_made", "contacts_missed", "reassessments_held")

# In the list behind a figure: what the date of a household is, and what is counted where it is not one each.
DATE_LABELS: dict[str, str] = {
    "households_referred": "Orienté le",
    "diagnostics_made": "Diagnostic du",
    "left": "Terminé le",
    "end_reasons": "Terminé le",
    "outcomes": "Terminé le",
    "median_duration_days_of_left": "Terminé le",
    "contacts_made": "Dernier contact",
    "home_visits_made": "Dernière visite",
    "contacts_missed": "Dernière absence ou dernier refus",
    "reassessments_held": "Dernière réévaluation",
}
COUNT_LABELS: dict[str, str] = {
    "persons_adults": "Adultes",
    "persons_children": "Enfants",
    "household_months": "Mois",
    "median_duration_days_of_left": "Jours",
    "contacts_made": "Contacts",
    "home_visits_made": "Visites",
    "contacts_missed": "Absences et refus",
    "reassessments_held": "Réévaluations",
}
OTHER_DATE_LABEL = "Contrat signé le"
# Figures whose list tells a fact of a category: who reads by a convention sees there what it opens.
CATEGORY_OF_FIGURE: dict[str, Category] = {
    "diagnostics_made": Category.DIAGNOSTIC,
    "persons_adults": Category.COMPOSITION,
    "persons_children": Category.COMPOSITION,
    "composition": Category.COMPOSITION,
    "contacts_made": Category.CONTACTS,
    "home_visits_made": Category.CONTACTS,
    "contacts_missed": Category.CONTACTS,
    "reassessments_held": Category.REASSESSMENTS,
}
