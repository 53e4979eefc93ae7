from __future__ import annotations

import pytest

from casework.accounts.passwords import check_new_password, hash_password, needs_new_hash, verify_password
from casework.accounts.permissions import PERMISSIONS, permissions_of
from casework.accounts.vocabulary import ROLE_LABELS, Role
from casework.kernel.errors import RuleViolation


@pytest.mark.parametrize(
    "password",
    ["Majuscule et 12", "quatre mots sans majuscule", "aB3!aB3!xyzt", "été HIVER 2026", "x" * 4 + "Yz1-Yz2-Yz3"],
)
def test_a_sound_password_is_taken(password: str) -> None:
    check_new_password(password, "durand", "camille")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "Court1!",
        "onzecaract1",
        "aaaaaaaaaaaaaaaa",
        "aA1!aA1!aA1!",  # four signs, again and again
        "motdepassetreslong",
        "motdepasse123456",
        "trois mots nus",
        "x" * 1_025,
        "Durand-2026-Été",
        "MONSIEUR.CAMILLE.1a",
    ],
)
def test_a_password_that_is_short_plain_or_one_s_name_is_refused(password: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        check_new_password(password, "durand", "camille")
    assert refused.value.field == "password"


def test_a_short_word_of_a_name_forbids_nothing() -> None:
    check_new_password("Le chat de Léo dort", "leo", "li")


def test_a_hash_is_argon2id_salted_and_verified() -> None:
    first, second = hash_password("Une phrase de passe"), hash_password("Une phrase de passe")

    assert first.startswith("$argon2id$")
    assert "p=1" in first
    assert first != second
    assert verify_password("Une phrase de passe", first)
    assert not verify_password("une phrase de passe", first)
    assert not needs_new_hash(first)
    assert needs_new_hash("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$pf0vPBtvSGg")


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$m=8"])
def test_what_is_no_hash_verifies_nothing(stored: str | None) -> None:
    assert not verify_password("x", stored)


def test_every_permission_is_held_and_every_role_may_leave() -> None:
    assert all(roles for roles in PERMISSIONS.values())
    for role in Role:
        assert "session:use" in permissions_of(role)
    assert permissions_of("SYSTEM") == permissions_of("NOBODY") == frozenset()


def test_roles_have_words() -> None:
    assert set(ROLE_LABELS) == set(Role)


def test_the_landlord_never_holds_what_is_private() -> None:
    for role in (Role.LANDLORD_SOCIAL, Role.LANDLORD_RENT, Role.FUNDER_READER, Role.COORDINATOR, Role.ADMINISTRATOR):
        assert "contact:read-private" not in permissions_of(role)
    assert {name for name in permissions_of(Role.LANDLORD_RENT) if name.startswith(("contact", "diagnostic"))} == set()
    assert {name for name in permissions_of(Role.FUNDER_READER) if name.startswith("case")} == set()
    assert permissions_of(Role.ADMINISTRATOR) == {
        "session:use",
        "account:manage",
        "catalogue:read",
        "programme:open",
        "register:read",
    }
