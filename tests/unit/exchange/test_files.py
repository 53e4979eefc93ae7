import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.exchange.reading.files import read_sources
from casework.exchange.reading.records import HOUSEHOLD_COLUMNS, Batch, LedgerRow, Source

LEDGER = "N° bail;Locataire;Mois;Loyer;Charges;APL;Encaissé;Solde"
LINE = "26187/01;Gérard Élodie;06/2025;345,17;93,63;206,00;232,80;0,00"
VISITS = "numero_dossier;date;type;issue;duree_minutes"
VISIT = "A-1;19/02/2025;TEL;REALISEE;57"
NAME = "quittancement_2025-06.csv"


def read(text: str | bytes, name: str = NAME) -> Batch:
    return read_sources([Source(name, text.encode("cp1252") if isinstance(text, str) else text)])


def lines(batch: Batch) -> list[LedgerRow]:
    return [row for page in batch.ledger for row in page.rows()]


def household(**cells: str) -> str:
    sound = {
        "numero_dossier": "A-1",
        "civilite": "Mme",
        "nom": "Gérard",
        "prenom": "Élodie",
        "date_naissance": "18/06/1967",
        "adultes": "2",
        "enfants": "0",
        "composition": "CSANS",
        "ressources_mensuelles": "1\u00a0033,32",
        "origine_orientation": "FAMILLE",
        "date_orientation": "16/07/2025",
        "situation_entree": "HLM",
    }
    row = sound | cells
    return ";".join(HOUSEHOLD_COLUMNS) + "\r\n" + ";".join(row.get(c, "") for c in HOUSEHOLD_COLUMNS) + "\r\n"


def test_a_ledger_line_is_read_to_the_cent() -> None:
    batch = read(f"{LEDGER}\r\n{LINE}\r\n")
    assert lines(batch) == [
        (NAME, 2, "26187/01", "2025-06-01", (345_17, 93_63, 206_00, 232_80, 0), "Gérard Élodie"),
    ]
    assert not batch.refused
    assert batch.sheets[0].read == 1


@pytest.mark.parametrize(
    ("bad", "column", "value", "words"),
    [
        (LINE.replace("93,63", "93,6E"), "Charges", "93,6E", "montant"),
        (LINE.replace("93,63", ""), "Charges", "", "montant"),
        (LINE.replace("06/2025", "07/2025"), "Mois", "07/2025", "06/2025"),
        (LINE.replace("06/2025", "13/2025"), "Mois", "13/2025", "n’existe pas|mois"),
        (LINE.replace("26187/01", " "), "N° bail", " ", "manque"),
        (LINE.replace("26187/01", "1" * 33), "N° bail", "1" * 33, "32"),
        (LINE + ";0,00", "", LINE + ";0,00", "9 colonnes"),
        ("26187/01;Gérard", "", "26187/01;Gérard", "2 colonnes"),
        (LINE.replace("Gérard", "Gé\0rard"), "", LINE.replace("Gérard", "Gé\0rard"), "contrôle"),
    ],
    ids=["letters", "nothing", "other month", "no month", "no lease", "long lease", "wide", "narrow", "control"],
)
def test_a_bad_line_is_refused_with_its_place_and_the_others_are_read(
    bad: str, column: str, value: str, words: str
) -> None:
    filler = "\r\n".join(LINE.replace("26187/01", f"{n}") for n in range(40))
    batch = read(f"{LEDGER}\r\n{LINE}\r\n\r\n;;;;;;;\r\n{bad}\r\n{filler}\r\n")
    (refusal,) = batch.refused
    assert (refusal.file, refusal.line, refusal.column, refusal.value) == (NAME, 5, column, value)
    assert any(word in str(refusal.reason) for word in words.split("|"))
    assert len(lines(batch)) == 41
    assert batch.sheets[0].read == 42


def test_every_fault_of_a_line_is_told() -> None:
    batch = read(f"{LEDGER}\r\n{LINE.replace('345,17', 'x').replace('93,63', 'y').replace('06/2025', 'z')}\r\n")
    assert [r.column for r in batch.refused] == ["Mois", "Loyer", "Charges"]


