"""The transformer: it looks at all that came before, and not ahead."""

from __future__ import annotations

import pytest

import autograd
from examples.transformer import Transformer

pytestmark = pytest.mark.usefixtures("restored_seed")


def test_the_model_does_not_look_ahead():
    autograd.manual_seed(0)
    model = Transformer(5, context=10, width=16, heads=2, layers=2, dropout=0.1).eval()
    text = autograd.randint(0, 5, (1, 10))
    other = text.clone()
    other[0, 6] = (text[0, 6] + 1) % 5
    same = (model(text) == model(other)).all(-1)[0]
    assert same[:6].all()
    assert not same[6:].any()
