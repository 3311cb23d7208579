"""The steps of LSTM and GRU for float32, between the matrix products, which stay NumPy's.

Each line of a batch is gone through several times, for as long as it is in the first cache: loops
over many arrays at once are not vectorized, since it would take too long to make sure that these
don't overlap.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.kernels.compiled import common
from autograd.kernels.compiled.common import accepts, compiled, primitive_of
from autograd.kernels.compiled.elementary import sigmoid, tanh
from autograd.ops.products import _rows
from autograd.ops.recurrence import (
    _product_of_step,
    blocks_of,
    product_into,
    recurrent_weight_gradient,
    weight_gradient,
)
from autograd.ops.recurrent import _gru, _gru_gradients
from autograd.ops.recurrent_lstm import _lstm, _lstm_gradients

_ONE = np.float32(1)

# -- the long short-term memory --------------------------------------------------------------------


@compiled
def _lstm_step(
    gates: Any, bias: Any, scratch: Any, t: int, before: Any, cell: Any, out: Any
) -> None:
    """``gates``: the products with the state; ``scratch``: those with the inputs, of which step
    ``t`` becomes the gates i, f, n and o."""
    batch, hidden = cell.shape
    for b in range(batch):
        for gate in range(4):
            line, remembered, shift = scratch[gate, t, b], gates[gate, b], bias[gate]
            if gate == 2:
                for j in range(hidden):
                    line[j] = tanh(line[j] + remembered[j] + shift[j])
            else:
                for j in range(hidden):
                    line[j] = sigmoid(line[j] + remembered[j] + shift[j])
        i, f, n, o = scratch[0, t, b], scratch[1, t, b], scratch[2, t, b], scratch[3, t, b]
        old, new, state = before[b], cell[b], out[b]
        for j in range(hidden):
            new[j] = f[j] * old[j] + i[j] * n[j]
        for j in range(hidden):
            state[j] = o[j] * tanh(new[j])


@compiled
def _lstm_step_gradient(
    g_output: Any,
    g_cell: Any,
    g_h: Any,
    g_c: Any,
    scratch: Any,
    t: int,
    before: Any,
    cell: Any,
    bent: Any,
    room: Any,
) -> None:
    """``g_h`` and ``g_c`` are those of the step after this; ``g_c`` becomes that of the one before,
    ``room`` (batch, 4 * hidden) gets the gradient by the gates."""
    batch, hidden = cell.shape
    for b in range(batch):
        i, f, n, o = scratch[0, t, b], scratch[1, t, b], scratch[2, t, b], scratch[3, t, b]
        g_i, g_f = room[b, :hidden], room[b, hidden : 2 * hidden]
        g_n, g_o = room[b, 2 * hidden : 3 * hidden], room[b, 3 * hidden :]
        of_output, of_cell, of_h, of_c = g_output[b], g_cell[b], g_h[b], g_c[b]
        old, new = before[b], cell[b]
        for j in range(hidden):
            bent[j] = tanh(new[j])
        for j in range(hidden):
            of_h[j] += of_output[j]
        for j in range(hidden):
            g_o[j] = of_h[j] * bent[j] * o[j] * (_ONE - o[j])
        for j in range(hidden):
            of_c[j] += of_cell[j] + of_h[j] * (_ONE - bent[j] * bent[j]) * o[j]
        for j in range(hidden):
            g_i[j] = of_c[j] * n[j] * i[j] * (_ONE - i[j])
        for j in range(hidden):
            g_f[j] = of_c[j] * old[j] * f[j] * (_ONE - f[j])
        for j in range(hidden):
            g_n[j] = of_c[j] * i[j] * (_ONE - n[j] * n[j])
        for j in range(hidden):
            of_c[j] *= f[j]


def lstm(
    x: Any, weight_ih: Any, bias: Any, h: Any, c: Any, weight_hh: Any, projection: Any, scratch: Any
) -> Any:
    """`autograd.ops.recurrent_lstm._lstm`, without a projection."""
    arrays = [x, weight_ih, h, c, weight_hh, scratch, *([] if bias is None else [bias])]
    if projection is not None or not _accepted(*arrays) or not scratch.flags.c_contiguous:
        return NotImplemented
    time, batch, features = x.shape
    hidden = c.shape[1] if c.ndim == 2 else 0
    shapes = [array.shape for array in (weight_ih, h, c, weight_hh, scratch)]
    wanted: list[Any] = [(4 * hidden, features), (batch, hidden), (batch, hidden)]
    wanted += [(4 * hidden, hidden), (4, time, batch, hidden)]
    if shapes != wanted or (bias is not None and bias.shape != (4 * hidden,)) or not x.size:
        return NotImplemented  # the definition says what is wrong
    by_gate = weight_ih.reshape(4, hidden, features).swapaxes(1, 2)
    np.matmul(_rows(x, features), by_gate, out=scratch.reshape(4, time * batch, hidden))
    outputs, cells = (common.allocate((time, batch, hidden), x.dtype) for _ in range(2))
    gates = common.allocate((4, batch, hidden), x.dtype)
    product = product_into(weight_hh, batch, 4)
    shared = np.zeros(4 * hidden, x.dtype) if bias is None else np.ascontiguousarray(bias)
    shared, c = shared.reshape(4, hidden), np.ascontiguousarray(c)
    for t, (h_t, c_t) in enumerate(zip(outputs, cells)):
        product(h, gates)
        _lstm_step(gates, shared, scratch, t, c, c_t, h_t)
        h, c = h_t, c_t
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
    g_outputs, g_cells = (np.ascontiguousarray(common.plain(part)) for part in g)
    outputs, cells = out
    if projection is not None or not _accepted(g_outputs, g_cells, outputs, cells, scratch, h, c):
        return NotImplemented
    hidden = c.shape[1]
    g_gates = common.allocate((*x.shape[:2], 4 * hidden), x.dtype)
    bent = common.allocate((hidden,), x.dtype)
    g_h: Any = np.zeros_like(outputs[0])
    g_c = np.zeros_like(cells[0])
    blocks = blocks_of(weight_hh, len(h), 4)
    befores = (np.ascontiguousarray(c), *cells[:-1])
    for t in range(len(x) - 1, -1, -1):
        upstream = (g_outputs[t], g_cells[t], g_h, g_c)
        _lstm_step_gradient(*upstream, scratch, t, befores[t], cells[t], bent, g_gates[t])
        g_h = _product_of_step(g_gates[t], weight_hh, blocks=blocks)
    return [
        np.matmul(g_gates, weight_ih) if wanted[0] else None,
        weight_gradient(g_gates, x) if wanted[1] else None,
        g_gates if wanted[2] else None,
        g_h,
        g_c,
        recurrent_weight_gradient(g_gates, h, outputs) if wanted[5] else None,
        None,
    ]


# -- the gated recurrent unit ----------------------------------------------------------------------


@compiled
def _gru_step(gates: Any, bias: Any, scratch: Any, before: Any, out: Any) -> None:
    """``gates (batch, 3 * hidden)``: the products with the input; in the last three of ``scratch``
    are those with the state, which become r, z and what r is multiplied with."""
    batch, hidden = out.shape
    for b in range(batch):
        n, r, z, product = scratch[0, b], scratch[1, b], scratch[2, b], scratch[3, b]
        to_r, to_z = gates[b, :hidden], gates[b, hidden : 2 * hidden]
        to_n, old, new = gates[b, 2 * hidden :], before[b], out[b]
        for j in range(hidden):
            r[j] = sigmoid(r[j] + bias[0, j] + to_r[j])
        for j in range(hidden):
            z[j] = sigmoid(z[j] + bias[1, j] + to_z[j])
        for j in range(hidden):
            product[j] += bias[2, j]
        for j in range(hidden):
            n[j] = tanh(r[j] * product[j] + to_n[j])
        for j in range(hidden):
            new[j] = (old[j] - n[j]) * z[j] + n[j]


@compiled
def _gru_step_gradient(
    g: Any, carried: Any, scratch: Any, before: Any, room: Any, other: Any
) -> None:
    """``carried`` is the gradient by the state after this step, but for ``g``; it becomes that by
    the state before, but for what the products give. ``room`` and ``other`` (batch, 3 * hidden) get
    the gradients by the gates and by the products."""
    batch, hidden = before.shape
    for b in range(batch):
        n, r, z, product = scratch[0, b], scratch[1, b], scratch[2, b], scratch[3, b]
        g_r, g_z, g_n = room[b, :hidden], room[b, hidden : 2 * hidden], room[b, 2 * hidden :]
        upstream, on, old, g_product = g[b], carried[b], before[b], other[b, 2 * hidden :]
        for j in range(hidden):
            on[j] += upstream[j]
        for j in range(hidden):
            g_n[j] = on[j] * (_ONE - z[j]) * (_ONE - n[j] * n[j])
        for j in range(hidden):
            g_product[j] = g_n[j] * r[j]
        for j in range(hidden):
            g_r[j] = g_product[j] * product[j] * (_ONE - r[j])
        for j in range(hidden):
            on[j] *= z[j]
        for j in range(hidden):
            g_z[j] = on[j] * (old[j] - n[j]) * (_ONE - z[j])
        other[b, : 2 * hidden] = room[b, : 2 * hidden]


def gru(gates: Any, weight: Any, bias: Any, h: Any, scratch: Any) -> Any:
    """`autograd.ops.recurrent._gru`."""
    if not _accepted(gates, weight, h, scratch, *([] if bias is None else [bias])):
        return NotImplemented
    (time, batch, _), hidden = gates.shape, h.shape[-1]
    shapes = [array.shape for array in (gates, weight, h, scratch)]
    wanted: list[Any] = [(time, batch, 3 * hidden), (3 * hidden, hidden), (batch, hidden)]
    wanted.append((time, 4, batch, hidden))
    if shapes != wanted or (bias is not None and bias.shape != (3 * hidden,)) or not gates.size:
        return NotImplemented  # the definition says what is wrong
    out = common.allocate((time, batch, hidden), gates.dtype)
    multiply = product_into(weight, batch, 3)
    shared = np.zeros(3 * hidden, gates.dtype) if bias is None else np.ascontiguousarray(bias)
    shared, gates, h = shared.reshape(3, hidden), *map(np.ascontiguousarray, (gates, h))
    for gates_t, h_t, scratch_t in zip(gates, out, scratch):
        multiply(h, scratch_t[1:])
        _gru_step(gates_t, shared, scratch_t, h, h_t)
        h = h_t
    return out


def gru_gradients(
    g: Any, wanted: Any, gates: Any, weight: Any, bias: Any, h: Any, out: Any, scratch: Any
) -> Any:
    """`autograd.ops.recurrent._gru_gradients`."""
    g = np.ascontiguousarray(common.plain(g))
    if not _accepted(g, out, scratch, h, weight):
        return NotImplemented
    room, other = (common.allocate(gates.shape, g.dtype) for _ in range(2))
    blocks = blocks_of(weight, len(h), 3)
    befores = (np.ascontiguousarray(h), *out[:-1])
    carried = np.zeros(h.shape, g.dtype)
    for t in range(len(g) - 1, -1, -1):
        _gru_step_gradient(g[t], carried, scratch[t], befores[t], room[t], other[t])
        carried += _product_of_step(other[t], weight, blocks=blocks)
    return [
        room,
        recurrent_weight_gradient(other, h, out) if wanted[1] else None,
        other if wanted[2] else None,
        carried,
    ]


def _accepted(first: Any, *others: Any) -> bool:
    return first.dtype == np.float32 and accepts(first, *others)


KERNELS = {
    primitive_of(_lstm): lstm,
    primitive_of(_lstm_gradients): lstm_gradients,
    primitive_of(_gru): gru,
    primitive_of(_gru_gradients): gru_gradients,
}
