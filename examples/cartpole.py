"""The pole that reinforce, actor_critic and dqn learn to balance: episodes, tests, plots.

The environment is gymnasium's CartPole-v1 (after Barto, Sutton & Anderson, 1983). It shows four
numbers: the cart's position and velocity, the pole's angle and angular velocity. There are two
actions, a push to the left (0) or to the right (1), and a reward of 1 for each step. An episode
ends when the pole falls or the cart leaves the track, and in any case after 500 steps.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import autograd
import nn
from autograd import Tensor
from autograd.distributions import Categorical
from examples import program

SOLVED = 475.0  # the mean return of 100 episodes from which on CartPole-v1 counts as solved
EPISODES = 100

Policy = Callable[[Tensor], int]  # an action for an observation (4,)


class Episode(NamedTuple):
    """What was seen and done in T steps."""

    observations: Tensor  # (T + 1, 4), with the one after the last action
    actions: Tensor  # (T,) int64
    rewards: Tensor  # (T,)
    has_failed: bool  # False: time was up while the pole still stood


def environment(seed: int) -> Any:
    """CartPole-v1, whose starts (a pole that leans a little) follow from ``seed``."""
    made = program.need("gymnasium").make("CartPole-v1")
    made.reset(seed=seed)  # later resets go on with the generator that this one seeds
    return made


def network(outputs: int) -> nn.Module:
    """A network from observations (..., 4) to (..., outputs)."""
    return nn.Sequential(
        nn.Dense(4, 64), nn.Tanh(), nn.Dense(64, 64), nn.Tanh(), nn.Dense(64, outputs)
    )


def play(environment: Any, policy: Policy) -> Episode:
    """One episode."""
    observation, _ = environment.reset()
    observations, actions, rewards = [observation], [], []
    has_failed = is_over = False
    while not (has_failed or is_over):
        actions.append(policy(autograd.from_numpy(observation)))
        observation, reward, has_failed, is_over, _ = environment.step(actions[-1])
        observations.append(observation)
        rewards.append(reward)
    seen = autograd.stack([autograd.from_numpy(one) for one in observations])
    return Episode(seen, autograd.tensor(actions), autograd.tensor(rewards), has_failed)


def discounted(rewards: Tensor, discount: float) -> Tensor:
    """For each step t the sum of ``discount**k * rewards[t + k]``: (T,), no gradient."""
    sums, following = [], 0.0
    for reward in reversed(rewards.tolist()):
        following = reward + discount * following
        sums.append(following)
    result: Tensor = autograd.tensor(sums[::-1])
    return result


def greedy(scores: nn.Module) -> Policy:
    """The policy that takes the action of the highest score."""

    def act(observation: Tensor) -> int:
        with autograd.no_grad():
            return int(scores(observation).argmax().item())

    return act


def sampling(logits: nn.Module) -> Policy:
    """The policy that draws an action with the chances which the logits stand for."""

    def act(observation: Tensor) -> int:
        with autograd.no_grad():
            return int(Categorical(logits=logits(observation)).sample().item())

    return act


def recent(returns: list[float], count: int = 20) -> float:
    """The mean of the last ``count`` returns."""
    last = returns[-count:]
    return sum(last) / len(last)


def is_solved(returns: list[float]) -> bool:
    """Whether the last 100 episodes have a mean return of 475 or more."""
    return len(returns) >= EPISODES and recent(returns, EPISODES) >= SOLVED


def mean_return(environment: Any, policy: Policy, episodes: int) -> float:
    """The mean return of ``policy`` in so many episodes."""
    steps = [len(play(environment, policy).actions) for _ in range(episodes)]
    return sum(steps) / episodes  # for the reward of each step is 1


def report(policy: Policy, returns: list[float], options: argparse.Namespace) -> None:
    """Test ``policy`` on 100 new episodes, plot it and the ``returns`` of the training."""
    mean = mean_return(environment(options.seed + 1_000_000), policy, EPISODES)
    print(f"{len(returns)} episodes of training; mean return of {EPISODES} new ones: {mean:.1f}")
    plot(returns, policy, options.out / "cartpole.png")
    if options.check:
        program.check(mean >= SOLVED, f"mean return of {EPISODES} episodes at least {SOLVED:.0f}")


def plot(returns: list[float], policy: Policy, path: Path) -> None:
    """Draw the return of each episode of the training, and one episode of ``policy``."""
    figure, (left, right) = program.pyplot().subplots(1, 2, figsize=(10, 4), layout="constrained")
    means = [recent(returns[: end + 1]) for end in range(len(returns))]
    left.plot(returns, ".", color="lightgrey", markersize=3, label="one episode")
    left.plot(means, label="mean of the last 20")
    left.axhline(SOLVED, color="grey", linestyle=":", label=f"solved: {SOLVED:.0f}")
    left.set(title="learning", xlabel="episode", ylabel="return")
    left.legend()
    position, _, angle, _ = play(environment(0), policy).observations.numpy().T
    right.plot(position, label="cart's position")
    right.plot(angle, label="pole's angle (rad)")
    right.set(title="an episode with the result", xlabel="step")
    right.legend()
    program.save(figure, path)
