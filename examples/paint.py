"""Paint a picture: a network learns the colour at each place (x, y), and nothing else of it.

A plain network of coordinates learns smooth blurs. Fourier features (Tancik et al., 2020) turn the
coordinates into waves of many directions and lengths first, and the details appear.

python -m examples.paint                    # a portrait that comes with matplotlib: half a minute
python -m examples.paint --features 0       # without Fourier features
python -m examples.paint --image FILE --scale 20     # more details (and more noise): a larger scale
python -m examples.paint --check            # fails unless the PSNR is >= 28 dB

runs/paint/ gets painting.png, beside the original, and painting.gif, how it came about.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

import autograd
import nn
import optim
from autograd import Tensor
from examples import program

HIDDEN, BATCH, FRAMES = 128, 2048, 40
PSNR = 28.0


class Painter(nn.Module):
    """Colours (N, 3) at places (N, 2), from ``features`` waves of random direction and length."""

    def __init__(self, features: int, scale: float) -> None:
        # scale: how many waves fit into the picture, as a standard deviation. Not trained.
        self.waves = nn.Buffer(autograd.randn(2, features) * scale * math.pi)
        self.layers = nn.Sequential(
            nn.Dense(2 * features or 2, HIDDEN),
            nn.ReLU(),
            nn.Dense(HIDDEN, HIDDEN),
            nn.ReLU(),
            nn.Dense(HIDDEN, HIDDEN),
            nn.ReLU(),
            nn.Dense(HIDDEN, 3),
            nn.Sigmoid(),
        )

    def forward(self, places: Tensor) -> Tensor:
        """The colours at ``places``."""
        if self.waves.shape[1] > 0:
            phases = places @ self.waves
            places = autograd.cat([phases.sin(), phases.cos()], dim=1)
        colours: Tensor = self.layers(places)
        return colours


def read(path: Path | None, size: int) -> np.ndarray[Any, Any]:
    """The picture, its longer side at most ``size``: float32 (H, W, 3) in [0, 1].

    The default one is the US Navy's official photograph of Grace Hopper, 1984 (public domain).
    """
    program.need("matplotlib")
    from matplotlib.cbook import get_sample_data
    from PIL import Image

    default: Any = get_sample_data("grace_hopper.jpg", asfileobj=False)
    with Image.open(path or default) as file:
        picture = file.convert("RGB")
    picture.thumbnail((size, size))
    return np.asarray(picture, np.float32) / 255


def coordinates(height: int, width: int) -> Tensor:
    """The place (x, y) of each pixel, row by row: (H * W, 2), the longer side from -1 to 1."""
    x, y = np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2)
    places = np.stack([x.ravel(), y.ravel()], axis=1) * 2 / max(height, width)
    pixels: Tensor = autograd.from_numpy(places.astype(np.float32))
    return pixels


def decibels(error: float) -> float:
    """The peak signal-to-noise ratio of a mean squared error of colours in [0, 1]."""
    return -10 * math.log10(error)


class Painting:
    """A picture, and a painter at work on it."""

    def __init__(self, picture: np.ndarray[Any, Any], painter: Painter, steps: int) -> None:
        self.shape, self.painter = picture.shape, painter
        self.places = coordinates(*picture.shape[:2])
        self.colours = autograd.from_numpy(picture.reshape(-1, 3))
        self.optimizer = optim.Adam(painter.parameters(), lr=4e-3)
        self.schedule = optim.lr_scheduler.CosineAnnealingLR(self.optimizer, T_max=steps)

    def step(self) -> float:
        """Learn from some pixels; the mean squared error of their colours before."""
        chosen = autograd.randint(0, len(self.places), (BATCH,))
        self.optimizer.zero_grad()
        loss = nn.functional.mse_loss(self.painter(self.places[chosen]), self.colours[chosen])
        loss.backward()
        self.optimizer.step()
        self.schedule.step()
        return float(loss.item())

    @autograd.no_grad()
    def look(self) -> tuple[np.ndarray[Any, Any], float]:
        """The whole painting, uint8 (H, W, 3), and its PSNR in decibels."""
        painted = autograd.cat([self.painter(part) for part in self.places.split(8192)])
        error = nn.functional.mse_loss(painted, self.colours).item()
        return (painted * 255).round().numpy().astype(np.uint8).reshape(self.shape), decibels(error)


def paint(painting: Painting, steps: int) -> list[np.ndarray[Any, Any]]:
    """Train for ``steps``; the painting at some moments, more of them early, and at the end."""
    moments = {round(steps ** (k / FRAMES)) for k in range(FRAMES)}
    frames = [painting.look()[0]]
    with (
        tqdm(range(1, steps + 1), unit=" steps", leave=False, disable=None) as bar,
        program.interruptible("showing what has been painted"),
    ):
        for step in bar:
            bar.set_postfix(psnr=f"{decibels(painting.step()):.1f} dB", refresh=False)
            if step in moments:
                frames.append(painting.look()[0])
    return [*frames, painting.look()[0]]


def save(frames: list[np.ndarray[Any, Any]], original: np.ndarray[Any, Any], out: Path) -> None:
    """Write the GIF of all frames, and the last one beside the original."""
    from PIL import Image

    first, *others = [Image.fromarray(frame) for frame in frames]
    durations = [120] * len(others) + [2000]  # milliseconds
    first.save(
        out / "painting.gif", save_all=True, append_images=others, duration=durations, loop=0
    )
    print(f"wrote {out / 'painting.gif'}")
    pair = np.concatenate([(original * 255).round().astype(np.uint8), frames[-1]], axis=1)
    Image.fromarray(pair).save(out / "painting.png")
    print(f"wrote {out / 'painting.png'}: the original and the painting")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = program.options("paint", __doc__.split("\n")[0], steps=1500)
    parser.add_argument("--image", type=Path, help="default: a portrait of Grace Hopper")
    size = "the longer side in pixels; default: 192"
    parser.add_argument("--size", type=program.positive, default=192, help=size)
    parser.add_argument("--features", type=int, default=128, help="waves; default: 128")
    parser.add_argument("--scale", type=float, default=8.0, help="of the waves; default: 8")
    options = parser.parse_args(arguments)
    if options.features < 0:
        parser.error(f"--features must not be negative, got {options.features}")
    return options


def main(arguments: list[str] | None = None) -> None:
    """Paint as the command line says."""
    options = parse(arguments)
    autograd.manual_seed(options.seed)
    picture = read(options.image, options.size)
    painting = Painting(picture, Painter(options.features, options.scale), options.steps)
    frames = paint(painting, options.steps)
    psnr = painting.look()[1]
    print(f"{picture.shape[1]} x {picture.shape[0]} pixels painted, PSNR {psnr:.2f} dB")
    save(frames, picture, options.out)
    if options.check:
        program.check(psnr >= PSNR, f"PSNR at least {PSNR:.0f} dB")


if __name__ == "__main__":
    program.run(main)
