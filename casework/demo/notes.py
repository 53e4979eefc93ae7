"""What the referents of the demonstration wrote: short, factual, as if the person read over their shoulder."""

import random
from collections.abc import Iterator, Sequence

from casework.cases.vocabulary import ReferralSource
from casework.contacts.vocabulary import ContactKind
from casework.demo.people import Home
from casework.demo.situations import Rents, Situation

_SHARED = (
    "Point sur le mois : loyer payé, factures classées. {who} dit mieux s’y retrouver avec le classeur.",
    "Le chèque énergie est arrivé et a été envoyé au fournisseur.",
    "Déclaration trimestrielle faite ensemble, les droits sont à jour.",
    "{who} demande un logement plus petit. La demande de mutation est déposée, l’attestation est au dossier.",
    "Échange sur le voisinage : le bruit du soir a cessé depuis la discussion en bas de l’immeuble.",
    "L’attestation d’assurance habitation est renouvelée et remise au bailleur.",
    "Tri des courriers en retard. Deux relances sont classées, une réponse est envoyée à l’assurance maladie.",
    "Le loyer est passé en prélèvement, sans difficulté.",
    "Inscription à l’atelier « Bien dans son logement » du mois prochain.",
    "Le dossier de complémentaire santé est complet et envoyé.",
    "Les papiers demandés la dernière fois étaient prêts : il ne manquait rien.",
    "Appel passé ensemble au fournisseur d’électricité : la mensualité baisse de 18 €.",
)
_AT_HOME = (
    "Visite du logement : tout est en ordre. La VMC de la salle de bains ne tourne plus, le bailleur est prévenu.",
    "Courte visite : {who} va bien et n’a pas de question ce mois-ci.",
    "Le compteur a été relevé ensemble : la consommation baisse par rapport à l’hiver dernier.",
    "Lecture de la facture d’eau ensemble. Une fuite est signalée au bailleur ce jour.",
    "La chambre est repeinte. {who} montre le résultat avec plaisir.",
)
_WORKSHOP = (
    "Atelier « Lire sa facture » : {who} a posé beaucoup de questions et repart avec une fiche.",
    "Atelier « Bien dans son logement » : aération, chauffage, petites réparations.",
    "Atelier budget : chacun a rempli son mois. {who} propose de revenir en parler à d’autres.",
)
_AT_WORK = (
    "{who} prépare son dossier de prime d’activité ; il manque l’avis d’imposition, demandé en ligne ensemble.",
    "{who} a repris une formation, quatre jours par semaine. Les visites se feront en fin d’après-midi.",
    "Rendez-vous pris avec la conseillère à l’emploi ; le CV est à jour.",
)
_WITH_CHILDREN = (
    "Rendez-vous pris avec le service social de secteur pour une aide à la cantine.",
    "L’inscription au centre de loisirs est faite pour les vacances.",
)
_RENT = (
    "{who} a versé un acompte ce matin. Le solde est prévu après le 10 du mois.",
    "Lecture du dernier avis d’échéance ensemble. Un plan d’apurement est proposé, réponse à la prochaine visite.",
    "L’APL a été interrompue faute de déclaration ; la déclaration est faite, le rappel est attendu.",
    "Demande de FSL maintien préparée : il reste à joindre les trois derniers bulletins de salaire.",
    "Le plan d’apurement est tenu ce mois-ci. {who} préfère payer en deux fois, le 5 et le 20.",
    "Rencontre à trois avec le bailleur : chacun a pu parler, l’échéancier est écrit sur une page.",
    "Budget refait ensemble : le loyer passe avant le crédit, le prélèvement est avancé au 6 du mois.",
    "{who} explique le retard de paiement par une baisse des heures de travail depuis deux mois.",
)
_PRIVATE = (
    "Une période difficile. {who} souhaite en parler à la prochaine visite, sans témoin.",
    "Suivi de santé commencé. {who} demande que le bailleur n’en soit pas informé.",
    "Sommeil difficile depuis quelques semaines ; {who} en parlera à son médecin.",
    "Fatigue importante. Proposition d’un rendez-vous au centre médico-psychologique, acceptée.",
    "{who} s’inquiète d’un courrier ancien d’un commissaire de justice ; contact pris avec le point d’accès au droit.",
    "Aide alimentaire demandée pour ce mois, à revoir le mois prochain.",
    "Relation tendue avec un proche hébergé quelque temps ; la situation est apaisée.",
    "Confiance qui revient : la porte s’ouvre, et les courriers aussi.",
)
_MISSED = (
    "Mot laissé dans la boîte aux lettres, avec une nouvelle proposition de date.",
    "Personne au rendez-vous. Message laissé sur le répondeur.",
    "Pas de réponse à l’interphone. Nouvelle date proposée par SMS.",
    "{who} n’a pas pu venir et n’avait pas prévenu ; un autre créneau est proposé.",
)
_WORDS = (
    "« Les papiers me font moins peur. »",
    "« Le plus dur, c’est la fin du mois. »",
    "« J’aimerais y arriver sans rappel. »",
    "« Le logement me plaît, je veux y rester. »",
    "« Maintenant j’ouvre mon courrier. »",
    "« Je préfère qu’on se voie le soir, après le travail. »",
)
_REVIEWED = (
    "Le paiement du loyer devient régulier. On garde une visite par quinzaine jusqu’à la prochaine réévaluation.",
    "Les démarches avancent, le budget reste fragile en fin de mois. Objectif maintenu.",
    "Le logement est bien tenu. L’effort porte maintenant sur les droits et le courrier.",
    "Rythme des visites revu ensemble : une par mois, et un appel entre deux.",
    "Deux objectifs sur trois avancent ; le troisième est reporté de deux mois, d’un commun accord.",
)
_MOTIVES = {
    ReferralSource.REUNION_IMPAYES: "Retards de paiement depuis quelques mois, après une baisse de ressources. "
    "Le ménage accepte d’être contacté.",
    ReferralSource.PERSONNEL_PROXIMITE: "Logement très encombré, signalé avec bienveillance par le gardien. "
    "Le ménage est d’accord pour une première visite.",
    ReferralSource.DEMANDE_LOCATAIRE: "Le ménage demande de l’aide pour ses papiers et ses factures.",
    ReferralSource.FAMILLE: "Un proche s’inquiète des courriers qui s’accumulent. Le ménage en est informé.",
    ReferralSource.SIAO: "Entrée dans un premier logement après un long hébergement : appui pour les démarches et le budget.",
}
_MOTIVE = "Orientation par le service social de secteur : appui au maintien dans le logement."
RETIREMENT = 62
_IN_DEBT = {Rents.TO_REPORT, Rents.REPORTED, Rents.CONSTITUTED, Rents.RECOVERING}
_KINDS = (ContactKind.VAD,) * 4 + (ContactKind.BUREAU,) * 3 + (ContactKind.TEL,) * 3 + (ContactKind.ATELIER,)


