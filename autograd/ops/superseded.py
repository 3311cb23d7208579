"""Factorizations under the older names and signatures that ``torch.linalg`` has superseded."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd.core.variable import array_of, make
from autograd.ops import lu_factors, orthogonal
from autograd.ops.rearranging import mH


class USV(NamedTuple):
    """Left singular vectors, singular values, right singular vectors; the vectors in columns."""

    U: Any
    S: Any
    V: Any


def qr(input: Any, some: bool = True) -> orthogonal.QR:
    """As `linalg.qr`, "complete" if not ``some``."""
    return orthogonal.qr(input, "reduced" if some else "complete")


def svd(input: Any, some: bool = True, compute_uv: bool = True) -> USV:
    """As `linalg.svd`, but ``input = U @ diag(S) @ V.mH``: ``V`` rather than its conjugate
    transpose.

    ``some``: only the first ``min(m, n)`` vectors. Unless ``compute_uv``, ``U (..., m, m)`` and
    ``V (..., n, n)`` are zeros.

    >>> import autograd
    >>> autograd.svd(autograd.tensor([[3.0, 0.0], [0.0, 4.0]])).S
    tensor([4., 3.])
    """
    if compute_uv:
        U, S, Vh = orthogonal.svd(input, not some)
        return USV(U, S, mH(Vh))
    S = orthogonal.svdvals(input)
    *batch, m, n = array_of(input).shape
    U, V = (make(np.zeros_like(array_of(input), shape=(*batch, size, size))) for size in (m, n))
    return USV(U, S, V)


def lu(A: Any, pivot: bool = True, get_infos: bool = False) -> tuple[Any, ...]:
    """As `linalg.lu_factor`; with ``get_infos`` as `linalg.lu_factor_ex`.

    >>> import autograd
    >>> autograd.lu(autograd.tensor([[1.0, 2.0], [2.0, 0.0]]))[1]
    tensor([2, 2], dtype=int32)
    """
    factor = lu_factors.lu_factor_ex if get_infos else lu_factors.lu_factor
    return factor(A, pivot=pivot)


def lu_solve(b: Any, LU_data: Any, LU_pivots: Any) -> Any:
    """As `linalg.lu_solve`, with the right-hand sides first."""
    return lu_factors.lu_solve(LU_data, LU_pivots, b)
