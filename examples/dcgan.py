"""Two networks compete, and one of them learns to write digits: a generative adversarial network.

A generator makes an image of random numbers and of the digit to be written; a discriminator tells
such images from those of MNIST, and the generator is trained to deceive it (Goodfellow et al.,
2014; with classes: Mirza and Osindero, 2014). Both are convolutional, the generator with transposed
convolutions and batch norm (DCGAN: Radford et al., 2016), or both are multilayer perceptrons: see
examples/adversaries.py. The losses of such a pair say little, for one network's gain is the other
one's loss. So a third one, the classifier of examples.mnist, is asked which digits the samples
show: what counts is for how many it is sure, by p > 0.9, that it is the one that was to be written.

python -m examples.dcgan                    # trains, and draws samples at each test
python -m examples.dcgan --model mlp        # perceptrons
python -m examples.dcgan --resume           # goes on after Ctrl-C, with the same result
python -m examples.dcgan --steps 20         # a short form

Result: at least 80 % of the samples are recognised (convolutional: 96 %, perceptrons: 85 %), of the
test images 95 %, in two minutes.
"""

from __future__ import annotations

import argparse
from functools import partial
from itertools import chain, repeat

from tqdm import trange

import autograd
import nn
import optim
from autograd import Tensor
from examples import digits, program
from examples.adversaries import MODELS
from examples.recognition import recognised, trained_classifier
from nn import functional as F
from nn.data import DataLoader, TensorDataset
from nn.utils.swa_utils import AveragedModel, get_ema_multi_avg_fn

STEPS, TEST_EVERY = 3000, 500
BATCH = 64
NOISE = 20  # how many random numbers go into an image
RATES = {"cnn": 1e-3, "mlp": 5e-4}
DECAY = 0.995  # of the running average of the generator


class Competition:
    """The two networks, and an optimizer for each.

    The samples come from a running average of the generator, which dances to and fro around it.
    """

    def __init__(self, model: str) -> None:
        self.generator, self.discriminator = MODELS[model](NOISE + 10)
        average = get_ema_multi_avg_fn(DECAY)
        self.average = AveragedModel(self.generator, multi_avg_fn=average, use_buffers=True).eval()
        adam = partial(optim.Adam, lr=RATES[model], betas=(0.5, 0.999))
        self.generating = adam(self.generator.parameters())
        self.judging = adam(self.discriminator.parameters())

    def step(self, real: Tensor, labels: Tensor) -> None:
        """Train the discriminator on ``real`` images and as many made ones, then the generator."""
        made = self.generator(ingredients(labels))
        self.judging.zero_grad()
        # Detached: the generator is not to learn from what helps the discriminator.
        found_real, found_made = self.judged(real, labels), self.judged(made.detach(), labels)
        (surprise(found_real) + surprise(-found_made)).backward()
        self.judging.step()
        self.generating.zero_grad()
        surprise(self.judged(made, labels)).backward()
        self.generating.step()
        self.average.update_parameters(self.generator)

    def judged(self, images: Tensor, labels: Tensor) -> Tensor:
        """The scores of ``images`` as real ones of the digits ``labels``: (N, 1)."""
        scores: Tensor = self.discriminator(images).gather(1, labels[:, None])
        return scores

    @autograd.no_grad()
    def samples(self, labels: Tensor) -> Tensor:
        """New images of the digits ``labels``, within (0, 1)."""
        images: Tensor = (self.average(ingredients(labels)) + 1) / 2
        return images


def ingredients(labels: Tensor) -> Tensor:
    """What the generator makes images of: random numbers, and the digit as ten zeros and ones."""
    chosen = F.one_hot(labels, 10).float()
    joined: Tensor = autograd.cat([autograd.randn(len(labels), NOISE), chosen], dim=1)
    return joined


def surprise(scores: Tensor) -> Tensor:
    """-log(the chance that images are real), of which ``scores`` are the logits; the mean.

    The generator lowers it, too: it is steep where the discriminator sees through everything,
    unlike the logarithm of the other chance, which it might raise (Goodfellow et al., 2014).
    """
    mean: Tensor = F.softplus(-scores).mean()
    return mean


def train(
    options: argparse.Namespace, competition: Competition, data: TensorDataset, judge: nn.Module
) -> float:
    """Train; test, draw and save every ``TEST_EVERY`` steps. Returns the last test's result."""
    loader: DataLoader[list[Tensor]] = DataLoader(data, BATCH, shuffle=True, drop_last=True)
    folder = f"checkpoints-{options.model}"
    log = program.Log(options, folder, **vars(competition), loader=loader)
    labels = autograd.arange(1000) % 10
    steps = trange(log.done + 1, options.steps + 1, disable=None)
    for step, batch in zip(steps, chain.from_iterable(repeat(loader))):
        competition.step(*batch)
        if step % TEST_EVERY == 0 or step == options.steps:
            samples = competition.samples(labels)
            share = recognised(judge, samples, labels)
            program.save_images(samples[:100], options.out / f"{options.model}.png", columns=20)
            log.add(step, share, f"step {step:4}: {share:.1%} of the samples are recognised")
    return float(log.results[-1])


def main(arguments: list[str] | None = None) -> None:
    """Train the classifier, then the competitors."""
    description = "Two networks compete, and one learns to write digits."
    parser = program.options("dcgan", description, resumable=True, steps=STEPS)
    parser.add_argument("--model", choices=MODELS, default="cnn", help="default: cnn")
    options = parser.parse_args(arguments)
    program.need("matplotlib")
    autograd.manual_seed(options.seed)
    images, labels = digits.tensors(digits.DATA, "train")
    judge = trained_classifier(images, labels, options.steps)
    real = recognised(judge, *digits.tensors(digits.DATA, "t10k"))
    print(f"{real:.1%} of the test images are recognised", flush=True)
    data = TensorDataset(images * 2 - 1, labels)  # within (-1, 1), as what the generator makes
    with program.resumable():
        share = train(options, Competition(options.model), data, judge)
    if options.check:
        program.check(share >= 0.8, f"{share:.1%} of the samples are recognised, at least 80 %")


if __name__ == "__main__":
    program.run(main)
