"""The bill of docs/cost.md, and the reckoning of docs/scale.md: what stands there is what the code says."""

from dataclasses import replace

import pytest

from bench.cost.idle_bill import awake_hours, idle_bill, idle_polls
from bench.cost.line import Line, total
from bench.cost.prices import PRICES
from bench.cost.session_bill import session_bill
from bench.cost.stages import DEV, PROD
from bench.cost.tables import TABLES
from bench.scale.limits import limits
from bench.scale.run import USERS, days_table, tables
from bench.tables_in_page import page_of, places, with_tables


def test_the_page_of_costs_shows_what_the_code_reckons() -> None:
    page = page_of("cost").read_text()
    assert sorted(places(page)) == sorted(TABLES)
    assert with_tables(page, TABLES) == page, "`make cost WRITE=1` writes it anew"


def test_the_page_of_scale_shows_what_the_code_reckons_and_simulates() -> None:
    page = page_of("scale").read_text()
    assert sorted(places(page)) == sorted(tables())
    reckoned = {name: tables()[name] for name in ("steps", "connections", "limits")}
    for name, make in reckoned.items():
        assert make() in page, f"`python -m bench scale --write` writes {name} anew"
    for as_given in (True, False):
        assert days_table(USERS[:2], as_given=as_given).splitlines()[-1] in page.splitlines()


def test_a_free_allowance_is_taken_once_from_all_lines_of_its_price() -> None:
    lines = [Line(what="one", quantity=8, price="alarm"), Line(what="two", quantity=7, price="alarm")]
    assert total(lines) == pytest.approx(15 * PRICES["alarm"].dollars)
    assert total(lines, is_free_tier_used=True) == pytest.approx(5 * PRICES["alarm"].dollars)


def test_five_pollers_of_a_mapping_ask_648_000_times_in_a_month_of_thirty_days() -> None:
    assert idle_polls(replace(PROD, mappings=1)) * 720 / 730 == pytest.approx(648_000)


def test_a_database_rests_only_where_no_schedule_is_quicker_than_its_patience() -> None:
    assert awake_hours(PROD, 300) == pytest.approx(730)
    assert awake_hours(replace(PROD, slowest_schedule_seconds=3_600), 300) == pytest.approx(730 / 12)


def test_with_every_switch_turned_dev_idles_for_a_dollar_or_two() -> None:
    stage = replace(DEV, database="free", pollers=2)
    assert 1 <= total(idle_bill(stage), is_free_tier_used=True) <= 2


def test_ten_thousand_sessions_cost_ten_times_a_thousand() -> None:
    assert total(session_bill(10_000)) == pytest.approx(10 * total(session_bill(1_000)))


def test_what_breaks_first_stands_first() -> None:
    reached = [limit.breaks_at_users() for limit in limits()]
    assert reached == sorted(reached)
    assert all(limit.share(limit.breaks_at_users()) == pytest.approx(1) for limit in limits())
