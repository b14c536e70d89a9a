"""Numbers, codes, months and days of a claim must stand in the sentences it quotes from."""

from datetime import date

import pytest

from shared.answers.details import unproved_details

_DAY = date(2026, 3, 5)  # a Thursday


def unproved(claim: str, *evidence: str, quotes: int = 1) -> list[str]:
    return unproved_details(claim, evidence, captured_on=[_DAY], quotes=quotes)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("It costs 180 euros.", "He charges 180 euros."),
        ("It costs 1250.50 euros.", "He charges 1,250.50 euros."),
        ("Custa 1.250,50.", "He charges 1,250.50 euros."),
        ("It is at 9.", "We meet at nine."),
        ("It is at 9:00.", "We meet at nine."),
        ("It is at 9:30.", "We meet at half past nine."),
        ("É às 7h30.", "A reunião é às 7:30."),
        ("There were 12 of them.", "Eram doze pessoas."),
        ("It was on 5 March 2026.", "The boiler broke today."),
        ("It is due on 12 April.", "Deadline 12/04."),
        ("É na segunda-feira.", "The plumber comes on Monday."),
        ("It is on Monday.", "É na segunda às nove."),
        ("The panel is B-12.", "Use panel B-12, not B-13."),
        ("The trail is 3km long.", "The trail is 3 km long."),
        ("You may call, in a second.", "Call him."),
        ("No detail at all.", "Whatever."),
    ],
)
def test_what_stands_in_the_evidence_is_believed(claim: str, evidence: str) -> None:
    assert unproved(claim, evidence) == []


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("It costs 900 euros.", "He charges 180 euros.", "900"),
        ("It costs 18 euros.", "He charges 180 euros.", "18"),
        ("It is at 10.", "We meet at nine.", "10"),
        ("It is due on 12 April.", "Deadline on the twelfth, or 12.", "april"),
        ("It is on Friday.", "The plumber comes on Monday.", "friday"),
        ("É no sábado.", "É na segunda às nove.", "sábado"),
        ("The panel is B-14.", "Use panel B-12, not B-13.", "14"),
        ("The code is PINEAPPLE-7731.", "They said week twelve.", "7731"),
    ],
)
def test_what_does_not_is_named(claim: str, evidence: str, wrong: str) -> None:
    assert wrong in unproved(claim, evidence)


def test_a_claim_may_count_its_quotes() -> None:
    assert unproved("You saw the dentist 3 times.", "Dentist again.", "Dentist.", "At the dentist.", quotes=3) == []
    assert unproved("You saw the dentist 7 times.", "Dentist again.", quotes=1) == ["7"]
