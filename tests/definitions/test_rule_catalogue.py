"""Every rule of the linter finds the fault it is about, and nothing else finds it too."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bullseye.definitions import FieldType, TableName, yaml
from bullseye.definitions.checks import (
    RULES,
    ClauseFacts,
    Facts,
    FieldFacts,
    Interval,
    PersonaFacts,
    Severity,
    apply_fixes,
)

ICP = "icps/fintech.yaml"
EXCLUSION = "exclusions/too-small.yaml"
ROUND = "signals/funding-round.yaml"
HIRING = "signals/started-hiring.yaml"
STARTS = "outcomes/starts-hiring.yaml"
TIERS = "tiers/default.yaml"
MARKET = "markets/finance.yaml"
PERSONA = "personas/finance-chief.yaml"
DIRECTOR = "personas/managing-director.yaml"
PROOF = "proofs/ledger.yaml"
MESSAGE = "messages/close-sooner.yaml"
CLOSE = "terms/close.yaml"
ROLES = "roles/our-buyers.yaml"
CRM = "sources/crm.yaml"
DEAR = "themes/too-expensive.yaml"
NO_LICENCE = "themes/no-licence.yaml"
LAST = "rule: {headcount_growth_6m: {over: 20%}}\n"
T1 = "{tier: T1, fit: 70, coverage: 60%, signal_strength: 20}"
T2 = "{tier: T2, fit: 50, coverage: 50%, signal_strength: 5}"


def criterion(text: str) -> tuple[str, str]:
    """Return the edit that adds a criterion to the ICP."""
    return LAST, f"{LAST}  - {text}\n"


@dataclass(frozen=True)
class Plant:
    """A fault: edits of files, a change of the facts, and where it must be found."""

    code: str
    file: str
    old: str
    new: str
    at: str = ""
    measure: Callable[[Facts], Facts] | None = None


def field(name: str, facts: FieldFacts, table: TableName = TableName.ACCOUNTS):
    return lambda known: replace(known, fields={**known.fields, (table, name): facts})


def people(*, fits: int, both: int = 0, uncovered: int = 50):
    def changed(known: Facts) -> Facts:
        share = Interval(uncovered / 200 - 0.05, uncovered / 200 + 0.02)
        overlaps = {("finance-chief", "other"): both} if both else {}
        counts = {"finance-chief": fits}
        return replace(known, personas=PersonaFacts(200, uncovered, share, counts, overlaps))

    return changed


def heard(**known: str):
    return lambda facts: replace(facts, evidence={"E12": "confirmed", "E13": "candidate", **known})


def clause(name: str, counts: ClauseFacts):
    def changed(known: Facts) -> Facts:
        icp = known.icps["fintech"]
        return replace(known, icps={"fintech": replace(icp, clauses={**icp.clauses, name: counts})})

    return changed


def selecting(count: int):
    def changed(known: Facts) -> Facts:
        icp = replace(
            known.icps["fintech"], selected_count=count, selected_interval=Interval(0.3, 0.5)
        )
        return replace(known, icps={"fintech": icp})

    return changed


SAME_SIZE = "{name: size, points: 5, rule: {employees: {over: 49, under: 501}}}"
BIG = "{name: big, mode: require, rule: {employees: {over: 900}}}"
TINY = "{name: tiny, mode: require, rule: {employees: {under: 9}}}"
NO_FINANCE = (
    "{name: no-finance, mode: exclude, rule: {industry: [Fintech, Banking, Media]}, "
    "because: They never pay on time., "
    "figures: {measure: late payments, times: 3, n: 60, measured_on: 2026-09-30}}"
)
NO_BANKING = NO_FINANCE.replace("[Fintech, Banking, Media]", "Banking")

PLANTS = (
    Plant("ICP001", ICP, *criterion("{name: boss, points: 5, rule: {title: CEO}}"), at="22:36"),
    Plant("ICP002", ICP, "points: 40", "points: 40"),
    Plant("ICP003", ICP, "max_share", "max_share", measure=selecting(80)),
    Plant("ICP004", ICP, "goal", "goal", measure=clause("salesforce", ClauseFacts(0, 180, 20))),
    Plant("ICP004", ICP, "goal", "goal", measure=clause("growing", ClauseFacts(31, 0, 169))),
    Plant("ICP005", ICP, LAST, f"{LAST}  - {BIG}\n  - {TINY}\n"),
    Plant("ICP006", ICP, *criterion(NO_FINANCE)),
    Plant("ICP007", ICP, *criterion("{name: media, points: 5, rule: {industry: Media}}")),
    Plant("ICP007", ICP, *criterion("{name: a, points: 5, rule: {industry: {none_of: [Media]}}}")),
    Plant("ICP008", ICP, *criterion(SAME_SIZE)),
    Plant("ICP009", ICP, "points", "points"),
    Plant("ICP010", ICP, "goal: Win the companies that move money.\n", "", at="1:1"),
    Plant("ICP010", ICP, "focus: {size: 50 to 500 employees}\n", ""),
    Plant("ICP011", ICP, *criterion(NO_BANKING)),
    Plant("ICP012", ICP, "", ""),
    Plant("RUL001", ICP, "employees: {b", "employes: {b", at="15:7"),
    Plant("RUL001", EXCLUSION, "employees:", "headcount:"),
    Plant("RUL001", PERSONA, "title:", "job:"),
    Plant("RUL002", ICP, "technologies: [Salesforce]", "technologies: {over: 3}"),
    Plant("RUL002", EXCLUSION, "employees: {under: 20}", "employees: {contains: few}"),
    Plant("RUL002", EXCLUSION, "employees: {under: 20}", "employees: {within: 20 days}"),
    Plant("RUL002", EXCLUSION, "employees: {under: 20}", "industry: {between: [5, 50]}"),
    Plant("RUL003", EXCLUSION, "employees: {under: 20}", "employees: tiny"),
    Plant("RUL003", EXCLUSION, "employees: {under: 20}", "is_hiring: sometimes"),
    Plant("RUL003", EXCLUSION, "employees: {under: 20}", "employees: {under: 2020-01-01}"),
    Plant("RUL003", MARKET, "country: [DE", "country: [Germany", at="8:13"),
    Plant("RUL004", ICP, "industry: [Fintech", "industry: [Fin-tech", at="11:18"),
    Plant("RUL004", PERSONA, "[Finance]", "[Treasury]"),
    Plant("RUL005", ICP, *criterion("{name: city, points: 5, rule: {city: Oslo}}")),
    Plant("RUL005", ICP, *criterion("{name: segment, points: 5, rule: {segment: A}}")),
    Plant(
        "RUL006", ICP, "technologies", "technologies",
        measure=field("technologies", FieldFacts(FieldType.LIST, 200, 30)),
    ),
    Plant("RUL007", EXCLUSION, "{under: 20}", "{under: 20, over: 20}", at="5:1"),
    Plant("RUL007", EXCLUSION, "employees: {under: 20}", "employees: {over: 10, under: 11}"),
    Plant("RUL007", EXCLUSION, "employees: {under: 20}", "employees: {under: 0}"),
    Plant(
        "RUL007", EXCLUSION, "employees: {under: 20}",
        "technologies: {all_of: [SAP, Salesforce], none_of: [SAP]}",
    ),
    Plant(
        "RUL008", EXCLUSION, "employees: {under: 20}",
        "any: [{employees: {over: 9}}, {employees: {under: 10}}]",
    ),
    Plant("RUL009", ICP, "[Fintech, Banking]", "[Fintech, Banking, Fintech]", at="11:36"),
    Plant("EXC001", EXCLUSION, "", ""),
    Plant("EXC002", EXCLUSION, "figures: ", "# figures: ", at="7:1"),
    Plant("EXC003", EXCLUSION, "2026-09-30", "2026-05-01"),
    Plant("EXC004", EXCLUSION, "2026-09-30", "2062-09-30"),
    Plant("EXC005", EXCLUSION, "n: 212", "n: 12"),
    Plant("SIG001", ROUND, "half_life: 60 days", "half_life: 200 days"),
    Plant("SIG002", ICP, ", started-hiring", ""),
    Plant("SIG003", ROUND, "event: funding_round", "event: Funding_Round", at="5:1"),
    Plant("SIG004", HIRING, "is_hiring", "is_hirin", at="5:10"),
    Plant("SIG005", HIRING, "becomes: true", "grows_over: 20%, within: 90 days"),
    Plant("SIG005", HIRING, "becomes: true", "gains: []"),
    Plant("SIG005", HIRING, "becomes: true", "becomes: hiring"),
    Plant("OUT001", STARTS, "is_hiring", "is_hirin", at="5:10"),
    Plant("OUT002", STARTS, "becomes: true", "grows_over: 20%"),
    Plant("OUT002", STARTS, "becomes: true", "gains: []"),
    Plant("OUT002", STARTS, "field: is_hiring, becomes: true", "field: employees, becomes: '50'"),
    Plant("OUT003", STARTS, "change: {field: is_hiring, becomes: true}", "event: hires", at="5:1"),
    Plant("TIE001", TIERS, "50%, signal_strength: 5", "50%, signal_strength: 25"),
    Plant("TIE001", TIERS, "signal_strength: 5}", "signal_strength: 5, signals: [funding-round]}"),
    Plant("TIE002", TIERS, T2, T1.replace("T1", "T2")),
    Plant("TIE002", TIERS, T2, T1.replace("T1", "T2").replace("fit: 70", "fit: 80")),
    Plant(
        "TIE003", ICP, "points: 30\n    rule: {technologies: [Salesforce]}",
        "points: 60\n    rule: {employees: {over: 600}}",
    ),
    Plant("TIE004", TIERS, "60%, signal_strength: 20", "60%, signal_strength: 66"),
    Plant("TIE005", TIERS, "", ""),
    Plant("TIE006", TIERS, "signal_strength: 20", "signal_strength: 20, signals: [layoffs]"),
    Plant("TIE007", TIERS, "{fit: 5,", "{fit: 25,"),
    Plant("PER001", PERSONA, "who:\n", "who:\n  employees: {over: 50}\n", at="6:3"),
    Plant("PER002", PERSONA, "anxiety: The auditors find it first.", "anxiety: ''", at="7:1"),
    Plant("PER002", PERSONA, "kpis: [days to close]\n", ""),
    Plant("PER003", PERSONA, "anxiety", "anxiety", measure=people(fits=90, both=7)),
    Plant("PER004", PERSONA, "anxiety", "anxiety", measure=people(fits=9, uncovered=190)),
    Plant("PER005", PERSONA, "anxiety", "anxiety", measure=people(fits=4)),
    Plant(
        "PER006", PERSONA, "who:\n", "who:\n  level: [head, boss]\n",
        measure=field("level", FieldFacts(FieldType.TEXT, 200, 180), TableName.CONTACTS),
    ),
    Plant("TRM001", CLOSE, "[closing run]", "[Closes]", at="8:64"),
    Plant("TRM002", CLOSE, "", ""),
    Plant("TRM003", CLOSE, ", allowed: [month-end close], forbidden: [closing run]", "", at="7:1"),
    Plant("TRM004", PERSONA, "two days.", "two closing runs.", at="8:1"),
    Plant("PER002", PERSONA, "killer_objection: Our", "killer_objection: '' # Our", at="9:1"),
    Plant("PER007", DIRECTOR, "who:\n", "icps: []\nwho:\n"),
    Plant("PER008", PERSONA, "[E12]", "[E12, E99]", at="13:71", measure=heard()),
    Plant("PER008", DIRECTOR, "[E13]", "[E13]", measure=heard(E13="rejected")),
    Plant("PER008", PROOF, "source:", "evidence: [E7]\nsource:", at="8:12", measure=heard()),
    Plant("PER009", DIRECTOR, "{says: Nobody knows the result in time., evidence: [E13]}",
          "Nobody knows the result in time.", at="1:1", measure=heard()),
    Plant("PER010", PERSONA, "who:\n", "icps: [fintech, fintec]\nwho:\n", at="5:17"),
    Plant("PRF001", PROOF, "2027-05-31", "2026-11-20"),
    Plant("PRF002", PROOF, "source: Interview with its finance chief\n", ""),
    Plant("PRF003", PROOF, "2026-05-31", "2026-11-22"),
    Plant("PRF004", PROOF, "", "", at="6:1"),
    Plant("PRF004", PROOF, "kind: case", "kind: compliance", at="6:1"),
    Plant("MSG001", MESSAGE, "before: Your team retypes every entry by hand.\n", "", at="1:1"),
    Plant("MSG001", MESSAGE, "why_now: funding-round\n", ""),
    Plant("MSG001", MESSAGE, "May I show you how Ledgerly does it?", "' '", at="16:1"),
    Plant("MSG002", MESSAGE, "persona: finance-chief", "persona: finance-boss", at="5:1"),
    Plant("MSG003", MESSAGE, "hook: Month ends are spent in", "hook: Years are spent in", at="9:1"),
    Plant("MSG004", MESSAGE, "[ledger]", "[ledger, ledgers]", at="13:1"),
    Plant("MSG005", MESSAGE, "", ""),
    Plant("MSG006", MESSAGE, "forty percent", "fifty percent", at="12:1"),
    Plant("MSG006", MESSAGE, "forty percent", "40 days"),
    Plant("MSG007", MESSAGE, "how Ledgerly does", "how Globex does", at="16:1"),
    Plant("MSG008", MESSAGE, "runs beside", "is SOC 2 Type II audited and runs beside", at="15:1"),
    Plant("MSG009", MESSAGE, "objection: We have no time", "objection: I have no time"),
    Plant(
        "MSG010", MESSAGE,
        "after: The books are closed in forty percent less time, as at Ledgerly.",
        "after: Your  team retypes every entry BY HAND", at="12:1",
    ),
    Plant("MSG011", MESSAGE, "The books are", "A dashboard says the books are", at="12:1"),
    Plant("MSG012", MESSAGE, "role: champion", "role: blocker"),
    Plant("MSG013", MESSAGE, "retypes every entry by hand", "closes late", at="11:1"),
    Plant("MSG014", MESSAGE, "channel: email", "channel: linkedin", at="1:1"),
    Plant("MSG015", MESSAGE, "runs beside", "is no closing run, but runs beside", at="15:1"),
    Plant("MSG016", MESSAGE, "funding-round", "funding-rounds", at="10:1"),
    Plant("MSG017", MESSAGE, "role: champion", "role: user", at="6:1"),
    Plant("MSG018", MESSAGE, "channel: email", "channel: call", at="7:1"),
    Plant("ROL001", ROLES, "", ""),
    Plant("ROL002", ROLES, "[finance]", "[treasury]", at="5:10"),
    Plant("ROL003", ROLES, "replied", "replyed", at="9:12"),
    Plant("ROL004", ROLES, "evidence", "  - {rank: top, part: in_domain, roles: {}}\nevidence"),
    Plant("ROL005", ROLES, "threshold: 70%", "threshold: 30%"),
    Plant("ROL006", ROLES, "[finance]", "[]"),
    Plant("MKT001", MARKET, "sam:\n", "sam:\n  industry: Media\n"),
    Plant("MKT002", ICP, "market: finance\n", ""),
    Plant("MKT003", MARKET, "value_field: expected_acv", "value_field: industry"),
    Plant("MKT003", MARKET, "value_field: expected_acv", "value_field: acv"),
    Plant("THM001", NO_LICENCE, "into: too-expensive", "into: too-expensve", at="8:1"),
    Plant("THM001", NO_LICENCE, "into: too-expensive", "into: no-licence"),
    Plant("THM001", NO_LICENCE, "kind: objection", "kind: pain"),
    Plant("THM001", NO_LICENCE, "status: retired\n", ""),
    Plant("THM002", DEAR, "  - We have no budget for this.\n", ""),
    Plant("THM003", DEAR, "", ""),
    Plant("SRC001", "sources/enrichment.yaml", "priority: 50", "priority: 100"),
    Plant(
        "SRC002", "sources/enrichment.yaml",
        "technologies: tech", "technologies: tech\n  segment: {column: s, type: count}",
    ),
    Plant("SRC003", CRM, "ignore: [Fax]", "ignore: [Fax, Industry]"),
    Plant(
        "SRC004", "bullseye.yaml", "title: Payments\n",
        "title: Payments\nsurvivorship: {accounts: {emploees: longest}}\n",
    ),
    Plant(
        "SRC004", "bullseye.yaml", "title: Payments\n",
        "title: Payments\nsurvivorship: {contacts: {do_not_contact: newest known}}\n",
    ),
    Plant("GOV001", ICP, "Dana Whitfield", "Marketing", at="2:1"),
    Plant("GOV001", ROUND, "Dana Whitfield", "RevOps team"),
    Plant("GOV001", ROUND, "Dana Whitfield", "sales@acme.com"),
    Plant("GOV001", ROUND, "Dana Whitfield", "Dana Whitfield & Kim Oh"),
    Plant("GOV001", ROUND, "Dana Whitfield", "Dana Whitfield, Kim Oh"),
    Plant("GOV002", TIERS, "Dana Whitfield", "TBD"),
    Plant("GOV002", TIERS, "Dana Whitfield", "'?'"),
    Plant("GOV003", MARKET, "2027-01-31", "2026-11-20", at="3:1"),
    Plant("GOV004", MARKET, "2027-01-31", "2028-12-31"),
    Plant("GOV005", ROUND, "", ""),
    Plant("GOV006", ICP, "max_share: 10%", "max_share: 10% # bullseye: ignore ICP003", at="25:16"),
    Plant("GOV006", ICP, "max_share: 10%", "max_share: 10% # bullseye: ignore ICP003 because so"),
    Plant(
        "GOV006", ICP, "max_share: 10%",
        "max_share: 10% # bullseye: ignore ICP303 because we sell to few accounts",
    ),
    Plant(
        "GOV007", ICP, "max_share: 10%",
        "max_share: 10% # bullseye: ignore ICP003 because we sell to few accounts",
    ),
)  # fmt: skip


def plant_structure(clean, code: str) -> None:
    """Plant the faults that take more than one edit of one file."""
    if code == "ICP002":
        clean.edit(ICP, "signals: [funding-round, executive-hire, started-hiring]", "signals: []")
        for name in ("funding-round", "executive-hire", "started-hiring"):
            (clean.path / f"signals/{name}.yaml").unlink()
        clean.edit(MESSAGE, "why_now: funding-round", "why_now: any")
        clean.edit(TIERS, T1, "{tier: T1, fit: 70, coverage: 60%}")
        clean.edit(TIERS, T2, "{tier: T2, fit: 50, coverage: 50%}")
    if code == "ICP009":
        text = clean.text(ICP)
        start, end = text.index("  - name: mid-size"), text.index("signals:")
        clean.write(ICP, text[:start] + text[end:])
    if code == "ICP012":
        (clean.path / ICP).unlink()
    if code == "EXC001":
        (clean.path / EXCLUSION).unlink()
    if code == "TIE005":
        other = clean.text(TIERS).replace("default", "spare").replace("fit: 70", "fit: 71")
        clean.write("tiers/spare.yaml", other)
    if code == "TIE006":
        layoffs = clean.text(ROUND).replace("funding-round", "layoffs")
        clean.write("signals/layoffs.yaml", layoffs.replace("funding_round", "executive_hire"))
        clean.edit("signals/layoffs.yaml", "window", "subject: {contains: [cut]}\nwindow")
        clean.write("icps/other.yaml", clean.text(ICP).replace("name: fintech", "name: other"))
        clean.edit("icps/other.yaml", "started-hiring]", "started-hiring, layoffs]")
    if code == "THM003":
        other = clean.text(DEAR).replace("name: too-expensive", "name: worth")
        other = other.replace("It is too", "It is not worth it, too").replace("We have", "I have")
        clean.write("themes/worth.yaml", other)
    if code == "TRM002":
        other = clean.text(CLOSE).replace("name: close", "name: shut").replace("closing", "shut")
        clean.write("terms/shut.yaml", other.replace("preferred: close", "preferred: shutting"))
    if code == "PER003":
        other = clean.text(PERSONA).replace("name: finance-chief", "name: other")
        clean.write("personas/other.yaml", other.replace("[Finance]", "[Finan]"))
    if code == "ROL001":
        clean.write("roles/theirs.yaml", clean.text(ROLES).replace("our-buyers", "theirs"))
    if code == "GOV005":
        clean.write("signals/round.yaml", clean.text(ROUND).replace("funding-round", "round"))
        clean.edit(ICP, "[funding-round", "[funding-round, round")


def plant_people(clean, code: str) -> None:
    """Plant the faults of personas, proofs and messages that take more than one edit."""
    if code == "PER007":
        clean.edit(PERSONA, "who:\n", "icps: [other]\nwho:\n")
        other = clean.text(ICP).replace("name: fintech", "name: other")
        clean.write("icps/other.yaml", other.replace("points: 40", "points: 41"))
    if code.startswith("PRF"):
        (clean.path / MESSAGE).unlink()
    if code == "PRF004":
        clean.edit(PROOF, "customer: Ledgerly\n", "")
    if code == "MSG005":
        clean.edit(PROOF, "source: Interview with its finance chief\n", "")
        reason = "# bullseye: ignore PRF002 because its author is asked for it"
        clean.edit(PROOF, "says: ", f"{reason}\nsays: ")
    if code == "MSG007":
        globex = clean.text(PROOF).replace("ledger", "globex").replace("Ledgerly", "Globex")
        clean.write("proofs/globex.yaml", globex)
    if code == "MSG014":
        clean.edit(PERSONA, "channels: [email]", "channels: [linkedin]")
        clean.edit(MESSAGE, "every entry", f"every entry {'and every entry ' * 58}")
    if code == "MSG011":
        clean.edit(MESSAGE, "role: champion", "role: economic_buyer")
    if code in ("MSG011", "MSG012"):
        clean.edit(PERSONA, "roles: [champion]", "roles: [economic_buyer, blocker]")


@pytest.mark.parametrize("plant", PLANTS, ids=lambda p: f"{p.code} {p.new[-40:]!r}")
def test_each_fault_is_found_and_nothing_else(clean, measured, plant: Plant) -> None:
    clean.edit(plant.file, plant.old, plant.new)
    plant_structure(clean, plant.code)
    plant_people(clean, plant.code)
    facts = plant.measure(measured()) if plant.measure else measured()
    found = clean.findings(facts)
    assert [finding.code for finding in found] == [plant.code], "\n".join(map(str, found))
    if plant.at:
        assert found[0].place == f"{plant.file}:{plant.at}"


def test_a_clean_project_has_no_findings(clean, measured) -> None:
    assert clean.findings(measured()) == ()
    assert clean.findings(None) == ()


def test_every_rule_has_a_planted_fault() -> None:
    assert {plant.code for plant in PLANTS} == set(RULES)


def test_codes_are_the_area_and_a_number() -> None:
    areas = {code[:3] for code in RULES}
    assert areas == {
        "ICP",
        "RUL",
        "EXC",
        "SIG",
        "OUT",
        "TRM",
        "THM",
        "TIE",
        "PER",
        "PRF",
        "MSG",
        "ROL",
        "MKT",
        "SRC",
        "GOV",
    }
    assert all(len(code) == 6 and code[3:].isdigit() for code in RULES)


def test_every_rule_says_why_and_shows_both_sides() -> None:
    thin = [c.code for c in RULES.values() if len(c.why) < 40 or not c.wrong or not c.right]
    assert thin == []


def test_a_warning_becomes_an_error_on_its_day(clean) -> None:
    rule = RULES["EXC002"]
    assert rule.error_from is not None
    clean.edit(EXCLUSION, "figures: ", "# figures: ")
    before = {f.code: f.severity for f in clean.findings(today=date(2026, 11, 21))}
    after = {f.code: f.severity for f in clean.findings(today=rule.error_from)}
    assert (before["EXC002"], after["EXC002"]) == (Severity.WARNING, Severity.ERROR)


def test_too_broad_states_the_n_and_the_interval(clean, measured) -> None:
    (finding,) = clean.findings(selecting(80)(measured()))
    assert "40.0% of 200 imported accounts" in finding.message
    assert "30.0% to 50.0%" in finding.message


def test_few_accounts_are_no_ground_for_complaint(clean, measured) -> None:
    known = clause("salesforce", ClauseFacts(0, 29))(measured())
    assert clean.findings(known) == ()


def test_the_nearest_known_value_is_named(clean, measured) -> None:
    clean.edit(ICP, "[Fintech", "[Fin-tech")
    (finding,) = clean.findings(measured())
    assert finding.hint == "Did you mean 'Fintech'?"


def test_values_are_not_judged_when_only_some_are_known(clean, measured) -> None:
    clean.edit(ICP, "[Fintech", "[Insurance")
    some = field("industry", FieldFacts(FieldType.TEXT, 200, 180, 5000, {"Fintech": 9}))
    assert clean.findings(some(measured())) == ()


def test_an_unknown_field_is_one_finding_whatever_it_leads_to(clean, measured) -> None:
    clean.edit(EXCLUSION, "employees: {under: 20}", "emplyees: {over: 9, under: 3}")
    assert [f.code for f in clean.findings(measured())] == ["RUL001"]


def test_findings_are_sorted_by_place(clean) -> None:
    clean.edit(ICP, "Dana Whitfield", "Sales")
    clean.edit(MARKET, "Dana Whitfield", "Sales")
    clean.edit(ICP, "employees: {b", "employes: {b")
    places = [finding.place for finding in clean.findings()]
    assert places == [f"{ICP}:2:1", f"{ICP}:15:7", f"{MARKET}:2:1"]


def test_events_are_not_judged_while_only_derived_signals_are_there(clean, measured) -> None:
    derived = {"change:started-hiring": 5}
    facts = FieldFacts(FieldType.TEXT, 5, 5, 1, derived)
    assert clean.findings(field("type", facts, TableName.SIGNALS)(measured())) == ()


NAMES = st.sampled_from(
    [
        "employees",
        "industry",
        "technologies",
        "country",
        "is_hiring",
        "created_on",
        "revenue",
        "title",
        "email",
        "headcount_growth_6m",
        "industry_growth_3m",
        "segment",
        "nonsense",
    ]
)
VALUES = st.one_of(
    st.text(max_size=5), st.integers(-5, 9), st.booleans(), st.dates(), st.floats(-2, 2)
)
WRITTEN = st.one_of(
    st.builds(
        lambda name, op, values: {name: {op: values}},
        NAMES,
        st.sampled_from(["any_of", "all_of", "none_of"]),
        st.lists(VALUES, min_size=1, max_size=3),
    ),
    st.builds(
        lambda name, op, value: {name: {op: value}},
        NAMES,
        st.sampled_from(["over", "under", "at_least", "at_most"]),
        st.one_of(st.integers(-5, 9), st.dates()),
    ),
    st.builds(lambda name, text: {name: {"contains": text}}, NAMES, st.text(min_size=1)),
    st.builds(lambda name, days: {name: {"within": days}}, NAMES, st.integers(1, 10**9)),
)
TANGLED = st.recursive(
    WRITTEN,
    lambda inner: st.one_of(
        st.builds(lambda part: {"not": part}, inner),
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(rules=st.lists(TANGLED, min_size=3, max_size=3))
def test_whatever_loads_can_be_checked_and_still_loads_once_fixed(clean, measured, rules) -> None:
    clean.write(EXCLUSION, yaml.write({**yaml.read(clean.text(EXCLUSION)), "rule": rules[0]}))
    clean.write(PERSONA, yaml.write({**yaml.read(clean.text(PERSONA)), "who": rules[1]}))
    icp = yaml.read(clean.text(ICP))
    icp["criteria"][0]["rule"] = rules[2]
    clean.write(ICP, yaml.write(icp))
    findings = clean.findings(measured())
    apply_fixes(clean.path, findings)
    assert len(clean.findings(measured())) <= len(findings)
