"""Use cases on what is handed out."""

import io
import zipfile

from casework.disclosure.documents import copy_pdf
from casework.disclosure.gathering import as_json, everything_held
from casework.kernel.context import Ctx
from casework.kernel.levels import Level
from casework.kernel.reading import Reading, record_reading
from casework.privacy.service import check_is_of_team
from casework.rendering.files import name_part

PDF, JSON = "dossier.pdf", "donnees.json"


def copy_of_file(ctx: Ctx, case_id: int) -> tuple[str, bytes]:
    """Return the number of a case and a zip of all that is held on its household: to read, and for machines.

    Noted as a reading of the highest level before it is made. Raises NotVisible, also for a referent not of the team.
    """
    check_is_of_team(ctx, case_id)
    head, parts = everything_held(ctx, case_id)
    record_reading(ctx, case_id, Reading.COPY, Level.S3)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(PDF, copy_pdf(head, parts, ctx.today))
        file.writestr(JSON, as_json(head, parts, ctx.today))
    return head.number, archive.getvalue()


def archive_name(number: str) -> str:
    """Return the name under which a browser keeps the copy of a file."""
    return f"dossier-{name_part(number)}.zip"
