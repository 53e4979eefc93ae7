"""Decisions about what is confidential."""

import json
from collections.abc import Mapping
from datetime import date

from casework.confidential.vocabulary import Topic
from casework.kernel.errors import RuleViolation
from casework.kernel.levels import Level

# Fewer words say nothing of a motive.
MOTIVE_WORDS = 3


def level_of(topic: Topic) -> Level:
    """Return how confidential a note about `topic` is: S3 for a detention, S2 for the others."""
    return Level.S3 if topic is Topic.DETENTION else Level.S2


def pack_phones(phones: Mapping[int, str | None]) -> str:
    """Return the numbers of people, by their id, as one text to close; the empty text when there is none."""
    known = {str(person): phone for person, phone in sorted(phones.items()) if phone}
    return json.dumps(known, ensure_ascii=False) if known else ""


def unpack_phones(packed: str) -> dict[int, str]:
    """Return what `pack_phones` packed."""
    return {int(person): phone for person, phone in json.loads(packed).items()} if packed else {}


def check_safe_contact(words: str) -> None:
    """Refuse a secret address without a word on how to reach the household safely."""
    if not words.strip():
        raise RuleViolation("safe_contact", "Dites comment joindre le ménage sans le mettre en danger.")


def check_note(topic: Topic, note: str) -> None:
    """Refuse an empty note, and any free words about a detention: the offence is never noted (GDPR art. 10)."""
    if topic is Topic.DETENTION and note:
        raise RuleViolation(
            "note", "Une détention se note par ses dates seulement : ce qui l’a causée n’est jamais écrit."
        )
    if topic is not Topic.DETENTION and not note.strip():
        raise RuleViolation("note", "Écrivez ce que la personne vous a dit et que l’accompagnement demande de savoir.")


def check_motive(words: str) -> None:
    """Refuse to open what only the team reads without a written motive."""
    if len(words.split()) < MOTIVE_WORDS:
        raise RuleViolation("words", "Écrivez en une phrase pourquoi il faut ouvrir ce dossier maintenant.")


def check_detention(began: date | None, ended: date | None, today: date) -> None:
    """Refuse a detention without its first day, or with days in a wrong order."""
    if began is None:
        raise RuleViolation("began", "Donnez le premier jour de la détention.")
    if began > today:
        raise RuleViolation("began", "Cette date est dans l’avenir : on note ici ce qui a eu lieu.")
    if ended is not None and ended < began:
        raise RuleViolation("ended", "La sortie est avant l’entrée.")
