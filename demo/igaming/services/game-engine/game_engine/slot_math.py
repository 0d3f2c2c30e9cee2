"""Slot mathematics: three reels, a paytable, a return to player that is known exactly."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from types import MappingProxyType
from typing import Final

REEL_COUNT: Final = 3


@dataclass(frozen=True, slots=True)
class Game:
    """Weights of the symbols on every reel, and what three alike pay (in bets)."""

    name: str
    weights: Mapping[str, int]
    pays: Mapping[str, int]

    def return_to_player(self) -> Fraction:
        """Return what is paid out per unit bet in the long run, by adding up every outcome."""
        total = sum(self.weights.values()) ** REEL_COUNT
        paid = sum(
            self._ways(reels) * self.win_factor(reels) for reels in product(self.weights, repeat=REEL_COUNT)
        )
        return Fraction(paid, total)

    def win_variance(self) -> Fraction:
        """Return the variance of the win of one round with a bet of one."""
        total = sum(self.weights.values()) ** REEL_COUNT
        squares = sum(
            self._ways(reels) * self.win_factor(reels) ** 2
            for reels in product(self.weights, repeat=REEL_COUNT)
        )
        return Fraction(squares, total) - self.return_to_player() ** 2

    def win_factor(self, reels: tuple[str, ...]) -> int:
        """Return how many bets a result pays: three alike by the table, two cherries the bet."""
        first = reels[0]
        if all(symbol == first for symbol in reels):
            return self.pays[first]
        return 1 if reels[:2] == ("cherry", "cherry") else 0

    def spin(self, dice: random.Random) -> tuple[str, ...]:
        """Stop the reels; the same dice give the same reels."""
        symbols = list(self.weights)
        return tuple(dice.choices(symbols, weights=list(self.weights.values()), k=REEL_COUNT))

    def _ways(self, reels: tuple[str, ...]) -> int:
        ways = 1
        for symbol in reels:
            ways *= self.weights[symbol]
        return ways


GAMES: Final[Mapping[str, Game]] = MappingProxyType(
    {
        game.name: game
        for game in (
            Game(
                "fruits",
                weights=MappingProxyType({"cherry": 5, "lemon": 4, "orange": 3, "bell": 2, "seven": 1}),
                pays=MappingProxyType({"cherry": 8, "lemon": 12, "orange": 22, "bell": 50, "seven": 190}),
            ),
            Game(
                "pyramids",
                weights=MappingProxyType({"cherry": 3, "scarab": 5, "eye": 4, "pharaoh": 1}),
                pays=MappingProxyType({"cherry": 10, "scarab": 8, "eye": 9, "pharaoh": 145}),
            ),
        )
    }
)


def find_primes(below: int) -> int:
    """Count primes the slow way: this is the intensive calculation, meant to burn the processor."""
    found = 0
    for candidate in range(2, below):
        divisor = 2
        while divisor * divisor <= candidate:
            if candidate % divisor == 0:
                break
            divisor += 1
        else:
            found += 1
    return found
