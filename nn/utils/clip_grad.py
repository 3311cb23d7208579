"""Keeping gradients from growing too large."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from types import GeneratorType
from typing import Any

from autograd._tensor import Tensor
from autograd.errors import ShapeError
from autograd.from_data import tensor
from autograd.modes import no_grad
from autograd.ops.joining import stack
from autograd.ops.norms import vector_norm

Tensors = Tensor | Iterable[Tensor]


@no_grad()
def get_total_norm(
    tensors: Tensors,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Any:
    """The ``norm_type``-norm of all elements of ``tensors`` together; may be infinite, for the
    largest magnitude.

    ``error_if_nonfinite``: raise ShapeError for an infinite or NaN norm. ``foreach`` chooses among
    PyTorch's implementations, and changes nothing here.

    >>> import autograd, nn
    >>> nn.utils.get_total_norm([autograd.tensor([3.0]), autograd.tensor([[4.0]])])
    tensor(5.)
    """
    norms = [vector_norm(each, float(norm_type)) for each in _listed(tensors)]
    total = vector_norm(stack(norms), float(norm_type)) if norms else tensor(0.0)
    if error_if_nonfinite and not total.isfinite():
        raise ShapeError(
            f"get_total_norm: the norm of the gradients is {total.item()}, and they can't be "
            "clipped by it; pass error_if_nonfinite=False to go on all the same"
        )
    return total


@no_grad()
def clip_grads_with_norm_(
    parameters: Tensors, max_norm: float, total_norm: Any, foreach: bool | None = None
) -> None:
    """Scale the gradients of ``parameters``, whose norm is ``total_norm``, so that it is at most
    ``max_norm``."""
    # The small number keeps the factor finite where all gradients are 0.
    factor = (float(max_norm) / (total_norm + 1e-6)).clamp(max=1.0)
    for gradient in _gradients(parameters):
        gradient.mul_(factor)


def clip_grad_norm_(
    parameters: Tensors,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Any:
    """Scale the gradients of ``parameters``, in place, so that the norm of all together is at most
    ``max_norm``; return the norm that it was.

    The arguments are those of `get_total_norm`.

    >>> import autograd, nn
    >>> x = autograd.tensor([3.0, 4.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> nn.utils.clip_grad_norm_([x], max_norm=1.0), x.grad
    (tensor(10.), tensor([0.6000, 0.8000]))
    """
    listed = _listed(parameters)
    if isinstance(parameters, GeneratorType) and not listed:
        warnings.warn(
            "clip_grad_norm_: the generator of parameters is empty, perhaps used up; nothing is "
            "clipped",
            stacklevel=2,
        )
    norm = get_total_norm(_gradients(listed), norm_type, error_if_nonfinite, foreach)
    clip_grads_with_norm_(listed, max_norm, norm, foreach)
    return norm


def clip_grad_norm(
    parameters: Tensors,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Any:
    """The former name of `clip_grad_norm_`; warns (FutureWarning)."""
    warnings.warn("clip_grad_norm is deprecated; call clip_grad_norm_", FutureWarning, stacklevel=2)
    return clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite, foreach)


@no_grad()
def clip_grad_value_(parameters: Tensors, clip_value: float, foreach: bool | None = None) -> None:
    """Limit each element of the gradients of ``parameters``, in place, to ``[-clip_value,
    clip_value]``."""
    for gradient in _gradients(parameters):
        gradient.clamp_(-float(clip_value), float(clip_value))


def _listed(tensors: Tensors) -> list[Any]:
    return [tensors] if isinstance(tensors, Tensor) else list(tensors)


def _gradients(parameters: Tensors) -> list[Any]:
    gradients = (parameter.grad for parameter in _listed(parameters))
    return [gradient for gradient in gradients if gradient is not None]
