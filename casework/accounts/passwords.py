"""Passwords: Argon2id, and what is asked of a new one."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.kernel.errors import RuleViolation

# More lanes bring nothing on two cores.
_HASHER = PasswordHasher(time_cost=2, memory_cost=47_104, parallelism=1)
_NOBODY = _HASHER.hash("nobody has this password")
LONGEST = 1_024
SHORTEST = 12


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password, with its parameters."""
    return _HASHER.hash(password[:LONGEST])


def verify_password(password: str, stored: str | None) -> bool:
    """Tell whether the password is the one that was stored; takes as long when nothing was."""
    try:
        _HASHER.verify(stored or _NOBODY, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def needs_new_hash(stored: str) -> bool:
    """Tell whether a stored hash was made with older parameters."""
    return _HASHER.check_needs_rehash(stored)


def check_new_password(password: str, *known: str) -> None:
    """Refuse a password that is too short, too plain, or holds one of the `known` words (name, e-mail).

    Raises RuleViolation on the field `password`. Source: CNIL, recommendation of October 2022.
    """
    if len(password) > LONGEST:
        raise RuleViolation("password", "Le mot de passe doit compter au plus %(n)s caractères.", n=LONGEST)
    if len(password) < SHORTEST:
        raise RuleViolation("password", "Le mot de passe doit compter au moins %(n)s caractères.", n=SHORTEST)
    kinds = (str.islower, str.isupper, str.isdecimal, lambda c: not c.isalnum())
    classes = sum(any(kind(c) for c in password) for kind in kinds)
    words = len(password.split())
    if len(set(password)) < 6 or (classes < 3 and words < 4):
        raise RuleViolation(
            "password",
            "Mélangez majuscules, minuscules, chiffres et signes, ou écrivez une phrase d’au moins quatre mots.",
        )
    if any(len(word) >= 4 and word.casefold() in password.casefold() for word in known):
        raise RuleViolation("password", "Le mot de passe ne doit contenir ni votre nom ni votre adresse.")
