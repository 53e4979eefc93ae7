"""`casework user`: the first account of a new installation, and a new password for who has nobody to ask."""

import sys

import click
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from casework.accounts.models import Organisation
from casework.accounts.queries import user_by_email
from casework.accounts.service import add_user, give_password
from casework.accounts.vocabulary import OrganisationKind, Role
from casework.cli_context import command_context
from casework.kernel.errors import RuleViolation
from casework.kernel.text import clean_line

LONGEST = 200
# What a new organisation is, from the role of the first who works there.
_EMPLOYERS = {
    Role.REFERENT: OrganisationKind.ASSOCIATION,
    Role.MANAGER: OrganisationKind.ASSOCIATION,
    Role.LANDLORD_SOCIAL: OrganisationKind.LANDLORD,
    Role.LANDLORD_RENT: OrganisationKind.LANDLORD,
    Role.FUNDER_READER: OrganisationKind.FUNDER,
}


@click.group("user", help="Les comptes.")
def user_commands() -> None:
    """Run a command on accounts."""


@user_commands.command("create", help="Ouvre un compte ; le mot de passe est demandé.")
@click.option("--email", required=True, help="Adresse électronique.")
@click.option("--name", required=True, help="Prénom et nom.")
@click.option("--role", type=click.Choice([r.value for r in Role]), default=Role.ADMINISTRATOR.value, help="Rôle.")
@click.option("--organisation", default="Exploitation", help="Nom de l’organisation ; créée si elle n’existe pas.")
@click.password_option("--password", prompt="Mot de passe", help="Demandé quand il n’est pas donné.")
def create_command(email: str, name: str, role: str, organisation: str, password: str) -> None:
    """Create an account, and its organisation where it is new."""
    email, name = _address(email), _line("--name", name)
    organisation = _line("--organisation", organisation)
    with command_context("user.create") as ctx:
        found = ctx.session.scalars(select(Organisation).where(Organisation.name == organisation)).one_or_none()
        if found is None:
            kind = _EMPLOYERS.get(Role(role), OrganisationKind.OPERATOR)
            found = Organisation(kind=kind.value, name=organisation, created_at=ctx.clock.now())
            ctx.session.add(found)
            ctx.session.flush()
        add_user(ctx, email=email, name=name, role=role, organisation_id=found.id, password=password)
    click.echo(f"Le compte {email} est ouvert.")


@user_commands.command("password", help="Change le mot de passe d’un compte\u00a0; il est demandé, ou lu sur l’entrée.")
@click.argument("email")
def password_command(email: str) -> None:
    """Give an account a new password, for the administrator who forgot theirs."""
    address = _address(email).casefold()
    password = _new_password()  # nobody else's writing waits for who types
    with command_context("user.password") as ctx:
        user = user_by_email(ctx.session, address)
        if user is None:
            raise RuleViolation("email", "Aucun compte n’a l’adresse %(email)s.", email=address)
        give_password(ctx, user.id, password)
    click.echo(f"Le mot de passe de {address} est changé, et ses sessions sont terminées.")


def _new_password() -> str:
    if sys.stdin.isatty():
        typed: str = click.prompt("Nouveau mot de passe", hide_input=True, confirmation_prompt=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")


def _line(option: str, text: str) -> str:
    """Return a line of text, cleaned. Raises RuleViolation when nothing is left of it, or it is too long."""
    line = clean_line(text)
    if not 0 < len(line) <= LONGEST:
        raise RuleViolation("", "%(option)s : de 1 à %(most)s caractères sont attendus.", option=option, most=LONGEST)
    return line


def _address(text: str) -> str:
    """Return an e-mail address, cleaned. Raises RuleViolation when it is none."""
    address = _line("--email", text)
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        raise RuleViolation("email", "Cette adresse n’a pas la forme nom@exemple.fr.") from error
    return address
