"""Codes of the diagnostic (domain reference: OUTCOME_DIAG, RESSOURCE)."""

from enum import StrEnum


class Recommendation(StrEnum):
    """What the diagnostic concludes."""

    ACC_LEGER = "ACC_LEGER"
    ACC_MOYEN = "ACC_MOYEN"
    ACC_RENFORCE = "ACC_RENFORCE"
    GLA_SEULE = "GLA_SEULE"
    ORIENT_HEBERG = "ORIENT_HEBERG"
    ORIENT_ADAPTE = "ORIENT_ADAPTE"
    ORIENT_SANTE = "ORIENT_SANTE"
    NON_LIEU = "NON_LIEU"
    REFUS_MENAGE = "REFUS_MENAGE"
    INJOIGNABLE = "INJOIGNABLE"


RECOMMENDATION_LABELS: dict[str, str] = {
    Recommendation.ACC_LEGER: "Accompagnement léger",
    Recommendation.ACC_MOYEN: "Accompagnement moyen",
    Recommendation.ACC_RENFORCE: "Accompagnement renforcé",
    Recommendation.GLA_SEULE: "Gestion locative adaptée seule",
    Recommendation.ORIENT_HEBERG: "Orientation vers l’hébergement",
    Recommendation.ORIENT_ADAPTE: "Orientation vers un logement adapté",
    Recommendation.ORIENT_SANTE: "Orientation vers le soin",
    Recommendation.NON_LIEU: "Non-lieu à mesure",
    Recommendation.REFUS_MENAGE: "Refus du ménage",
    Recommendation.INJOIGNABLE: "Ménage injoignable",
}


class Resource(StrEnum):
    """Kinds of income. Housing benefit is none of them: it is counted against the rent."""

    SAL = "SAL"
    PPA = "PPA"
    RSA = "RSA"
    AAH = "AAH"
    ASI = "ASI"
    ASS = "ASS"
    ARE = "ARE"
    ADA = "ADA"
    RET = "RET"
    ASPA = "ASPA"
    PINV = "PINV"
    IJ = "IJ"
    AF = "AF"
    ASF = "ASF"
    PAJE = "PAJE"
    AEEH = "AEEH"
    AJPP = "AJPP"
    PAR = "PAR"
    BE = "BE"
    FPRO = "FPRO"
    AUT = "AUT"


RESOURCE_LABELS: dict[str, str] = {
    Resource.SAL: "Salaire ou revenu d’activité",
    Resource.PPA: "Prime d’activité",
    Resource.RSA: "RSA",
    Resource.AAH: "AAH",
    Resource.ASI: "Allocation supplémentaire d’invalidité",
    Resource.ASS: "Allocation de solidarité spécifique",
    Resource.ARE: "Allocation chômage",
    Resource.ADA: "Allocation pour demandeur d’asile",
    Resource.RET: "Retraite ou réversion",
    Resource.ASPA: "ASPA (minimum vieillesse)",
    Resource.PINV: "Pension d’invalidité",
    Resource.IJ: "Indemnités journalières",
    Resource.AF: "Allocations familiales et autres prestations",
    Resource.ASF: "Allocation de soutien familial",
    Resource.PAJE: "PAJE",
    Resource.AEEH: "AEEH",
    Resource.AJPP: "AJPP",
    Resource.PAR: "Pension alimentaire reçue",
    Resource.BE: "Bourse d’études",
    Resource.FPRO: "Rémunération de stage ou de formation",
    Resource.AUT: "Autres (hors aide au logement)",
}
