"""Where each household of the demonstration stands today: one line for each, in days and months before today."""

from dataclasses import dataclass
from enum import Enum, auto

from casework.cases.vocabulary import ReferralSource
from casework.exits.vocabulary import EndReason, Outcome
from casework.households.vocabulary import Housing
from casework.programmes.vocabulary import LeaseStageCode

DIRECT, SLIDING = LeaseStageCode.BAIL_DIRECT, LeaseStageCode.BAIL_GLISSANT


class Reach(Enum):
    """How far the accompaniment has come."""

    REFERRED = auto()
    DIAGNOSED = auto()
    SIGNED = auto()


class Rents(Enum):
    """How the rent was paid over the last fourteen months."""

    SOUND = auto()
    PARTLY = auto()  # a little short of late: a debt begins
    EARLY = auto()  # just moved in, two months short
    CONSTITUTED = auto()  # nothing for two months
    TO_REPORT = auto()  # nothing for four months: the report to the CAF is due
    REPORTED = auto()  # the same some months ago; reported; half is paid since
    RECOVERING = auto()  # arrears of last year, paid back month by month
    RECOVERED = auto()


class Secret(Enum):
    """What of a household only its team reads."""

    ADDRESS = auto()
    HEALTH = auto()
    DETENTION = auto()


@dataclass(frozen=True)
class Ending:
    """How an accompaniment ended."""

    days_ago: int
    reason: EndReason
    outcome: Outcome
    next_housing: Housing
    note: str


@dataclass(frozen=True)
class Situation:
    """One household. `months` since the contract, or since the referral where there is none yet."""

    months: int
    reach: Reach = Reach.SIGNED
    met: int = 9
    missed: tuple[int, ...] = ()
    reassessed: int = 24
    ends_in: int = 190
    moved_in: int = 60
    stages: tuple[tuple[LeaseStageCode, int], ...] = ((DIRECT, 60),)
    rents: Rents = Rents.SOUND
    suspended: int | None = None
    ending: Ending | None = None
    source: ReferralSource = ReferralSource.PARTENAIRE
    entry: Housing = Housing.HLM
    followed: bool = True
    meetings: tuple[tuple[int, str], ...] = ()
    secret: Secret | None = None


def _sliding(months_ago: int) -> tuple[tuple[LeaseStageCode, int], ...]:
    return ((SLIDING, months_ago),)


_DEBTS, _STAFF, _ASKED, _PARTNER, _SIAO, _FAMILY = (
    ReferralSource.REUNION_IMPAYES,
    ReferralSource.PERSONNEL_PROXIMITE,
    ReferralSource.DEMANDE_LOCATAIRE,
    ReferralSource.PARTENAIRE,
    ReferralSource.SIAO,
    ReferralSource.FAMILLE,
)
_GOALS_MET = "Le loyer est payé chaque mois depuis plus d’un an. Un point est proposé dans trois mois."
_SLID = "Le bail est au nom du ménage. Le service social de secteur reste joignable."
_MOVED = "Le ménage rejoint de la famille dans une autre région et a trouvé un logement sur place."
_LOST = "Plus de réponse malgré les courriers et les passages. Une place reste possible si le ménage revient."
_RELAY = "Le relais est passé avec le service social de secteur, en présence du ménage."

