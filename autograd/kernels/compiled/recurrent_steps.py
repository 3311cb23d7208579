"""All steps of a recurrence in one call, products included, for float32.

The weights lie in the blocks of `packing.packed`, made once for all steps: a product of one step
has few rows, and a library for matrix products would rearrange its weights anew each time. What is
computed of one sequence of a batch depends on no other, so that threads divide the batch.

Each line of a batch is gone through several times, for as long as it is in the first cache: loops
over many arrays at once are not vectorized, since it would take too long to make sure that these
don't overlap.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.kernels.compiled.common import compiled
from autograd.kernels.compiled.microkernel import contract
from autograd.kernels.compiled.squashing import sigmoid, tanh

_ONE = np.float32(1)
_ZERO = np.float32(0)
# At most so many numbers of each array are gone through at once: they stay in the first cache.
CHUNK = 1024
# As many numbers of the products with the inputs as stay in the second cache until their steps.
ROOM = 1 << 17


@compiled
def add_product(
    out: Any,
    out_steps: Any,
    base: Any,
    base_steps: Any,
    x: Any,
    x_steps: Any,
    weight: Any,
    gate: int,
    places: Any,
) -> None:
    """``out = base + x @ weight`` of one gate for the rows at all ``places``. Of ``out``, ``base``
    and ``x`` the first row is given, and the steps, in numbers, to others; ``weight (blocks, gates,
    depth, columns of a block)``."""
    _, gates, depth, columns = weight.shape
    contract(
        out,
        _numbers(out_steps),
        base,
        _numbers(base_steps),
        x,
        _numbers(x_steps),
        _numbers((0, 0, 1)),
        weight[0, gate, 0],
        gates * depth * columns,
        _numbers((0, 0, columns)),
        _numbers(places),
        _numbers((1, 1, depth)),
        len(out),
        False,
    )


@compiled
def _numbers(triple: Any) -> Any:
    """Of one type: for Numba constants have types of their own, and it would compile `contract`,
    which takes seconds, for each combination of them."""
    return np.int64(triple[0]), np.int64(triple[1]), np.int64(triple[2])


@compiled
def add_step(out: Any, base: Any, base_row: int, x: Any, weight: Any, gate: int, rows: int) -> None:
    """`add_product` for the rows of one step, which follow each other in ``out`` and ``x``."""
    row, depth = (0, 0, len(out)), (0, 0, len(x))
    add_product(out, row, base, (0, 0, base_row), x, depth, weight, gate, (1, 1, rows))


# -- Elman's network -------------------------------------------------------------------------------


@compiled
def rnn_steps(gates: Any, weight: Any, h: Any, relu: bool, out: Any, start: int, stop: int) -> None:
    """``out (time, batch, hidden)`` of ``gates``, the products with the inputs, from the sequence
    ``start`` of the batch to ``stop``."""
    hidden = out.shape[2]
    for t in range(len(out)):
        before = h[start] if t == 0 else out[t - 1, start]
        add_step(out[t, start], gates[t, start], hidden, before, weight, 0, stop - start)
        for b in range(start, stop):
            line = out[t, b]
            if relu:
                for j in range(hidden):
                    line[j] = line[j] if not line[j] < _ZERO else _ZERO
            else:
                for j in range(hidden):
                    line[j] = tanh(line[j])


@compiled
def rnn_steps_gradient(
    g: Any, weight: Any, out: Any, relu: bool, room: Any, carried: Any, start: int, stop: int
) -> None:
    """``room (time, batch, hidden)`` gets the gradient by the gates; ``carried (batch, hidden)``,
    zeros at first, that by the state at the start."""
    hidden, rows, on = out.shape[2], stop - start, carried[start]
    for t in range(len(out) - 1, -1, -1):
        for b in range(start, stop):
            line, upstream, remembered, state = room[t, b], g[t, b], carried[b], out[t, b]
            for j in range(hidden):
                line[j] = upstream[j] + remembered[j]
            if relu:
                for j in range(hidden):
                    line[j] = line[j] * (_ONE if state[j] != _ZERO else _ZERO)
            else:
                for j in range(hidden):
                    line[j] *= _ONE - state[j] * state[j]
            remembered[:] = _ZERO
        add_step(on, on, hidden, room[t, start], weight, 0, rows)


# -- the long short-term memory --------------------------------------------------------------------


@compiled
def lstm_steps(
    x: Any,
    weight_ih: Any,
    bias: Any,
    h: Any,
    c: Any,
    weight_hh: Any,
    scratch: Any,
    outputs: Any,
    cells: Any,
    start: int,
    stop: int,
) -> None:
    """``outputs`` and ``cells (time, batch, hidden)``, and in ``scratch (4, time, batch, hidden)``
    the gates i, f, n and o, from the sequence ``start`` of the batch to ``stop``. ``bias`` and the
    weights are in four parts, one for each gate."""
    _, time, batch, hidden = scratch.shape
    some = max(1, ROOM // (4 * (stop - start) * hidden))
    for first in range(0, time, some):
        last = min(first + some, time)
        for gate in range(4):
            add_product(
                scratch[gate, first, start],
                (0, batch * hidden, hidden),
                bias[gate],
                (0, 0, 0),
                x[first, start],
                (0, batch * x.shape[2], x.shape[2]),
                weight_ih,
                gate,
                (1, last - first, stop - start),
            )
        for t in range(first, last):
            before, old = (h, c) if t == 0 else (outputs[t - 1], cells[t - 1])
            _lstm_step(before, old, weight_hh, scratch, t, outputs[t], cells[t], start, stop)


@compiled
def _lstm_step(
    before: Any,
    old: Any,
    weight: Any,
    scratch: Any,
    t: int,
    output: Any,
    cell: Any,
    start: int,
    stop: int,
) -> None:
    hidden = cell.shape[1]
    for gate in range(4):
        product = scratch[gate, t, start]
        add_step(product, product, hidden, before[start], weight, gate, stop - start)
    rows = max(1, CHUNK // hidden)
    for at in range(start, stop, rows):
        part = slice(at, min(at + rows, stop))
        _lstm_cells(
            scratch[0, t, part].reshape(-1),
            scratch[1, t, part].reshape(-1),
            scratch[2, t, part].reshape(-1),
            scratch[3, t, part].reshape(-1),
            old[part].reshape(-1),
            cell[part].reshape(-1),
            output[part].reshape(-1),
        )


@compiled
def _lstm_cells(i: Any, f: Any, n: Any, o: Any, old: Any, new: Any, state: Any) -> None:
    """The gates of some lines in place, and of the cells ``old`` the ``new`` ones."""
    count = len(new)
    for j in range(count):
        i[j] = sigmoid(i[j])
    for j in range(count):
        f[j] = sigmoid(f[j])
    for j in range(count):
        n[j] = tanh(n[j])
    for j in range(count):
        o[j] = sigmoid(o[j])
    for j in range(count):
        new[j] = f[j] * old[j] + i[j] * n[j]
    for j in range(count):
        state[j] = o[j] * tanh(new[j])


@compiled
def lstm_steps_gradient(
    g_outputs: Any,
    g_cells: Any,
    scratch: Any,
    c: Any,
    cells: Any,
    weight: Any,
    room: Any,
    g_h: Any,
    g_c: Any,
    g_bias: Any,
    start: int,
    stop: int,
) -> None:
    """``room (time, batch, 4, hidden)`` gets the gradient by the gates; ``g_h`` and ``g_c (batch,
    hidden)``, zeros at first, those by the states at the start; ``g_bias (batch, 4, hidden)``,
    zeros too, what makes that by the bias if its rows are added up."""
    _, time, _, hidden = scratch.shape
    rows = max(1, CHUNK // hidden)
    # Not of the caller's memory: each thread needs its own, which stays in the first cache.
    bent, gates = np.empty(rows * hidden, np.float32), np.empty((4, rows, hidden), np.float32)
    for t in range(time - 1, -1, -1):
        before = c if t == 0 else cells[t - 1]
        for at in range(start, stop, rows):
            part = slice(at, min(at + rows, stop))
            _lstm_cells_gradient(
                g_outputs[t, part].reshape(-1),
                g_cells[t, part].reshape(-1),
                g_h[part].reshape(-1),
                g_c[part].reshape(-1),
                scratch[0, t, part].reshape(-1),
                scratch[1, t, part].reshape(-1),
                scratch[2, t, part].reshape(-1),
                scratch[3, t, part].reshape(-1),
                before[part].reshape(-1),
                cells[t, part].reshape(-1),
                bent,
                gates.reshape(4, -1),
            )
            _side_by_side(gates, room[t], g_bias[start], part.start, part.stop)
        add_step(
            g_h[start], g_h[start], hidden, room[t, start].reshape(-1), weight, 0, stop - start
        )


@compiled
def _lstm_cells_gradient(
    g_output: Any,
    g_cell: Any,
    g_h: Any,
    g_c: Any,
    i: Any,
    f: Any,
    n: Any,
    o: Any,
    old: Any,
    new: Any,
    bent: Any,
    gates: Any,
) -> None:
    """``g_h`` and ``g_c`` are those of the step after this; ``g_c`` becomes that of the one before,
    and ``g_h`` zeros, to which only a product will be added."""
    count = len(new)
    g_i, g_f, g_n, g_o = gates[0], gates[1], gates[2], gates[3]
    for j in range(count):
        bent[j] = tanh(new[j])
    for j in range(count):
        g_h[j] += g_output[j]
    for j in range(count):
        g_o[j] = g_h[j] * bent[j] * o[j] * (_ONE - o[j])
    for j in range(count):
        g_c[j] += g_cell[j] + g_h[j] * (_ONE - bent[j] * bent[j]) * o[j]
    for j in range(count):
        g_i[j] = g_c[j] * n[j] * i[j] * (_ONE - i[j])
    for j in range(count):
        g_f[j] = g_c[j] * old[j] * f[j] * (_ONE - f[j])
    for j in range(count):
        g_n[j] = g_c[j] * i[j] * (_ONE - n[j] * n[j])
    for j in range(count):
        g_c[j] *= f[j]
    g_h[:] = _ZERO


@compiled
def _side_by_side(gates: Any, room: Any, total: Any, start: int, stop: int) -> None:
    """Write ``gates (4, lines, hidden)`` to some lines of ``room (batch, 4, hidden)``, and add them
    up in ``total``."""
    for gate in range(4):
        for b in range(start, stop):
            for j in range(gates.shape[2]):
                room[b, gate, j] = gates[gate, b - start, j]
            for j in range(gates.shape[2]):
                total[gate, j] += gates[gate, b - start, j]


# -- the gated recurrent unit ----------------------------------------------------------------------


@compiled
def gru_steps(
    gates: Any, weight: Any, bias: Any, h: Any, scratch: Any, out: Any, start: int, stop: int
) -> None:
    """``out (time, batch, hidden)`` of ``gates (time, batch, 3 * hidden)``, the products with the
    inputs; ``scratch (time, 4, batch, hidden)`` gets n, r, z and what r is multiplied with.
    ``bias`` and ``weight`` are in three parts, one for each gate."""
    for t in range(len(out)):
        before = h if t == 0 else out[t - 1]
        for gate in range(3):
            product = scratch[t, 1 + gate, start]
            add_step(product, bias[gate], 0, before[start], weight, gate, stop - start)
        for b in range(start, stop):
            n, r = scratch[t, 0, b], scratch[t, 1, b]
            z, product = scratch[t, 2, b], scratch[t, 3, b]
            _gru_line(gates[t, b], n, r, z, product, before[b], out[t, b])


@compiled
def _gru_line(gates: Any, n: Any, r: Any, z: Any, product: Any, old: Any, new: Any) -> None:
    """One line of a step; ``r`` and ``z`` hold the products with the state before."""
    hidden = len(new)
    to_r, to_z, to_n = gates[:hidden], gates[hidden : 2 * hidden], gates[2 * hidden :]
    for j in range(hidden):
        r[j] = sigmoid(r[j] + to_r[j])
    for j in range(hidden):
        z[j] = sigmoid(z[j] + to_z[j])
    for j in range(hidden):
        n[j] = tanh(r[j] * product[j] + to_n[j])
    for j in range(hidden):
        new[j] = (old[j] - n[j]) * z[j] + n[j]


@compiled
def gru_steps_gradient(
    g: Any,
    scratch: Any,
    h: Any,
    out: Any,
    weight: Any,
    room: Any,
    other: Any,
    carried: Any,
    start: int,
    stop: int,
) -> None:
    """``room`` and ``other (time, batch, 3 * hidden)`` get the gradients by the gates and by the
    products; ``carried (batch, hidden)``, zeros at first, that by the state at the start."""
    hidden, rows, on = out.shape[2], stop - start, carried[start]
    for t in range(len(out) - 1, -1, -1):
        before = h if t == 0 else out[t - 1]
        for b in range(start, stop):
            _gru_line_gradient(
                g[t, b],
                carried[b],
                scratch[t, 0, b],
                scratch[t, 1, b],
                scratch[t, 2, b],
                scratch[t, 3, b],
                before[b],
                room[t, b],
                other[t, b],
            )
        add_step(on, on, hidden, other[t, start], weight, 0, rows)


@compiled
def _gru_line_gradient(
    g: Any, on: Any, n: Any, r: Any, z: Any, product: Any, old: Any, room: Any, other: Any
) -> None:
    """``on`` is the gradient by the state after this step, but for ``g``; it becomes that by the
    state before, but for what the products give."""
    hidden = len(on)
    g_r, g_z, g_n = room[:hidden], room[hidden : 2 * hidden], room[2 * hidden :]
    g_product = other[2 * hidden :]
    for j in range(hidden):
        on[j] += g[j]
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
    other[: 2 * hidden] = room[: 2 * hidden]
