"""Checking gradients against finite differences.

Near x, (f(x + h) - f(x - h)) / 2h is the derivative but for an error of order h**2. Complex numbers
are pairs of real ones here, which is also what PyTorch's convention for their gradients says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.core.differentiate import grad
from autograd.core.variable import Variable, array_of, make, unwrap
from autograd.dtypes import complex128, float64
from autograd.errors import AutogradError, DTypeError, GraphError
from autograd.modes import enable_grad

Matrix = np.ndarray[Any, Any]
SEED = 0  # of the directions of the fast mode, and of what gradgradcheck starts from


class GradcheckError(AutogradError):
    """A gradient is not the derivative of its function, or there is none to compare with."""


def gradcheck(
    function: Callable[..., Any],
    inputs: Any,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    fast_mode: bool = False,
) -> bool:
    """Whether the gradients of ``function`` agree with finite differences of step ``eps``.

    ``inputs``: a tensor or a tuple of arguments; those that require grad must be float64 or
    complex128. ``function`` returns a tensor or a tuple. Every entry of every Jacobian is compared:
    ``|gradient - difference| <= atol + rtol * |difference|``; in ``fast_mode`` only one random
    combination of each. The function must not change its inputs, must give the same values and
    gradients (up to ``nondet_tol``) when it is run again, and, with ``check_undefined_grad``, zero
    gradients if its output is not used.

    Raises GradcheckError (or returns False, without ``raise_exception``), also at a kink or a jump,
    where there is nothing to compare with; DTypeError, GraphError for inputs that can't be checked.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0], dtype=autograd.float64, requires_grad=True)
    >>> autograd.gradcheck(lambda x: x * x, x)
    True
    """
    check = _Check("gradcheck", function, _arguments("gradcheck", inputs), eps, atol, rtol)
    return check.verdict(raise_exception, nondet_tol, check_undefined_grad, fast_mode)


def gradgradcheck(
    function: Callable[..., Any],
    inputs: Any,
    grad_outputs: Any = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    fast_mode: bool = False,
) -> bool:
    """Whether the second derivatives of ``function`` are those of its gradients; see `gradcheck`.

    The gradients are differentiated by the inputs and by ``grad_outputs``, the gradients of the
    outputs that they start from; random ones unless given.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0], dtype=autograd.float64, requires_grad=True)
    >>> autograd.gradgradcheck(lambda x: x * x, x)
    True
    """
    arguments = _arguments("gradgradcheck", inputs)
    if grad_outputs is None:
        grad_outputs = _random_like(_outputs(function(*arguments)))
    starts = tuple(start.detach().requires_grad_() for start in _outputs(grad_outputs))
    count = len(arguments)

    def gradient(*args: Any) -> Any:
        wanted = [args[i] for i in _active(arguments)]
        outputs = _outputs(function(*args[:count]))
        pairs = [(o, s) for o, s in zip(outputs, args[count:], strict=True) if o.requires_grad]
        if not pairs:
            return tuple(x * 0 for x in wanted)
        roots, gradients = zip(*pairs, strict=True)
        return grad(roots, wanted, gradients, create_graph=True, materialize_grads=True)

    check = _Check("gradgradcheck", gradient, arguments + starts, eps, atol, rtol)
    return check.verdict(raise_exception, nondet_tol, check_undefined_grad, fast_mode)


@dataclass(frozen=True)
class _Check:
    name: str
    function: Callable[..., Any]
    inputs: tuple[Any, ...]
    eps: float
    atol: float
    rtol: float

    def verdict(self, raise_exception: bool, nondet_tol: float, unused: bool, fast: bool) -> bool:
        """Run all checks."""
        generator = np.random.default_rng(SEED) if fast else None
        try:
            with enable_grad():
                self.check_repeatable(nondet_tol)
                if unused:
                    self.check_unused()
                self.check_derivatives(generator)
        except GradcheckError:
            if raise_exception:
                raise
            return False
        return True

    def check_repeatable(self, tolerance: float) -> None:
        """Values and gradients are the same in a second run, and the inputs are left alone."""
        before = [np.copy(unwrap(x)) for x in self.inputs]
        first, second = self.run(), self.run()
        for i, (old, x) in enumerate(zip(before, self.inputs, strict=True)):
            if not np.array_equal(old, unwrap(x), equal_nan=old.dtype.kind in "fc"):
                self.fail(f"the function changes inputs[{i}]; give it a clone()")
        starts = [tuple(map(unwrap, _random_like(outputs))) for outputs in (first, second)]
        for what, one, other in (
            ("values", list(map(unwrap, first)), list(map(unwrap, second))),
            ("gradients", self.gradients(first, starts[0]), self.gradients(second, starts[1])),
        ):
            for i, (a, b) in enumerate(zip(one, other, strict=True)):
                if a.shape != b.shape or np.any(np.abs(a - b) > tolerance):
                    self.fail(f"two runs give different {what} ({i}); nondet_tol={tolerance}")

    def check_unused(self) -> None:
        """If no output is used, every gradient is zero."""
        outputs = self.run()
        gradients = self.gradients(outputs, [np.zeros_like(unwrap(out)) for out in outputs])
        for i, gradient in zip(_active(self.inputs), gradients, strict=True):
            if np.any(gradient != 0):
                entry = tuple(map(int, np.argwhere(gradient != 0)[0]))
                self.fail(
                    f"the gradient by inputs[{i}] at entry {entry} is {gradient[entry]} although "
                    "that by the output is 0"
                )

    def check_derivatives(self, generator: np.random.Generator | None) -> None:
        """Every Jacobian, or a random combination of each, is what finite differences give."""
        outputs = self.run()
        ways_out = [_directions(unwrap(out), generator) for out in outputs]
        ways_in = [_directions(unwrap(self.inputs[i]), generator) for i in _active(self.inputs)]
        analytic = [self.jacobians(outputs, k, ways_out[k], ways_in) for k in range(len(outputs))]
        for position, i in enumerate(_active(self.inputs)):
            numeric = self.differences(i, ways_in[position], ways_out)
            for k, jacobian in enumerate(numeric):
                self.compare(i, k, outputs[k], analytic[k][position], jacobian, generator is None)

    def jacobians(self, outputs: Any, k: int, ways: Matrix, ways_in: Any) -> list[Matrix]:
        """By each input, the Jacobian of output ``k`` that backward gives."""
        rows = []
        for way in ways:
            start = way.view(array_of(outputs[k]).dtype).reshape(array_of(outputs[k]).shape)
            rows.append([_flat(g) for g in self.gradients([outputs[k]], [start])])
        sizes = [way.shape[1] for way in ways_in]
        columns = zip(*rows, strict=True) if rows else [[np.zeros((0, size))] for size in sizes]
        return [np.vstack(list(rows)) @ way.T for rows, way in zip(columns, ways_in, strict=True)]

    def differences(self, i: int, ways: Matrix, ways_out: Sequence[Matrix]) -> list[Matrix]:
        """Of each output, the Jacobian by input ``i`` that finite differences give."""
        columns = [self.difference(i, way, ways_out) for way in ways]
        if not columns:
            return [np.zeros((way.shape[0], 0)) for way in ways_out]
        return [np.stack(column, axis=1) for column in zip(*columns, strict=True)]

    def difference(self, i: int, way: Matrix, ways_out: Sequence[Matrix]) -> list[Matrix]:
        """The derivatives of all outputs as input ``i`` moves along ``way``."""
        h = self.eps
        with np.errstate(all="ignore"):
            samples = [self.moved(i, way * step) for step in (-h, -h / 2, 0, h / 2, h)]
            along = zip(*samples, strict=True)
            results = [[to @ y for y in ys] for to, ys in zip(ways_out, along, strict=True)]
            return [self.slope(i, way, *ys) for ys in results]

    def slope(self, i: int, way: Matrix, *samples: Matrix) -> Matrix:
        """The derivative, of values at -eps, -eps / 2, 0, eps / 2 and eps.

        Where f has a kink between them, the differences of the two step sizes disagree; where it
        lies in the middle, the one-sided ones do, and not less so for the smaller step.
        """
        y0, y1, y2, y3, y4 = samples
        wide, narrow = (y4 - y0) / (2 * self.eps), (y3 - y1) / self.eps
        bend, narrow_bend = np.abs(y4 - 2 * y2 + y0), np.abs(y3 - 2 * y2 + y1)
        tolerance = self.atol + self.rtol * np.abs(wide)
        smooth = (bend <= tolerance * self.eps) | (2 * narrow_bend <= 0.75 * bend)
        if not np.all(smooth & (np.abs(wide - narrow) <= tolerance)):
            place = f"inputs[{i}]{_place(way, self.inputs[i])}"
            self.fail(
                f"the function is not differentiable near {place}: its differences for steps of "
                f"{self.eps} and {self.eps / 2} disagree. Choose other inputs (away from kinks, "
                "ties and ends of the domain), or another eps"
            )
        return wide

    def compare(self, i: int, k: int, out: Any, ours: Matrix, theirs: Matrix, full: bool) -> None:
        """Raise where the Jacobians of output ``k`` by input ``i`` differ."""
        wrong = ~(np.abs(ours - theirs) <= self.atol + self.rtol * np.abs(theirs))
        if np.any(wrong):
            row, column = map(int, np.argwhere(wrong)[0])
            at_input = _entry(column, self.inputs[i]) if full else " along a random direction"
            at_output = _entry(row, out) if full else ""
            self.fail(
                f"the derivative of output {k}{at_output} by inputs[{i}]{at_input} is "
                f"{theirs[row, column]:.9g}, but backward gives {ours[row, column]:.9g} "
                f"({int(np.sum(wrong))} of {wrong.size} entries differ)"
            )

    def run(self) -> tuple[Any, ...]:
        """The outputs; DTypeError if they are not precise enough."""
        outputs = _outputs(self.function(*self.inputs))
        for k, out in enumerate(outputs):
            if out.dtype not in (float64, complex128):
                raise DTypeError(
                    f"{self.name}: output {k} is {out.dtype}, too coarse for differences of "
                    f"{self.eps}; compute it in float64 or complex128"
                )
        return outputs

    def gradients(self, outputs: Sequence[Any], starts: Sequence[Matrix]) -> list[Matrix]:
        """By each input that requires grad; zeros by those that the outputs do not depend on."""
        wanted = [self.inputs[i] for i in _active(self.inputs)]
        pairs = [(o, make(s)) for o, s in zip(outputs, starts, strict=True) if o.requires_grad]
        if not pairs:
            return [np.zeros_like(unwrap(x)) for x in wanted]
        roots, gradients = zip(*pairs, strict=True)
        found = grad(roots, wanted, gradients, retain_graph=True, materialize_grads=True)
        return [np.asarray(unwrap(gradient)) for gradient in found]

    def moved(self, i: int, step: Matrix) -> list[Matrix]:
        """The outputs with ``step`` added to input ``i``."""
        array = unwrap(self.inputs[i])
        moved = make((_flat(array) + step).view(array.dtype).reshape(array.shape)).requires_grad_()
        outputs = self.function(*self.inputs[:i], moved, *self.inputs[i + 1 :])
        return [_flat(unwrap(out)) for out in _outputs(outputs)]

    def fail(self, reason: str) -> None:
        raise GradcheckError(f"{self.name}: {reason}")


def _arguments(name: str, inputs: Any) -> tuple[Any, ...]:
    arguments = (inputs,) if isinstance(inputs, Variable) else tuple(inputs)
    if not _active(arguments):
        raise GraphError(f"{name}: no input requires grad; create one with requires_grad=True")
    for i in _active(arguments):
        if arguments[i].dtype not in (float64, complex128):
            raise DTypeError(
                f"{name}: inputs[{i}] is {arguments[i].dtype}, too coarse for differences; make it "
                "float64 (or complex128): x.to('float64').requires_grad_()"
            )
    return arguments


def _active(inputs: Sequence[Any]) -> list[int]:
    return [i for i, x in enumerate(inputs) if isinstance(x, Variable) and x._edge is not None]


def _outputs(result: Any) -> tuple[Any, ...]:
    """The floating and complex tensors that a function returned."""
    results = (result,) if isinstance(result, Variable) else tuple(result)
    return tuple(out for out in results if array_of(out).dtype.kind in "fc")


def _random_like(outputs: Sequence[Any]) -> tuple[Any, ...]:
    generator = np.random.default_rng(SEED)
    arrays = [unwrap(out) for out in outputs]
    sizes = [array.size * (1 + (array.dtype.kind == "c")) for array in arrays]
    return tuple(
        make(generator.uniform(0.5, 1.5, size).view(array.dtype).reshape(array.shape))
        for size, array in zip(sizes, arrays, strict=True)
    )


def _directions(array: Matrix, generator: np.random.Generator | None) -> Matrix:
    """As rows: one direction for each real number in ``array``, or a single random one."""
    size = _flat(array).size
    if generator is None:
        return np.eye(size)
    way: Matrix = generator.standard_normal((1, size))
    way /= np.maximum(np.linalg.norm(way), 1e-300)
    return way


def _flat(array: Matrix) -> Matrix:
    """The real numbers in ``array``; a complex one counts as two."""
    flat: Matrix = np.ascontiguousarray(array).reshape(-1).view(np.float64)
    return flat


def _entry(index: int, tensor: Any) -> str:
    """`` at entry (1, 2)``: where in ``tensor`` the real number ``index`` of `_flat` stands."""
    array = unwrap(tensor)
    parts = 2 if array.dtype.kind == "c" else 1
    entry = tuple(map(int, np.unravel_index(index // parts, array.shape))) if array.ndim else ()
    part = "" if parts == 1 else (" (real part)", " (imaginary part)")[index % 2]
    return f" at entry {entry}{part}"


def _place(way: Matrix, tensor: Any) -> str:
    moved = np.flatnonzero(way)
    return _entry(int(moved[0]), tensor) if len(moved) == 1 else ""
