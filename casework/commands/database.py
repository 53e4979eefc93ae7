"""`casework db`: migrations."""

import click

from casework.kernel import row_security, vault
from casework.kernel.database import connect, create_engine_for
from casework.kernel.errors import ConfigurationError
from casework.kernel.migrate import current_revision, differences, downgrade, head_revision, make_revision, upgrade
from casework.kernel.vault import Vault
from casework.models import metadata
from casework.settings import ROLE, Settings


@click.group("db", help="La base de données : migrations.")
def database_commands() -> None:
    """Run a command on the database."""


@database_commands.command("upgrade", help="Met la base à jour.")
def upgrade_command() -> None:
    """Bring the database up to the last revision."""
    upgrade(_opened_settings().database_url)
    click.echo("La base est à jour.")


@database_commands.command("downgrade", help="Ramène la base à une révision antérieure (efface des données).")
@click.argument("revision")
@click.confirmation_option(prompt="Des données seront effacées. Continuer ?")
def downgrade_command(revision: str) -> None:
    """Bring the database down to a revision."""
    downgrade(_opened_settings().database_url, revision)
    click.echo(f"La base est revenue à {revision}.")


@database_commands.command("check", help="Dit si la base et le programme sont d’accord.")
def check_command() -> None:
    """Compare the database with the program; exit status 1 when they differ."""
    engine = create_engine_for(Settings.from_environment().database_url)
    found = differences(engine, metadata)
    click.echo(f"Révision {current_revision(engine)}, dernière {head_revision()}, différences : {len(found)}.")
    for difference in found:
        click.echo(f"  {difference}")
    if found or current_revision(engine) != head_revision():
        raise SystemExit(1)


@database_commands.command("revision", help="Écrit la migration suivante (pour qui développe).")
@click.argument("number")
@click.argument("message")
def revision_command(number: str, message: str) -> None:
    """Write the next migration from what differs."""
    make_revision(Settings.from_environment().database_url, message, number)


@database_commands.command(
    "grant-role", help="Donne à un compte PostgreSQL ce qu’il faut à l’application, et rien de plus."
)
@click.argument("role")
def grant_role_command(role: str) -> None:
    """Let a role work with the rows of the tables, which it does not own; the role itself is made beforehand."""
    if not ROLE.fullmatch(role):
        raise ConfigurationError("« %(role)s » doit être en minuscules, chiffres et _.", role=role)
    engine = create_engine_for(Settings.from_environment().database_url)
    if engine.dialect.name != "postgresql":
        raise ConfigurationError("SQLite n’a pas de comptes : cette commande est pour PostgreSQL.")
    try:
        with connect(engine) as connection, connection.begin():
            row_security.grant(connection, role)
    finally:
        engine.dispose()
    click.echo(f"« {role} » peut travailler : donnez ce nom à CASEWORK_DATABASE_ROLE, ou son adresse à l’application.")


def _opened_settings() -> Settings:
    """Return the settings, with the vault open: a migration may have to read what is encrypted."""
    settings = Settings.from_environment()
    vault.install(Vault(settings.key_source))
    return settings
