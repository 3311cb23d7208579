"""Functions made of functions: the gradient of f, its Jacobian, its Hessian.

``grad(f)`` is a function too, and can be differentiated again: everything here nests. Arguments and
results may be nested tuples, lists and dicts of tensors. What f uses besides its arguments, the
parameters of a module say, keeps its place in the graph.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd.core import differentiate
from autograd.core.variable import Sink, make
from autograd.creation import ones_like, zeros_like
from autograd.errors import DTypeError, ShapeError
from autograd.modes import enable_grad, is_grad_enabled
from autograd.nested import check_alike, leaves, mapped, rebuild, tensors
from autograd.ops.joining import stack

Function = Callable[..., Any]
Argnums = int | tuple[int, ...]


# -- gradients -------------------------------------------------------------------------------------


def grad(func: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """The function that returns the gradient of ``func``, whose result is a single number.

    ``argnums``: by which of the positional arguments; for a tuple of them, a tuple of gradients.
    ``has_aux``: ``func`` returns a pair of the number and something else, which is passed on.
    Raises ShapeError if ``func`` returns more than one number.

    >>> import autograd
    >>> cube = lambda x: x**3
    >>> second = autograd.func.grad(autograd.func.grad(cube))
    >>> second(autograd.tensor(2.0))
    tensor(12.)
    """
    both = value_and_grad(func, argnums, has_aux)

    @functools.wraps(func)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, gradients = both(*args, **kwargs)
        return (gradients, value[1]) if has_aux else gradients

    return gradient


def value_and_grad(func: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """The function that returns the value of ``func`` and its gradient, as `grad` has it.

    >>> import autograd
    >>> loss = lambda p: (p["w"] * 3 + p["b"]).sum()
    >>> p = {"w": autograd.tensor(2.0), "b": autograd.tensor(1.0)}
    >>> autograd.func.value_and_grad(loss)(p)
    (tensor(7.), {'w': tensor(3.), 'b': tensor(1.)})
    """

    @functools.wraps(func)
    def value_and_gradient(*args: Any, **kwargs: Any) -> Any:
        scope = Scope("grad", args, argnums)
        out, aux = scope.call(func, kwargs, has_aux)
        found = tensors("grad", "the result", out)
        if len(found) != 1 or math.prod(found[0].shape) != 1:
            raise ShapeError(
                f"grad: the function must return a single number, got {_shapes(out)}; "
                "use jacobian, or vjp"
            )
        gradients = scope.outside(scope.pull(found, [ones_like(found[0])]))
        value = scope.outside(out)
        return (value, aux) if has_aux else value, gradients

    return value_and_gradient


def grad_and_value(func: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """As `value_and_grad`, in the other order, which is PyTorch's."""
    both = value_and_grad(func, argnums, has_aux)

    @functools.wraps(func)
    def gradient_and_value(*args: Any, **kwargs: Any) -> Any:
        value, gradients = both(*args, **kwargs)
        return gradients, value

    return gradient_and_value


# -- products with the Jacobian --------------------------------------------------------------------


def vjp(func: Function, *primals: Any, has_aux: bool = False) -> Any:
    """``func(*primals)``, and the function that multiplies a vector by its Jacobian, from the left.

    That function takes cotangents, nested and shaped as the result, and returns a tuple of
    gradients by the ``primals``; it can be called repeatedly. With ``has_aux``, what ``func``
    returns besides comes third. Raises DTypeError for cotangents that do not fit.

    >>> import autograd
    >>> out, pull = autograd.func.vjp(lambda x: x**2, autograd.tensor([1.0, 2.0]))
    >>> pull(autograd.tensor([1.0, 10.0]))
    (tensor([ 2., 40.]),)
    """
    scope = Scope("vjp", primals, tuple(range(len(primals))))
    out, aux = scope.call(func, {}, has_aux)
    results = tensors("vjp", "the result", out)

    def pull(cotangents: Any) -> Any:
        given = check_alike("vjp", "the cotangents", cotangents, "the result", out)
        return scope.outside(scope.pull(results, given))

    value = scope.outside(out)
    return (value, pull, aux) if has_aux else (value, pull)


