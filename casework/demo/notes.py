"""What the referents of the demonstration wrote: short, factual, as if the person read over their shoulder."""

import random
from collections.abc import Iterator, Sequence

from casework.contacts.vocabulary import ContactKind
from casework.demo.situations import Rents

_SHARED = (
    "{who} prépare son dossier de prime d’activité ; il manque l’avis d’imposition, demandé en ligne ensemble.",
    "Point sur le mois : loyer payé, factures classées. {who} dit mieux s’y retrouver avec le classeur.",
    "Lecture de la facture d’eau ensemble. Une fuite est signalée au bailleur ce jour.",
    "Le chèque énergie est arrivé et a été envoyé au fournisseur.",
    "{who} a rencontré la conseillère de la mission locale ; prochain rendez-vous dans trois semaines.",
    "Visite du logement : tout est en ordre. La VMC de la salle de bains ne tourne plus, le bailleur est prévenu.",
    "Déclaration trimestrielle faite ensemble, les droits sont à jour.",
    "{who} demande un logement plus petit. La demande de mutation est déposée, l’attestation est au dossier.",
    "Rendez-vous pris avec le service social de secteur pour une aide à la cantine.",
    "Échange sur le voisinage : le bruit du soir a cessé depuis la discussion en bas de l’immeuble.",
    "L’attestation d’assurance habitation est renouvelée et remise au bailleur.",
    "{who} a repris une formation, quatre jours par semaine. Les visites se feront désormais en fin d’après-midi.",
    "Tri des courriers en retard. Deux relances sont classées, une réponse est envoyée à l’assurance maladie.",
    "Le premier loyer de l’année a été payé par prélèvement, sans difficulté.",
    "Courte visite : {who} va bien et n’a pas de question ce mois-ci.",
    "Inscription à l’atelier « Bien dans son logement » du mois prochain.",
    "Le dossier de surendettement est recevable. L’échéancier arrive dans quelques semaines.",
    "Préparation de l’état des lieux annuel avec le bailleur.",
    "Le compteur a été relevé ensemble : la consommation baisse par rapport à l’hiver dernier.",
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
    "Une période difficile après une séparation. {who} souhaite en parler à la prochaine visite, sans témoin.",
    "Suivi de santé commencé. {who} demande que le bailleur n’en soit pas informé.",
    "Les enfants vont mieux depuis le changement d’école.",
    "Fatigue importante. Proposition d’un rendez-vous au centre médico-psychologique, acceptée.",
    "{who} s’inquiète du renouvellement de son titre de séjour ; contact pris avec le point d’accès au droit.",
    "Aide alimentaire demandée pour ce mois, à revoir le mois prochain.",
    "Relation tendue avec un frère hébergé quelque temps ; il a quitté le logement.",
    "Confiance qui revient : {who} a ouvert la porte et les courriers.",
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
_MOTIVES = (
    "Retards de paiement depuis quelques mois, après une baisse de ressources. Le ménage accepte d’être contacté.",
    "Entrée dans un premier logement après un long hébergement : besoin d’appui pour les démarches et le budget.",
    "Le ménage demande de l’aide pour ses papiers et ses factures.",
    "Logement très encombré, signalé avec bienveillance par le gardien. Le ménage est d’accord pour une première visite.",
    "Orientation par le service social de secteur : appui au maintien dans le logement.",
)
_KINDS = (ContactKind.VAD,) * 4 + (ContactKind.BUREAU,) * 3 + (ContactKind.TEL,) * 3 + (ContactKind.ATELIER,)


class Pen:
    """The notes about one household: never the same twice in a row."""

    def __init__(self, who: str, rents: Rents, chance: random.Random) -> None:
        self._who = who
        self._chance = chance
        in_debt = rents in {Rents.TO_REPORT, Rents.REPORTED, Rents.CONSTITUTED, Rents.RECOVERING}
        self._shared = self._turns((*_SHARED, *_RENT) if in_debt else _SHARED)
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

    def shared(self, *, always: bool = False) -> str:
        """Return a note that the landlord reads too; some contacts leave none."""
        return next(self._shared) if always or self._chance.random() < 0.8 else ""

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
        return self._chance.choice(_MOTIVES)