def test_several_separators_and_quotes_give_the_same_rows() -> None:
    quoted = '"26187/01","Gérard Élodie","06/2025","345,17","93,63","206,00","232,80","0,00"'
    tabbed = LINE.replace(";", "\t")
    expected = lines(read(f"{LEDGER}\n{LINE}"))
    assert lines(read(f"{LEDGER.replace(';', ',')}\n{quoted}")) == expected
    assert lines(read(f"{LEDGER.replace(';', chr(9))}\r{tabbed}\r")) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "vide"),
        ("\r\n;;\r\n", "vide"),
        ("a;b\r\n1;2\r\n", "pas reconnu"),
        (f"{VISITS}\r\n{VISIT}\r\n".encode("utf-16"), "UTF-16"),
        (f'{LEDGER}\r\n{LINE}\r\n"26187/02;Gé\r\n{LINE}\r\n', "ligne 3"),
        (f"{LEDGER}\r\n{LINE.replace('Gérard', 'G' * 140_000)}\r\n", "131\u00a0072"),
    ],
    ids=["empty", "blank", "unknown", "utf-16", "open quote", "huge"],
)
def test_a_file_that_cannot_be_trusted_is_unusable(text: str | bytes, words: str) -> None:
    batch = read(text)
    assert len(batch.unusable) == 1
    assert words in str(batch.unusable[0].reason)


def test_a_missing_column_is_named() -> None:
    batch = read(LEDGER.replace(";Encaissé", "") + "\r\n")
    assert [(r.line, r.column) for r in batch.unusable] == [(1, "Encaissé")]
    assert not batch.ledger


def test_misplaced_quotes_refuse_their_line_only() -> None:
    batch = read(f'{LEDGER}\r\n"26187"x/01;Gérard;06/2025;1;1;1;1;1\r\n{LINE}\r\n')
    assert [(r.line, str(r.reason)) for r in batch.refused] == [(2, "Les guillemets de cette ligne sont mal placés.")]
    assert len(lines(batch)) == 1


def test_a_cell_of_two_lines_keeps_the_line_numbers_right() -> None:
    batch = read(
        f"{LEDGER}\r\n{LINE.replace('Gérard Élodie', chr(34) + 'Gérard' + chr(10) + 'Élodie' + chr(34))}\r\nx\r\n"
    )
    assert lines(batch)[0].line == 2
    assert lines(batch)[0].tenant == "Gérard Élodie"
    assert [r.line for r in batch.refused] == [4]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "not ended"])
def test_a_cell_too_many_never_slips_into_the_next_row(end: str, last: bool) -> None:
    # Together the two rows have as many cells as two rows have.
    wide, narrow = f"{LINE};99999/99", LINE.replace("26187/01;", "")
    batch = read(end.join([LEDGER, LINE, wide, narrow, LINE.replace("26187", "26188")]) + (end if last else ""))
    assert [row.lease for row in lines(batch)] == ["26187/01", "26188/01"]
    assert [row.line for row in lines(batch)] == [2, 5]
    assert [r.line for r in batch.refused] == [3, 4]


CELL_OF_LINE = st.sampled_from(["26187/01", "Gérard", "06/2025", "345,17", "1\u00a0234,50", "0,00", "", " 12,5", "x"])
SOUND_LINE = st.tuples(
    st.sampled_from(["1/01", "1/02", " 2/01"]),
    st.sampled_from(["Gérard  Élodie", "06/2025", ""]),
    st.sampled_from(["06/2025", "06/2025", "06/2025", "07/2025"]),
    *[st.sampled_from(["345,17", "0,00", "1\u00a0234,50", "-12,5"])] * 5,
)


@given(
    st.lists(SOUND_LINE | st.lists(CELL_OF_LINE, min_size=1, max_size=17), min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["x.csv", NAME]),
)
def test_a_ledger_is_read_alike_in_halves_in_columns_and_row_by_row(
    rows: list[tuple[str, ...] | list[str]], end: str, name: str
) -> None:
    body = [";".join(cells) for cells in rows]
    quick = read(end.join([LEDGER, *body]) + end, name)
    slow = read(end.join([LEDGER, *body, LINE.replace("26187/01", '"9/99"')]) + end, name)
    assert lines(quick) == lines(slow)[:-1]
    assert quick.refused == slow.refused
    assert quick.sheets[0].read == slow.sheets[0].read - 1


