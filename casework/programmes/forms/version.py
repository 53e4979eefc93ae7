"""Forms of a version that is written as text, and of the one that is about to be saved."""

from flask_wtf.file import FileField
from wtforms import HiddenField, TextAreaField

from casework.programmes.forms.definition import DefinitionForm
from casework.programmes.toml_text import MOST_CHARACTERS
from casework.web.forms import OPTIONAL, REQUIRED, AtMost, BaseForm, NoteField
from casework.web.i18n import lazy_gettext as _


class EditForm(DefinitionForm):
    """The next version of a programme; `base` is the number of the version it is made from, `reason` what was said of it."""

    base = HiddenField()
    reason = HiddenField()


class TextForm(BaseForm):
    """A whole definition as TOML, typed or in a file; `base` is the number of the version it was made from."""

    base = HiddenField()
    reason = HiddenField()
    text = TextAreaField(
        _("Définition"), [OPTIONAL, AtMost(MOST_CHARACTERS)], render_kw={"rows": 24, "spellcheck": "false"}
    )
    file = FileField(_("Ou un fichier TOML"), [OPTIONAL])

    def content(self) -> str:
        """Return the text of the file when there is one, else the text that was typed."""
        sent = self.file.data.read() if self.file.data else b""
        return sent.decode("utf-8", "replace") if sent else str(self.text.data or "")


class SavingForm(BaseForm):
    """A version that was shown with its effects: `document` is its definition as TOML."""

    base = HiddenField()
    document = HiddenField()
    reason = NoteField(_("Pourquoi le dispositif change"), [REQUIRED], free=False)
