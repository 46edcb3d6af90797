"""Where each cent of a visit goes: the golden cases, and what must hold whatever the numbers."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bookings.catalog.sharing import FeeShares, Shares, floor_of, share_fee, share_out

USUAL = {
    "worker": Fraction(95, 100),
    "operations": Fraction(3, 100),
    "reserve": Fraction(1, 100),
    "upkeep": Fraction(1, 100),
}
FLOOR = 2225


def test_135_dollars_are_128_25_for_the_worker_and_6_75_for_the_co_op() -> None:
    shares = share_out(13500, minutes={7: 210}, shares=USUAL, floor=FLOOR)
    assert shares == Shares({7: 12825}, {"operations": 405, "reserve": 135, "upkeep": 135}, {})


def test_132_dollars_are_shared_as_the_front_page_says() -> None:
    shares = share_out(13200, minutes={7: 210}, shares=USUAL, floor=FLOOR)
    assert shares == Shares({7: 12540}, {"operations": 396, "reserve": 132, "upkeep": 132}, {})


def test_a_crew_shares_by_the_minutes_of_each() -> None:
    shares = share_out(20000, minutes={3: 120, 5: 60}, shares=USUAL, floor=FLOOR)
    assert shares == Shares({3: 12667, 5: 6333}, {"operations": 600, "reserve": 200, "upkeep": 200}, {})


def test_a_price_of_23_42_an_hour_pays_exactly_the_floor() -> None:
    shares = share_out(2342, minutes={1: 60}, shares=USUAL, floor=FLOOR)
    assert shares.workers == {1: 2225}
    assert shares.topped_up == {}


def test_a_shift_below_the_floor_is_topped_up_by_operations_first() -> None:
    shares = share_out(2300, minutes={1: 60}, shares=USUAL, floor=FLOOR)
    assert shares == Shares({1: 2225}, {"operations": 29, "reserve": 23, "upkeep": 23}, {})


def test_then_the_reserve_and_the_upkeep_give_theirs() -> None:
    shares = share_out(2240, minutes={1: 60}, shares=USUAL, floor=FLOOR)
    assert shares == Shares({1: 2225}, {"operations": 0, "reserve": 0, "upkeep": 15}, {})


def test_what_is_still_short_comes_from_what_operations_has_in_hand() -> None:
    shares = share_out(2000, minutes={1: 60}, shares=USUAL, floor=FLOOR)
    assert shares == Shares({1: 2000}, {"operations": 0, "reserve": 0, "upkeep": 0}, {1: 225})


def test_the_floor_is_rounded_up_for_part_of_an_hour() -> None:
    assert floor_of(50, floor=2225) == 1855


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Fraction]:
    parts = draw(st.lists(st.integers(0, 1000), min_size=3, max_size=3))
    worker = draw(st.integers(1000, 10000))
    whole = worker + sum(parts)
    return {name: Fraction(part, whole) for name, part in zip(USUAL, [worker, *parts], strict=True)}


crews = st.dictionaries(st.integers(1, 10**6), st.integers(15, 720), min_size=1, max_size=6)


@given(st.integers(0, 10**7), crews, policies(), st.integers(1500, 10000))
def test_the_parts_are_the_price_and_nobody_is_below_the_floor(
    price: int, minutes: dict[int, int], shares: dict[str, Fraction], floor: int
) -> None:
    shared = share_out(price, minutes=minutes, shares=shares, floor=floor)
    assert sum(shared.workers.values()) + sum(shared.funds.values()) == price
    for shift, work in minutes.items():
        assert shared.workers[shift] + shared.topped_up.get(shift, 0) >= floor_of(work, floor=floor)
    assert min([*shared.workers.values(), *shared.funds.values()]) >= 0
    assert not shared.topped_up or not any(shared.funds.values())


@given(st.integers(0, 10**7), crews, policies())
def test_nobody_is_topped_up_further_than_the_floor(
    price: int, minutes: dict[int, int], shares: dict[str, Fraction]
) -> None:
    without = share_out(price, minutes=minutes, shares=shares, floor=0)
    topped = share_out(price, minutes=minutes, shares=shares, floor=FLOOR)
    for shift, work in minutes.items():
        got = topped.workers[shift] + topped.topped_up.get(shift, 0)
        assert got == max(without.workers[shift], floor_of(work, floor=FLOOR))


def test_a_fee_is_shared_like_a_price_among_those_who_lost_the_work() -> None:
    fee = share_fee(10000, minutes={8: 120, 7: 60}, vacant=0, shares=USUAL)
    assert fee == FeeShares({7: 3167, 8: 6333}, {"operations": 300, "reserve": 100, "upkeep": 100})
    assert fee.parts == [("worker", 9500), ("operations", 300), ("reserve", 100), ("upkeep", 100)]


def test_what_nobody_had_taken_on_is_the_reserves() -> None:
    fee = share_fee(10000, minutes={7: 60}, vacant=60, shares=USUAL)
    assert fee == FeeShares({7: 4750}, {"operations": 300, "reserve": 4850, "upkeep": 100})


def test_where_nobody_lost_anything_all_of_it_is_the_reserves() -> None:
    for vacant in (0, 210):
        fee = share_fee(10000, minutes={}, vacant=vacant, shares=USUAL)
        assert fee == FeeShares({}, {"operations": 300, "reserve": 9600, "upkeep": 100})