def test_a_ledger_of_several_months_is_read_month_by_month() -> None:
    batch = read("\r\n".join([LEDGER, LINE, LINE.replace("06/2025", "07/2025")]), "x.csv")
    assert [row.month for row in lines(batch)] == ["2025-06-01", "2025-07-01"]


def test_any_column_may_come_first() -> None:
    names = "Solde;Mois;N° bail;Locataire;Loyer;Charges;APL;Encaissé"
    row = "1\u00a0234,50;06/2025;26187/01;Gérard;345,17;93,63;206,00;232,80"
    batch = read(f"{names}\r\n{row}\r\n{row.replace('26187', '26188')}\r\n")
    assert [(r.lease, r.amounts[4]) for r in lines(batch)] == [("26187/01", 1_234_50), ("26188/01", 1_234_50)]


def test_columns_that_mean_nothing_are_noted() -> None:
    batch = read(f"{VISITS};Commentaire\r\n{VISIT};ok\r\n", "visites.csv")
    assert [str(note) for note in batch.sheets[0].notes] == ["Colonnes ignorées\u00a0: Commentaire."]
    assert len(batch.contacts) == 1


@pytest.mark.parametrize(
    ("bad", "column"),
    [
        (";19/02/2025;TEL;REALISEE;57", "numero_dossier"),
        ("A-1;30/02/2025;TEL;REALISEE;57", "date"),
        ("A-1;19/02/2025;FAX;REALISEE;57", "type"),
        ("A-1;19/02/2025;TEL;VENU;57", "issue"),
        ("A-1;19/02/2025;TEL;REALISEE;1441", "duree_minutes"),
    ],
)
def test_a_bad_contact_is_refused_by_its_column(bad: str, column: str) -> None:
    batch = read(f"{VISITS}\r\n{bad}\r\n{VISIT}\r\n", "visites.csv")
    assert [(r.line, r.column) for r in batch.refused] == [(2, column)]
    assert len(batch.contacts) == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("numero_dossier", ""),
        ("nom", ""),
        ("civilite", "Dr"),
        ("adultes", "deux"),
        ("enfants", "99"),
        ("composition", "FAMILLE"),
        ("ressources_mensuelles", "-10,00"),
        ("loyer", "4OO,00"),
        ("apl_versement", "CHEQUE"),
        ("statut_occupation", "SQUATTEUR"),
        ("date_orientation", ""),
        ("date_orientation", "16/13/2025"),
        ("origine_orientation", ""),
        ("motif_fin", "PARTI"),
    ],
)
def test_a_bad_household_is_refused_by_its_column(column: str, value: str) -> None:
    batch = read(household(**{column: value}), "menages.csv")
    assert [(r.line, r.column, r.value) for r in batch.refused] == [(2, column, value)]
    assert not batch.households


def test_all_faults_of_a_household_are_told_at_once() -> None:
    batch = read(household(nom="", adultes="x", loyer="y"), "menages.csv")
    assert [r.column for r in batch.refused] == ["nom", "adultes", "loyer"]


def test_what_is_not_told_stays_unsaid() -> None:
    (row,) = read(household(composition="NR", civilite="", apl_mensuelle="", typologie=""), "menages.csv").households
    facts = row.facts
    assert (facts.composition, facts.civility, facts.benefit, facts.typology) == (None, None, None, None)


CELLS = st.text(st.characters(codec="utf-8"), max_size=40)


@given(
    st.lists(st.lists(CELLS, max_size=10), max_size=12),
    st.sampled_from([LEDGER, VISITS, "numero_dossier;date;decision"]),
)
def test_hostile_rows_are_read_or_refused_and_counted(rows: list[list[str]], header: str) -> None:
    body = "\r\n".join(";".join(cells) for cells in rows)
    batch = read(f"{header}\r\n{body}".encode(), "x.csv")
    sound = len(lines(batch)) + len(batch.contacts) + len(batch.reassessments)
    refused = len({refusal.line for refusal in batch.refused})
    assert batch.unusable or batch.sheets[0].read == sound + refused


@given(st.binary(max_size=500))
def test_hostile_bytes_are_read_or_refused(data: bytes) -> None:
    batch = read(LEDGER.encode() + b"\r\n" + data, "x.csv")
    assert len(batch.sheets) == 1
