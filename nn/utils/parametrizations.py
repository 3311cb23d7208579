"""Parametrizations: normalised weights and orthogonal matrices."""

from __future__ import annotations

from typing import Any, TypeVar

from autograd._tensor import Tensor
from autograd.errors import DimensionError, ShapeError
from autograd.modes import no_grad
from nn import functional as F
from nn.module import Module
from nn.utils.orthogonal import MAPS, _Orthogonal
from nn.utils.parametrize import register_parametrization
from nn.utils.spectral_norm import as_matrix, check_iterations, output_dim, random_direction
from nn.utils.weight_norm import WeightNorm, norm_except_dim

M = TypeVar("M", bound=Module)


class _WeightNorm(Module):
    """``g * v / norm(v)``."""

    def __init__(self, dim: int | None = 0) -> None:
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Any, weight_v: Any) -> Any:
        return weight_v * (weight_g / norm_except_dim(weight_v, self.dim))

    def right_inverse(self, weight: Any) -> tuple[Any, Any]:
        """The length and the direction of ``weight``."""
        return norm_except_dim(weight, self.dim), weight


def weight_norm(module: M, name: str = "weight", dim: int | None = 0) -> M:
    """Learn the length and the direction of the tensor ``name`` apart (Salimans and Kingma, 2016);
    return the module.

    It is ``original0 * original1 / norm(original1)``. Each slice along ``dim`` has a length of its
    own; None: there is one for all. State dicts of the old form, `nn.utils.weight_norm`, can be
    loaded. Raises ShapeError if there is no such tensor.

    >>> import nn
    >>> layer = weight_norm(nn.Dense(2, 3))
    >>> layer.parametrizations.weight.original0.shape
    (3, 1)
    """
    register_parametrization(module, name, _WeightNorm(dim), unsafe=True)

    def rename(module: Any, state_dict: Any, prefix: str, *others: Any) -> None:
        old = [f"{prefix}{name}_{part}" for part in WeightNorm.parts]
        if all(key in state_dict for key in old):
            for i, key in enumerate(old):
                new = f"{prefix}parametrizations.{name}.original{i}"
                state_dict[new] = state_dict.pop(key)

    module.register_load_state_dict_pre_hook(rename)
    return module


class _SpectralNorm(Module):
    """The weight over its largest singular value; a vector over its length."""

    _u: Any
    _v: Any

    def __init__(
        self, weight: Any, n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12
    ) -> None:
        ndim = weight.ndim
        if not -ndim <= dim < ndim:
            raise DimensionError(f"spectral_norm: dim {dim} is out of range for {ndim} dims")
        check_iterations("spectral_norm", n_power_iterations)
        self.dim, self.eps = dim % ndim, eps
        if ndim > 1:
            self.n_power_iterations = n_power_iterations
            matrix = as_matrix(weight.detach(), self.dim)
            for name, size in zip(("_u", "_v"), matrix.shape):
                self.register_buffer(name, random_direction(size, weight, eps))
            self._iterate(matrix, 15)

    @no_grad()
    def _iterate(self, matrix: Any, count: int) -> None:
        """Improve the singular vectors (the power method)."""
        for _ in range(count):
            self._u.copy_(F.normalize(matrix @ self._v, dim=0, eps=self.eps))
            self._v.copy_(F.normalize(matrix.mH @ self._u, dim=0, eps=self.eps))

    def forward(self, weight: Any) -> Any:
        if weight.ndim == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        matrix = as_matrix(weight, self.dim)
        if self.training:
            self._iterate(matrix, self.n_power_iterations)
        # Copies, for the next iteration changes these in place while this one's graph may live.
        return weight / (self._u.clone().conj() @ (matrix @ self._v.clone()))

    def right_inverse(self, value: Any) -> Any:
        """``value`` itself, which may have another norm: what is computed of it has norm 1."""
        return value


def spectral_norm(
    module: M,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
) -> M:
    """Divide the tensor ``name``, as a matrix, by its largest singular value (Miyato et al., 2018);
    return the module.

    ``n_power_iterations`` improve the approximate singular vectors each time that it is read in
    training mode. ``dim``: the rows of the matrix, by default that of the outputs. Raises
    ShapeError if there is no such tensor, DimensionError.

    >>> import autograd, nn
    >>> layer = spectral_norm(nn.Dense(20, 40))
    >>> bool(abs(autograd.linalg.matrix_norm(layer.weight, 2) - 1) < 0.3)
    True
    """
    weight = _tensor(module, name, "spectral_norm")
    rows = output_dim(module) if dim is None else dim
    return register_parametrization(
        module, name, _SpectralNorm(weight, n_power_iterations, rows, eps)
    )


def orthogonal(
    module: M,
    name: str = "weight",
    orthogonal_map: str | None = None,
    *,
    use_trivialization: bool = True,
) -> M:
    """Keep the matrix ``name`` (or the matrices in its last two dims) orthogonal; return the
    module.

    A matrix that is not square gets orthonormal rows or columns, whichever are fewer. It is
    computed from any matrix by ``orthogonal_map``: "matrix_exp", "cayley" or "householder", by
    default the first for square and complex matrices, the last for others.
    ``use_trivialization``: times the matrix that it was last set to (Lezcano-Casado, 2019).
    Raises ShapeError for a tensor of fewer dims, and for an unknown map.

    >>> import autograd, nn
    >>> layer = orthogonal(nn.Dense(4, 3))
    >>> autograd.allclose(layer.weight @ layer.weight.mT, autograd.eye(3), atol=1e-6)
    True
    """
    weight = _tensor(module, name, "orthogonal")
    if weight.ndim < 2:
        raise ShapeError(f"orthogonal: needs a matrix, got shape {weight.shape}")
    if orthogonal_map is None:
        square = weight.shape[-2] == weight.shape[-1]
        orthogonal_map = "matrix_exp" if square or weight.is_complex() else "householder"
    if orthogonal_map not in MAPS:
        raise ShapeError(
            f"orthogonal: orthogonal_map must be one of {', '.join(MAPS)}, got {orthogonal_map!r}"
        )
    map_ = _Orthogonal(weight, orthogonal_map, use_trivialization=use_trivialization)
    return register_parametrization(module, name, map_, unsafe=True)


def _tensor(module: Module, name: str, operation: str) -> Tensor:
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ShapeError(
            f"{operation}: {type(module).__name__} has no parameter or buffer {name!r}"
        )
    return weight
