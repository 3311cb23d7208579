"""What is done to images before a network sees them: (C, H, W), or whole batches (N, C, H, W).

Each takes an array or a tensor and returns the same kind. What is random draws from ``generator``;
without one, in a `DataLoader` from the stream of the batch, elsewhere from the default generator.
In a batch each image has its own luck.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from autograd.core.variable import Variable, make, unwrap
from autograd.errors import DTypeError, ShapeError, describe
from autograd.generator import Generator
from nn.data.randomness import get_generator


class Compose:
    """One transform after the other.

    >>> import numpy
    >>> transform = Compose([ToFloat(), Normalize([0.5], [0.5])])
    >>> transform(numpy.array([[[0, 255]]], numpy.uint8)).tolist()
    [[[-1.0, 1.0]]]
    """

    def __init__(self, transforms: Sequence[Callable[[Any], Any]]) -> None:
        self.transforms = list(transforms)

    def __call__(self, x: Any) -> Any:
        for transform in self.transforms:
            x = transform(x)
        return x

    def __repr__(self) -> str:
        return f"Compose({self.transforms})"


class Transform:
    """What the transforms of images share. Subclasses define `apply` on arrays, of single images
    and of batches."""

    def __call__(self, x: Any) -> Any:
        array = np.asarray(unwrap(x))
        if array.ndim not in (3, 4):
            raise ShapeError(
                f"{type(self).__name__}: needs images (C, H, W) or (N, C, H, W), got "
                f"{describe(array)}"
            )
        result = self.apply(array)
        return make(result) if isinstance(x, Variable) else result

    def apply(self, images: Any) -> Any:
        """The transformed images; ``images`` stay as they are."""
        raise NotImplementedError(f"{type(self).__name__} must define apply(images)")

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({options})"


def takes_batches(transform: Any) -> bool:
    """Whether ``transform`` does to each image of a batch what it does to a single one. Functions
    of one's own are taken to be made for single images."""
    if isinstance(transform, Compose):
        return all(map(takes_batches, transform.transforms))
    return transform is None or isinstance(transform, Transform)


class ToFloat(Transform):
    """Bytes 0 to 255 as float32 from 0 to 1; floating numbers as float32. Raises DTypeError for
    others."""

    def apply(self, images: Any) -> Any:
        """``images`` as float32."""
        if images.dtype == np.uint8:
            return images * np.float32(1 / 255)
        if images.dtype.kind != "f":
            raise DTypeError(f"ToFloat: needs uint8 or floating images, got {describe(images)}")
        return images.astype(np.float32)


class Normalize(Transform):
    """``(x - mean) / std``, with a mean and a deviation for each channel. Raises DTypeError for
    images that aren't floating (`ToFloat` comes before)."""

    def __init__(self, mean: Sequence[float], std: Sequence[float]) -> None:
        self.mean, self.std = tuple(mean), tuple(std)
        if len(self.mean) != len(self.std) or not self.mean or min(self.std) <= 0:
            raise ShapeError(
                "Normalize: needs a mean and a positive deviation for each channel, got "
                f"{self.mean} and {self.std}"
            )

    def apply(self, images: Any) -> Any:
        """``images`` with each channel shifted and scaled."""
        if images.dtype.kind != "f":
            raise DTypeError(f"Normalize: needs floating images, got {describe(images)}; ToFloat()")
        if len(self.mean) not in (1, images.shape[-3]):
            raise ShapeError(
                f"Normalize: has {len(self.mean)} means, but {describe(images)} has "
                f"{images.shape[-3]} channels"
            )
        mean, std = (np.array(s, images.dtype)[:, None, None] for s in (self.mean, self.std))
        return (images - mean) / std


class Pad(Transform):
    """``padding`` more pixels on each side, or (left, top, right, bottom) of them, or as many to
    the left and right, and to the top and bottom. They are ``fill``, or what ``padding_mode`` says:
    the ``"edge"``, or the image mirrored (``"reflect"``, ``"symmetric"``)."""

    def __init__(
        self,
        padding: int | Sequence[int],
        fill: float = 0,
        padding_mode: Literal["constant", "edge", "reflect", "symmetric"] = "constant",
    ) -> None:
        if padding_mode not in ("constant", "edge", "reflect", "symmetric"):
            raise ShapeError(f"Pad: there is no padding_mode {padding_mode!r}")
        self.padding, self.fill, self.padding_mode = _sides(padding), fill, padding_mode

    def apply(self, images: Any) -> Any:
        """``images`` with more pixels around them."""
        left, top, right, bottom = self.padding
        widths = [(0, 0)] * (images.ndim - 2) + [(top, bottom), (left, right)]
        if self.padding_mode == "constant":
            return np.pad(images, widths, constant_values=self.fill)
        return np.pad(images, widths, mode=self.padding_mode)


class RandomHorizontalFlip(Transform):
    """Left and right exchanged, with probability ``p``."""

    def __init__(self, p: float = 0.5, generator: Generator | None = None) -> None:
        if not 0 <= p <= 1:
            raise ShapeError(f"RandomHorizontalFlip: p must lie between 0 and 1, got {p}")
        self.p, self.generator = p, generator

    def apply(self, images: Any) -> Any:
        """``images``, some of them flipped."""
        flipped = _stream(self.generator).random(images.shape[:-3]) < self.p
        return np.where(flipped[..., None, None, None], images[..., ::-1], images)


class RandomCrop(Transform):
    """A random part of ``size``: (height, width), or a square; with ``padding`` zeros around the
    image before (see `Pad`). Raises ShapeError for images that are smaller."""

    def __init__(
        self,
        size: int | tuple[int, int],
        padding: int | Sequence[int] = 0,
        generator: Generator | None = None,
    ) -> None:
        self.size = (size, size) if isinstance(size, int) else (size[0], size[1])
        self.padding = _sides(padding)
        self.generator = generator
        if min(self.size) < 1:
            raise ShapeError(f"RandomCrop: the size must be positive, got {size}")

    def apply(self, images: Any) -> Any:
        """A part of each of ``images``."""
        padded = Pad(self.padding).apply(images)
        rows, columns = (
            have - want + 1 for have, want in zip(padded.shape[-2:], self.size, strict=True)
        )
        if rows < 1 or columns < 1:
            raise ShapeError(
                f"RandomCrop: can't take {self.size} of {describe(images)} with padding "
                f"{self.padding}"
            )
        # All parts there are, as views; each image's is taken out of them with one look-up.
        parts = np.lib.stride_tricks.sliding_window_view(padded, self.size, axis=(-2, -1))
        stream, count = _stream(self.generator), images.shape[:-3]
        top, left = stream.integers(0, rows, count), stream.integers(0, columns, count)
        if images.ndim == 3:
            return parts[:, top, left].copy()
        return parts[np.arange(len(images)), :, top, left]


def _sides(padding: int | Sequence[int]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom."""
    sides = (padding,) if isinstance(padding, int) else tuple(padding)
    if len(sides) not in (1, 2, 4) or min(sides) < 0:
        raise ShapeError(f"padding must be one, two or four numbers, none negative: {padding}")
    left, top, right, bottom = sides * (4 // len(sides))
    return left, top, right, bottom


def _stream(generator: Generator | None) -> np.random.Generator:
    return (get_generator() if generator is None else generator).numpy
