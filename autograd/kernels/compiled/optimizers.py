"""Update rules of optimizers, in one pass over values, gradient and state.

The rules in `optim` pass over flat arrays about ten times; here each element is loaded and stored
once. What is left of Adam is the time of its square root and division.

A kernel gets the values and the gradients of some parameters, for each name in the state the flat
arrays of these parameters, the numbers that the rule would see, and the options of the group. It
changes values and state, or declines before it has changed anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np

from autograd.kernels.compiled.common import FLOATS, compiled
from autograd.threads import spread

Arrays = Sequence[Any]
SHARE = 1 << 17  # elements; as much work as handing it to another thread


@compiled
def _adam(
    values: Any,
    gradient: Any,
    mean: Any,
    square: Any,
    constants: Any,
    maximize: bool,
) -> None:
    keep_mean, take_mean, keep_square = constants[0], constants[1], constants[2]
    take_square, eps, rate = constants[3], constants[4], constants[5]
    weight_decay, shrink = constants[6], constants[7]
    for i in range(values.size):
        value = values[i]
        g = -gradient[i] if maximize else gradient[i]
        if weight_decay != 0:
            g += weight_decay * value
        # As in `optim.averages.update_mean`, the form with the smaller product.
        if keep_mean > take_mean:
            m = mean[i] + (g - mean[i]) * take_mean
        else:
            m = g + (mean[i] - g) * keep_mean
        v = square[i] * keep_square + (g * g) * take_square
        mean[i] = m
        square[i] = v
        values[i] = value * shrink - m / (np.sqrt(v) + eps) * rate


def adam(
    values: Arrays,
    gradients: Arrays,
    state: Mapping[str, Arrays],
    numbers: Mapping[str, Any],
    group: Mapping[str, Any],
) -> Any:
    """`optim.Adam.rule`, and that of AdamW; without amsgrad."""
    if group["amsgrad"]:
        return NotImplemented
    step, (beta1, beta2) = numbers["step"], map(float, group["betas"])
    correction1, correction2 = 1 - beta1**step, sqrt(1 - beta2**step)
    weight_decay, shrink = _weight_decay(group)
    constants = [
        *(beta1, 1 - beta1, beta2, 1 - beta2),
        *(group["eps"] * correction2, float(group["lr"]) * correction2 / correction1),
        *(weight_decay, shrink),
    ]
    states = (state["exp_avg"], state["exp_avg_sq"])
    return _apply(_adam, values, gradients, states, constants, bool(group["maximize"]))


@compiled
def _momentum(
    values: Any,
    gradient: Any,
    buffer: Any,
    constants: Any,
    first: bool,
    nesterov: bool,
    maximize: bool,
) -> None:
    momentum, take, rate = constants[0], constants[1], constants[2]
    weight_decay = constants[3]
    for i in range(values.size):
        value = values[i]
        g = -gradient[i] if maximize else gradient[i]
        if weight_decay != 0:
            g += weight_decay * value
        b = g if first else buffer[i] * momentum + g * take
        buffer[i] = b
        values[i] = value - (g + b * momentum if nesterov else b) * rate


@compiled
def _descent(values: Any, gradient: Any, constants: Any, maximize: bool) -> None:
    rate, weight_decay = constants[0], constants[1]
    for i in range(values.size):
        value = values[i]
        g = -gradient[i] if maximize else gradient[i]
        if weight_decay != 0:
            g += weight_decay * value
        values[i] = value - g * rate


def sgd(
    values: Arrays,
    gradients: Arrays,
    state: Mapping[str, Arrays],
    numbers: Mapping[str, Any],
    group: Mapping[str, Any],
) -> Any:
    """`optim.SGD.rule`, with and without momentum."""
    lr, momentum, (weight_decay, _) = float(group["lr"]), group["momentum"], _weight_decay(group)
    maximize = bool(group["maximize"])
    if not momentum:
        return _apply(_descent, values, gradients, (), [lr, weight_decay], maximize)
    constants = [momentum, 1 - group["dampening"], lr, weight_decay]
    buffers = (state["momentum_buffer"],)
    first = numbers["step"] == 1
    nesterov = bool(group["nesterov"])
    return _apply(_momentum, values, gradients, buffers, constants, first, nesterov, maximize)


def _weight_decay(group: Mapping[str, Any]) -> tuple[float, float]:
    """What is added to the gradient of each value, and what each value is multiplied with."""
    weight_decay = float(group["weight_decay"])
    if group.get("decoupled_weight_decay"):
        return 0.0, 1 - float(group["lr"]) * weight_decay
    return weight_decay, 1.0


def _apply(
    kernel: Callable[..., None],
    values: Arrays,
    gradients: Arrays,
    states: Sequence[Arrays],
    constants: Sequence[float],
    *flags: bool,
) -> Any:
    """Call ``kernel`` for each parameter, on flat arrays, in parts for several threads."""
    dtype = values[0].dtype
    if dtype not in FLOATS or any(gradient.dtype != dtype for gradient in gradients):
        return NotImplemented
    numbers = np.array(constants, dtype)  # else float32 would be computed in float64
    for value, gradient, *state in zip(values, gradients, *states):
        arrays = (_flat(value), _flat(gradient), *state)
        if value.size < 2 * SHARE:
            kernel(*arrays, numbers, *flags)
        else:
            _divide(kernel, arrays, (numbers, *flags))
        if not value.flags.carray:
            value[...] = arrays[0].reshape(value.shape)
    return None


def _divide(kernel: Callable[..., None], arrays: tuple[Any, ...], rest: tuple[Any, ...]) -> None:
    """Call ``kernel`` on parts of the ``arrays`` in several threads."""
    spread(lambda a, b: kernel(*(x[a:b] for x in arrays), *rest), arrays[0].size, SHARE)


def _flat(array: Any) -> Any:
    """The elements of ``array`` in the order of its dims: a view if compiled code can take it."""
    return array.reshape(-1) if array.flags.carray else array.flatten()


KERNELS = {"optim.adam.Adam.rule": adam, "optim.sgd.SGD.rule": sgd}
