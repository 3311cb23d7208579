"""LSTM, GRU and Elman's network for float32. What is computed step by step is in `recurrent_steps`;
the gradients by the weights are one product for all steps, and stay NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.kernels.compiled import common
from autograd.kernels.compiled.common import accepts, plain, primitive_of
from autograd.kernels.compiled.packing import least, packed
from autograd.kernels.compiled.recurrent_steps import (
    gru_steps,
    gru_steps_gradient,
    lstm_steps,
    lstm_steps_gradient,
    rnn_steps,
    rnn_steps_gradient,
)
from autograd.ops.products import _check_affine, matmul
from autograd.ops.recurrence import check_recurrence, recurrent_weight_gradient, weight_gradient
from autograd.ops.recurrent import _gru, _gru_gradients, _rnn, _rnn_gradients
from autograd.ops.recurrent_lstm import _lstm, _lstm_gradients
from autograd.threads import spread

# -- Elman's network -------------------------------------------------------------------------------


def rnn(gates: Any, weight: Any, h: Any, relu: bool) -> Any:
    """`autograd.ops.recurrent._rnn`."""
    if not _accepted(gates, weight, h) or not _fits(gates, gates.shape[-1], weight, 1, h):
        return NotImplemented
    out = common.allocate(gates.shape, gates.dtype)
    args = (_lying(gates), _blocks(weight), _lying(h), relu, out)
    _divided(rnn_steps, args, len(out), weight.size, len(h))
    return out


def rnn_gradients(g: Any, wanted: Any, weight: Any, h: Any, out: Any, relu: bool) -> Any:
    """`autograd.ops.recurrent._rnn_gradients`."""
    g, out = _lying(g), _lying(out)
    if not _accepted(g, weight, h, out):
        return NotImplemented
    room, carried = common.allocate(g.shape, g.dtype), _zeros(h)
    args = (g, _blocks(weight.T), out, relu, room, carried)
    _divided(rnn_steps_gradient, args, len(g), weight.size, len(h))
    return [room, recurrent_weight_gradient(room, h, out) if wanted[1] else None, carried]


# -- the long short-term memory --------------------------------------------------------------------


def lstm(
    x: Any, weight_ih: Any, bias: Any, h: Any, c: Any, weight_hh: Any, projection: Any, scratch: Any
) -> Any:
    """`autograd.ops.recurrent_lstm._lstm`, without a projection."""
    if projection is not None or not _accepted(x, weight_ih, h, c, weight_hh, scratch, bias):
        return NotImplemented
    _check_affine(x, weight_ih, bias)
    if not _fits(x, len(weight_ih), weight_hh, 4, h, c) or not _is(scratch, 4, len(x), *c.shape):
        return NotImplemented
    outputs, cells = (common.allocate((len(x), *c.shape), x.dtype) for _ in range(2))
    of_x = (_lying(x), _blocks(weight_ih, 4), _shifts(bias, 4, h))
    args = (*of_x, _lying(h), _lying(c), _blocks(weight_hh, 4), scratch, outputs, cells)
    _divided(lstm_steps, args, len(x), weight_ih.size + weight_hh.size, len(c))
    return outputs, cells


def lstm_gradients(
    g: Any,
    wanted: Any,
    x: Any,
    weight_ih: Any,
    bias: Any,
    h: Any,
    c: Any,
    weight_hh: Any,
    projection: Any,
    out: Any,
    scratch: Any,
) -> Any:
    """`autograd.ops.recurrent_lstm._lstm_gradients`, without a projection."""
    g, (outputs, cells) = tuple(map(_lying, g)), map(_lying, out)
    if projection is not None or not _accepted(*g, outputs, cells, scratch, h, c, weight_hh):
        return NotImplemented
    room = common.allocate((*x.shape[:2], 4, c.shape[1]), x.dtype)
    g_h, g_c, g_bias = _zeros(h), _zeros(c), _zeros(room[0])
    args = (*g, scratch, _lying(c), cells, _blocks(weight_hh.T), room, g_h, g_c, g_bias)
    _divided(lstm_steps_gradient, args, len(x), weight_hh.size, len(h))
    g_gates = room.reshape(*x.shape[:2], len(weight_hh))
    return [
        matmul(g_gates, weight_ih) if wanted[0] else None,
        weight_gradient(g_gates, x) if wanted[1] else None,
        np.sum(g_bias, 0).reshape(-1) if wanted[2] else None,
        g_h,
        g_c,
        recurrent_weight_gradient(g_gates, h, outputs) if wanted[5] else None,
        None,
    ]


# -- the gated recurrent unit ----------------------------------------------------------------------


def gru(gates: Any, weight: Any, bias: Any, h: Any, scratch: Any) -> Any:
    """`autograd.ops.recurrent._gru`."""
    if not _accepted(gates, weight, h, scratch, bias):
        return NotImplemented
    fits = _fits(gates, gates.shape[-1], weight, 3, h) and _is(scratch, len(gates), 4, *h.shape)
    if not fits or (bias is not None and bias.shape != (len(weight),)):
        return NotImplemented
    out = common.allocate((len(gates), *h.shape), gates.dtype)
    args = (_lying(gates), _blocks(weight, 3), _shifts(bias, 3, h), _lying(h), scratch, out)
    _divided(gru_steps, args, len(out), weight.size, len(h))
    return out


def gru_gradients(
    g: Any, wanted: Any, gates: Any, weight: Any, bias: Any, h: Any, out: Any, scratch: Any
) -> Any:
    """`autograd.ops.recurrent._gru_gradients`."""
    g, out = _lying(g), _lying(out)
    if not _accepted(g, out, scratch, h, weight):
        return NotImplemented
    room, other = (common.allocate(gates.shape, g.dtype) for _ in range(2))
    carried = _zeros(h)
    args = (g, scratch, _lying(h), out, _blocks(weight.T), room, other, carried)
    _divided(gru_steps_gradient, args, len(g), weight.size, len(h))
    return [
        room,
        recurrent_weight_gradient(other, h, out) if wanted[1] else None,
        other if wanted[2] else None,
        carried,
    ]


# -- what they share -------------------------------------------------------------------------------


def _accepted(first: Any, *others: Any) -> bool:
    arrays = [array for array in others if array is not None]
    return first.dtype == np.float32 and accepts(first, *arrays)


def _fits(x: Any, rows: int, weight: Any, gates: int, *states: Any) -> bool:
    """Whether there is anything to compute, of states all of one size. Raises as the definition
    does where shapes do not fit."""
    check_recurrence(x, rows, weight, states, gates)
    return bool(x.size and weight.size) and len(weight) == gates * weight.shape[1]


def _is(scratch: Any, *shape: int) -> bool:
    return bool(scratch.shape == shape and scratch.flags.c_contiguous)


def _lying(x: Any) -> Any:
    """``x`` in C order, and of writeable memory, as compiled code expects it."""
    return np.ascontiguousarray(plain(x))


def _zeros(like: Any) -> Any:
    out = common.allocate(like.shape, like.dtype)
    out.fill(0)
    return out


def _shifts(bias: Any, gates: int, h: Any) -> Any:
    """The bias of each gate, zeros for None."""
    if bias is None:
        return np.zeros((gates, h.shape[1]), h.dtype)
    return _lying(bias).reshape(gates, h.shape[1])


def _blocks(weight: Any, gates: int = 1) -> Any:
    """What ``h @ weight.T`` multiplies with, in blocks of each gate's columns."""
    by_gate = weight.reshape(gates, -1, weight.shape[1]).transpose(1, 2, 0)
    return packed(by_gate[..., None]).squeeze(2)


def _divided(steps: Any, args: Any, time: int, products: int, batch: int) -> None:
    """``steps(*args, start, stop)`` for ranges of the batch, each on a thread. ``products``:
    multiplications for one sequence at one step."""
    spread(lambda start, stop: steps(*args, start, stop), batch, least(time * products, 1))


KERNELS = {
    primitive_of(_rnn): rnn,
    primitive_of(_rnn_gradients): rnn_gradients,
    primitive_of(_lstm): lstm,
    primitive_of(_lstm_gradients): lstm_gradients,
    primitive_of(_gru): gru,
    primitive_of(_gru_gradients): gru_gradients,
}
