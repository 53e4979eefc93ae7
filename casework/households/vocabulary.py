"""Codes of households and dwellings (domain reference: COMPOSITION, LOGEMENT_SITUATION, TYPO)."""

from enum import StrEnum


class Composition(StrEnum):
    """What a household is made of."""

    HSEUL = "HSEUL"
    FSEULE = "FSEULE"
    HMONO = "HMONO"
    FMONO = "FMONO"
    CSANS = "CSANS"
    CAVEC = "CAVEC"
    GADU = "GADU"
    GENF = "GENF"
    MINEUR = "MINEUR"
    NR = "NR"


COMPOSITION_LABELS: dict[str, str] = {
    Composition.HSEUL: "Homme seul",
    Composition.FSEULE: "Femme seule",
    Composition.HMONO: "Homme seul avec enfant(s)",
    Composition.FMONO: "Femme seule avec enfant(s)",
    Composition.CSANS: "Couple sans enfant",
    Composition.CAVEC: "Couple avec enfant(s)",
    Composition.GADU: "Groupe d’adultes sans lien de couple",
    Composition.GENF: "Autre groupe avec enfant(s)",
    Composition.MINEUR: "Mineur isolé",
    Composition.NR: "Non renseigné",
}


class Housing(StrEnum):
    """Where somebody lives, at entry and at the end."""

    RUE = "RUE"
    SQUAT = "SQUAT"
    CARAV = "CARAV"
    HOTEL = "HOTEL"
    TIERS_FAM = "TIERS_FAM"
    TIERS = "TIERS"
    CHU = "CHU"
    CHRS = "CHRS"
    ASILE = "ASILE"
    ALT = "ALT"
    IML = "IML"
    RS = "RS"
    RHVS = "RHVS"
    RETU = "RETU"
    HLM = "HLM"
    PRIVE = "PRIVE"
    PROP = "PROP"
    GRATUIT = "GRATUIT"
    FONCTION = "FONCTION"
    CDEF = "CDEF"
    DET = "DET"
    SANTE = "SANTE"
    EMS = "EMS"
    OSDT = "OSDT"
    AUTRE = "AUTRE"
    NR = "NR"


HOUSING_LABELS: dict[str, str] = {
    Housing.RUE: "Sans abri ou abri de fortune",
    Housing.SQUAT: "Squat",
    Housing.CARAV: "Camping, caravane, domicile mobile",
    Housing.HOTEL: "Hôtel",
    Housing.TIERS_FAM: "Chez ses parents ou ses enfants",
    Housing.TIERS: "Chez un particulier",
    Housing.CHU: "Hébergement d’urgence",
    Housing.CHRS: "Hébergement d’insertion (CHRS)",
    Housing.ASILE: "Hébergement de demandeurs d’asile ou de réfugiés",
    Housing.ALT: "Logement temporaire (ALT)",
    Housing.IML: "Sous-location ou intermédiation locative",
    Housing.RS: "Résidence sociale, foyer, pension de famille",
    Housing.RHVS: "Résidence hôtelière à vocation sociale",
    Housing.RETU: "Résidence étudiante",
    Housing.HLM: "Locataire du parc social",
    Housing.PRIVE: "Locataire du parc privé",
    Housing.PROP: "Propriétaire occupant",
    Housing.GRATUIT: "Logé à titre gratuit",
    Housing.FONCTION: "Logement de fonction",
    Housing.CDEF: "Aide sociale à l’enfance, centre maternel",
    Housing.DET: "Établissement pénitentiaire",
    Housing.SANTE: "Établissement de santé",
    Housing.EMS: "Établissement médico-social",
    Housing.OSDT: "Occupant sans droit ni titre du parc social",
    Housing.AUTRE: "Autre",
    Housing.NR: "Non renseigné",
}


class Typology(StrEnum):
    """Size of a dwelling."""

    C = "C"
    T1 = "T1"
    T1BIS = "T1BIS"
    T1P = "T1P"
    T2 = "T2"
    T3 = "T3"
    T4 = "T4"
    T5 = "T5"
    T6P = "T6P"
    NR = "NR"


TYPOLOGY_LABELS: dict[str, str] = {
    Typology.C: "Chambre",
    Typology.T1: "T1",
    Typology.T1BIS: "T1 bis",
    Typology.T1P: "T1 prime",
    Typology.T2: "T2",
    Typology.T3: "T3",
    Typology.T4: "T4",
    Typology.T5: "T5",
    Typology.T6P: "T6 et plus",
    Typology.NR: "Non renseigné",
}


class Civility(StrEnum):
    """How a person is addressed."""

    MME = "MME"
    M = "M"


CIVILITY_LABELS: dict[str, str] = {
    Civility.MME: "Mme",
    Civility.M: "M.",
}


class Link(StrEnum):
    """What a member is to the reference person of the household."""

    REFERENCE = "REFERENCE"
    CONJOINT = "CONJOINT"
    ENFANT = "ENFANT"
    PARENT = "PARENT"
    AUTRE = "AUTRE"


LINK_LABELS: dict[str, str] = {
    Link.REFERENCE: "Personne de référence",
    Link.CONJOINT: "Conjoint ou conjointe",
    Link.ENFANT: "Enfant",
    Link.PARENT: "Parent",
    Link.AUTRE: "Autre",
}
