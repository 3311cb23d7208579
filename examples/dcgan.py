"""Two networks compete, and one of them learns to write digits: a generative adversarial network.

A generator makes an image of random numbers and of the digit to be written; a discriminator tells
such images from those of MNIST, and the generator is trained to deceive it (Goodfellow et al.,
2014; with classes: Mirza and Osindero, 2014). Both are convolutional, the generator with transposed
convolutions and batch norm (DCGAN: Radford et al., 2016), or both are multilayer perceptrons. The
losses of such a pair say little, for one network's gain is the other one's loss. So a third one,
the classifier of examples.mnist, is asked which digits the samples show: what counts is for how
many it is sure, by p > 0.9, that it is the one that was to be written.

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

from tqdm import tqdm, trange

import autograd
import nn
import optim
from autograd import Tensor
from examples import mnist, program
from examples.recognition import recognised, trained_classifier
from nn import functional as F
from nn.data import DataLoader, TensorDataset
from nn.utils.swa_utils import AveragedModel, get_ema_multi_avg_fn

STEPS, TEST_EVERY = 3000, 500
BATCH = 64
NOISE = 20  # how many random numbers go into an image
RATES = {"cnn": 1e-3, "mlp": 5e-4}
DECAY = 0.995  # of the running average of the generator


def convolutional() -> tuple[nn.Module, nn.Module]:
    """Generator (N, NOISE + 10) -> (N, 1, 28, 28) within (-1, 1), and discriminator -> (N, 10).

    The discriminator's ten scores are those of an image as a real 0, as a real 1, and so on.
    """
    generator = nn.Sequential(
        nn.Dense(NOISE + 10, 32 * 7 * 7),
        nn.Unflatten(1, (32, 7, 7)),
        nn.BatchNorm2D(32),
        nn.ReLU(),
        nn.ConvTranspose2D(32, 16, 4, stride=2, padding=1),  # 14 x 14
        nn.BatchNorm2D(16),
        nn.ReLU(),
        nn.ConvTranspose2D(16, 1, 4, stride=2, padding=1),  # 28 x 28
        nn.Tanh(),
    )
    discriminator = nn.Sequential(
        nn.Conv2D(1, 16, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.Conv2D(16, 32, 4, stride=2, padding=1),
        nn.BatchNorm2D(32),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Dense(32 * 7 * 7, 10),
    )
    return generator, discriminator


def perceptrons() -> tuple[nn.Module, nn.Module]:
    """The same without convolutions."""
    generator = nn.Sequential(
        nn.Dense(NOISE + 10, 256),
        nn.BatchNorm1D(256),
        nn.ReLU(),
        nn.Dense(256, 512),
        nn.BatchNorm1D(512),
        nn.ReLU(),
        nn.Dense(512, 784),
        nn.Tanh(),
        nn.Unflatten(1, (1, 28, 28)),
    )
    discriminator = nn.Sequential(
        nn.Flatten(),
        nn.Dense(784, 512),
        nn.LeakyReLU(0.2),
        nn.Dropout(0.3),
        nn.Dense(512, 256),
        nn.LeakyReLU(0.2),
        nn.Dropout(0.3),
        nn.Dense(256, 10),
    )
    return generator, discriminator


MODELS = {"cnn": convolutional, "mlp": perceptrons}


class Competition:
    """The two networks, and an optimizer for each.

    The samples come from a running average of the generator, which dances to and fro around it.
    """

    def __init__(self, model: str) -> None:
        self.generator, self.discriminator = MODELS[model]()
        average = get_ema_multi_avg_fn(DECAY)
        self.average = AveragedModel(self.generator, multi_avg_fn=average, use_buffers=True).eval()
        adam = partial(optim.Adam, lr=RATES[model], betas=(0.5, 0.999))
        self.generating = adam(self.generator.parameters())
        self.judging = adam(self.discriminator.parameters())

    def step(self, real: Tensor, digits: Tensor) -> None:
        """Train the discriminator on ``real`` images and as many made ones, then the generator."""
        made = self.generator(ingredients(digits))
        self.judging.zero_grad()
        # Detached: the generator is not to learn from what helps the discriminator.
        found_real, found_made = self.judged(real, digits), self.judged(made.detach(), digits)
        (surprise(found_real) + surprise(-found_made)).backward()
        self.judging.step()
        self.generating.zero_grad()
        surprise(self.judged(made, digits)).backward()
        self.generating.step()
        self.average.update_parameters(self.generator)

    def judged(self, images: Tensor, digits: Tensor) -> Tensor:
        """The scores of ``images`` as real images of ``digits``: (N, 1)."""
        scores: Tensor = self.discriminator(images).gather(1, digits[:, None])
        return scores

    @autograd.no_grad()
    def samples(self, digits: Tensor) -> Tensor:
        """New images of ``digits``, within (0, 1)."""
        images: Tensor = (self.average(ingredients(digits)) + 1) / 2
        return images


def ingredients(digits: Tensor) -> Tensor:
    """What the generator makes images of: random numbers, and the digit as ten zeros and ones."""
    chosen = F.one_hot(digits, 10).float()
    joined: Tensor = autograd.cat([autograd.randn(len(digits), NOISE), chosen], dim=1)
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
    epochs = chain.from_iterable(repeat(loader))  # without end
    parts = {**vars(competition), "loader": loader}
    checkpoint = nn.Checkpoint(options.out / f"checkpoints-{options.model}")
    done, metrics = program.resume(checkpoint, options, **parts)
    result: float = metrics.get("recognised", 0.0)
    digits = autograd.arange(1000) % 10
    try:
        steps = trange(done + 1, options.steps + 1, disable=None)
        for step, (real, labels) in zip(steps, epochs):
            competition.step(real, labels)
            if step % TEST_EVERY == 0 or step == options.steps:
                samples = competition.samples(digits)
                result = recognised(judge, samples, digits)
                tqdm.write(f"step {step:4}: {result:.1%} of the samples are recognised")
                program.save_images(samples[:100], options.out / f"{options.model}.png", columns=20)
                checkpoint.save(step, **parts, metrics={"recognised": result})
    except KeyboardInterrupt:
        raise SystemExit("interrupted: --resume goes on from the last test") from None
    return result


def main(arguments: list[str] | None = None) -> None:
    """Train the classifier, then the competitors."""
    description = "Two networks compete, and one learns to write digits."
    parser = program.options("dcgan", description, resumable=True, steps=STEPS)
    parser.add_argument("--model", choices=MODELS, default="cnn")
    options = parser.parse_args(arguments)
    program.need("matplotlib")
    autograd.manual_seed(options.seed)
    images, labels = mnist.tensors(mnist.DATA, "train")
    judge = trained_classifier(images, labels, options.steps)
    real = recognised(judge, *mnist.tensors(mnist.DATA, "t10k"))
    print(f"{real:.1%} of the test images are recognised", flush=True)
    data = TensorDataset(images * 2 - 1, labels)  # within (-1, 1), as what the generator makes
    result = train(options, Competition(options.model), data, judge)
    if options.check:
        program.check(result >= 0.8, f"{result:.1%} of the samples are recognised, at least 80 %")


if __name__ == "__main__":
    program.run(main)
