"""What an operation's signature and rules say, read once: the plans for recording it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd.core.node import ALL, Plan, application

if TYPE_CHECKING:
    from autograd.core.primitive import Primitive


class Plans(dict[int, Plan]):
    """The plans of an operation by the arguments that need gradients (as in `record`), each made
    when first needed."""

    def __init__(self, primitive: Primitive) -> None:
        self.primitive = primitive

    def __missing__(self, wanted: int) -> Plan:
        plan = self[wanted] = _plan(self.primitive, wanted)
        return plan


def _plan(primitive: Primitive, wanted: int) -> Plan:
    conjugates, wanted = wanted < 0, abs(wanted)
    count = wanted.bit_length() - 1
    arguments = primitive.arguments * count if primitive.variadic else primitive.arguments
    positions = tuple(i for i in range(count) if wanted >> i & 1)
    joint = primitive.joint if len(positions) > 1 or not primitive.rules else None
    if joint is not None:
        rules = [(joint, names_of(joint)[2:])]
    else:
        rules = [
            (primitive.rules[arguments[i]], names_of(primitive.rules[arguments[i]])[1:])
            for i in positions
        ]
    asked = {name for _, names in rules for name in names}
    kept = tuple(i for i in range(count) if arguments[i] in asked)
    outputs = ((ALL, "out"), *enumerate(primitive.outputs))
    outputs = tuple((i, name) for i, name in outputs if name in asked)
    parameters = [(name, primitive.defaults.get(name)) for name in primitive.parameters]
    parameters = [(name, default) for name, default in parameters if name in asked]
    shapes = [name for name in primitive.arguments if f"{name}_shape" in asked]
    names = (
        *(arguments[i] for i in kept),
        *(name for _, name in outputs),
        *(name for name, _ in parameters),
        *(f"{name}_shape" for name in shapes),
    )
    planned = tuple((rule, tuple(map(names.index, asks))) for rule, asks in rules)
    flags = tuple(i in positions for i in range(count))
    return Plan(
        primitive=primitive,
        wanted=positions,
        flags=flags,
        rules=planned,
        names=names,
        kept=kept,
        keeps_all=len(kept) == len(names) == count,
        outputs=tuple(i for i, _ in outputs),
        holds_arrays=bool(kept or outputs),
        masks=primitive.masks,
        parameters=tuple(parameters),
        shapes=tuple(-1 if primitive.variadic else arguments.index(name) for name in shapes),
        joint=joint is not None,
        conjugates=conjugates,
        apply=application(joint is not None, positions, flags, planned, conjugates),
    )


def check_rules(primitive: Primitive) -> None:
    """Raise TypeError if a rule is for, or asks for, a name that the operation does not have."""
    arguments = primitive.arguments
    known = {
        "out",
        *primitive.outputs,
        *primitive.parameters,
        *(f"{name}_shape" for name in arguments),
    }
    if not primitive.variadic:  # a variadic operation saves none of its many arguments
        known.update(arguments)
    for argument, rule in primitive.rules.items():
        if argument not in arguments:
            raise TypeError(
                f"primitive {primitive.name}: a rule for {argument!r}, which is no Array argument "
                "of it"
            )
        _checknames_of(
            f"primitive {primitive.name}: the rule for {argument}", names_of(rule), ("g",), known
        )
    if primitive.joint is not None:
        _checknames_of(
            f"primitive {primitive.name}: the joint rule",
            names_of(primitive.joint),
            ("g", "wanted"),
            known,
        )


def _checknames_of(
    rule: str, names: tuple[str, ...], first: tuple[str, ...], known: set[str]
) -> None:
    if names[: len(first)] != first or not known.issuperset(names[len(first) :]):
        raise TypeError(
            f"{rule} takes {', '.join(names)}; it must begin with {', '.join(first)} and may then "
            "ask for "
            f"{', '.join(sorted(known))}"
        )


def names_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a function's parameters (``inspect.signature`` is too slow for an import)."""
    code = getattr(function, "__wrapped__", function).__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def defaults_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The parameters of a function that have defaults, with these."""
    positional = names_of(function)[: function.__code__.co_argcount]
    values = function.__defaults__ or ()
    return dict(zip(positional[len(positional) - len(values) :], values)) | (
        function.__kwdefaults__ or {}
    )


def arguments_of(function: Callable[..., Any]) -> tuple[tuple[str, ...], bool]:
    """The names of the parameters annotated ``Array``, and whether it is one ``*arrays``."""
    kinds = function.__annotations__
    names = tuple(name for name in kinds if name != "return" and "Array" in str(kinds[name]))
    return names, bool(function.__code__.co_flags & 0x04)  # inspect.CO_VARARGS
