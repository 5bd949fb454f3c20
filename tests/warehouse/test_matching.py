"""Rows find the account they speak of, or are counted as lost."""

import duckdb
import pytest

from bullseye.warehouse.matching import clean_name, key_accounts, matched

ACCOUNTS = """(SELECT * FROM (VALUES
  ('1', 'Acme GmbH', 'acme.com', ['Old Acme']), ('2', 'Twin Ltd', 'twins.com', NULL),
  ('3', 'Twin, Inc.', 'twins.com', NULL), ('4', NULL, 'gmail.com', ['acme']),
  ('5', 'Sólo S.A.', NULL, NULL), ('6', 'Other', NULL, NULL)
) AS t(account_id, name, domain, former_names))"""


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (("1", "twins.com", "Other"), ("1", "id")),
        ((None, "acme.com", "Other"), ("1", "domain")),
        ((None, "gmail.com", "Other"), ("6", "name")),
        ((None, None, "SOLO SA"), ("5", "name")),
        ((None, None, "sólo"), ("5", "name")),
        ((None, None, "Acme"), (None, "ambiguous")),
        ((None, "twins.com", "Other"), (None, "ambiguous")),
        (("9", None, "old acme inc"), ("1", "name")),
        ((None, None, None), (None, "unmatched")),
        (("'; --", "'", "\\"), (None, "unmatched")),
    ],
)
def test_a_row_is_matched_by_id_then_domain_then_name(row, found):
    sql = (
        "SELECT _matched_id, _match_method FROM ("
        + matched("rows", ACCOUNTS, domain="r.domain", name=clean_name("r.name"))
        + ")"
    )
    connection = duckdb.connect()
    key_accounts(connection, ACCOUNTS)
    connection.execute("CREATE TABLE rows (account_id VARCHAR, domain VARCHAR, name VARCHAR)")
    connection.execute("INSERT INTO rows VALUES (?, ?, ?)", row)
    assert connection.execute(sql).fetchall() == [found]


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("Müller & Söhne GmbH & Co. KG", "muller sohne"),
        ("ACME, Inc.", "acme"),
        ("Co", "co"),
        ("Sólo S.A.", "solo"),
        ("Bricks L.L.C.", "bricks"),
        ("Vitamin A", "vitamin a"),
        ("株式会社トヨタ", "株式会社トヨタ"),
        ("...", None),
        ("", None),
    ],
)
def test_a_name_is_compared_without_case_accents_and_legal_form(written, clean):
    sql = f"SELECT {clean_name('n')} FROM (SELECT ?::VARCHAR AS n)"
    assert duckdb.connect().execute(sql, [written]).fetchone() == (clean,)
