"""Linear algebra, under the names of ``torch.linalg``."""

from __future__ import annotations

from typing import Any

from autograd.ops import diagonals, linalg as ops
from autograd.ops.cholesky_factors import cholesky as cholesky, cholesky_ex as cholesky_ex
from autograd.ops.determinants import det as det, slogdet as slogdet
from autograd.ops.eigenvalues import (
    eig as eig,
    eigh as eigh,
    eigvals as eigvals,
    eigvalsh as eigvalsh,
)
from autograd.ops.inverses import (
    inv as inv,
    inv_ex as inv_ex,
    solve as solve,
    solve_ex as solve_ex,
    tensorinv as tensorinv,
    tensorsolve as tensorsolve,
)
from autograd.ops.least_squares import lstsq as lstsq, matrix_rank as matrix_rank, pinv as pinv
from autograd.ops.linalg import multi_dot as multi_dot, vander as vander, vecdot as vecdot
from autograd.ops.lu_factors import (
    lu as lu,
    lu_factor as lu_factor,
    lu_factor_ex as lu_factor_ex,
    lu_solve as lu_solve,
)
from autograd.ops.matrix_functions import matrix_exp as matrix_exp, matrix_power as matrix_power
from autograd.ops.matrix_norms import cond as cond, linalg_norm, matrix_norm as matrix_norm
from autograd.ops.norms import vector_norm as vector_norm
from autograd.ops.orthogonal import qr as qr, svd as svd, svdvals as svdvals
from autograd.ops.products import matmul as matmul
from autograd.ops.solving import solve_triangular as solve_triangular

norm = linalg_norm


def cross(input: Any, other: Any, *, dim: int = -1) -> Any:
    """The vector product along ``dim``, which must have size 3; the other dims broadcast.

    Unlike `autograd.cross`, which looks for a dim of size 3, it takes the last one by default.
    Raises ShapeError, DimensionError.

    >>> import autograd
    >>> autograd.linalg.cross(autograd.tensor([1, 0, 0]), autograd.tensor([0, 1, 0]))
    tensor([0, 0, 1])
    """
    return ops.cross(input, other, dim)


def diagonal(input: Any, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """The diagonals of the matrices in the last two dims, or in ``dim1`` and ``dim2``; a view.

    They lie in a new last dim. ``offset`` counts the diagonals above the main one (negative:
    below). Raises ShapeError, DimensionError.

    >>> import autograd
    >>> x = autograd.tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    >>> autograd.linalg.diagonal(x)
    tensor([[1, 4],
            [5, 8]])
    """
    return diagonals.diagonal(input, offset, dim1, dim2)
