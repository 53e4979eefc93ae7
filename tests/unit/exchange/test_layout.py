import pytest

from casework.exchange.reading.layout import LAYOUTS, recognise
from casework.exchange.vocabulary import FileKind


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.kind))
def test_every_kind_is_recognised_by_its_header_whatever_the_separator(layout: object, separator: str) -> None:
    assert layout in LAYOUTS
    columns = next(known.columns for known in LAYOUTS if known is layout)
    header = recognise(separator.join(columns), "export.csv")
    assert header is not None
    assert header.layout is layout
    assert header.separator == separator
    assert not header.missing


def test_case_accents_spaces_and_order_do_not_matter() -> None:
    header = recognise("SOLDE; encaisse ;Apl;CHARGES;loyer;Mois;locataire;Numéro bail", "x.csv")
    assert header is not None
    assert header.layout.kind is FileKind.LEDGER
    assert header.positions == (7, 6, 5, 4, 3, 2, 1, 0)


def test_what_is_missing_repeated_or_too_much_is_named() -> None:
    header = recognise("N° bail;Locataire;Mois;Loyer;Loyer;APL;Encaissé;Solde;Remarque;motif", "x.csv")
    assert header is not None
    assert header.missing == ("Charges",)
    assert header.repeated == ("Loyer",)
    assert header.extra == ("Remarque",)


@pytest.mark.parametrize("line", ["", "a;b;c", "Nom de la rue|Ville", "1;2;3"])
def test_another_table_is_not_recognised(line: str) -> None:
    assert recognise(line, "liste.csv") is None


def test_the_header_counts_more_than_the_name_of_the_file() -> None:
    header = recognise("numero_dossier;date;type;issue;duree_minutes", "menages.csv")
    assert header is not None
    assert header.layout.kind is FileKind.CONTACTS