class Pen:
    """The notes about one household: each text once before any comes back."""

    def __init__(self, home: Home, situation: Situation, chance: random.Random) -> None:
        self._who = home.who
        self._source = situation.source
        self._chance = chance
        shared = [*_SHARED]
        if situation.rents in _IN_DEBT:
            shared += _RENT
        if home.age < RETIREMENT:
            shared += _AT_WORK
        if home.children:
            shared += _WITH_CHILDREN
        self._shared = self._turns(shared)
        self._at_home = self._turns([*_AT_HOME, *chance.sample(shared, 6)])
        self._workshop = self._turns(_WORKSHOP)
        self._private = self._turns(_PRIVATE)
        self._missed = self._turns(_MISSED)
        self._words = self._turns(_WORDS)
        self._reviewed = self._turns(_REVIEWED)

    def _turns(self, texts: Sequence[str]) -> Iterator[str]:
        order = list(texts)
        self._chance.shuffle(order)
        while True:
            for text in order:
                yield text.format(who=self._who)

    def kind(self) -> ContactKind:
        """Return how the household was met."""
        return self._chance.choice(_KINDS)

    def shared(self, kind: ContactKind, *, always: bool = False) -> str:
        """Return a note that the landlord reads too; some contacts leave none."""
        texts = {ContactKind.VAD: self._at_home, ContactKind.ATELIER: self._workshop}.get(kind, self._shared)
        return next(texts) if always or self._chance.random() < 0.8 else ""

    def private(self) -> str:
        """Return a note for the team alone, or nothing: most contacts need none."""
        return next(self._private) if self._chance.random() < 0.18 else ""

    def missed(self) -> str:
        """Return what is noted when nobody was met."""
        return next(self._missed)

    def words(self) -> str:
        """Return what the household says of itself."""
        return next(self._words)

    def reviewed(self) -> str:
        """Return what a reassessment concludes."""
        return next(self._reviewed)

    def motive(self) -> str:
        """Return why the household was referred."""
        return _MOTIVES.get(self._source, _MOTIVE)