def jvp(func: Function, primals: Any, tangents: Any, *, has_aux: bool = False) -> Any:
    """``func(*primals)``, and its derivative along ``tangents``: the Jacobian times a vector.

    Both are tuples, nested and shaped alike. Computed by two backward passes: the pull-back of a
    vector is linear in it, and its own pull-back is the derivative sought. Raises DTypeError.

    >>> import autograd
    >>> x, direction = autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 0.0])
    >>> autograd.func.jvp(lambda x: x**2, (x,), (direction,))
    (tensor([1., 4.]), tensor([2., 0.]))
    """
    if not isinstance(primals, tuple) or not isinstance(tangents, tuple):
        raise DTypeError(
            "jvp: primals and tangents must be tuples, of one tensor for each argument"
        )
    given = check_alike("jvp", "tangents", tangents, "primals", primals)
    scope = Scope("jvp", primals, tuple(range(len(primals))))
    out, aux = scope.call(func, {}, has_aux)
    results = tensors("jvp", "the result", out)
    with enable_grad():
        vectors = [zeros_like(result).requires_grad_() for result in results]
        scope.own.update(vector._edge for vector in vectors)
        pulled = list(leaves(scope.pull(results, vectors)))
        pushed = _gradients(pulled, vectors, given)
    value, derivative = scope.outside(out), scope.outside(rebuild(out, iter(pushed)))
    return (value, derivative, aux) if has_aux else (value, derivative)


def hvp(func: Function, inputs: Any, v: Any) -> tuple[Any, Any]:
    """``func(*inputs)``, a single number, and its Hessian times ``v``, without the Hessian.

    ``inputs`` and ``v`` are tensors, or tuples of them, nested and shaped alike. Raises ShapeError
    if ``func`` returns more than one number, DTypeError if ``v`` does not fit.

    >>> import autograd
    >>> x, v = autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 0.0])
    >>> autograd.func.hvp(lambda x: (x**3).sum(), x, v)
    (tensor(9.), tensor([6., 0.]))
    """
    alone = not isinstance(inputs, tuple)
    primals, vectors = ((inputs,), (v,)) if alone else (inputs, v)
    by_all = grad_and_value(func, tuple(range(len(primals))))
    _, pull, value = vjp(by_all, *primals, has_aux=True)
    check_alike("hvp", "v", vectors, "inputs", primals)
    products = pull(vectors)  # from the left as good as from the right: the Hessian is symmetric
    return value, products[0] if alone else products


# -- whole matrices --------------------------------------------------------------------------------


