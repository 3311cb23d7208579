"""Rows for autograd/ops/eigenvalues.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import DTypeError, ShapeError
from autograd.ops import eigenvalues as ops
from tests.cases import Bad, Case, Input

SQUARE = Input((2, 3, 3))
BAD = [
    Bad([Input((3,))], ShapeError, "at least 2 dims"),
    Bad([Input((2, 3))], ShapeError, "square"),
    Bad([Input((2, 2), dtype="int64")], DTypeError, "float32"),
    Bad([np.full((3, 3), np.nan)], ShapeError, ""),
]
UPLO = Bad([Input((2, 2))], ShapeError, "UPLO", {"UPLO": "X"})


def symmetric(x: Any) -> Any:
    return x + x.swapaxes(-1, -2)


def distinct(x: Any) -> Any:
    """A matrix with real eigenvalues, far from each other."""
    return x * 0.1 + np.diag(np.arange(1.0, x.shape[-1] + 1)).astype(x.dtype)


def without_signs(decomposed: Any) -> Any:
    """Eigenvalues, and the magnitudes of the eigenvectors."""
    values, vectors = decomposed
    return values, abs(vectors)


def in_order(decomposed: Any) -> Any:
    values, vectors = without_signs(decomposed)
    return abs(values), vectors


CASES: list[Case] = [
    *(
        Case(
            "eigh",
            lambda x, triangle: without_signs(ops.eigh(symmetric(x), triangle)),
            [SQUARE],
            {"triangle": triangle},
            oracle=lambda x, triangle: without_signs(np.linalg.eigh(symmetric(x))),
            torch=None,
        )
        for triangle in "LU"
    ),
    Case(
        "eigh",
        lambda x: ops.eigh(x, "U").eigenvalues,
        [SQUARE],
        oracle=lambda x: np.linalg.eigvalsh(np.triu(x) + np.triu(x, 1).swapaxes(-1, -2)),
        torch=None,
        differentiable=False,  # the gradient is shared between the triangles
    ),
    Case("eigh", ops.eigh, [Input((1, 1))], torch="linalg.eigh", bad=[*BAD, UPLO]),
    Case(
        "eigvalsh",
        lambda x: ops.eigvalsh(symmetric(x)),
        [SQUARE],
        oracle=lambda x: np.linalg.eigvalsh(symmetric(x)),
        torch=None,
    ),
    Case("eigvalsh", ops.eigvalsh, [SQUARE], torch="linalg.eigvalsh", differentiable=False),
    Case("eigvalsh", ops.eigvalsh, [Input((1, 1))], torch="linalg.eigvalsh", bad=[*BAD, UPLO]),
    Case(
        "eig",
        lambda x: in_order(ops.eig(distinct(x))),
        [SQUARE],
        oracle=lambda x: in_order(np.linalg.eig(distinct(x))),
        torch=None,
    ),
    Case("eig", ops.eig, [Input((1, 1))], torch="linalg.eig", differentiable=False, bad=BAD),
    *(
        Case(
            "eigvals",
            lambda x, part: getattr(ops.eigvals(distinct(x)), part),
            [SQUARE],
            {"part": part},
            oracle=lambda x, part: getattr(np.linalg.eigvals(distinct(x)), part),
            torch=None,
        )
        for part in ("real", "imag")
    ),
    Case("eigvals", ops.eigvals, [Input((1, 1))], torch="linalg.eigvals", bad=BAD),
]
