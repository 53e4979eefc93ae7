"""Forms of the import."""

from collections.abc import Sequence
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, MultipleFileField, SelectField
from wtforms.validators import InputRequired, ValidationError

from casework.exchange.reading.records import Source
from casework.web.forms import REQUIRED, BaseForm
from casework.web.i18n import gettext
from casework.web.i18n import lazy_gettext as _

MOST_FILES = 100


class UploadForm(BaseForm):
    """The files of one programme."""

    programme = SelectField(_("Dispositif"), [REQUIRED])
    files = MultipleFileField(
        _("Fichiers"),
        [InputRequired(_("Choisissez au moins un fichier CSV ou une archive ZIP."))],
        render_kw={"accept": ".csv,.zip,text/csv,application/zip"},
    )

    def __init__(self, programmes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.programme.choices = list(programmes)

    def validate_files(self, _field: MultipleFileField) -> None:
        """Refuse a crowd of files."""
        if len(self._sent()) > MOST_FILES:
            raise ValidationError(gettext("Envoyez %(most)s fichiers au plus à la fois.", most=MOST_FILES))

    def sources(self) -> list[Source]:
        """Return the files as they came."""
        return [Source(file.filename or "", file.read()) for file in self._sent()]

    def _sent(self) -> list[FileStorage]:
        return [file for file in request.files.getlist(self.files.name) if file.filename]


class ConfirmForm(BaseForm):
    """What is decided once the check is seen."""

    replace = BooleanField(_("Remplacer les valeurs déjà enregistrées par celles des fichiers"))
    strict = BooleanField(_("Ne rien entrer si une seule ligne est refusée"))
