"""What happens around a module's forward: its hooks, and the note that says where an error came
from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from autograd.core.variable import Variable
from autograd.errors import DTypeError
from autograd.hooks import HookHandle
from autograd.modes import is_grad_enabled
from autograd.ops.conversion import clone
from autograd.ops.joining import cat
from nn import tree

if TYPE_CHECKING:
    from nn.module import Module


class Hooks:
    """The hooks of a module, by when they are called."""

    def __init__(self) -> None:
        self.before: dict[int, Any] = {}
        self.after: dict[int, Any] = {}
        self.backward: dict[int, Any] = {}
        self.backward_before: dict[int, Any] = {}

    def add(
        self, when: str, hook: Callable[..., Any], prepend: bool, with_kwargs: bool = False
    ) -> HookHandle:
        """Add ``hook`` to those called ``when``, as the last or the first."""
        hooks: dict[int, Any] = getattr(self, when)
        others = dict(hooks)
        wrapped: Any = WithKwargs(hook) if with_kwargs else hook
        handle = HookHandle(hooks, wrapped)
        if prepend:
            for key, other in others.items():
                del hooks[key]
                hooks[key] = other
        return handle


class WithKwargs:
    """Marks a forward hook that wants the keyword arguments too."""

    def __init__(self, hook: Callable[..., Any]) -> None:
        self.hook = hook


def call_with_hooks(
    module: Module, hooks: Hooks, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """``module.forward(*args, **kwargs)`` with its hooks before, after and in the backward pass."""
    for hook in tuple(hooks.before.values()):
        if isinstance(hook, WithKwargs):
            args, kwargs = hook.hook(module, args, kwargs) or (args, kwargs)
        else:
            replaced = hook(module, args)
            if replaced is not None:
                args = replaced if isinstance(replaced, tuple) else (replaced,)
    watch = (
        _Backward(module, hooks)
        if is_grad_enabled() and (hooks.backward or hooks.backward_before)
        else None
    )
    if watch:
        args = watch.inputs(args)
    output = module.forward(*args, **kwargs)
    for hook in tuple(hooks.after.values()):
        wanted = (args, kwargs, output) if isinstance(hook, WithKwargs) else (args, output)
        replaced = getattr(hook, "hook", hook)(module, *wanted)
        output = output if replaced is None else replaced
    return watch.outputs(output) if watch else output


class _Backward:
    """One call's backward hooks: they see the gradients of all outputs at once, and of all inputs
    at once."""

    def __init__(self, module: Module, hooks: Hooks) -> None:
        self.module = module
        self.after = tuple(hooks.backward.values())
        self.before = tuple(hooks.backward_before.values())
        self.watches_inputs = False
        self.grad_output: tuple[Any, ...] = ()

    def inputs(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        watched, self.watches_inputs = _watched(args, self.on_grad_input)
        return watched

    def outputs(self, output: Any) -> Any:
        several = isinstance(output, (tuple, list))
        watched, found = _watched(tuple(output) if several else (output,), self.on_grad_output)
        if not found:
            return output
        if not several:
            return watched[0]
        return type(output)(*watched) if hasattr(output, "_fields") else type(output)(watched)

    def on_grad_output(self, gradients: tuple[Any, ...]) -> tuple[Any, ...]:
        for hook in self.before:
            gradients = _replaced(gradients, hook(self.module, gradients))
        self.grad_output = gradients
        if not self.watches_inputs:
            for hook in self.after:
                hook(self.module, (None,), gradients)
        return gradients

    def on_grad_input(self, gradients: tuple[Any, ...]) -> tuple[Any, ...]:
        for hook in self.after:
            gradients = _replaced(gradients, hook(self.module, gradients, self.grad_output))
        return gradients


def _replaced(gradients: tuple[Any, ...], returned: Any) -> tuple[Any, ...]:
    if returned is None:
        return gradients
    replaced = returned if isinstance(returned, tuple) else (returned,)
    if len(replaced) != len(gradients):
        raise DTypeError(
            f"backward hook: returned {len(replaced)} gradients in place of {len(gradients)}"
        )
    return replaced


def _watched(
    values: tuple[Any, ...], hook: Callable[[tuple[Any, ...]], tuple[Any, ...]]
) -> tuple[tuple[Any, ...], bool]:
    """``values`` with the recorded tensors replaced by equal ones whose gradients pass through
    ``hook``, all at once."""
    places = [
        i
        for i, value in enumerate(values)
        if isinstance(value, Variable) and value._edge is not None
    ]
    if not places:
        return values, False
    tensors: list[Any] = [values[i] for i in places]

    def on_gradients(gradients: Sequence[Any]) -> list[Any]:
        by_place = dict(zip(places, gradients))
        result = hook(tuple(by_place.get(i) for i in range(len(values))))
        return [result[i] for i in places]

    if len(tensors) == 1:
        (tensor,) = tensors
        joint = clone(tensor)
        joint.register_hook(lambda g: on_gradients([g])[0])
        parts = [joint]
    else:
        # Through one flat tensor, so that their gradients come together.
        joint = cat([tensor.reshape(-1) for tensor in tensors])
        joint.register_hook(
            lambda g: cat([part.reshape(-1) for part in on_gradients(_split(g, tensors))])
        )
        parts = _split(joint, tensors)
    by_place = dict(zip(places, parts))
    return tuple(by_place.get(i, value) for i, value in enumerate(values)), True


def _split(flat: Any, like: Sequence[Any]) -> list[Any]:
    """``flat`` cut into pieces of the shapes and dtypes of ``like``."""
    parts, start = [], 0
    for tensor in like:
        stop = start + prod(tensor.shape)
        parts.append(flat[start:stop].reshape(tensor.shape).to(tensor.dtype))
        start = stop
    return parts


# -- where an error came from ----------------------------------------------------------------------


def add_place(module: Module, error: Exception) -> None:
    """Note in ``error`` that it came through ``module``: in the end, ``in Net.encoder.2 (Dense)``.

    Each module only knows the names of those that it calls, so the path grows outwards, a name for
    each caller.
    """
    place: _Place | None = getattr(error, "_module_place", None)
    if place is None:
        place = _Place(module, "", type(module).__name__)
    else:
        name = next(
            (name for name, child in tree.own_modules(module) if child is place.outermost), None
        )
        if name is None:
            return  # called by a module that does not hold it: the path begins below
        if place.note() in error.__notes__:
            error.__notes__.remove(place.note())
        place = _Place(module, tree.joined(name, place.path), place.kind)
    error._module_place = place  # type: ignore[attr-defined]  # exceptions take attributes
    error.add_note(place.note())


class _Place:
    """The innermost module that an error came through: its class, and its path from the outermost
    one so far."""

    def __init__(self, outermost: Module, path: str, kind: str) -> None:
        self.outermost, self.path, self.kind = outermost, path, kind

    def note(self) -> str:
        outermost = type(self.outermost).__name__
        return f"  in {outermost}.{self.path} ({self.kind})" if self.path else f"  in {outermost}"
