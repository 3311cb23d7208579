"""Rows for autograd/ops/fft.py. The oracle is the matrix of the transform, or NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DimensionError, DTypeError, ShapeError
from autograd.ops import fft as ops
from tests.cases import Bad, Case, Input

X = Input((3, 5))
EVEN = Input((2, 3, 4))
ONES = np.ones(3)
WRONG = [
    Bad([ONES], ShapeError, "norm must be one of", {"norm": "both"}),
    Bad([np.ones(3, np.float16)], DTypeError, "not defined for float16"),
    Bad([[1.0, 2.0]], DTypeError, "must be a tensor"),
]
WRONG_ALONG_ONE = [
    *WRONG,
    Bad([ONES], ShapeError, "at least 1 element, got size 0", {"n": 0}),
    Bad([ONES], DimensionError, "dim must lie between", {"dim": 1}),
    Bad([np.ones(())], DimensionError, "without dims"),
]
WRONG_ALONG_SEVERAL = [
    *WRONG,
    Bad([ONES], ShapeError, "at least 1 element, got size -2", {"s": (-2,)}),
    Bad([ONES], ShapeError, "names a dim twice", {"dim": (0, -1)}),
    Bad([ONES], ShapeError, "a size in s for each dim", {"s": (2,), "dim": (0, 0)[:0]}),
    Bad([ONES], ShapeError, "s has 2 sizes, but x only 1 dims", {"s": (2, 2)}),
    Bad([ONES], DimensionError, "got dim 2", {"dim": (2,)}),
    Bad([ONES], DTypeError, "sizes and dims are integers", {"dim": (0.5,)}),
]
COMPLEX = Bad([ONES * 1j], DTypeError, "needs real numbers")
NO_DIMS = Bad([ONES], ShapeError, "needs at least one dim", {"dim": ()})
TOO_SHORT = Bad([np.ones(1)], ShapeError, "got size 0")


def by_matrix(x: Any, n: int | None = None, dim: int = -1, norm: str = "backward") -> Any:
    """`fft` by its definition."""
    x = np.moveaxis(x, dim, -1)
    n = n or x.shape[-1]
    padded = np.zeros((*x.shape[:-1], n), np.complex128)
    size = min(n, x.shape[-1])
    padded[..., :size] = x[..., :size]
    angles = np.outer(np.arange(n), np.arange(n)) * 2 * np.pi / n
    scale = {"backward": 1, "ortho": n**-0.5, "forward": 1 / n}[norm]
    return np.moveaxis(padded @ np.exp(-1j * angles) * scale, -1, dim)


def row(name: str, x: Any, bad: Any = (), oracle: Any = None, **params: Any) -> Case:
    function = getattr(ops, name)
    return Case(name, function, [x], params, oracle=oracle, torch=f"fft.{name}", bad=bad)


CASES: list[Case] = [
    row("fft", X, WRONG_ALONG_ONE, by_matrix),
    *[
        row("fft", X, (), by_matrix, n=n, dim=dim, norm=norm)
        for n, dim, norm in [(4, -1, "ortho"), (6, 0, "forward"), (2, 0, "backward")]
    ],
    row("ifft", X, WRONG_ALONG_ONE, np.fft.ifft),
    row("ifft", X, n=7, dim=0, norm="ortho"),
    row("rfft", X, [*WRONG_ALONG_ONE, COMPLEX], np.fft.rfft),
    row("rfft", X, n=4, norm="ortho"),
    row("rfft", X, n=8, dim=0, norm="forward"),
    row("irfft", X, [*WRONG_ALONG_ONE, TOO_SHORT], np.fft.irfft),
    row("irfft", X, n=7, norm="ortho"),
    row("irfft", X, n=5, dim=0, norm="forward"),
    row("hfft", X, [*WRONG_ALONG_ONE, TOO_SHORT], np.fft.hfft),
    row("hfft", X, n=7, dim=0, norm="ortho"),
    row("hfft", X, n=3, norm="forward"),
    row("ihfft", X, [*WRONG_ALONG_ONE, COMPLEX], np.fft.ihfft),
    row("ihfft", X, n=4, dim=0, norm="forward"),
    row("fftn", EVEN, WRONG_ALONG_SEVERAL, np.fft.fftn),
    row("fftn", EVEN, s=(4, -1), norm="ortho"),
    row("fftn", EVEN, s=(1, 5), dim=(2, 0)),
    row("fftn", EVEN, dim=()),
    row("ifftn", EVEN, WRONG_ALONG_SEVERAL, np.fft.ifftn),
    row("ifftn", EVEN, s=(5, 2), norm="forward"),
    row("rfftn", EVEN, [*WRONG_ALONG_SEVERAL, COMPLEX, NO_DIMS], np.fft.rfftn),
    row("rfftn", EVEN, s=(4, 3), dim=(2, 1), norm="ortho"),
    row("irfftn", EVEN, [*WRONG_ALONG_SEVERAL, TOO_SHORT, NO_DIMS], np.fft.irfftn),
    row("irfftn", EVEN, s=(4, -1), norm="forward"),
    row("hfftn", EVEN, [*WRONG_ALONG_SEVERAL, TOO_SHORT, NO_DIMS]),
    row("hfftn", EVEN, s=(2, 5), norm="ortho"),
    row("ihfftn", EVEN, [*WRONG_ALONG_SEVERAL, COMPLEX, NO_DIMS]),
    row("ihfftn", EVEN, s=(2, 3), norm="forward"),
    row("fft2", EVEN, [Bad([ONES], DimensionError, "got dim -2")], np.fft.fft2),
    row("ifft2", EVEN, s=(2, 5)),
    row("rfft2", EVEN, (), np.fft.rfft2),
    row("irfft2", EVEN, norm="ortho"),
    row("hfft2", EVEN, s=(2, 3)),
    row("ihfft2", EVEN, norm="forward"),
    row(
        "fftshift",
        EVEN,
        [Bad([ONES], DimensionError, "dim must lie between", {"dim": 1})],
        np.fft.fftshift,
    ),
    row("fftshift", EVEN, dim=1),
    row("ifftshift", EVEN, (), np.fft.ifftshift),
    row("ifftshift", EVEN, dim=(1, -1)),
]
