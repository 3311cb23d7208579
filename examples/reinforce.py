"""Learn to balance a pole from nothing but rewards: REINFORCE (Williams, 1992).

A network gives each action a chance. It plays; then the chances of the actions that were followed
by more reward than usual are raised, those of the others lowered.

python -m examples.reinforce                # some 400 episodes: half a minute
python -m examples.reinforce --check        # fails unless the mean return of 100 games is >= 475

The returns and an episode are drawn in runs/reinforce/cartpole.png.
"""

from __future__ import annotations

from tqdm import tqdm

import autograd
import nn
import optim
from autograd import Tensor
from autograd.distributions import Categorical
from examples import cartpole, program

DISCOUNT = 0.99
BATCH = 8  # episodes for one step of the optimizer


def surrogate(network: nn.Module, episodes: list[cartpole.Episode]) -> Tensor:
    """What has the policy gradient as its gradient: ``-mean(log_prob(action) * advantage)``.

    A return can't be differentiated, it comes out of a game; but the gradient of its expectation is
    the expectation of ``grad(log_prob(action)) * return`` (Williams, 1992). Of the return only what
    comes after an action counts, for the action had no influence on the rest.
    """
    observations = autograd.cat([episode.observations[:-1] for episode in episodes])
    actions = autograd.cat([episode.actions for episode in episodes])
    returns = autograd.cat([cartpole.discounted(each.rewards, DISCOUNT) for each in episodes])
    # The mean as a baseline leaves the expected gradient as it is and makes it far less noisy. The
    # division makes steps for returns of 20 and of 500 alike.
    advantages = (returns - returns.mean()) / (returns.std() + 1e-6)
    log_probs = Categorical(logits=network(observations)).log_prob(actions)
    loss: Tensor = -(log_probs * advantages).mean()
    return loss


def train(network: nn.Module, seed: int, steps: int) -> list[float]:
    """Play and learn until the last 100 episodes are solved; the return of each episode."""
    environment = cartpole.environment(seed)
    policy = cartpole.sampling(network)
    optimizer = optim.Adam(network.parameters(), lr=5e-3)
    returns: list[float] = []
    with (
        tqdm(range(steps), unit=" steps", leave=False, disable=None) as bar,
        program.interruptible("testing what has been learnt"),
    ):
        for _ in bar:
            episodes = [cartpole.play(environment, policy) for _ in range(BATCH)]
            optimizer.zero_grad()
            surrogate(network, episodes).backward()
            optimizer.step()
            returns += [float(episode.rewards.sum().item()) for episode in episodes]
            bar.set_postfix(mean_return=f"{cartpole.recent(returns):.0f}", refresh=False)
            if cartpole.is_solved(returns):
                break
    return returns


def main(arguments: list[str] | None = None) -> None:
    """Train, test and plot as the command line says."""
    parser = program.options("reinforce", __doc__.split("\n")[0], steps=150)
    options = parser.parse_args(arguments)
    program.need("matplotlib")
    autograd.manual_seed(options.seed)
    network = cartpole.network(2)
    returns = train(network, options.seed, options.steps)
    cartpole.report(cartpole.greedy(network), returns, options)


if __name__ == "__main__":
    program.run(main)