# The first referent's households, then the second's, then the third's: dealt out in turn (stories.py).
SITUATIONS: tuple[Situation, ...] = (
    # What each rule of the alerts is about, once for everybody.
    Situation(11, met=41, ends_in=120, source=_DEBTS, rents=Rents.RECOVERING, meetings=((0, "09:30"),)),
    Situation(8, met=12, reassessed=71, ends_in=140, meetings=((1, "10:00"),)),
    Situation(6, met=6, reassessed=20, moved_in=5, stages=_sliding(5), source=_SIAO, entry=Housing.CHRS),
    Situation(10, met=50, missed=(33, 19, 6), ends_in=80, source=_STAFF, rents=Rents.PARTLY),
    Situation(14, met=8, ends_in=-9, source=_ASKED, meetings=((0, "11:00"),)),
    Situation(7, met=4, source=_DEBTS, rents=Rents.TO_REPORT, meetings=((0, "14:00"),)),
    Situation(9, met=11, source=_DEBTS, rents=Rents.CONSTITUTED, ends_in=110, meetings=((0, "16:30"),)),
    Situation(4, met=7, moved_in=4, stages=_sliding(4), rents=Rents.EARLY, source=_SIAO, entry=Housing.HOTEL),
    Situation(10, met=5, reassessed=55, ends_in=150, meetings=((3, "09:00"),)),
    Situation(11, met=13, ends_in=17, source=_FAMILY, rents=Rents.RECOVERED, meetings=((-1, "16:00"), (4, "15:00"))),
    # A second one of some, for the other referents.
    Situation(13, met=44, ends_in=200, source=_STAFF, meetings=((0, "14:30"),)),
    Situation(16, met=10, reassessed=52, ends_in=21, rents=Rents.REPORTED, source=_DEBTS, meetings=((1, "11:30"),)),
    Situation(
        5,
        met=3,
        reassessed=68,
        moved_in=11,
        stages=_sliding(11),
        entry=Housing.CHU,
        source=_SIAO,
        secret=Secret.ADDRESS,
    ),
    Situation(12, met=15, source=_DEBTS, rents=Rents.TO_REPORT, reassessed=30, meetings=((0, "10:30"),)),
    # All is well.
    Situation(3, met=6, moved_in=2, stages=_sliding(2), entry=Housing.TIERS, source=_SIAO, meetings=((5, "10:00"),)),
    Situation(9, met=14, rents=Rents.RECOVERED, source=_DEBTS, meetings=((2, "09:30"),), secret=Secret.HEALTH),
    Situation(15, met=18, ends_in=160, rents=Rents.RECOVERING, source=_DEBTS),
    Situation(6, met=2, rents=Rents.PARTLY, source=_ASKED, meetings=((3, "14:00"),)),
    Situation(2, met=5, reassessed=200, source=_STAFF, meetings=((0, "15:30"),)),
    Situation(20, met=16, ends_in=230, stages=((SLIDING, 26), (DIRECT, 3)), moved_in=26, entry=Housing.CHRS),
    Situation(1, met=4, reassessed=200, source=_DEBTS, rents=Rents.REPORTED),
    Situation(8, met=17, ends_in=100, source=_PARTNER, secret=Secret.DETENTION),
    Situation(5, met=9, moved_in=8, stages=_sliding(8), entry=Housing.IML, source=_SIAO, meetings=((6, "11:00"),)),
    Situation(17, met=12, ends_in=130, source=_ASKED),
    Situation(4, met=8, ends_in=240, rents=Rents.PARTLY, source=_DEBTS),
    # Paused.
    Situation(9, met=39, reassessed=50, suspended=26, ends_in=160, source=_STAFF),
    Situation(6, met=58, reassessed=62, suspended=47, ends_in=170, rents=Rents.RECOVERED),
    # Not signed yet.
    Situation(1, Reach.DIAGNOSED, met=4, source=_DEBTS, rents=Rents.REPORTED, meetings=((1, "14:00"),)),
    Situation(1, Reach.DIAGNOSED, met=7, moved_in=1, stages=_sliding(1), entry=Housing.CHU, source=_SIAO),
    Situation(2, Reach.DIAGNOSED, met=11, source=_ASKED),
    Situation(0, Reach.REFERRED, source=_DEBTS, rents=Rents.CONSTITUTED, meetings=((2, "16:00"),)),
    Situation(0, Reach.REFERRED, source=_PARTNER, meetings=((0, "17:00"),)),
    Situation(0, Reach.REFERRED, source=_STAFF, rents=Rents.PARTLY, followed=False),
    # Ended, this year and the year before.
    Situation(
        20,
        rents=Rents.RECOVERED,
        ending=Ending(24, EndReason.OBJ, Outcome.MAINTIEN_TITRE, Housing.HLM, _GOALS_MET),
        source=_DEBTS,
    ),
    Situation(
        18,
        stages=((SLIDING, 21), (DIRECT, 4)),
        moved_in=21,
        ending=Ending(75, EndReason.GLISSEMENT, Outcome.GLISSE, Housing.HLM, _SLID),
        entry=Housing.CHRS,
        source=_SIAO,
    ),
    Situation(15, ending=Ending(130, EndReason.DEPART, Outcome.ACCES_PRIVE, Housing.PRIVE, _MOVED), source=_FAMILY),
    Situation(
        14,
        rents=Rents.REPORTED,
        ending=Ending(160, EndReason.ABANDON, Outcome.INCONNU, Housing.NR, _LOST),
        source=_STAFF,
    ),
    Situation(24, ending=Ending(215, EndReason.OBJ, Outcome.MAINTIEN_TITRE, Housing.HLM, _GOALS_MET), source=_ASKED),
    Situation(
        23, ending=Ending(290, EndReason.RELAIS_DC, Outcome.MAINTIEN_TITRE, Housing.HLM, _RELAY), source=_PARTNER
    ),
    Situation(
        26,
        stages=_sliding(28),
        moved_in=28,
        ending=Ending(380, EndReason.GLISSEMENT, Outcome.GLISSE, Housing.HLM, _SLID),
        entry=Housing.HOTEL,
        source=_SIAO,
    ),
    Situation(27, ending=Ending(420, EndReason.OBJ, Outcome.MAINTIEN_TITRE, Housing.HLM, _GOALS_MET), source=_DEBTS),
    Situation(25, ending=Ending(470, EndReason.TERME, Outcome.MAINTIEN_TITRE, Housing.HLM, _RELAY), source=_PARTNER),
)
