"""Forms of the accounts."""

from typing import Any

from wtforms import EmailField, HiddenField, PasswordField, SelectField
from wtforms.validators import Email, Length

from casework.accounts.vocabulary import ROLE_LABELS
from casework.kernel.text import clean_line
from casework.web.forms import OPTIONAL, REQUIRED, BaseForm, CodeField, LineField
from casework.web.i18n import lazy_gettext as _

# What `passwords.check_new_password` asks, in words, and how the password is handed on.
_PROVISIONAL = _(
    "Douze caractères au moins, dont six différents\u00a0: trois sortes parmi majuscules, minuscules, chiffres et signes, ou "
    "quatre mots au moins. Ni le nom, ni l’adresse de la personne. Transmettez-le de vive voix\u00a0: elle choisira "
    "le sien en entrant."
)
_ADDRESS = (Length(max=200), Email(_("Cette adresse n’a pas la forme nom@exemple.fr.")))


class EmailAddressField(EmailField):
    """An e-mail address, cleaned of what cannot be seen."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, filters=[lambda value: clean_line(value or "")], **kwargs)


class SignInForm(BaseForm):
    """E-mail address and password."""

    email = EmailAddressField(
        _("Adresse électronique"), [REQUIRED, Length(max=200)], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        _("Mot de passe"), [REQUIRED, Length(max=1024)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class PasswordForm(BaseForm):
    """Changing one's own password."""

    present = PasswordField(
        _("Mot de passe actuel"), [REQUIRED, Length(max=1024)], render_kw={"autocomplete": "current-password"}
    )
    password = PasswordField(
        _("Nouveau mot de passe"),
        [REQUIRED, Length(max=1024)],
        description=_(
            "Douze caractères au moins, dont six différents\u00a0: trois sortes parmi majuscules, minuscules, chiffres et "
            "signes, ou quatre mots au moins. Ni votre nom, ni votre adresse."
        ),
        render_kw={"autocomplete": "new-password"},
    )


class AccountForm(BaseForm):
    """Who somebody is here, and what they may do."""

    name = LineField(_("Prénom et nom"), [REQUIRED])
    email = EmailAddressField(_("Adresse électronique"), [REQUIRED, *_ADDRESS], render_kw={"autocomplete": "off"})
    organisation_id = SelectField(_("Organisation"), [REQUIRED], coerce=lambda value: int(value) if value else 0)
    role = CodeField(_("Rôle"), [REQUIRED], labels=ROLE_LABELS)


class NamedAccountForm(AccountForm):
    """The same of a name that came from a file: without address, it cannot sign in."""

    email = EmailAddressField(
        _("Adresse électronique"),
        [OPTIONAL, *_ADDRESS],
        description=_("Nécessaire pour se connecter."),
        render_kw={"autocomplete": "off"},
    )


class ProvisionalPasswordForm(BaseForm):
    """A password for somebody who forgot theirs."""

    password = PasswordField(
        _("Mot de passe provisoire"),
        [REQUIRED, Length(max=1024)],
        description=_PROVISIONAL,
        render_kw={"autocomplete": "new-password"},
    )


class UserForm(AccountForm, ProvisionalPasswordForm):
    """A new account."""
