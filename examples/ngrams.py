"""N-grams of characters: what followed these before? The baseline of char_transformer."""

from __future__ import annotations

import math
from collections import Counter

MAX_ORDER = 6


class NGrams:
    """The chance of the next character after the last n - 1, for n = 1, 2, ..., MAX_ORDER.

    What followed them in the training text counts, and what the shorter (n - 1)-gram says counts
    as often as there are different followers (Witten and Bell, 1991). ``alphabet``: how many
    characters there are, also beyond those in ``text``.
    """

    def __init__(self, text: str, alphabet: int) -> None:
        self.alphabet = alphabet
        self.counts = Counter(
            text[end - length : end]
            for length in range(1, MAX_ORDER + 1)
            for end in range(length, len(text) + 1)
        )
        self.seen: Counter[str] = Counter()  # how often something followed a text
        self.followers: Counter[str] = Counter()  # how many different characters did
        for gram, count in self.counts.items():
            self.seen[gram[:-1]] += count
            self.followers[gram[:-1]] += 1

    def chances(self, text: str) -> list[float]:
        """Of the last character of ``text``, for each n."""
        chances = [1 / self.alphabet]
        for n in range(1, MAX_ORDER + 1):
            before = text[len(text) - n : -1]
            # Nothing seen: the shorter one's chance alone.
            followers, seen = self.followers[before] or 1, self.seen[before]
            count = self.counts[text[len(text) - n :]]
            chances.append((count + followers * chances[-1]) / (seen + followers))
        return chances[1:]

    def bits_per_character(self, text: str) -> list[float]:
        """Of ``text``, for each n."""
        ends = range(MAX_ORDER, len(text) + 1)
        bits = [
            [-math.log2(chance) for chance in self.chances(text[end - MAX_ORDER : end])]
            for end in ends
        ]
        return [sum(column) / len(ends) for column in zip(*bits)]
