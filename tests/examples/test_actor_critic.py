"""The actor-critic learns, repeats itself for a seed, and estimates advantages as defined."""

from __future__ import annotations

import pytest

import autograd
from examples import actor_critic, cartpole

pytest.importorskip("gymnasium")
pytestmark = pytest.mark.usefixtures("restored_seed")


def test_it_learns():
    autograd.manual_seed(1)
    network = actor_critic.ActorCritic()
    returns = actor_critic.train(network, seed=1, episodes=90)
    assert len(returns) == 90
    assert cartpole.recent(returns, 20) > 2 * cartpole.recent(returns[:20], 20)


def test_a_seed_repeats_a_run(tmp_path, capsys, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(cartpole, "EPISODES", 5)  # of a test

    def run(seed: int) -> str:
        actor_critic.main(["--episodes", "5", "--seed", str(seed), "--out", str(tmp_path / "out")])
        return capsys.readouterr().out

    assert run(1) == run(1) != run(2)
    assert (tmp_path / "out" / "cartpole.png").is_file()


@pytest.mark.parametrize("has_failed", [True, False])
def test_advantages_are_sums_of_temporal_differences(has_failed):
    values = autograd.tensor([3.0, 2.0, 5.0], requires_grad=True)
    rewards = autograd.tensor([1.0, 1.0])
    episode = cartpole.Episode(autograd.zeros(3, 4), autograd.tensor([0, 1]), rewards, has_failed)
    found = actor_critic.advantages(values, episode)
    discount, decay = actor_critic.DISCOUNT, actor_critic.DECAY
    last = 1 + discount * (0 if has_failed else 5.0) - 2
    first = 1 + discount * 2 - 3 + discount * decay * last
    assert autograd.allclose(found, autograd.tensor([first, last]))
    assert not found.requires_grad
    assert values.tolist() == [3.0, 2.0, 5.0]  # as they were


def test_the_critic_learns_the_advantage_and_not_the_actor_the_value():
    autograd.manual_seed(0)
    network = actor_critic.ActorCritic()
    episode = cartpole.play(cartpole.environment(0), cartpole.greedy(network.actor))
    actor_critic.loss(network, episode).backward()
    with autograd.no_grad():
        values = network(episode.observations)[1]
    better = actor_critic.advantages(values, episode)
    # The last layer's bias is added to all values: its gradient is that of the mean error.
    slope = -better.clamp(-1, 1).mean()
    assert autograd.allclose(network.critic[-1].bias.grad[0], slope, rtol=1e-4)
