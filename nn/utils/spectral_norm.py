"""Spectral normalisation in its old form, as a hook; `nn.utils.parametrizations` has the new
one."""

from __future__ import annotations

from typing import Any, TypeVar

from autograd.errors import ShapeError
from autograd.modes import no_grad
from autograd.random import randn
from nn import functional as F
from nn.convolution import ConvTranspose1D, ConvTranspose2D, ConvTranspose3D
from nn.module import Module
from nn.utils.recomputed import Recomputed

M = TypeVar("M", bound=Module)


def as_matrix(weight: Any, dim: int) -> Any:
    """``weight`` with ``dim`` as its rows, and all other dims as its columns."""
    return weight.movedim(dim, 0).reshape(weight.shape[dim], -1)


def output_dim(module: Module) -> int:
    """The dim of the weight of ``module`` that counts its outputs."""
    return int(isinstance(module, (ConvTranspose1D, ConvTranspose2D, ConvTranspose3D)))


def random_direction(size: int, weight: Any, eps: float) -> Any:
    """A random vector of length 1, of the dtype of ``weight``."""
    return F.normalize(randn(size, dtype=weight.dtype), dim=0, eps=eps)


def check_iterations(operation: str, n_power_iterations: int) -> None:
    """Raise ShapeError unless there is at least one."""
    if n_power_iterations <= 0:
        raise ShapeError(
            f"{operation}: n_power_iterations must be positive, got {n_power_iterations}"
        )


class SpectralNorm(Recomputed):
    """Computes a weight as ``orig`` over its largest singular value."""

    parts = ("orig", "u", "v")

    def __init__(
        self, name: str = "weight", n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12
    ) -> None:
        super().__init__(name)
        check_iterations("spectral_norm", n_power_iterations)
        self.n_power_iterations, self.dim, self.eps = n_power_iterations, dim, eps

    def compute_weight(self, module: Module, do_power_iteration: bool | None = None) -> Any:
        """The weight; in training mode, unless told otherwise, with the singular vectors brought up
        to date."""
        weight, u, v = (getattr(module, f"{self.name}_{part}") for part in self.parts)
        matrix = as_matrix(weight, self.dim)
        if module.training if do_power_iteration is None else do_power_iteration:
            self._iterate(matrix, u, v)
        # Copies, for the next iteration changes these in place while this one's graph may live.
        return weight / (u.clone() @ (matrix @ v.clone()))

    @no_grad()
    def _iterate(self, matrix: Any, u: Any, v: Any) -> None:
        for _ in range(self.n_power_iterations):
            v.copy_(F.normalize(matrix.T @ u, dim=0, eps=self.eps))
            u.copy_(F.normalize(matrix @ v, dim=0, eps=self.eps))


def spectral_norm(
    module: M,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
) -> M:
    """Divide the parameter ``name``, as a matrix, by its largest singular value (Miyato et al.,
    2018); return the module.

    It is computed before each forward from ``name_orig`` and from approximate singular vectors
    ``name_u`` and ``name_v``, which ``n_power_iterations`` improve at each call in training mode.
    ``dim``: the rows of the matrix, by default that of the outputs. Raises ShapeError if there is
    no such parameter.
    """
    hook = SpectralNorm(name, n_power_iterations, output_dim(module) if dim is None else dim, eps)
    weight = SpectralNorm.original(module, name, "spectral_norm")
    rows, columns = as_matrix(weight.detach(), hook.dim).shape
    u, v = (random_direction(size, weight, eps) for size in (rows, columns))
    hook.install(module, orig=weight, u=u, v=v)
    setattr(module, name, weight.data)
    return module


def remove_spectral_norm(module: M, name: str = "weight") -> M:
    """Undo `spectral_norm`: the weight, as it is now, is a parameter again. Raises ShapeError if
    there is none."""
    hook = SpectralNorm.taken_off(module, name, "remove_spectral_norm")
    hook.uninstall(module, hook.compute_weight(module, do_power_iteration=False))
    return module
