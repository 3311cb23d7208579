"""`Module`: a function with parameters, made of other such functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from autograd._tensor import Tensor
from autograd.core.variable import make
from autograd.dtypes import DIFFERENTIABLE, as_dtype, float16, float32, float64
from autograd.errors import DTypeError
from autograd.ops.conversion import check_device
from nn import tree
from nn.calling import Hooks, add_place, call_with_hooks
from nn.loading import LoadResult, load, near
from nn.parameter import Parameter

if TYPE_CHECKING:
    from autograd.hooks import HookHandle


class Module(tree.Branch):
    """A function with parameters. Subclasses assign parameters and modules as attributes, and write
    `forward`.

    Attributes count in the order of their definition; lists, tuples and dicts of parameters or
    modules count too. There is no need to call ``super().__init__()``.

    >>> import autograd, nn
    >>> class Scale(nn.Module):
    ...     def __init__(self):
    ...         self.factor = nn.Parameter(autograd.ones(1))
    ...     def forward(self, x):
    ...         return x * self.factor
    >>> scale = Scale()
    >>> [name for name, _ in scale.named_parameters()]
    ['factor']
    >>> scale(autograd.tensor([3.0])).tolist()
    [3.0]
    """

    # Whether the module is in training mode; `train` and `eval` give an instance its own.
    training: bool = True
    _hooks: Hooks | None = None

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes. Subclasses define it; call the module itself, which runs the
        hooks too."""
        name = type(self).__name__
        raise NotImplementedError(
            f"{name}: has no forward, so it can't be called; define `def forward(self, x): ...` "
            f"in class {name}"
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            if self._hooks is None:
                return self.forward(*args, **kwargs)
            return call_with_hooks(self, self._hooks, args, kwargs)
        except Exception as error:
            add_place(self, error)
            raise

    def __setattr__(self, name: str, value: Any) -> None:
        plain = isinstance(value, Tensor) and not isinstance(value, Parameter)
        if plain and isinstance(vars(self).get(name), Parameter):
            raise DTypeError(
                f"{type(self).__name__}: {name} is a Parameter and can't become a plain tensor, "
                "which nothing would "
                "learn; wrap it in nn.Parameter(...), or change its values under no_grad(): "
                f"{name}.copy_(...)"
            )
        object.__setattr__(self, name, value)

    # -- what it holds -----------------------------------------------------------------------------

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """The parameters, each once: the module's own, then those of its children."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """The `parameters` with their names, as ``blocks.0.weight``."""
        return self._named(tree.own_parameters, prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """The tensors that are kept but not learned, each once."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """The `buffers` with their names."""
        return self._named(tree.own_buffers, prefix, recurse, remove_duplicate)

    def _named(
        self,
        own: Callable[[Any], Iterator[tuple[str, Any]]],
        prefix: str,
        recurse: bool,
        remove_duplicate: bool,
    ) -> Iterator[tuple[str, Any]]:
        modules = (
            self.named_modules(prefix, remove_duplicate) if recurse else iter([(prefix, self)])
        )
        found = (
            (tree.joined(path, name), value)
            for path, module in modules
            for name, value in own(module)
        )
        return tree.once(found) if remove_duplicate else found

    def children(self) -> Iterator[Module]:
        """The modules directly inside, each once."""
        return (child for _, child in self.named_children())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The `children` with their names."""
        return tree.once(tree.own_modules(self))

    def modules(self) -> Iterator[Module]:
        """The module and all modules inside it, each once."""
        return (module for _, module in self.named_modules())

    def named_modules(
        self, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Any]]:
        """The `modules` with their names; the module's own is ``prefix``."""
        found = tree.walk(self, prefix)
        return tree.once(found) if remove_duplicate else found

    def get_submodule(self, target: str) -> Module:
        """The module of the name ``target``. Raises AttributeError if there is none."""
        found: Module = self._get(
            "module", dict(self.named_modules(remove_duplicate=False)), target
        )
        return found

    def get_parameter(self, target: str) -> Parameter:
        """The parameter of the name ``target``. Raises AttributeError if there is none."""
        found: Parameter = self._get(
            "parameter", dict(self.named_parameters(remove_duplicate=False)), target
        )
        return found

    def get_buffer(self, target: str) -> Tensor:
        """The buffer of the name ``target``. Raises AttributeError if there is none."""
        found: Tensor = self._get(
            "buffer", dict(self.named_buffers(remove_duplicate=False)), target
        )
        return found

    def _get(self, kind: str, found: Mapping[str, Any], target: str) -> Any:
        if target not in found:
            raise AttributeError(
                f"{type(self).__name__}: there is no {kind} {target!r}{near(target, found)}"
            )
        return found[target]

    # -- putting things in by name -----------------------------------------------------------------

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """The same as ``self.name = param``, for a name that is computed."""
        if param is not None and not isinstance(param, Parameter):
            raise DTypeError(
                f"register_parameter: {name} must be a Parameter or None, got "
                f"{type(param).__name__}"
            )
        self._register(name, param)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Keep ``tensor`` as the buffer ``name``; whatever tensor the attribute gets later is the
        buffer then."""
        if tensor is not None and not isinstance(tensor, Tensor):
            raise DTypeError(
                f"register_buffer: {name} must be a tensor or None, got {type(tensor).__name__}"
            )
        self._register(name, tensor)
        vars(self).setdefault("_registered_buffers", {})[name] = persistent

    def register_module(self, name: str, module: Module | None) -> None:
        """The same as ``self.name = module``, for a name that is computed."""
        if module is not None and not isinstance(module, Module):
            raise DTypeError(
                f"register_module: {name} must be a Module or None, got {type(module).__name__}"
            )
        self._register(name, module)

    add_module = register_module

    def _register(self, name: str, value: Any) -> None:
        if not isinstance(name, str) or not name or "." in name:
            raise DTypeError(
                f"{type(self).__name__}: {name!r} is no name; it must be a string without dots, "
                "not empty"
            )
        if hasattr(self, name) and name not in vars(self):
            raise KeyError(
                f"{type(self).__name__}: the class has an attribute {name!r} already; use another "
                "name"
            )
        setattr(self, name, value)

    # -- changing all of it ------------------------------------------------------------------------

    def apply(self, function: Callable[[Module], Any]) -> Self:
        """Call ``function`` with every module inside, inner ones first, and with this one; return
        it."""
        for child in self.children():
            child.apply(function)
        function(self)
        return self

    def train(self, mode: bool = True) -> Self:
        """Switch training mode on or off, here and in all modules inside; return the module."""
        if not isinstance(mode, bool):
            raise DTypeError(f"train: mode must be True or False, got {type(mode).__name__}")
        self.training = mode
        for child in self.children():  # which may have a train of its own
            child.train(mode)
        return self

    def eval(self) -> Self:
        """Switch training mode off, here and in all modules inside; return the module."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Ask for the gradients of all parameters, or no longer; return the module."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or fill them with zeros."""
        for parameter in self.parameters():
            if parameter.grad is not None:
                parameter.grad = None if set_to_none else make(np.zeros_like(parameter._array))

    def to(
        self, *args: Any, dtype: Any = None, device: Any = None, non_blocking: bool = False
    ) -> Self:
        """Convert the floating and complex parameters and buffers to a dtype; return the module.

        Takes a dtype, a device (there is "cpu"), a tensor to be like, in any order. Raises
        DTypeError for an integer dtype, DeviceError for another device.
        """
        for arg in args:
            if isinstance(arg, Tensor):
                dtype = arg.dtype
            elif isinstance(arg, str) and arg.partition(":")[0] in ("cpu", "cuda", "mps", "meta"):
                device = arg
            elif not isinstance(arg, bool):
                dtype = arg
        check_device(device)
        if dtype is None:
            return self
        dtype = as_dtype(dtype)
        if dtype not in DIFFERENTIABLE:
            raise DTypeError(f"to: a module needs a floating or complex dtype, got {dtype}")
        for tensor in [*self.parameters(), *self.buffers()]:
            if tensor.dtype in DIFFERENTIABLE and tensor.dtype != dtype:
                _convert(tensor, dtype)
        return self

    def float(self) -> Self:
        """Convert to float32."""
        return self.to(float32)

    def double(self) -> Self:
        """Convert to float64."""
        return self.to(float64)

    def half(self) -> Self:
        """Convert to float16."""
        return self.to(float16)

    # -- saving ------------------------------------------------------------------------------------

    def state_dict(self, *, prefix: str = "", keep_vars: bool = False) -> dict[str, Tensor]:
        """All parameters and persistent buffers by name, sharing their memory; with ``keep_vars``,
        they themselves."""
        found: dict[str, Tensor] = {}
        for path, module in self.named_modules(prefix.removesuffix("."), remove_duplicate=False):
            for name, tensor in _saved(module):
                found[tree.joined(path, name)] = tensor if keep_vars else tensor.detach()
        return found

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> LoadResult:
        """Copy the values of ``state_dict``, this library's or PyTorch's, into the parameters and
        buffers.

        Returns ``(missing_keys, unexpected_keys)``. Raises one error that lists all that does not
        fit: shapes, and with ``strict`` missing and unexpected names; then nothing has been
        changed. ``assign``: share the memory of the given tensors instead.
        """
        return load(
            type(self).__name__, self.state_dict(keep_vars=True), state_dict, strict, assign
        )

    # -- hooks -------------------------------------------------------------------------------------

    def _own_hooks(self) -> Hooks:
        if self._hooks is None:
            self._hooks = Hooks()
        return self._hooks

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> HookHandle:
        """Call ``hook(module, args)`` before each `forward`; what it returns replaces the
        arguments."""
        return self._own_hooks().add("before", hook, prepend, with_kwargs)

    def register_forward_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> HookHandle:
        """Call ``hook(module, args, output)`` after each `forward`; what it returns replaces the
        output."""
        return self._own_hooks().add("after", hook, prepend, with_kwargs)

    def register_full_backward_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> HookHandle:
        """Call ``hook(module, grad_input, grad_output)`` when the gradients by the inputs have been
        computed.

        Both are tuples with an entry for each positional argument and each output, None where it
        has no gradient. What the hook returns replaces ``grad_input``.
        """
        return self._own_hooks().add("backward", hook, prepend)

    def register_full_backward_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> HookHandle:
        """Call ``hook(module, grad_output)`` before the gradients by the inputs are computed.

        What it returns replaces ``grad_output``.
        """
        return self._own_hooks().add("backward_before", hook, prepend)

    # -- printing ----------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """What `repr` shows between the parentheses. Subclasses say."""
        return ""

    def _get_name(self) -> str:
        return type(self).__name__

    def __repr__(self) -> str:
        extra = self.extra_repr()
        lines = extra.split("\n") if extra else []
        children = [f"({name}): {_indented(repr(child))}" for name, child in self.named_children()]
        if len(lines) == 1 and not children:
            return f"{self._get_name()}({extra})"
        if not lines and not children:
            return f"{self._get_name()}()"
        return "\n".join([f"{self._get_name()}(", *(f"  {line}" for line in lines + children), ")"])


def _saved(module: Module) -> Iterator[tuple[str, Any]]:
    """What `Module.state_dict` has of ``module`` itself."""
    yield from tree.own_parameters(module)
    for name, buffer in tree.own_buffers(module):
        if tree.is_persistent(module, name, buffer):
            yield name, buffer


def _convert(tensor: Tensor, dtype: Any) -> None:
    """Convert ``tensor`` and its gradient to ``dtype``, in place."""
    grad, tensor.grad = tensor.grad, None
    tensor.data = tensor.data.to(dtype)
    if grad is not None:
        tensor.grad = grad.detach().to(dtype)


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")
