"""`primitive`: an operation is its implementation on arrays and one rule for each argument that has
a derivative.

    @primitive(
        x=lambda g, y: g * y,
        y=lambda g, x: g * x,
    )
    def mul(x: Array, y: Array) -> Array:
        return np.multiply(x, y)

A rule takes ``g``, the gradient of the output, and after it asks by name for what it needs: an
argument, ``out``, ``<argument>_shape``, a parameter. Exactly that is saved. Rules are written in
operators and operations, never in NumPy's functions: in an ordinary backward they run on plain
arrays, under ``create_graph`` on tensors.

The arguments annotated ``Array`` come first; the parameters follow.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec

import numpy as np

from autograd.core import anomaly
from autograd.core.node import Node, Outputs
from autograd.core.planning import Plans, arguments_of, check_rules, defaults_of, names_of
from autograd.core.variable import Variable, make, new, share_memory, tick, unwrap
from autograd.dtypes import FLOATING, float32, float64
from autograd.errors import DTypeError, explain, not_a_tensor
from autograd.modes import modes

if TYPE_CHECKING:
    from autograd._tensor import Tensor

P = ParamSpec("P")
Promotion = Callable[[Sequence[Any]], Sequence[Any]]
ndarray = np.ndarray
TORCH_NAMES = {"input": "x", "other": "y"}  # what PyTorch calls the arguments that have no names
MISSING: Any = object()  # an argument that was not given by its place
PYTHON_NUMBERS = frozenset((bool, int, float, complex))
NUMBERS = (float, int)  # they take the dtype of the floating tensors beside them


def primitive(
    *,
    joint: Callable[..., Any] | None = None,
    promote: Promotion | None = None,
    view: bool = False,
    holomorphic: bool = True,
    outputs: tuple[str, ...] = (),
    masks: bool = False,
    guard: Callable[[Any, Any], Any] | None = None,
    **rules: Callable[..., Any],
) -> Callable[[Callable[P, Any]], Callable[P, Tensor]]:
    """Make an operation of an implementation on arrays. ``rules`` are its derivatives by argument.

    ``joint``: one rule for all arguments, ``joint(g, wanted, ...)``, where they share work; it
    returns a gradient (or None) for each argument and is told which are wanted. If there are
    ``rules`` too, it is for when several gradients are wanted. ``promote`` converts the arguments
    to one dtype (see `autograd.core.promotion`). ``view``: the result may share the memory of the
    first argument. ``holomorphic=False``: the rules take care of complex numbers themselves.
    ``outputs``: names for the results of an operation that has several, so that a rule may ask for
    one of them instead of all, which are ``out``. ``masks``: the operation leaves out some
    elements, whose gradient is 0 whatever they are, NaN included; gradients that have been through
    its rules may need the ``guard`` of the operations below, a function of a rule's result and
    ``g`` (see `zero_if_unused`).

    A rule returns None for no gradient, a new array, a view, or ``g`` itself. Raises TypeError if a
    rule asks for a name that the operation does not have.

    >>> import autograd
    >>> @primitive(x=lambda g, x: g * 3 * x**2)
    ... def cube(x: Array) -> Array:
    ...     return x * x * x
    >>> x = autograd.tensor(2.0, requires_grad=True)
    >>> cube(x).backward()
    >>> x.grad
    tensor(12.)
    """

    def decorate(implementation: Callable[P, Any]) -> Callable[P, Tensor]:
        return Primitive(
            implementation, rules, joint, promote, view, holomorphic, outputs, masks, guard
        ).function()

    return decorate


class Primitive:
    """An operation: its implementation, its rules, and the plans for recording it."""

    def __init__(
        self,
        implementation: Callable[..., Any],
        rules: dict[str, Callable[..., Any]],
        joint: Callable[..., Any] | None,
        promote: Promotion | None,
        view: bool,
        holomorphic: bool,
        outputs: tuple[str, ...],
        masks: bool,
        guard: Callable[[Any, Any], Any] | None,
    ) -> None:
        self.name = implementation.__name__.strip(
            "_"
        )  # _add is the primitive under the public add(x, y, alpha=1)
        self.implementation = implementation
        self.run = implementation  # what is called: a kernel may stand in for the implementation
        self.rules, self.joint = rules, joint
        self.promote, self.view, self.holomorphic = promote, view, holomorphic
        self.outputs = outputs
        self.masks, self.guard = masks, guard
        self.arguments, self.variadic = arguments_of(implementation)
        self.parameters = tuple(
            name for name in names_of(implementation) if name not in self.arguments
        )
        self.defaults = defaults_of(implementation)
        self.arity = -1 if self.variadic else len(self.arguments)
        self.differentiable = (
            sum(1 << i for i, name in enumerate(self.arguments) if name in rules)
            if rules or not joint
            else -1
        )
        self.plans = Plans(self)
        check_rules(self)

    def function(self) -> Callable[..., Any]:
        """The operation as a function, which binds as a method too."""
        apply = _general(self)
        if self.arity == 1:
            apply = _unary(self)
        elif self.arity == 2 and self.differentiable == 0b11 and not self.parameters:
            apply = _binary(self)
        functools.update_wrapper(apply, self.implementation)
        apply.primitive = self  # type: ignore[attr-defined]  # how the kernels and the tests find it
        return apply

    def call(self, args: Sequence[Any], params: dict[str, Any]) -> Any:
        """Compute the operation; if an argument is a tensor, so is the result, recorded if a
        gradient is wanted."""
        if len(args) != self.arity and not self.variadic:
            args, params = self.bind(args, params)
        for arg in args:
            if isinstance(arg, Variable):
                break
        else:
            return self.call_on_arrays(args, params)
        arrays: list[Any] = []
        edges: list[Any] = []
        # ``wanted`` gets a bit for each argument that needs a gradient; in the end ``bit`` lies
        # above them all.
        wanted, bit, dtype, uniform, foreign = 0, 1, None, True, False
        for arg in args:
            if isinstance(arg, Variable):
                array = arg._array
                arrays.append(array)
                if arg._edge is not None and self.differentiable & bit:
                    wanted |= bit
                    edges.append(arg._edge)
                if array.dtype is not dtype:
                    uniform = uniform and dtype is None
                    dtype = array.dtype
            else:
                arrays.append(arg)
                uniform = uniform and type(arg) in NUMBERS
                foreign = foreign or type(arg) is ndarray
            bit += bit
        if foreign and wanted:
            args = self.with_copies(args, wanted | bit)
            arrays = [unwrap(arg) for arg in args]
        try:
            if self.promote is not None and not (uniform and dtype in FLOATING):
                args = self.promote(args)
                arrays = [unwrap(arg) for arg in args]
                edges = [args[i]._edge for i in range(len(args)) if wanted >> i & 1]
            out = self.run(*arrays, **params)
        except Exception as error:
            raise explain(self.name, error, self.arguments, args) from error
        return self.recorded(out, wanted and wanted | bit, edges, args, arrays, params)

    def recorded(
        self,
        out: Any,
        wanted: int,
        edges: Sequence[Any],
        args: Sequence[Any],
        arrays: Sequence[Any],
        params: dict[str, Any],
    ) -> Any:
        """``out``, what the implementation returned, as a tensor, or several. They are recorded
        unless ``wanted``, as for `record`, is 0."""
        if type(out) is tuple:
            outs = Outputs(map(as_array, out))
            results = outs.tensors(
                record(self, wanted, edges, args, arrays, outs, params) if wanted else None
            )
            if self.view and isinstance(args[0], Variable):
                for result in results:
                    share_memory(result, args[0], None)
            return results
        if type(out) is not ndarray:
            out = as_array(out)
        result = make(out)
        if wanted:
            if self.holomorphic and out.dtype.kind == "c":
                wanted = -wanted
            result._edge = record(self, wanted, edges, args, arrays, out, params)
        if self.view and isinstance(args[0], Variable):
            share_memory(result, args[0], (self, tuple(args[1:]), params))
        return result

    def with_copies(self, args: Sequence[Any], wanted: int) -> Sequence[Any]:
        """``args`` with copies of the plain arrays that will be saved: nobody tells us when their
        owner changes them."""
        kept = self.plans[wanted].kept
        return [
            arg.copy() if i in kept and type(arg) is ndarray else arg for i, arg in enumerate(args)
        ]

    def call_on_arrays(self, args: Sequence[Any], params: dict[str, Any]) -> Any:
        """The implementation's result: how rules call operations in an ordinary backward.

        Raises DTypeError if there is no array."""
        if args and type(args[0]) is not ndarray and not any(map(_has_dtype, args)):
            if len(args) > 1 and PYTHON_NUMBERS.issuperset(map(type, args)):
                raise DTypeError(
                    f"{self.name}: needs at least one tensor, got only numbers: {tuple(args)}; "
                    f"make one: autograd.tensor({args[0]})"
                )
            raise not_a_tensor(args[0], self.name, self.arguments[0])
        try:
            return self.run(*args, **params)
        except Exception as error:
            raise explain(self.name, error, self.arguments, args) from error

    def bind(
        self, args: Sequence[Any], params: dict[str, Any]
    ) -> tuple[Sequence[Any], dict[str, Any]]:
        """``args`` with exactly the arrays, ``params`` with everything else, however the call
        spelled them."""
        names = self.arguments + self.parameters
        params = {TORCH_NAMES.get(name, name): value for name, value in params.items()}
        if len(args) > len(names):
            raise DTypeError(
                f"{self.name}: takes at most {len(names)} arguments ({', '.join(names)}), got "
                f"{len(args)}"
            )
        given = dict(zip(names, args))
        twice = given.keys() & params.keys()
        if twice:
            raise DTypeError(f"{self.name}: got {', '.join(twice)} twice, by position and by name")
        given.update(params)
        missing = [name for name in names if name not in given and name not in self.defaults]
        if missing:
            raise DTypeError(f"{self.name}: needs {', '.join(missing)}")
        return [given.pop(name, self.defaults.get(name)) for name in self.arguments], given


def _general(primitive: Primitive) -> Callable[..., Any]:
    call = primitive.call

    def apply(*args: Any, **params: Any) -> Any:
        return call(args, params)

    return apply


def _unary(primitive: Primitive) -> Callable[..., Any]:
    """`Primitive.call` without its loop, for exp(x) and x.sum(0) and their like."""
    call, promotes = primitive.call, primitive.promote is not None
    wanted = 0b11 if primitive.differentiable else 0

    def apply(*args: Any, **params: Any) -> Any:
        if len(args) != 1 or not isinstance(args[0], Variable):
            return call(args, params)
        edge, array = args[0]._edge, args[0]._array
        if promotes and array.dtype is not float32 and array.dtype is not float64:
            return call(args, params)
        try:
            out = primitive.run(array, **params)
        except Exception as error:
            raise explain(primitive.name, error, primitive.arguments, args) from error
        recorded = 0 if edge is None else wanted
        return primitive.recorded(out, recorded, (edge,), args, (array,), params)

    return apply


def _binary(primitive: Primitive) -> Callable[..., Any]:
    """`Primitive.call` without its loop and its special cases, for x + y and its like on two
    tensors of one dtype.

    Half of all calls are of this kind, and small tensors notice.
    """
    call, names = primitive.call, primitive.arguments

    def apply(x: Any = MISSING, y: Any = MISSING, **params: Any) -> Any:
        if not isinstance(x, Variable) or not isinstance(y, Variable) or params:
            if x is None or y is None:  # NumPy would make objects of an empty array and None
                raise DTypeError(f"{primitive.name}: needs tensors or numbers, got None")
            if x is MISSING or y is MISSING:
                given = {name: arg for name, arg in zip(names, (x, y)) if arg is not MISSING}
                return call((), given | params)
            return call((x, y), params)
        a, b = x._array, y._array
        dtype = a.dtype
        if dtype is not b.dtype or (dtype is not float32 and dtype is not float64):
            return call((x, y), {})
        try:
            out = primitive.run(a, b)
        except Exception as error:
            raise explain(primitive.name, error, primitive.arguments, (x, y)) from error
        if type(out) is not ndarray:
            out = as_array(out)
        result = new(Variable.result_class)
        result._array = out
        result._edge = result._version = result._sink = None
        if x._edge is not None:
            if y._edge is not None:
                result._edge = record(primitive, 0b111, (x._edge, y._edge), (x, y), (a, b), out)
            else:
                result._edge = record(primitive, 0b101, (x._edge,), (x, y), (a, b), out)
        elif y._edge is not None:
            result._edge = record(primitive, 0b110, (y._edge,), (x, y), (a, b), out)
        return result

    return apply


def _has_dtype(value: Any) -> bool:
    return hasattr(value, "dtype")


NO_PARAMETERS: dict[str, Any] = {}


def record(
    primitive: Primitive,
    wanted: int,
    edges: Sequence[Any],
    args: Sequence[Any],
    arrays: Sequence[Any],
    out: Any,
    params: dict[str, Any] = NO_PARAMETERS,
) -> Node | None:
    """The node of a call, or None where grad mode is off: the only place where the graph grows.

    ``wanted`` has a bit for each argument that needs a gradient, and above them one that marks
    their number; it is negative for the complex output of a holomorphic function."""
    mode = modes.get()
    if not mode.grad:
        return None
    node = Node()
    node.plan = plan = primitive.plans[wanted]
    node.edges = edges
    node.shape = out.shape
    node.dtype = out.dtype
    node.hooks = None
    node.time = tick()
    if not plan.names:
        node.saved = None
    elif plan.keeps_all:
        node.saved, node.args = arrays, args
    else:
        plan.save(node, args, arrays, out, params)
    if mode.anomaly:
        anomaly.check_output(node, out, arrays)
    return node


def as_array(value: Any) -> Any:
    """``value`` as an array: NumPy returns scalars where a result has no dims."""
    return (
        np.asarray(value) if isinstance(value, (np.generic, bool, int, float, complex)) else value
    )
