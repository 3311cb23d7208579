"""`FlatOptimizer`: update rules on flat arrays, a handful of NumPy calls for a whole group of
parameters.

The gradients of a group (of those parameters that share a dtype: a `Block`) are gathered into a
flat array, piece by piece; the rule turns them, in place, into the steps to take; these are
subtracted from the parameters. What a rule remembers is flat too. The parameters stay where they
are, so that memory which they share with other tensors stays shared.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from autograd import kernels
from autograd.dtypes import DType, float32, float64, get_default_dtype
from autograd.errors import ShapeError
from optim.blocks import Block, Numbers, Piece, State
from optim.optimizer import Closure, Optimizer, Params, mark_changed
from optim.options import Group


class Layout(NamedTuple):
    """The parameters of a group as they were listed, and the blocks that hold them."""

    params: list[Any]
    blocks: list[Block]

    def is_current(self, group: Group) -> bool:
        """Whether ``group`` still has exactly these parameters, in their shapes and dtypes."""
        params = group["params"]
        return (
            len(params) == len(self.params)
            and all(map(operator.is_, params, self.params))
            and all(block.fits() for block in self.blocks)
        )


class FlatOptimizer(Optimizer):
    """An optimizer whose rule is elementwise: see `rule`."""

    # Whether the state is there before the first step, and whether it tells the number of steps.
    # PyTorch's layout decides.
    starts_at_once = False
    saves_step = True
    # Whether the rule sees the values of the parameters.
    needs_values = False

    def __init__(self, params: Params, **options: Any) -> None:
        self._layouts: list[Layout] = []  # one for each group
        super().__init__(params, options)

    def check(self, group: Group) -> None:
        self.require_implementation(group)
        self.require_not_negative(group, "lr")
        if "weight_decay" in group:
            self.require_not_negative(group, "weight_decay")

    def initial_state(self, group: Group) -> Mapping[str, float]:
        """What the rule remembers of each element: names, and the values before the first step."""
        return {}

    def initial_numbers(self, group: Group) -> Numbers:
        """What the rule remembers of each parameter as a whole, before its first step."""
        return {"step": 0}

    def advance(self, numbers: Numbers, group: Group) -> Numbers:
        """The ``numbers`` that follow those which `rule` saw."""
        return numbers

    def rule(self, piece: Piece, numbers: Numbers, group: Group) -> None:
        """Turn ``piece.gradient`` into what is to be subtracted from the parameters, in place.

        A piece is some parameters, or a part of a large one.
        ``numbers["step"]`` counts from 1; the other numbers are as the step before left them.
        ``piece.scratch`` is free for use.
        """
        raise NotImplementedError

    def step(self, closure: Closure | None = None) -> Any:
        """Change the parameters once. Those whose ``.grad`` is None are left alone.

        ``closure``, which must compute the loss and its gradients, is called first, and its result
        returned.
        """
        loss = self._loss(closure)
        # As in the backward pass, infinities are not the user's code's business.
        with np.errstate(all="ignore"):
            for group, layout in zip(self.param_groups, self._current_layouts()):
                for block in layout.blocks:
                    self._update(block, group)
        return loss

    def _update(self, block: Block, group: Group) -> None:
        gradients = [_gradient(param) for param in block.params]
        block.ensure(self.initial_state(group))
        self._update_runs(block, gradients, group)
        for repeated in block.repetitions:
            again = [g if is_repeated else None for g, is_repeated in zip(gradients, repeated)]
            self._update_runs(block, again, group)

    def _update_runs(self, block: Block, gradients: Sequence[Any], group: Group) -> None:
        count = len(gradients)
        is_regular = block.numbers.count(block.numbers[0]) == count
        if is_regular and all(gradient is not None for gradient in gradients):
            self._update_run(block, 0, count, gradients, group)
            return
        for first, last in block.runs(gradients):
            self._update_run(block, first, last, gradients, group)

    def _update_run(
        self, block: Block, first: int, last: int, gradients: Sequence[Any], group: Group
    ) -> None:
        """One step of the parameters from ``first`` up to ``last``; ``gradients`` are those of the
        whole block."""
        initial = self.initial_state(group)
        if initial and not block.numbers[first]:
            block.begin(first, last, initial, self.initial_numbers(group))
        before = block.numbers[first]
        numbers = {**before, "step": before.get("step", 0) + 1}
        if not self._update_at_once(block, first, last, gradients, numbers, group):
            self._update_pieces(block, first, last, gradients, numbers, group)
        if initial:
            block.numbers[first:last] = [self.advance(numbers, group)] * (last - first)
        mark_changed(block.params[first:last])

    def _update_at_once(
        self,
        block: Block,
        first: int,
        last: int,
        gradients: Sequence[Any],
        numbers: Numbers,
        group: Group,
    ) -> bool:
        """Let the kernel for this rule do it, if there is one (see `autograd.kernels`) and it
        doesn't decline."""
        rule = type(self).rule
        kernel = kernels.find(f"{rule.__module__}.{rule.__qualname__}")
        if kernel is None:
            return False
        values = [param._array for param in block.params[first:last]]
        state = block.flats(first, last)
        return kernel(values, gradients[first:last], state, numbers, group) is not NotImplemented

    def _update_pieces(
        self,
        block: Block,
        first: int,
        last: int,
        gradients: Sequence[Any],
        numbers: Numbers,
        group: Group,
    ) -> None:
        weight_decay, shrink = float(group.get("weight_decay", 0)), 1.0
        if group.get("decoupled_weight_decay"):
            shrink, weight_decay = 1 - float(group["lr"]) * weight_decay, 0.0
        if weight_decay or self.needs_values:
            block.need_values()
        arrays = [param._array for param in block.params]
        divided = block.divided(first, last)
        needed = range(first, last) if block.has_values else divided
        values = {i: block.flat(arrays[i]) for i in needed}
        gradients = [None if gradient is None else block.flat(gradient) for gradient in gradients]
        for piece, segments in block.pieces(first, last):
            block.gather(gradients, segments, piece.gradient)
            if piece.values is not None:
                block.gather(values, segments, piece.values)
            _prepare(piece, weight_decay, group.get("maximize", False))
            self.rule(piece, numbers, group)
            for i, part, change in segments:
                array = arrays[i] if part is None else values[i][part]
                if shrink != 1.0:
                    array *= shrink
                array -= change
        for i in divided:
            if not arrays[i].flags.c_contiguous:  # then its part of ``values`` is a copy
                arrays[i][...] = values[i].view(block.dtype).reshape(block.shapes[i])

    # -- layouts, made anew whenever parameters were added, exchanged or converted -----------------

    def _current_layouts(self) -> list[Layout]:
        if len(self._layouts) != len(self.param_groups) or not all(
            map(Layout.is_current, self._layouts, self.param_groups)
        ):
            self._set_state(self._known())
        return self._layouts

    @property
    def state(self) -> Mapping[Any, Mapping[str, Any]]:
        """What the rule remembers of each parameter that has taken a step: views of the flat
        arrays, and numbers.

        It can't be changed, but its tensors can; to set it, use `load_state_dict`.
        """
        self._current_layouts()
        known = {param: MappingProxyType(state) for param, state in self._known().items()}
        if not self.saves_step:
            known = {
                param: MappingProxyType({k: v for k, v in state.items() if k != "step"})
                for param, state in known.items()
            }
        return MappingProxyType(known)

    @state.setter
    def state(self, state: Any) -> None:
        self._set_state(state)

    def _known(self) -> dict[Any, State]:
        scalar_dtype = number_dtype()
        return {
            param: block.state_of(i, scalar_dtype)
            for layout in self._layouts
            for block in layout.blocks
            for i, param in enumerate(block.params)
            if block.numbers[i]
        }

    def _set_state(self, state: Mapping[Any, Mapping[str, Any]]) -> None:
        self._layouts = [self._layout(group, state) for group in getattr(self, "param_groups", ())]

    def _layout(self, group: Group, state: Mapping[Any, Mapping[str, Any]]) -> Layout:
        by_dtype: dict[Any, list[Any]] = {}
        for param in group["params"]:
            by_dtype.setdefault(param.dtype, []).append(param)
        blocks = [Block(params) for params in by_dtype.values()]
        numbers = self.initial_numbers(group)
        for block in blocks:
            if self.starts_at_once:
                block.begin(0, len(block.params), self.initial_state(group), numbers)
            for i, param in enumerate(block.params):
                if param in state:
                    # A state without a step has taken one.
                    block.restore(i, state[param], {**numbers, "step": 1})
        return Layout(list(group["params"]), blocks)

    def _check_state(self, state: Mapping[Any, Mapping[str, Any]]) -> None:
        for param, known in state.items():
            for key, value in known.items():
                shape = getattr(value, "shape", ())
                if shape not in ((), param.shape):
                    raise ShapeError(
                        f"{type(self).__name__}: the saved {key} has shape {shape}, its "
                        f"parameter {param.shape}"
                    )


def _gradient(param: Any) -> Any:
    """The array of a parameter's gradient, or None."""
    sink = param._sink
    return None if sink is None or sink.grad is None else sink.grad._array


def _prepare(piece: Piece, weight_decay: float, maximize: bool) -> None:
    """Turn the gradients round to maximize, and add ``weight_decay`` of the values to them."""
    gradient, scratch, _, values = piece
    if maximize:
        np.negative(gradient, out=gradient)
    if weight_decay:
        np.multiply(values, weight_decay, out=scratch)
        gradient += scratch


def number_dtype() -> DType:
    """The dtype in which PyTorch keeps the numbers of a state."""
    return float64 if get_default_dtype() is float64 else float32
