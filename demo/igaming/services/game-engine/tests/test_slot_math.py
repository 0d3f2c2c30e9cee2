"""The mathematics keep what they promise."""

import random

import pytest

from game_engine.slot_math import GAMES, find_primes


@pytest.mark.parametrize("name", sorted(GAMES))
def test_return_to_player_is_fair_and_below_one(name: str) -> None:
    assert 0.85 < GAMES[name].return_to_player() < 1


@pytest.mark.parametrize("name", sorted(GAMES))
def test_seeded_rounds_pay_what_the_mathematics_promise(name: str) -> None:
    game, dice, round_count = GAMES[name], random.Random(1), 40_000

    paid = sum(game.win_factor(game.spin(dice)) for _ in range(round_count))

    standard_error = (float(game.win_variance()) / round_count) ** 0.5
    assert paid / round_count == pytest.approx(float(game.return_to_player()), abs=3 * standard_error)


def test_the_same_seed_gives_the_same_reels() -> None:
    game = GAMES["fruits"]
    first, second = random.Random(7), random.Random(7)
    assert [game.spin(first) for _ in range(20)] == [game.spin(second) for _ in range(20)]


def test_prime_search_counts_primes() -> None:
    assert find_primes(100) == 25
