"""Casework: the shared file of households accompanied in their housing, for landlords and associations."""

from flask import Flask
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import Undefined

from casework import wiring
from casework.kernel import audit, row_security, vault
from casework.kernel.clock import Clock, SystemClock
from casework.kernel.database import create_engine_for
from casework.kernel.errors import ConfigurationError
from casework.kernel.key_ledger import check_keys
from casework.kernel.paths import shipped_folder
from casework.kernel.vault import Vault
from casework.settings import Settings
from casework.web import assets, errors, filters, i18n, requests, security, signed
from casework.web.printing import PageApp


class Missing(Undefined):
    """A name that a template does not know: it may be asked whether it is there, never printed or walked through."""

    __str__ = __iter__ = __len__ = Undefined._fail_with_undefined_error


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """Return the application. Raises ConfigurationError when a setting or an endpoint's declaration is wrong."""
    settings = settings or Settings.from_environment()
    keys = Vault(settings.key_source)
    vault.install(keys)
    app = PageApp("casework", template_folder=str(shipped_folder("templates")), static_folder=str(assets.FOLDER))
    engine = create_engine_for(
        settings.database_url,
        pool_size=settings.threads,
        through_pooler=settings.database_pooler,
        role=settings.database_role,
    )
    audit.install(engine)
    row_security.install(engine)
    try:
        row_security.check(engine, wiring.TABLES, settings.database_role)
        check_keys(engine, keys)
    except ConfigurationError:
        engine.dispose()
        raise
    services = requests.Services(engine, clock or SystemClock(), settings)
    wiring.subscribe(services.events)
    app.extensions["casework"] = services
    app.jinja_env.undefined = Missing
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    requests.install(app)  # the first: what it does after a request comes last
    security.install(app, settings)
    app.config.update(BABEL_DEFAULT_LOCALE=i18n.SOURCE)
    CSRFProtect(app)
    signed.install(app)
    Babel(app, locale_selector=wiring.locale_of_request)
    i18n.install(app)
    filters.install(app)
    assets.install(app)
    errors.install(app)
    wiring.install(app)
    return app
