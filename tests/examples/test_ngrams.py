"""N-grams: chances that sum to one, and use what was seen."""

from __future__ import annotations

import math

from examples.ngrams import MAX_ORDER, NGrams


def test_the_chances_of_n_grams_sum_to_one():
    ngrams = NGrams("abracadabra", alphabet=6)
    for before in ("abrac", "zzzab", "zzzzz"):
        chances = [ngrams.chances(before + character) for character in "abrcdx"]
        for each in zip(*chances):
            assert math.isclose(sum(each), 1)
    assert ngrams.chances("zzzabr")[2] > 0.8  # "ab" was always followed by "r"


def test_a_repetitive_text_needs_few_bits():
    text = "ab" * 1000
    bits = NGrams(text, alphabet=2).bits_per_character(text)
    assert len(bits) == MAX_ORDER
    assert 0.99 < bits[0] < 1.01
    assert max(bits[1:]) < 0.01
