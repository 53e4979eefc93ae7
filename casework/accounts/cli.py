"""`casework user`: the first account of a new installation."""

import click
from sqlalchemy import select

from casework.accounts.models import Organisation
from casework.accounts.service import add_user
from casework.accounts.vocabulary import OrganisationKind, Role
from casework.cli_context import command_context


@click.group("user", help="Les comptes.")
def user_commands() -> None:
    """Run a command on accounts."""


@user_commands.command("create", help="Ouvre un compte ; le mot de passe est demandé.")
@click.option("--email", required=True)
@click.option("--name", required=True, help="Prénom et nom.")
@click.option("--role", type=click.Choice([r.value for r in Role]), default=Role.ADMINISTRATOR.value)
@click.option("--organisation", default="Exploitation", help="Nom de l’organisation ; créée si elle n’existe pas.")
@click.password_option("--password")
def create_command(email: str, name: str, role: str, organisation: str, password: str) -> None:
    """Create an account, and its organisation where it is new."""
    with command_context("user.create") as ctx:
        found = ctx.session.scalars(select(Organisation).where(Organisation.name == organisation)).one_or_none()
        if found is None:
            found = Organisation(kind=OrganisationKind.OPERATOR.value, name=organisation, created_at=ctx.clock.now())
            ctx.session.add(found)
            ctx.session.flush()
        add_user(ctx, email=email, name=name, role=role, organisation_id=found.id, password=password)
    click.echo(f"Le compte {email} est ouvert.")
