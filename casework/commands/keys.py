"""`casework keys`: the keys that close the confidential columns."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine

from casework.cli_context import prepared_engine
from casework.kernel import vault
from casework.kernel.clock import SystemClock, paris_date
from casework.kernel.errors import ConfigurationError
from casework.kernel.key_ledger import forget_keys, note_key
from casework.kernel.keyring import KeyFile, KeyRing, KeySource
from casework.kernel.rotation import Turned, Uses, turn, unused_keys, uses_of_keys
from casework.settings import Settings


@click.group("keys", help="Les clés qui chiffrent ce qui est confidentiel : liste, rotation, retrait.")
def keys_commands() -> None:
    """Run a command on the ring of keys."""


@keys_commands.command("list", help="Dit quelles clés il y a, et combien de données chacune protège.")
def list_command() -> None:
    """Print the keys, never their secrets."""
    with _prepared() as engine:
        ring, uses = vault.installed().ring, uses_of_keys(engine)
    click.echo(f"Trousseau : {vault.installed().source.name}")
    for key_id in ring.secrets:
        click.echo(f"  {key_id}  {_state(ring, key_id):<24}  données : {_count(uses, key_id)}")
    strangers = {key_id for counts in uses.values() for key_id in counts} - ring.secrets.keys()
    for stranger in sorted(strangers, key=str):
        words = "pas des données chiffrées" if stranger is None else "absente du trousseau"
        click.echo(f"  {stranger or '–':<10}  {words:<24}  données : {_count(uses, stranger)}")
    if strangers:
        raise SystemExit(1)


@keys_commands.command("rotate", help="Prend une nouvelle clé et rechiffre tout avec elle ; relancée, continue.")
@click.option("--new-key", is_flag=True, help="Prend une clé de plus, même si la rotation précédente n’est pas finie.")
def rotate_command(new_key: bool) -> None:
    """Make a new key active, and close everything with it; a run that was stopped is gone on with."""
    with _prepared() as engine:
        held = vault.installed()
        active, uses = held.ring.active, uses_of_keys(engine)
        unfinished = any(_count(uses, key_id) for key_id in held.ring.secrets if key_id != active)
        if unfinished and not new_key:
            click.echo(f"La rotation vers la clé {active} continue.")
        else:
            active = _take_new_key(engine, held.source)
            click.echo(f"La nouvelle clé {active} chiffre désormais ce qui s’écrit.")
        turned = turn(engine, SystemClock(), _tell)
    click.echo(f"Données rechiffrées : {turned.values}.")
    if turned.unread:
        click.echo("Ne s’ouvrent pas, et sont restées comme elles étaient :", err=True)
        for place in turned.unread:
            click.echo(f"  {place}", err=True)
        raise SystemExit(1)
    click.echo(
        "Les anciennes clés restent dans le trousseau : « casework keys prune » retire celles qui ne servent plus."
    )


@keys_commands.command("prune", help="Retire du trousseau les clés qui ne servent plus depuis un jour.")
@click.confirmation_option(
    prompt="Les sauvegardes faites avant la dernière rotation ne seront plus lisibles sans ces clés. Continuer ?"
)
def prune_command() -> None:
    """Take out of the ring the keys that close nothing any more."""
    with _prepared() as engine:
        held = vault.installed()
        unused = unused_keys(held.ring, uses_of_keys(engine), SystemClock().now())
        if not unused:
            click.echo("Toutes les clés servent encore, ou servaient il y a moins d’un jour : aucune n’est retirée.")
            return
        # First here: a key that the database asks for and the ring has lost would stop every start.
        forget_keys(engine, unused)
        names = ", ".join(sorted(unused))
        if isinstance(held.source, KeyFile):
            held.source.change(lambda ring: ring.without(unused & ring.secrets.keys()))
            click.echo(f"Clés retirées du trousseau : {names}.")
        else:
            click.echo(f"Clés que vous pouvez retirer de {held.source.name} : {names}.")


@keys_commands.command("generate", help="Affiche un trousseau avec une nouvelle clé active, sans rien changer.")
def generate_command() -> None:
    """Print a ring to be put where CASEWORK_KEYS, its command or its file take it from."""
    source = Settings.from_environment().key_source
    if isinstance(source, KeyFile):
        click.echo(KeyRing.generated().dumped(), nl=False)
        return
    bigger, key_id = source.read().with_new_key()
    click.echo(bigger.activated(key_id, SystemClock().now()).dumped(), nl=False)


@contextmanager
def _prepared() -> Iterator[Engine]:
    engine = prepared_engine(Settings.from_environment())
    try:
        yield engine
    finally:
        engine.dispose()


def _take_new_key(engine: Engine, source: KeySource) -> str:
    if not isinstance(source, KeyFile):
        raise ConfigurationError(
            "Tout est chiffré avec la clé active, et le trousseau vient de %(origin)s : c’est à vous d’y mettre une "
            "nouvelle clé. « casework keys generate » affiche le trousseau complété ; mettez-le en place, redémarrez "
            "l’application, puis recommencez.",
            origin=source.name,
        )
    # It reads everywhere before it writes anywhere, and the database knows of it before that: no value is ever closed
    # with a key that could be missed unnoticed.
    made: list[str] = []

    def add(ring: KeyRing) -> KeyRing:
        bigger, key_id = ring.with_new_key()
        made.append(key_id)
        return bigger

    source.change(add)
    note_key(engine, made[0])
    source.change(lambda ring: ring.activated(made[0], SystemClock().now()))
    return made[0]


def _tell(turned: Turned) -> None:
    click.echo(f"  {turned.values}", err=True)


def _state(ring: KeyRing, key_id: str) -> str:
    if key_id == ring.active:
        return "active"
    if key_id in ring.retired_at:
        return f"remplacée le {paris_date(ring.retired_at[key_id]):%d/%m/%Y}"
    return "jamais active"


def _count(uses: Uses, key_id: str | None) -> int:
    return sum(counts.get(key_id, 0) for counts in uses.values())
