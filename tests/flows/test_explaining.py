import json
import math
import re
import shutil

import pytest
from offices import Office, current
from scipy import stats

from warehouse.database import read_connection

SUM = re.compile(r"Sum of a·Y = ([\d.]+); sum of a·X = ([\d.]+); Y/X = ([\d.]+)")


@pytest.fixture(scope="module")
def explained(demonstration, tmp_path_factory):
    """A copy of the demonstration's office: explaining writes into the access log."""
    root = tmp_path_factory.mktemp("explained") / "office"
    shutil.copytree(demonstration[0].root, root, symlinks=True)
    return Office(root)


def asked(office, query):
    with read_connection(current(office) / "warehouse.duckdb") as connection:
        return connection.execute(query).fetchall()


def rows_under(text, header):
    """The numbers of each row of a printed table, by the row's first word."""
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if re.match(header, line)) + 2
    rows = {}
    for line in lines[start:]:
        first, *numbers = line.split()
        if not re.match(r"\d{4}-Q\d$", first):
            break
        rows[first] = [float(one) for one in numbers]
    return rows


def test_a_figure_can_be_worked_out_again_from_what_is_printed(explained):
    told = explained.call("explain", "criminal_damage")
    assert told.status == 0, told.err
    ((estimate, error, difference, difference_error, df, p),) = asked(
        explained,
        "SELECT estimate, standard_error, difference, difference_standard_error, difference_df, "
        "p_value FROM kpi.kpi WHERE kpi = 'criminal_damage' AND wave = '2028-Q1' "
        "AND domain = 'all'",
    )
    now, before = told.out.split("It is compared with")
    sides = []
    for part in (now, before):
        waves = rows_under(part, "Wave +Factor")
        assert len(waves) == 4
        y, x = (sum(one[0] * one[k] for one in waves.values()) for k in (1, 2))
        v_y, c, v_x = (sum(one[0] ** 2 * one[k] for one in waves.values()) for k in (3, 4, 5))
        printed = [float(one) for one in SUM.search(part).groups()]
        assert printed == pytest.approx([y, x, y / x], rel=1e-11)
        sides.append((y / x, math.sqrt(v_y - 2 * y / x * c + (y / x) ** 2 * v_x) / x))
    assert sides[0] == pytest.approx((estimate, error), rel=1e-9)
    assert sides[0][0] - sides[1][0] == pytest.approx(difference, rel=1e-9)
    parts = rows_under(before, "Wave +α")
    assert math.sqrt(sum(v for _, _, v in parts.values())) == pytest.approx(difference_error)
    assert p == pytest.approx(2 * stats.t.sf(abs(difference / difference_error), df))


def test_the_story_goes_back_to_the_files(explained):
    told = explained.call(
        "explain", "live_chat_aware", "--wave", "2027-Q4", "--area", "Coventry"
    ).out
    ((sha256, code, declaration),) = asked(
        explained,
        "SELECT sha256, code_version, survey_version FROM lineage.source WHERE wave='2027-Q4'",
    )
    for words in [sha256, f"code {code}", f"declaration {declaration[:12]}", "effective base"]:
        assert words in told
    assert "Coventry, October to December 2027" in told
    assert "Weights of 2027-Q4: raking" in told
    assert "No rule that was broken had to be accepted." in told


def test_every_published_figure_is_the_ratio_of_its_sums(explained):
    ((figures, without, estimate, error),) = asked(
        explained,
        "SELECT count(*), count(*) FILTER (sum_x IS NULL), max(abs(estimate - sum_y / sum_x)), "
        "max(abs(standard_error - sqrt(greatest(0, sum_var_y - 2 * estimate * sum_cov_yx "
        "+ estimate ** 2 * sum_var_x)) / sum_x)) FROM lineage.figure WHERE estimate IS NOT NULL",
    )
    assert figures > 6000
    assert without == 0
    assert max(estimate, error) < 1e-14


def test_factors_are_those_that_waves_are_pooled_by(explained):
    ((pooled, differing),) = asked(
        explained,
        "SELECT count(*), count(*) FILTER (w.factor IS DISTINCT FROM p.factor) "
        "FROM survey.pooling AS p LEFT JOIN lineage.pooled_wave AS w "
        "ON w.period = p.period AND w.wave = p.wave AND w.measure = 'live_chat_aware'",
    )
    assert (pooled, differing) == (20, 0)


def test_a_withheld_figure_is_not_shown_by_its_sums(explained):
    ((measure, period, domain, value),) = asked(
        explained,
        "SELECT measure, period, domain, domain_value FROM lineage.figure "
        "WHERE withheld_by = 'gives_away' ORDER BY ALL LIMIT 1",
    )
    told = explained.call("explain", measure, "--wave", period, "--area", f"{domain}={value}")
    assert "Not published" in told.out
    assert "give a small count away" in told.out
    assert "Factor a" not in told.out
    told = explained.call(
        "explain", measure, "--wave", period, "--area", f"{domain}={value}", "--json"
    )
    assert json.loads(told.out)["figure"]["parts"] == []


def test_json_says_the_same(explained):
    told = json.loads(explained.call("explain", "criminal_damage", "--json").out)
    parts = told["figure"]["parts"]
    ratio = sum(p["factor"] * p["y"] for p in parts) / sum(p["factor"] * p["x"] for p in parts)
    assert ratio == pytest.approx(told["figure"]["estimate"], rel=1e-14)
    assert len(told["sources"]) == 8
    assert told["judged"]["status"] == "improving"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["live_chat_awar"], "did you mean 'live_chat_aware'"),
        (["criminal_damage", "--wave", "2029-Q1"], "Expected: one of 2026-Q2"),
        (["criminal_damage", "--area", "coventri"], "did you mean 'area=coventry'"),
    ],
)
def test_a_misspelt_name_is_an_error_with_the_right_ones(explained, arguments, said):
    ended = explained.call("explain", *arguments)
    assert ended.status == 2
    assert said in ended.err


def test_it_is_logged_since_sums_are_restricted(office):
    office.call("explain", "criminal_damage")
    line = json.loads((office.survey() / "access.log").read_text().splitlines()[-1])
    assert line["command"] == "explain criminal_damage_problem 2027-Q2/2028-Q1 all=all"
