from casework.exchange.reading.files import read_sources
from casework.exchange.reading.records import Source
from casework.exchange.rejects import reject_files

HEADER = "numero_dossier;date;type;issue;duree_minutes"


def test_refused_rows_come_back_with_the_reason_and_can_be_sent_again() -> None:
    text = f"{HEADER}\r\nA-1;19/02/2025;TEL;VENU;57\r\nA-1;20/02/2025;VAD;REALISEE;30\r\nA-1;x;TEL;ABSENT\r\n"
    batch = read_sources([Source("visites.csv", text.encode())])
    ((name, rejects),) = reject_files(batch.sheets, batch.refused)
    lines = rejects.splitlines()
    assert name == "visites.csv"
    assert lines[0] == f"\ufeff{HEADER};ligne;colonne;motif"
    assert lines[1].startswith("A-1;19/02/2025;TEL;VENU;57;2;issue;Ce code n’est pas admis.")
    assert lines[2].startswith('A-1;x;TEL;ABSENT;;4;;"Cette ligne a 4 colonnes')
    corrected = rejects.replace("VENU", "REALISEE").replace(";x;", ";21/02/2025;")
    again = read_sources([Source(name, corrected.encode())])
    assert [row.day.day for row in again.contacts] == [19, 21]
    assert not again.refused
    assert not again.sheets[0].notes


def test_a_cell_that_looks_like_a_formula_is_kept_from_being_one() -> None:
    text = f"{HEADER}\r\n=HYPERLINK(1);19/02/2025;TEL;VENU;-5\r\n"
    batch = read_sources([Source("visites.csv", text.encode())])
    ((name, rejects),) = reject_files(batch.sheets, batch.refused)
    assert "'=HYPERLINK(1);" in rejects
    assert ";-5;" in rejects
    again_read = read_sources([Source(name, rejects.encode())])
    (again,) = reject_files(again_read.sheets, again_read.refused)
    assert again[1].splitlines()[1].split(";")[0] == "'=HYPERLINK(1)"


def test_misplaced_quotes_come_back_as_they_stood() -> None:
    text = f'{HEADER}\r\n"A"x;19/02/2025;TEL;REALISEE;57\r\n'
    batch = read_sources([Source("visites.csv", text.encode())])
    ((_name, rejects),) = reject_files(batch.sheets, batch.refused)
    assert '"""A""x";19/02/2025;TEL;REALISEE;57;2;;' in rejects
