"""The three programs that balance a pole share episodes, policies and a report."""

from __future__ import annotations

import pytest

import autograd
import nn
from autograd import Tensor
from examples import cartpole, program

pytest.importorskip("gymnasium")


def lean(observation: Tensor) -> int:
    """A policy that pushes the cart to where the pole leans: it stands for some 40 steps."""
    return int(observation[2].item() > 0)


def test_an_episode_has_one_observation_more_than_actions():
    episode = cartpole.play(cartpole.environment(0), lean)
    steps = len(episode.actions)
    assert 20 < steps < 100
    assert episode.observations.shape == (steps + 1, 4)
    assert episode.rewards.sum().item() == steps
    assert episode.has_failed
    assert abs(episode.observations[-1, 2].item()) > 0.209  # 12 degrees, where it has fallen
    assert (episode.observations[:-1, 2].abs() < 0.21).all()
    assert episode.actions.tolist() == [lean(each) for each in episode.observations[:-1]]


def test_an_episode_ends_when_time_is_up():
    def hold(observation: Tensor) -> int:
        weights = autograd.tensor([0.1, 0.3, 3.0, 1.0])  # position, too: the cart stays
        return int((observation @ weights).item() > 0)

    episode = cartpole.play(cartpole.environment(0), hold)
    assert len(episode.actions) == 500
    assert not episode.has_failed


def test_a_seed_repeats_an_environment():
    def starts(seed: int) -> list[list[float]]:
        environment = cartpole.environment(seed)
        return [cartpole.play(environment, lean).observations[0].tolist() for _ in range(2)]

    assert starts(1) == starts(1) != starts(2)
    assert starts(1)[0] != starts(1)[1]


def test_what_is_discounted():
    sums = cartpole.discounted(autograd.tensor([1.0, 2.0, 4.0]), 0.5)
    assert sums.tolist() == [3.0, 4.0, 4.0]


def test_policies_follow_their_scores(restored_seed):
    autograd.manual_seed(0)
    logits = nn.Dense(4, 2)
    nn.init.zeros_(logits.weight)
    logits.bias.data = autograd.tensor([0.25, 0.75]).log()
    greedy, sampling = cartpole.greedy(logits), cartpole.sampling(logits)
    assert {greedy(autograd.zeros(4)) for _ in range(9)} == {1}
    ones = sum(sampling(autograd.zeros(4)) for _ in range(1000))
    assert 700 < ones < 800


@pytest.mark.parametrize(("last", "is_solved"), [(475.0, True), (474.0, False)])
def test_what_is_solved(last, is_solved):
    assert cartpole.is_solved([1.0] * 50 + [last] * 100) == is_solved
    assert not cartpole.is_solved([500.0] * 99)


def test_the_report_fails_for_a_bad_policy(tmp_path, capsys):
    pytest.importorskip("matplotlib")
    parser = program.options("cartpole", "a test", episodes=1)
    options = parser.parse_args(["--out", str(tmp_path / "out"), "--check"])
    with pytest.raises(SystemExit):
        cartpole.report(lean, [10.0, 20.0], options)
    assert "NOT REACHED" in capsys.readouterr().out
    assert (tmp_path / "out" / "cartpole.png").stat().st_size > 1000


@pytest.fixture
def restored_seed():
    state = autograd.get_rng_state()
    yield
    autograd.set_rng_state(state)
