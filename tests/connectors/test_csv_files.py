"""CSV as customers have it."""

import gzip
from pathlib import Path

import pytest

from bullseye.errors import InputError, UsageError

THREE = [("1", "Acme", "US"), ("2", "Beta", "DE")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_delimiters_line_ends_and_encodings_are_found(read, delimiter, newline, encoding) -> None:
    lines = [["id", "name", "city"], ["1", "Acme", "Köln"], ["2", "Beta", "Łódź"]]
    text = newline.join(delimiter.join(line) for line in lines) + newline
    found = read(text.encode(encoding))
    assert found.reading.columns == ("id", "name", "city")
    assert found.reading.delimiter == delimiter
    assert found.cells == [("1", "Acme", "Köln"), ("2", "Beta", "Łódź")]


def test_a_sound_utf8_file_is_read_once_without_a_copy_on_disk(read, tmp_path, connection) -> None:
    found = read(b"id,name,country\n1,Acme,US\n2,Beta,DE\n")
    assert not list((tmp_path / "scratch").iterdir())
    (tmp_path / "accounts.csv").unlink()
    assert connection.execute(f"FROM {found.reading.table}").fetchall() == [
        (1, *THREE[0]),
        (2, *THREE[1]),
    ]
    assert found.cells == THREE


def test_windows_1252_is_recognised_and_said(read) -> None:
    found = read("name;price\nCafé “Süd”;5 €\n".encode("cp1252"))
    assert found.cells == [("Café “Süd”", "5 €")]
    assert "Read as Windows-1252." in found.reading.notes


def test_a_few_bad_bytes_do_not_spoil_a_utf8_file(read) -> None:
    content = "name,city\n" + "Ünal,Łódź\n" * 20
    found = read(content.encode() + b"Caf\xe9,Paris\n")
    assert found.cells[0] == ("Ünal", "Łódź")
    assert found.cells[-1] == ("Café", "Paris")
    assert found.reading.encoding == "utf-8"


def test_nul_bytes_are_dropped_and_counted(read) -> None:
    found = read(b"id,name\n1,Ac\0me\n2,Beta\0\n")
    assert found.cells == [("1", "Acme"), ("2", "Beta")]
    assert "2 NUL characters were dropped." in found.reading.notes


def test_quotes_line_breaks_and_delimiters_stay_inside_their_cell(read) -> None:
    found = read(b'id,note,city\r\n1,"says ""hi"",\nthen leaves",Bonn\r\n2,"a\r\nb",Rome\r\n')
    assert found.cells == [("1", 'says "hi",\nthen leaves', "Bonn"), ("2", "a\r\nb", "Rome")]
    assert found.numbers == [1, 2]


def test_single_quotes_enclose_cells_where_double_ones_never_do(read) -> None:
    found = read(b"'id','name'\n'1','it''s Acme, Inc'\n'2','Beta'\n")
    assert found.reading.columns == ("id", "name")
    assert found.cells == [("1", "it's Acme, Inc"), ("2", "Beta")]


def test_single_quotes_are_seen_where_only_some_cells_need_them(read) -> None:
    rows = b"".join(b"%d,Name %d,Bonn\n" % (n, n) for n in range(20))
    found = read(b"id,name,city\n" + rows + b"20,'Acme, Inc',Rome\n")
    assert found.cells[-1] == ("20", "Acme, Inc", "Rome")


def test_apostrophes_are_no_quotes(read) -> None:
    found = read(b"id,name,city\n1,Joe's,'s-Hertogenbosch\n2,Ann's,Bonn\n")
    assert found.cells == [("1", "Joe's", "'s-Hertogenbosch"), ("2", "Ann's", "Bonn")]


def test_backslash_escaped_quotes_are_understood(read) -> None:
    found = read(b'id,name\n1,"Acme \\"Best\\" Inc"\n2,"Beta, Ltd"\n')
    assert found.cells == [("1", 'Acme "Best" Inc'), ("2", "Beta, Ltd")]


def test_a_space_before_the_quotes_is_understood(read) -> None:
    found = read(b'id, name, city\n1, "Acme, Inc", Bonn\n2, "Beta", Rome\n')
    assert found.reading.columns == ("id", "name", "city")
    assert found.cells == [("1", "Acme, Inc", "Bonn"), ("2", "Beta", "Rome")]


def test_the_first_line_may_declare_the_delimiter(read) -> None:
    found = read(b"sep=|\nid|name,city\n1|Acme,Bonn\n")
    assert found.reading.columns == ("id", "name,city")
    assert found.cells == [("1", "Acme,Bonn")]


def test_decimal_commas_do_not_pass_for_delimiters(read) -> None:
    found = read(b"id;price;share\n1;2,5;3,1\n2;4,5;5,1\n")
    assert found.cells == [("1", "2,5", "3,1"), ("2", "4,5", "5,1")]


def test_lists_inside_cells_do_not_pass_for_columns(read) -> None:
    found = read(b"name,technologies\nAcme,a;b;c\nBeta,d;e;f\nGamma,g;h;i\n")
    assert found.reading.columns == ("name", "technologies")
    assert found.cells[0] == ("Acme", "a;b;c")


def test_titles_above_the_header_are_skipped_and_said(read) -> None:
    found = read(b"Accounts of May\nexported by Ann\n\nid,name,country\n1,Acme,US\n2,Beta,DE\n")
    assert found.reading.columns == ("id", "name", "country")
    assert found.cells == THREE
    assert any("Skipped 2 lines" in note for note in found.reading.notes)


def test_a_first_row_is_never_skipped_without_a_sign(read) -> None:
    found = read(b"Company\nAcme, Inc, Ohio\nBeta, LLC, Utah\nGamma, Ltd, Iowa\n")
    assert found.reading.columns == ("Company",)
    assert found.reading.rows_read == 3


def test_a_file_of_one_column_keeps_its_commas(read) -> None:
    found = read(b'domain\nacme.com\n\n"beta.com"\nx, y\n')
    assert found.cells == [("acme.com",), ("beta.com",), ("x, y",)]
    assert found.reading.delimiter is None


def test_blank_and_repeated_headers_become_usable(read) -> None:
    found = read(b"name, Name ,,name\nA,B,C,D\n")
    assert found.reading.columns == ("name", "Name (2)", "column 3", "name (3)")
    assert found.cells == [("A", "B", "C", "D")]


def test_a_delimiter_at_the_end_of_rows_adds_no_cell(read) -> None:
    assert read(b"a,b,c\n1,2,3,\n4,5,6,\n").cells == [("1", "2", "3"), ("4", "5", "6")]
    assert read(b"a,b,c,\n1,2,3\n4,5,6\n").cells == [("1", "2", "3", None), ("4", "5", "6", None)]


def test_rows_with_too_few_or_many_cells_are_damaged_and_shift_nothing(read) -> None:
    found = read(b"id,name,country\n1,Acme,US\n9,Short\n8,Long,US,extra\n\n2,Beta,DE\n")
    assert found.cells == THREE
    assert found.numbers == [1, 4]
    short, long = found.reading.damaged
    assert (short.row, short.line, short.text) == (2, 3, "9,Short")
    assert short.reason == "2 cells where the header has 3"
    assert long.reason == "4 cells where the header has 3"


def test_rows_in_an_extra_pair_of_quotes_are_repaired_where_they_fit(read) -> None:
    content = b'id,name,country\n"1,Acme,US"\n"3,""Gamma, Inc"",FR"\n"4,Delta"\n2,Beta,DE\n'
    found = read(content)
    assert found.cells == [THREE[0], ("3", "Gamma, Inc", "FR"), THREE[1]]
    assert [each.row for each in found.reading.damaged] == [3]
    assert any(note.startswith("2 rows stood in an extra pair") for note in found.reading.notes)


def test_a_file_quoted_line_by_line_is_repaired_with_its_header(read) -> None:
    found = read(b'"id,name,country"\n"1,Acme,US"\n"2,Beta,DE"\n')
    assert found.reading.columns == ("id", "name", "country")
    assert found.cells == THREE


@pytest.mark.parametrize(
    "stray",
    [b'7,"Stray,US\n', b'7,Stray,"US\n'],
    ids=["in the middle", "in the last cell"],
)
def test_a_quote_never_closed_costs_its_own_row_only(read, stray) -> None:
    rows = b"".join(b"%d,Name %d,DE\n" % (n, n) for n in range(10, 60))
    found = read(b"id,name,country\n1,Acme,US\n" + stray + rows)
    assert found.reading.rows_read == 52
    assert [each.row for each in found.reading.damaged] == [2]
    assert found.reading.damaged[0].line == 3
    assert found.cells[-1] == ("59", "Name 59", "DE")


def test_a_stray_quote_closed_rows_later_swallows_none(read) -> None:
    rows = b"".join(b"%d,Name %d,DE\n" % (n, n) for n in range(10, 20))
    found = read(b'id,name,country\n1,Acme,"US\n' + rows + b'2,Beta,DE"\n3,Gamma,FR\n')
    assert found.reading.rows_read == 13
    assert ("15", "Name 15", "DE") in found.cells
    assert ("3", "Gamma", "FR") in found.cells


def test_text_over_several_lines_is_not_taken_for_swallowed_rows(read) -> None:
    note = '"Dear Bob,\nthanks, really, much\nBest, Ann, CEO"'
    found = read(f"id,name,note\n1,Acme,{note}\n2,Beta,ok\n".encode())
    assert found.reading.rows_read == 2
    assert found.cells[0][2] == note.strip('"')


def test_a_quote_inside_a_quoted_cell_damages_its_row(read) -> None:
    found = read(b'id,name\n1,"Acme "Best" Inc"\n2,Beta\n')
    assert found.cells == [("2", "Beta")]
    assert found.reading.damaged[0].reason == "a quote inside a quoted cell is not doubled"


def test_a_cell_of_ten_megabytes_is_read(read) -> None:
    big = "x" * 10_000_000
    found = read(f'id,note\n1,"{big}"\n2,small\n'.encode())
    assert [len(row[1] or "") for row in found.cells] == [10_000_000, 5]


def test_damaged_text_is_shortened(read) -> None:
    found = read(b"id,name,city\n1,a,b\n" + b"x" * 5_000 + b",y\n")
    assert len(found.reading.damaged[0].text) == 500


def test_a_header_without_rows_is_a_table_without_rows(read) -> None:
    for content in (b"id,name\n", b"id,name", b"\xef\xbb\xbfid,name\r\n"):
        found = read(content)
        assert found.reading.columns == ("id", "name")
        assert found.reading.rows_read == 0


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"  \r\n"])
def test_an_empty_file_is_an_error_that_says_so(read, content) -> None:
    with pytest.raises(InputError, match="empty") as caught:
        read(content)
    assert "accounts.csv" in caught.value.place


