"""French words of the legal papers for what the program names by codes. Every permission, level and way has its words."""

from casework.accounts.permissions import Way
from casework.kernel.levels import Level

PERMISSION_WORDS: dict[str, str] = {
    "session:use": "se connecter, ses réglages, son mot de passe",
    "day:read": "lire sa journée",
    "case:read": "ouvrir un dossier, dans sa partie",
    "case:refer": "orienter un ménage",
    "case:manage": "confier un ménage, suspendre, changer de version",
    "sharing:preview": "voir le dossier comme le bailleur le lit",
    "person:write": "corriger la fiche et les personnes",
    "address:protect": "protéger une adresse",
    "sensitive:write": "noter une donnée sensible, selon le niveau",
    "glass:break": "ouvrir par accès exceptionnel, motivé et noté",
    "consent:write": "noter informations et accords",
    "diagnostic:read": "lire les diagnostics, dans sa partie",
    "diagnostic:write": "faire un diagnostic",
    "contract:read": "lire contrats et objectifs",
    "contract:write": "faire signer contrats et avenants",
    "contact:read": "lire les contacts, dans leur partie partagée",
    "contact:read-private": "lire les notes de l’association",
    "contact:write": "noter contacts et rendez-vous",
    "reassessment:read": "lire les réévaluations, dans leur partie partagée",
    "reassessment:write": "mener une réévaluation",
    "lease:write": "noter une étape du bail",
    "exit:write": "noter la fin",
    "privacy:export": "établir la copie d’un dossier pour la personne",
    "history:read": "lire l’historique d’un dossier et qui l’a ouvert",
    "retention:archive": "archiver un dossier pour une raison écrite",
    "retention:manage": "suivre la conservation, anonymiser",
    "rights:write": "noter les demandes des personnes et y répondre",
    "register:read": "lire le registre et l’analyse d’impact",
    "rent:read": "lire le compte de loyer",
    "rent:report": "signaler un impayé",
    "alert:read": "lire les alertes",
    "alert:postpone": "reporter une alerte",
    "review:read": "lire les bilans, en nombres",
    "review:read-cases": "lire la liste derrière un nombre",
    "programme:read": "lire les dispositifs",
    "programme:open": "ouvrir un dispositif",
    "programme:write": "modifier un dispositif",
    "catalogue:read": "lire le catalogue",
    "import:run": "importer les tableaux de suivi",
    "account:manage": "gérer les comptes",
}
LEVEL_WORDS: dict[Level, str] = {
    Level.S0: "S0, partie partagée",
    Level.S1: "S1, difficulté sociale, notes de l’association",
    Level.S2: "S2, santé et autres catégories particulières (RGPD, article 9)",
    Level.S3: "S3, détention (RGPD, article 10)",
    Level.S4: "S4, adresse protégée",
}
WAY_WORDS: dict[Way, str] = {
    Way.REACH: "dans les dossiers de ses dispositifs",
    Way.TEAM: "dans les dossiers de son équipe",
    Way.GLASS: "par accès exceptionnel",
}