def jacobian(func: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """The function that returns the Jacobian of ``func``: ``(*result's shape, *argument's shape)``.

    One backward pass for each element of the result. For a nested result or argument, such a tensor
    for each pair, nested as the result and within that as the argument.

    >>> import autograd
    >>> autograd.func.jacobian(lambda x: x**2)(autograd.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """

    @functools.wraps(func)
    def matrix(*args: Any, **kwargs: Any) -> Any:
        scope = Scope("jacobian", args, argnums)
        out, aux = scope.call(func, kwargs, has_aux)
        tensors("jacobian", "the result", out)
        found = mapped(lambda result: scope.outside(_rows(scope, result)), out)
        return (found, aux) if has_aux else found

    return matrix


jacrev = jacobian


def hessian(func: Function, argnums: Argnums = 0) -> Function:
    """The function that returns the Hessian of ``func``: the Jacobian of its Jacobian.

    >>> import autograd
    >>> autograd.func.hessian(lambda x: (x**3).sum())(autograd.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    return jacobian(jacobian(func, argnums), argnums)


def _rows(scope: Scope, result: Any) -> Any:
    """The gradients of each element of ``result``, stacked in its shape."""
    size = math.prod(result.shape)
    rows = []
    for i in range(size):
        cotangent = zeros_like(result)
        cotangent.reshape(-1)[i] = 1
        rows.append(scope.pull([result], [cotangent]))
    if not rows:
        return mapped(lambda x: zeros_like(result).reshape(*result.shape, *x.shape), scope.inputs)
    return mapped(lambda *each: stack(each).reshape(*result.shape, *each[0].shape), *rows)


# -- one call of a function ------------------------------------------------------------------------


class Scope:
    """One call of a function on inputs that are recorded for this call alone.

    Within it the inputs have edges of their own, so that calls can be nested: an input that is
    recorded outside goes on as a view of itself, another as a new leaf.
    """

    def __init__(self, name: str, args: Sequence[Any], argnums: Argnums) -> None:
        self.name = name
        self.alone = isinstance(argnums, int)
        self.records = is_grad_enabled()
        chosen = [argnums] if isinstance(argnums, int) else list(argnums)
        for position in chosen:
            if not -len(args) <= position < len(args):
                raise DTypeError(
                    f"{name}: there is no argument {position}; the function was called with "
                    f"{len(args)} positional arguments"
                )
        self.args = list(args)
        self.own: set[Any] = set()
        with enable_grad():
            for position in {number % len(args) for number in chosen}:
                tensors(name, f"argument {position}", args[position])
                self.args[position] = mapped(self.enter, args[position])
        found = tuple(self.args[position] for position in chosen)
        self.inputs: Any = found[0] if self.alone else found

    def enter(self, x: Any) -> Any:
        """``x`` with an edge of its own."""
        if x._edge is not None:
            return x.view_as(x)
        leaf = make(x._array).requires_grad_()
        self.own.add(leaf._edge)
        return leaf

    def call(self, func: Function, kwargs: dict[str, Any], has_aux: bool) -> tuple[Any, Any]:
        """The result of ``func``, recorded, and what it returns besides."""
        with enable_grad():
            out = func(*self.args, **kwargs)
        if not has_aux:
            return out, None
        if not isinstance(out, tuple) or len(out) != 2:
            raise DTypeError(
                f"{self.name}: with has_aux the function must return a pair, got {_shapes(out)}"
            )
        return out[0], self.outside(out[1])

    def pull(self, results: Sequence[Any], cotangents: Sequence[Any]) -> Any:
        """The gradients by the inputs, given those by ``results``."""
        with enable_grad():
            found = _gradients(results, list(leaves(self.inputs)), cotangents)
        return rebuild(self.inputs, iter(found))

    def outside(self, tree: Any) -> Any:
        """``tree`` as the caller may have it: recorded only if it depends on more than this call's
        own leaves."""
        return mapped(self.leave, tree)

    def leave(self, x: Any) -> Any:
        """One tensor of such a tree."""
        edge = getattr(x, "_edge", None)
        return x.detach() if edge is not None and not self._is_wanted(edge) else x

    def _is_wanted(self, edge: Any) -> bool:
        seen, stack = {edge}, [edge]
        while stack and self.records:
            edge = stack.pop()
            if type(edge) is Sink and edge not in self.own:
                return True
            new = set(edge.edges) - seen
            seen |= new
            stack += new
        return False


def _gradients(outputs: Sequence[Any], inputs: Sequence[Any], cotangents: Sequence[Any]) -> Any:
    """The gradients by ``inputs``, recorded; zeros where ``outputs`` do not depend on them."""
    pairs = [(out, g) for out, g in zip(outputs, cotangents) if out._edge is not None]
    if not pairs:
        return [zeros_like(x) for x in inputs]
    outs, gs = zip(*pairs)
    return differentiate.grad(outs, inputs, gs, create_graph=True, materialize_grads=True)


def _shapes(tree: Any) -> Any:
    return mapped(lambda leaf: tuple(getattr(leaf, "shape", ())), tree)