def test_given_delimiter_and_encoding_overrule_what_is_seen(read) -> None:
    found = read("id,a;naïve\n1,2;x\n".encode("cp437"), delimiter=";", encoding="cp437")
    assert found.reading.columns == ("id,a", "naïve")
    assert read(b"a\tb\n1\t2\n", delimiter="tab").cells == [("1", "2")]


def test_impossible_options_are_refused(read) -> None:
    with pytest.raises(UsageError, match="utf-9"):
        read(b"a,b\n1,2\n", encoding="utf-9")
    with pytest.raises(UsageError, match="cannot be a delimiter"):
        read(b"a,b\n1,2\n", delimiter="ab")
    with pytest.raises(InputError, match="not in ascii"):
        read("a,b\nä,2\n".encode(), encoding="ascii")
    with pytest.raises(UsageError, match="sheet only makes sense"):
        read(b"a,b\n1,2\n", sheet="One")


def test_gzip_is_unpacked_and_errors_name_the_file_given(read) -> None:
    packed = gzip.compress(b"id,name,country\n1,Acme,US\n2,Beta,DE\n")
    found = read(packed, name="accounts.csv.gz")
    assert found.cells == THREE
    assert found.reading.path.name == "accounts.csv.gz"
    with pytest.raises(InputError, match="cut short") as caught:
        read(packed[:-12], name="cut.csv.gz")
    assert "cut.csv.gz" in caught.value.place


def test_names_with_pattern_characters_mean_themselves(read, tmp_path: Path) -> None:
    (tmp_path / "accounts1.csv").write_bytes(b"x,y\n0,0\n")
    found = read(b"id,name,country\n1,Acme,US\n2,Beta,DE\n", name="accounts[1]*'.csv")
    assert found.cells == THREE


def test_row_numbers_are_right_over_many_blocks(read) -> None:
    lines = [b"%d,Name %d,%s" % (n, n, b"x" * 40) for n in range(1, 60_001)]
    lines[40_000] = b"damaged"
    found = read(b"id,name,filler\n" + b"\n".join(lines))
    assert [int(row[0] or 0) for row in found.cells] == found.numbers
    assert [each.row for each in found.reading.damaged] == [40_001]


def test_a_file_quoted_line_by_line_may_hold_line_breaks(read) -> None:
    found = read(b'"id,name\n1,Acme"\n"2,Beta"\n')
    assert found.reading.rows_read >= 1
