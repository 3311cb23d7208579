"""Learn to balance a pole with an actor and a critic: advantage actor-critic (Mnih et al., 2016).

As in reinforce the actor's chances rise for actions that turned out better than expected. What was
to be expected says the critic, a second network that learns the return from each observation on.

python -m examples.actor_critic             # some 450 episodes: half a minute
python -m examples.actor_critic --check     # fails unless the mean return of 100 games is >= 475

The returns and an episode are drawn in runs/actor_critic/cartpole.png.
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
DECAY = 0.95  # lambda: 0 trusts the critic after one step, 1 only the rewards
ENTROPY = 0.01  # how much a policy that still tries both actions is worth


class ActorCritic(nn.Module):
    """A policy and what it expects: the logits of the actions (..., 2) and the values (...)."""

    def __init__(self) -> None:
        self.actor = cartpole.network(2)
        self.critic = cartpole.network(1)

    def forward(self, observations: Tensor) -> tuple[Tensor, Tensor]:
        """The logits and the values."""
        return self.actor(observations), self.critic(observations).squeeze(-1)


def advantages(values: Tensor, episode: cartpole.Episode) -> Tensor:
    """How much better than ``values`` (T + 1,) it went on from each step: (T,), no gradient.

    The generalised advantage estimate (Schulman et al., 2016): the discounted sum of the temporal
    differences ``reward + discount * next_value - value``.
    """
    values = values.detach().clone()
    if episode.has_failed:
        values[-1] = 0  # nothing follows; but when time was up, it would have gone on
    differences = episode.rewards + DISCOUNT * values[1:] - values[:-1]
    return cartpole.discounted(differences, DISCOUNT * DECAY)


def loss(network: ActorCritic, episode: cartpole.Episode) -> Tensor:
    """The actor's loss, the critic's, and the entropy, which keeps the actor from settling early.

    The advantages are constants: the actor must not make the critic expect less.
    """
    logits, values = network(episode.observations)
    policy = Categorical(logits=logits[:-1])
    better = advantages(values, episode)
    actor = -(policy.log_prob(episode.actions) * better).mean()
    critic = nn.functional.smooth_l1_loss(values[:-1], values[:-1].detach() + better)
    total: Tensor = actor + critic - ENTROPY * policy.entropy().mean()
    return total


def train(network: ActorCritic, seed: int, episodes: int) -> list[float]:
    """Play and learn until the last 100 episodes are solved; the return of each episode."""
    environment = cartpole.environment(seed)
    policy = cartpole.sampling(network.actor)
    optimizer = optim.Adam(network.parameters(), lr=3e-3)
    returns: list[float] = []
    with (
        tqdm(range(episodes), unit=" episodes", leave=False, disable=None) as bar,
        program.interruptible("testing what has been learnt"),
    ):
        for _ in bar:
            episode = cartpole.play(environment, policy)
            optimizer.zero_grad()
            loss(network, episode).backward()
            optimizer.step()
            returns.append(float(episode.rewards.sum().item()))
            bar.set_postfix(mean_return=f"{cartpole.recent(returns):.0f}", refresh=False)
            if cartpole.is_solved(returns):
                break
    return returns


def main(arguments: list[str] | None = None) -> None:
    """Train, test and plot as the command line says."""
    parser = program.options("actor_critic", __doc__.split("\n")[0], episodes=1000)
    options = parser.parse_args(arguments)
    program.need("matplotlib")
    autograd.manual_seed(options.seed)
    network = ActorCritic()
    returns = train(network, options.seed, options.episodes)
    cartpole.report(cartpole.greedy(network.actor), returns, options)


if __name__ == "__main__":
    program.run(main)
