"""A denoising auto-encoder sees handwritten digits under heavy noise, and draws them without it.

An encoder squeezes a noisy image of 784 pixels into 32 numbers, of which a decoder makes the clean
image (Vincent et al., 2008). 32 numbers have no room for the noise, so that they come to say what
is typical of digits. Between two such codes lie those of digits in between: the latent walk.

A linear auto-encoder of clean digits learns the projection onto their first 32 principal components
(Baldi and Hornik, 1989). The noisy images are put through that as well, for comparison.

python -m examples.autoencoder                # pictures of denoised digits, and of latent walks
python -m examples.autoencoder --epochs 1     # a short form

Result: a test MSE below 0.014 (0.0134), half of the principal components' 0.027, in a minute.
"""

from __future__ import annotations

import argparse

from tqdm import tqdm

import autograd
import nn
import optim
from autograd import Tensor
from examples import program
from examples.digits import DATA, tensors
from nn import functional as F
from nn.data import DataLoader, TensorDataset

EPOCHS = 10
HIDDEN, CODE = 400, 32
NOISE = 0.5
BATCH = 128


class AutoEncoder(nn.Module):
    """Encoder and decoder: multilayer perceptrons of one hidden layer."""

    def __init__(self) -> None:
        self.encoder = nn.Sequential(
            nn.Flatten(), nn.Dense(784, HIDDEN), nn.ReLU(), nn.Dense(HIDDEN, CODE)
        )
        self.decoder = nn.Sequential(
            nn.Dense(CODE, HIDDEN),
            nn.ReLU(),
            nn.Dense(HIDDEN, 784),
            nn.Sigmoid(),
            nn.Unflatten(1, (1, 28, 28)),
        )

    def forward(self, x: Tensor) -> Tensor:
        """The clean images for noisy ones, both (N, 1, 28, 28)."""
        clean: Tensor = self.decoder(self.encoder(x))
        return clean


def noisy(images: Tensor) -> Tensor:
    """With normal noise on each pixel, drawn anew at each call."""
    noise: Tensor = NOISE * autograd.randn(*images.shape)
    return images + noise


class Projection:
    """What principal component analysis keeps of an image: CODE numbers."""

    def __init__(self, images: Tensor) -> None:
        self.mean = images.mean(0)
        centred = (images - self.mean).flatten(1)
        _, directions = autograd.linalg.eigh(centred.T @ centred)
        self.directions = directions[:, -CODE:]  # eigh sorts them: the largest variances

    def __call__(self, x: Tensor) -> Tensor:
        """As `AutoEncoder.forward`."""
        kept = (x - self.mean).flatten(1) @ self.directions @ self.directions.T
        projected: Tensor = self.mean + kept.reshape(x.shape)
        return projected


def train(options: argparse.Namespace, images: Tensor, test_images: Tensor) -> AutoEncoder:
    """Lower the mean squared error with Adam, in steps that shrink to 0; report each epoch."""
    model = AutoEncoder()
    loader: DataLoader[list[Tensor]] = DataLoader(TensorDataset(images), BATCH, shuffle=True)
    optimizer = optim.Adam(model.parameters(), lr=2e-3)
    schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, options.epochs * len(loader))
    noisy_images = noisy(test_images)
    with program.interruptible("showing what has been learnt"):
        for epoch in range(1, options.epochs + 1):
            for (batch,) in tqdm(loader, f"epoch {epoch}", leave=False, disable=None):
                optimizer.zero_grad()
                loss = F.mse_loss(model(noisy(batch)), batch)
                loss.backward()
                optimizer.step()
                schedule.step()
            with autograd.no_grad():
                error = F.mse_loss(model(noisy_images), test_images).item()
            print(f"epoch {epoch:2}: test MSE {error:.4f}", flush=True)
    return model


@autograd.no_grad()
def show(model: AutoEncoder, images: Tensor, options: argparse.Namespace) -> None:
    """Draw noisy digits, what is made of them, and the originals; and walks from digit to digit."""
    seen = noisy(images[:20])
    rows = autograd.cat([seen, model(seen), images[:20]])
    program.save_images(rows, options.out / "denoised.png", columns=20)
    way = autograd.linspace(0, 1, 20)[:, None]
    pairs = model.encoder(images[:10]).split(2)
    walks = [model.decoder(start + way * (end - start)) for start, end in pairs]
    program.save_images(autograd.cat(walks), options.out / "walks.png", columns=20)


def main(arguments: list[str] | None = None) -> None:
    """Compute the comparisons, train, test and draw."""
    description = "Draw noisy digits without the noise, through 32 numbers."
    options = program.options("autoencoder", description, epochs=EPOCHS).parse_args(arguments)
    program.need("matplotlib")
    autograd.manual_seed(options.seed)
    images, _ = tensors(DATA, "train")
    test_images, _ = tensors(DATA, "t10k")
    noisy_images = noisy(test_images)
    projected = Projection(images)(noisy_images)
    linear = F.mse_loss(projected, test_images).item()
    print(f"noise: test MSE {F.mse_loss(noisy_images, test_images).item():.4f}")
    print(f"principal components: test MSE {linear:.4f}", flush=True)
    model = train(options, images, test_images)
    show(model, test_images, options)
    nn.save(model, options.out / "autoencoder.safetensors")
    if options.check:
        with autograd.no_grad():
            error = F.mse_loss(model(noisy_images), test_images).item()
        program.check(error < 0.014, f"test MSE {error:.4f}, below 0.014")


if __name__ == "__main__":
    program.run(main)
