"""Deep Q-learning learns, repeats itself for a seed; its memory and its loss are as defined."""

from __future__ import annotations

import pytest

import autograd
import nn
from examples import cartpole, dqn

pytest.importorskip("gymnasium")
pytestmark = pytest.mark.usefixtures("restored_seed")


def episode(first: float, steps: int, has_failed: bool = True) -> cartpole.Episode:
    """An episode whose observations are ``first``, ``first + 1``, ..."""
    seen = (first + autograd.arange(steps + 1.0))[:, None].expand(steps + 1, 4)
    actions = autograd.arange(steps) % 2
    return cartpole.Episode(seen, actions, autograd.ones(steps), has_failed)


def test_it_learns():
    autograd.manual_seed(0)
    learner = dqn.Learner()
    returns = dqn.train(learner, seed=0, episodes=70)
    assert learner.learnt > 100
    assert cartpole.recent(returns, 5) > 2 * cartpole.recent(returns[:20], 20)


def test_a_seed_repeats_a_run(tmp_path, capsys, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(cartpole, "EPISODES", 5)  # of a test

    def run(seed: int) -> str:
        dqn.main(["--episodes", "5", "--seed", str(seed), "--out", str(tmp_path / "out")])
        return capsys.readouterr().out

    assert run(1) == run(1) != run(2)
    assert (tmp_path / "out" / "cartpole.png").is_file()


def test_the_memory_forgets_the_oldest(monkeypatch):
    monkeypatch.setattr(dqn, "CAPACITY", 5)
    autograd.manual_seed(0)
    memory = dqn.Memory()
    memory.add(episode(10, 3))
    assert set(memory.sample(99).observations[:, 0].tolist()) == {10, 11, 12}
    memory.add(episode(20, 4, has_failed=False))
    steps = memory.sample(99)
    assert set(steps.observations[:, 0].tolist()) == {12, 20, 21, 22, 23}
    assert (steps.following == steps.observations + 1).all()
    assert (steps.goes_on == (steps.observations[:, 0] != 12)).all()  # the only failure left
    assert steps.actions.dtype == autograd.int64


def test_the_target_is_the_reward_and_the_value_of_the_best_next_action():
    network, target = nn.Dense(4, 2), nn.Dense(4, 2)
    for model, scores in ((network, [1.0, 2.0]), (target, [50.0, 30.0])):
        nn.init.zeros_(model.weight)
        model.bias.data = autograd.tensor(scores)
    seen, actions = autograd.ones(2, 4), autograd.tensor([0, 0])
    goes_on = autograd.tensor([1.0, 0.0])
    steps = dqn.Steps(seen, actions, autograd.ones(2), seen, goes_on)
    # The network likes action 1, whose value the target says is 30; Q(., 0) is 1.
    wanted = ((1 + dqn.DISCOUNT * 30 - 1 - 0.5) + 0.0) / 2
    found = dqn.loss(network, target, steps)
    assert found.item() == pytest.approx(wanted, rel=1e-5)
    found.backward()
    assert target.bias.grad is None


def test_exploring_takes_random_actions_as_often_as_said():
    autograd.manual_seed(0)
    network = nn.Dense(4, 2)
    nn.init.zeros_(network.weight)
    network.bias.data = autograd.tensor([1.0, 0.0])
    policy = dqn.exploring(network, 0.5)
    ones = sum(policy(autograd.zeros(4)) for _ in range(1000))
    assert 200 < ones < 300
