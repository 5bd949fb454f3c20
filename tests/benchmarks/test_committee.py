"""Money at risk in demo worlds: none where none was planted, found where it was."""

from benchmarks.committee import Answer, answer

from bullseye.demo.truth import Effects


def answers(effect: float, worlds: int) -> list[Answer]:
    return [answer(seed, 2_000, Effects(role_effect=effect), None) for seed in range(worlds)]


def test_where_nothing_was_planted_nothing_is_found() -> None:
    found = answers(0.0, 12)
    assert all(each.told for each in found)
    assert sum(each.points_hold for each in found) >= 10
    assert sum(each.money_holds for each in found) >= 10
    assert abs(sum(each.points for each in found) / 12) < 0.03


def test_roles_of_today_would_find_much_where_there_is_nothing() -> None:
    found = answers(0.0, 4)
    assert min(each.naive for each in found) > 0.1
    assert not any(each.naive_holds for each in found)


def test_a_strong_effect_that_was_planted_is_told_from_none() -> None:
    found = answers(1.5, 4)
    assert sum(not each.points_hold for each in found) >= 3  # held against no effect
    assert min(each.points for each in found) > 0.05


def test_a_small_history_is_silent() -> None:
    assert not answer(0, 60, Effects(), None).told
