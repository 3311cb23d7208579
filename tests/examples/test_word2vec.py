"""The word vectors: pairs are what they should be, the loss falls, neighbours make sense."""

from __future__ import annotations

import pytest

import autograd
from examples import word2vec
from nn.functional import normalize

pytest.importorskip("matplotlib")
pytestmark = pytest.mark.usefixtures("restored_seed")


@pytest.fixture
def short(monkeypatch):
    """A text of two subjects that share no word."""
    pets = " ".join(["cat purrs dog barks cat dog"] * 60)
    ships = " ".join(["ship sails boat floats ship boat"] * 60)
    monkeypatch.setattr(word2vec, "topics", {"pets": pets, "ships": ships})
    monkeypatch.setattr(word2vec, "FREQUENT", 1.0)


def test_words_of_one_subject_come_to_be_near(short):
    autograd.manual_seed(0)
    text = word2vec.Text()
    model = word2vec.SkipGram(len(text.words))
    losses = word2vec.train(model, text, 10)
    assert losses[-1] < 0.8 * losses[0]
    vectors = normalize(model.word.weight.detach())
    assert set(word2vec.nearest(vectors, text, "cat", 3)) == {"dog", "purrs", "barks"}


def test_pairs_are_neighbours_both_ways(short):
    text = word2vec.Text()
    pairs = list(zip(*(each.tolist() for each in text.pairs().tensors)))
    numbers = text.text.tolist()
    distances = range(1, word2vec.WINDOW + 1)
    wanted = [(a, b) for d in distances for a, b in zip(numbers, numbers[d:])]
    assert sorted(pairs) == sorted(wanted + [(b, a) for a, b in wanted])


def test_frequent_words_are_thinned_out(short, monkeypatch):
    autograd.manual_seed(0)
    text = word2vec.Text()
    everything = len(text.pairs())
    monkeypatch.setattr(word2vec, "FREQUENT", 0.25 / len(text.words))
    assert 0.3 * everything < len(text.pairs()) < 0.7 * everything


def test_the_words_of_the_check_are_in_this_python_s_help():
    text = word2vec.Text()
    wanted = {*word2vec.SHOWN, *(word for pair in word2vec.PAIRS for word in pair)}
    assert wanted <= set(text.words)


def test_the_program_lists_and_draws(short, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(word2vec, "MAPPED", slice(0, 8))
    monkeypatch.setattr(word2vec, "SHOWN", ("cat", "ship"))
    word2vec.main(["--epochs", "2", "--out", str(tmp_path / "out")])
    captured = capsys.readouterr()
    assert "ship: " in captured.out
    assert captured.err == ""
    assert (tmp_path / "out" / "words.png").stat().st_size > 1000
