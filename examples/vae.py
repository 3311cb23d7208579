"""A variational auto-encoder learns what handwritten digits look like, and makes up new ones.

A digit x is thought to come from 20 hidden numbers z, drawn from a standard normal distribution: a
decoder gives, for each pixel, the probability that it is white, p(x|z). An encoder q(z|x) guesses
which z may have led to x. Both are trained at once to raise a lower bound of the likelihood of the
digits, the ELBO (Kingma and Welling, 2014):

    log p(x) >= E_q[log p(x|z)] - KL(q(z|x) || p(z))

The pixels of MNIST are grey; in each epoch each is drawn black or white anew, with its grey value
as the probability (Salakhutdinov and Murray, 2008), so that the bound is one of a true likelihood.

python -m examples.vae                 # pictures of new digits, of reconstructed and of mixed ones
python -m examples.vae --resume        # goes on after Ctrl-C, with the same result
python -m examples.vae --epochs 1      # a short form

Result: a test ELBO above -102 nats (-101.3) after 10 epochs, in a minute.
"""

from __future__ import annotations

import argparse

from tqdm import tqdm

import autograd
import nn
import optim
from autograd import Tensor
from autograd.distributions import Bernoulli, Normal
from examples import program
from examples.digits import DATA, tensors
from nn.data import DataLoader, TensorDataset

EPOCHS = 10
HIDDEN, LATENT = 400, 20
BATCH = 128


class VAE(nn.Module):
    """Encoder and decoder: multilayer perceptrons of one hidden layer."""

    def __init__(self) -> None:
        self.encoder = nn.Sequential(
            nn.Flatten(), nn.Dense(784, HIDDEN), nn.ReLU(), nn.Dense(HIDDEN, 2 * LATENT)
        )
        self.decoder = nn.Sequential(
            nn.Dense(LATENT, HIDDEN), nn.ReLU(), nn.Dense(HIDDEN, 784), nn.Unflatten(1, (1, 28, 28))
        )

    def guess(self, x: Tensor) -> Normal:
        """q(z|x): independent normal distributions, whose deviations are positive by exp."""
        mean, log_deviation = self.encoder(x).chunk(2, dim=1)
        return Normal(mean, log_deviation.exp())

    def pixels(self, z: Tensor) -> Bernoulli:
        """p(x|z)."""
        return Bernoulli(logits=self.decoder(z))

    def forward(self, x: Tensor) -> Tensor:
        """The ELBO of each digit (N,), in nats, with one z each in place of the expected value.

        ``rsample`` draws z as mean + deviation * noise: its gradient reaches the encoder.
        """
        q = self.guess(x)
        log_likelihood = self.pixels(q.rsample()).log_prob(x).sum((1, 2, 3))
        elbo: Tensor = log_likelihood - divergence(q).sum(1)
        return elbo


def divergence(q: Normal) -> Tensor:
    """KL(q || N(0, 1)), in closed form (Kingma and Welling, 2014, appendix B)."""
    return (q.loc**2 + q.scale**2 - 1) / 2 - q.scale.log()


def binarised(x: Tensor) -> Tensor:
    """White (1) with the grey value as the probability, else black (0)."""
    return Bernoulli(x).sample()


@autograd.no_grad()
def test(model: VAE, images: Tensor) -> float:
    """The mean ELBO of ``images``, in nats."""
    return float(autograd.cat([model(binarised(batch)) for batch in images.split(1000)]).mean())


def train(options: argparse.Namespace, images: Tensor, test_images: Tensor) -> VAE:
    """Raise the ELBO with Adam, whose steps become shorter towards the end; report each epoch."""
    model = VAE()
    loader: DataLoader[list[Tensor]] = DataLoader(TensorDataset(images), BATCH, shuffle=True)
    optimizer = optim.Adam(model.parameters(), lr=2e-3)
    schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, options.epochs * len(loader))
    log = program.Log(options, model=model, loader=loader, optimizer=optimizer, schedule=schedule)
    with program.interruptible("showing what has been learnt; --resume goes on"):
        for epoch in range(log.done + 1, options.epochs + 1):
            for (batch,) in tqdm(loader, f"epoch {epoch}", leave=False, disable=None):
                optimizer.zero_grad()
                loss = -model(binarised(batch)).mean()
                loss.backward()
                optimizer.step()
                schedule.step()
            elbo = test(model, test_images)
            log.add(epoch, elbo, f"epoch {epoch:2}: test ELBO {elbo:.2f} nats")
    return model


@autograd.no_grad()
def show(model: VAE, images: Tensor, options: argparse.Namespace) -> None:
    """Draw new digits; digits above what is reconstructed of them; and digits between digits."""
    new = model.pixels(autograd.randn(100, LATENT)).mean
    program.save_images(new, options.out / "samples.png", columns=20)
    z = model.guess(images[:20]).mean
    pairs = autograd.cat([images[:20], model.pixels(z).mean])
    program.save_images(pairs, options.out / "reconstructions.png", columns=20)
    way = autograd.linspace(0, 1, 20)[:, None]
    mixed = [model.pixels(start + way * (end - start)).mean for start, end in z[:10].split(2)]
    program.save_images(autograd.cat(mixed), options.out / "mixed.png", columns=20)


def main(arguments: list[str] | None = None) -> None:
    """Train, test and draw."""
    parser = program.options("vae", __doc__.split("\n")[0], resumable=True, epochs=EPOCHS)
    options = parser.parse_args(arguments)
    program.need("matplotlib")
    autograd.manual_seed(options.seed)
    images, _ = tensors(DATA, "train")
    test_images, _ = tensors(DATA, "t10k")
    model = train(options, images, test_images)
    show(model, test_images, options)
    nn.save(model, options.out / "vae.safetensors")
    if options.check:
        elbo = test(model, test_images)
        program.check(elbo > -102, f"test ELBO {elbo:.2f} nats, above -102")


if __name__ == "__main__":
    program.run(main)
