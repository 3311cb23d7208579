"""Pairs of networks for examples.dcgan: one makes images of digits, the other one judges them.

A generator: (N, inputs) -> (N, 1, 28, 28) within (-1, 1). A discriminator: (N, 1, 28, 28) ->
(N, 10), scores of an image as a real 0, as a real 1, and so on.
"""

from __future__ import annotations

import nn


def convolutional(inputs: int) -> tuple[nn.Module, nn.Module]:
    """With convolutions, transposed in the generator, and batch norm (Radford et al., 2016)."""
    generator = nn.Sequential(
        nn.Dense(inputs, 32 * 7 * 7),
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


def perceptrons(inputs: int) -> tuple[nn.Module, nn.Module]:
    """Of dense layers only."""
    generator = nn.Sequential(
        nn.Dense(inputs, 256),
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
