"""`casework serve`: the application and its scheduler, started together and stopped together."""

import socket
import sys
from collections.abc import Sequence
from time import monotonic

import click

from casework.commands.listening import answers, listen, reachable_host
from casework.commands.processes import Child, Family
from casework.demo.accounts import PASSWORD, DemoAccount, demo_accounts
from casework.demo.loading import is_empty, load_demo
from casework.kernel import audit, vault
from casework.kernel.clock import SystemClock
from casework.kernel.context import Actor
from casework.kernel.database import connect, create_engine_for
from casework.kernel.key_ledger import check_keys
from casework.kernel.migrate import current_revision, head_revision, upgrade
from casework.kernel.transaction import reading_context
from casework.kernel.vault import Vault
from casework.settings import Settings

SYSTEM = Actor(None, None, "SYSTEM")
START_SECONDS = 30.0
REQUEST_SECONDS = 60
GRACE_SECONDS = 5


@click.command("serve", help="Met la base à jour, puis lance l’application et le planificateur.")
@click.option("--demo", "with_demo", is_flag=True, help="Charge la démonstration si la base ne contient rien.")
@click.option("--no-scheduler", is_flag=True, help="Sans le planificateur : il tourne ailleurs.")
def serve_command(with_demo: bool, no_scheduler: bool) -> None:
    """Serve until SIGINT or SIGTERM (exit status 0), or until a process ends by itself (exit status 1)."""
    settings = Settings.from_environment()
    with listen(settings.host, settings.port) as listener:
        vault.install(Vault(settings.key_source))
        _prepare_database(settings)
        accounts = _demonstrate(settings) if with_demo else []
        ended = _run(settings, listener, accounts, with_scheduler=not no_scheduler)
    if ended is not None:
        status = ended.process.returncode
        click.echo(f"casework : arrêt inattendu : {ended.name} (code {status}). Tout est arrêté.", err=True)
        raise SystemExit(1)
    click.echo("Casework est arrêté.")


def _prepare_database(settings: Settings) -> None:
    """Check the keys, and bring a database that is not at the last revision up to it.

    One that is there is left alone: its account need not own the tables, and other instances are working on it. Raises
    ConfigurationError when a key is missing, or the database cannot be opened or brought up.
    """
    engine = create_engine_for(settings.database_url)
    try:
        connect(engine).close()
        check_keys(engine, vault.installed())
        is_behind = current_revision(engine) != head_revision()
    finally:
        engine.dispose()
    if is_behind:
        upgrade(settings.database_url)


def _run(
    settings: Settings, listener: socket.socket, accounts: Sequence[DemoAccount], *, with_scheduler: bool
) -> Child | None:
    """Run the processes until they are told to stop, or one ends by itself; return that one."""
    with Family() as family:
        family.start("l’application", _gunicorn(settings, listener), (listener.fileno(),))
        listener.close()
        if _is_up(family, settings):
            _announce(settings, accounts)
            if with_scheduler:
                family.start("le planificateur", [sys.executable, "-m", "casework", "scheduler"])
        return family.wait()


def _demonstrate(settings: Settings) -> Sequence[DemoAccount]:
    """Load the demonstration into a database that holds no programme; return the accounts of the demonstration."""
    engine, clock = create_engine_for(settings.database_url), SystemClock()
    audit.install(engine)
    try:
        with reading_context(engine, SYSTEM, clock) as ctx:
            empty = is_empty(ctx)
        if empty:
            click.echo("Chargement de la démonstration…")
            load_demo(engine, clock)
        with reading_context(engine, SYSTEM, clock) as ctx:
            return demo_accounts(ctx)
    finally:
        engine.dispose()


def _gunicorn(settings: Settings, listener: socket.socket) -> list[str]:
    # Access logs would write down who looked at which household; proxies are trusted by ProxyFix, hop by hop.
    return [
        *(sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}", "--worker-class", "gthread"),
        *("--workers", str(settings.workers), "--threads", str(settings.threads)),
        *("--timeout", str(REQUEST_SECONDS), "--graceful-timeout", str(GRACE_SECONDS), "--log-level", "warning"),
        *("--no-control-socket", "--forwarded-allow-ips", "", "casework:create_app()"),
    ]


def _is_up(family: Family, settings: Settings) -> bool:
    until = monotonic() + START_SECONDS
    while family.pause(0.1) and monotonic() < until:
        if answers(settings.host, settings.port):
            return True
    return False


def _announce(settings: Settings, accounts: Sequence[DemoAccount]) -> None:
    lines = ["", f"  Casework est prêt : http://{reachable_host(settings.host)}:{settings.port}/", ""]
    if accounts:
        width = max(len(account.email) for account in accounts)
        lines += ["  Comptes de démonstration", *(f"    {a.email:<{width}}  {a.role_label}" for a in accounts)]
        lines += [f"  Mot de passe de tous : {PASSWORD}", ""]
    click.echo("\n".join([*lines, "  Ctrl-C pour arrêter."]))
