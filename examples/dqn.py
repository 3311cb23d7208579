"""Learn to balance a pole by rating each action: deep Q-learning (Mnih et al., 2015).

A network learns Q(observation, action), the return to be expected after an action, from the steps
of past episodes in random order: ``Q = reward + discount * best Q of the next observation``.

python -m examples.dqn                      # some 150 episodes: a quarter of a minute
python -m examples.dqn --check              # fails unless the mean return of 100 games is >= 475

The returns and an episode are drawn in runs/dqn/cartpole.png.
"""

from __future__ import annotations

from typing import NamedTuple

from tqdm import tqdm

import autograd
import nn
import optim
from autograd import Tensor
from examples import cartpole, program

DISCOUNT = 0.99
CAPACITY = 20_000  # steps
BATCH = 128
EXPLORED, RANDOM = 4_000, 0.05  # after so many steps, only this share of actions is random
SYNCHRONISED = 100  # steps of the optimizer from one copy of the target network to the next
GAMES, ENOUGH = 20, 490.0  # what it has learnt is enough if so many games have this mean return


class Steps(NamedTuple):
    """N steps, of whatever episodes."""

    observations: Tensor  # (N, 4)
    actions: Tensor  # (N,) int64
    rewards: Tensor  # (N,)
    following: Tensor  # (N, 4), the next observations
    goes_on: Tensor  # (N,): 0 where the episode ended with a failure, else 1


class Memory:
    """The last ``CAPACITY`` steps.

    Learning from steps in random order is what lets a network learn at all: the steps of one
    episode resemble each other, and the network would forget all others.
    """

    def __init__(self) -> None:
        self.steps = Steps(
            observations=autograd.zeros(CAPACITY, 4),
            actions=autograd.zeros(CAPACITY, dtype=autograd.int64),
            rewards=autograd.zeros(CAPACITY),
            following=autograd.zeros(CAPACITY, 4),
            goes_on=autograd.zeros(CAPACITY),
        )
        self.seen = 0

    def add(self, episode: cartpole.Episode) -> None:
        """Remember an episode, and forget the oldest steps if there is no room left."""
        count = len(episode.actions)
        places = autograd.arange(self.seen, self.seen + count) % CAPACITY
        self.steps.observations[places] = episode.observations[:-1]
        self.steps.actions[places] = episode.actions
        self.steps.rewards[places] = episode.rewards
        self.steps.following[places] = episode.observations[1:]
        self.steps.goes_on[places] = 1.0
        if episode.has_failed:
            self.steps.goes_on[places[-1]] = 0.0
        self.seen += count

    def sample(self, count: int) -> Steps:
        """Any ``count`` of the steps."""
        chosen = autograd.randint(0, min(self.seen, CAPACITY), (count,))
        return Steps(*(each[chosen] for each in self.steps))


def exploring(network: nn.Module, chance: float) -> cartpole.Policy:
    """The policy that takes a random action by ``chance``, else the best one."""
    best = cartpole.greedy(network)

    def act(observation: Tensor) -> int:
        is_random = autograd.rand(()).item() < chance
        return int(autograd.randint(0, 2, ()).item()) if is_random else best(observation)

    return act


def loss(network: nn.Module, target: nn.Module, steps: Steps) -> Tensor:
    """How far Q is from the reward and the value of what follows.

    That value comes from ``target``, an older copy of the network: if it changed with each step of
    the optimizer, Q would run after itself. And the best action is chosen by the one network but
    valued by the other: the maximum of one takes its errors for value (van Hasselt et al., 2016).
    """
    with autograd.no_grad():
        best = network(steps.following).argmax(dim=1, keepdim=True)
        value = target(steps.following).gather(1, best).squeeze(1)
        wanted = steps.rewards + DISCOUNT * steps.goes_on * value
    estimated = network(steps.observations).gather(1, steps.actions[:, None]).squeeze(1)
    found: Tensor = nn.functional.smooth_l1_loss(estimated, wanted)
    return found


def rating() -> nn.Module:
    """A network for Q: from observations (..., 4) to the returns of both actions, (..., 2)."""
    return nn.Sequential(
        nn.Dense(4, 128), nn.ReLU(), nn.Dense(128, 128), nn.ReLU(), nn.Dense(128, 2)
    )


class Learner:
    """The network, its older copy, and what it learns from."""

    def __init__(self) -> None:
        self.network, self.target = rating(), rating()
        self.optimizer = optim.Adam(self.network.parameters(), lr=1e-3)
        self.memory = Memory()
        self.learnt = 0

    def policy(self) -> cartpole.Policy:
        """What to play to learn from it: random at first, soon nearly the best known."""
        chance = max(RANDOM, 1 - self.memory.seen / EXPLORED)
        return exploring(self.network, chance)

    def learn(self) -> None:
        """One step of the optimizer."""
        if self.learnt % SYNCHRONISED == 0:
            self.target.load_state_dict(self.network.state_dict())
        self.optimizer.zero_grad()
        loss(self.network, self.target, self.memory.sample(BATCH)).backward()
        self.optimizer.step()
        self.learnt += 1


def train(learner: Learner, seed: int, episodes: int) -> list[float]:
    """Play and learn until a test is solved; the return of each episode.

    To stop in time matters: with a memory full of successes the network forgets what failing is
    like, and gets worse again.
    """
    environment, tests = cartpole.environment(seed), cartpole.environment(seed + 1000)
    policy = cartpole.greedy(learner.network)
    returns: list[float] = []
    with (
        tqdm(range(episodes), unit=" episodes", leave=False, disable=None) as bar,
        program.interruptible("testing what has been learnt"),
    ):
        for _ in bar:
            episode = cartpole.play(environment, learner.policy())
            learner.memory.add(episode)
            for _ in range(len(episode.actions) // 2):
                learner.learn()
            returns.append(float(episode.rewards.sum().item()))
            bar.set_postfix(mean_return=f"{cartpole.recent(returns):.0f}", refresh=False)
            if not episode.has_failed and cartpole.mean_return(tests, policy, GAMES) >= ENOUGH:
                break
    return returns


def main(arguments: list[str] | None = None) -> None:
    """Train, test and plot as the command line says."""
    parser = program.options("dqn", __doc__.split("\n")[0], episodes=500)
    options = parser.parse_args(arguments)
    program.need("matplotlib")
    autograd.manual_seed(options.seed)
    learner = Learner()
    returns = train(learner, options.seed, options.episodes)
    cartpole.report(cartpole.greedy(learner.network), returns, options)


if __name__ == "__main__":
    program.run(main)
