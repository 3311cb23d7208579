"""REINFORCE learns, repeats itself for a seed, and has the policy's gradient."""

from __future__ import annotations

import pytest

import autograd
from autograd.distributions import Categorical
from examples import cartpole, reinforce

pytest.importorskip("gymnasium")
pytestmark = pytest.mark.usefixtures("restored_seed")


def test_it_learns():
    autograd.manual_seed(0)
    returns = reinforce.train(cartpole.network(2), seed=0, steps=12)
    assert len(returns) == 12 * reinforce.BATCH
    assert cartpole.recent(returns, 16) > 2 * cartpole.recent(returns[:16], 16)


def test_a_seed_repeats_a_run(tmp_path, capsys, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(cartpole, "EPISODES", 5)  # of a test

    def run(seed: int) -> str:
        reinforce.main(["--steps", "1", "--seed", str(seed), "--out", str(tmp_path / "out")])
        return capsys.readouterr().out

    assert run(1) == run(1) != run(2)
    assert (tmp_path / "out" / "cartpole.png").is_file()


def test_the_action_that_was_followed_by_more_becomes_more_likely():
    autograd.manual_seed(0)
    network = cartpole.network(2)
    seen = autograd.randn(1, 4).expand(3, 4)
    long = cartpole.Episode(seen, autograd.tensor([1, 1]), autograd.ones(2), True)
    short = cartpole.Episode(seen[:2], autograd.tensor([0]), autograd.ones(1), True)

    def chance() -> float:
        return Categorical(logits=network(seen[0])).probs[1].item()

    before = chance()
    reinforce.surrogate(network, [long, long, short]).backward()
    with autograd.no_grad():
        for parameter in network.parameters():
            parameter -= 0.1 * parameter.grad
    assert chance() > before


def test_ctrl_c_ends_with_what_there_is(monkeypatch, capsys):
    def interrupted(environment, policy):
        raise KeyboardInterrupt

    monkeypatch.setattr(cartpole, "play", interrupted)
    assert reinforce.train(cartpole.network(2), seed=0, steps=5) == []
    assert "interrupted" in capsys.readouterr().err
