"""Sums of products written with labels: Einstein's summation, and what is most easily said by
it."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

import numpy as np

from autograd.core.primitive import primitive
from autograd.core.promotion import convert
from autograd.core.variable import Array, Variable, array_of, make, unwrap
from autograd.dtypes import int64
from autograd.errors import DTypeError, ShapeError
from autograd.ops.products import check_dtypes

# A label names a dim: a letter of the equation, or a number for a dim that stands under an
# ellipsis.
Labels = tuple[Any, ...]


def einsum(equation: Any, *operands: Any) -> Any:
    """Products of elements of the operands, summed, as ``equation`` says: ``"ij,jk->ik"`` is the
    matrix product.

    Each letter names a dim; the dims of one name have one size (or 1, which broadcasts). What the
    output does not name
    is summed over. A letter twice in an operand takes its diagonal; ``...`` stands for any further
    dims, which
    broadcast. Without ``->`` the output has the ellipsis, then, in alphabetical order, the letters
    that occur once.
    Operands may also be given as one list, or each followed by its dims as numbers, ``einsum(x,
    [0, 1], [1, 0])``. Integers that are summed alone, not with another operand, give int64.

    >>> import autograd
    >>> x = autograd.tensor([[1, 2], [3, 4]])
    >>> autograd.einsum("ij,jk->ik", x, x), autograd.einsum("ii", x), autograd.einsum("ij->ji", x)
    (tensor([[ 7, 10],
            [15, 22]]), tensor(5), tensor([[1, 3],
            [2, 4]]))
    """
    if not isinstance(equation, str):
        equation, operands = _from_sublists((equation, *operands))
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    if not all(hasattr(unwrap(operand), "dtype") for operand in operands):
        raise DTypeError(
            "einsum: needs tensors, got "
            f"{', '.join(type(operand).__name__ for operand in operands)}"
        )
    terms, output = parse(equation, [array_of(operand).shape for operand in operands])
    if any(_sums_alone(term, i, terms, output) for i, term in enumerate(terms)):
        operands = tuple(map(_in_wide_integers, operands))
    return contract(list(operands), terms, output)


def _sums_alone(term: Labels, i: int, terms: Sequence[Labels], output: Labels) -> bool:
    """Whether a label of operand ``i`` occurs nowhere else, so that the operand alone is summed."""
    others = {label for other in (*terms[:i], *terms[i + 1 :], output) for label in other}
    return not others.issuperset(term)


def _in_wide_integers(operand: Any) -> Any:
    """Integers and bools as int64, the dtype of their sums; anything else as it is."""
    if array_of(operand).dtype.kind not in "biu":
        return operand
    return convert(operand if isinstance(operand, Variable) else make(operand), int64)


# -- reading the equation --------------------------------------------------------------------------


def _from_sublists(arguments: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    """The equation and the operands of ``einsum(x, [0, 1], y, [1, 2], [0, 2])``."""
    operands, sublists = arguments[: len(arguments) // 2 * 2 : 2], arguments[1::2]
    try:
        terms = ",".join(map(_letters, sublists))
        output = "->" + _letters(arguments[-1]) if len(arguments) % 2 else ""
    except TypeError:
        raise DTypeError(
            "einsum: needs an equation, such as 'ij,jk->ik', and then the operands"
        ) from None
    return terms + output, tuple(operands)


def _letters(numbers: Iterable[Any]) -> str:
    return "".join(
        "..." if number is Ellipsis else string.ascii_letters[number] for number in numbers
    )


def parse(equation: str, shapes: Sequence[tuple[int, ...]]) -> tuple[list[Labels], Labels]:
    """The labels of each operand's dims, and of the output's. Raises ShapeError if they don't fit
    the shapes."""
    inputs, arrow, result = equation.replace(" ", "").partition("->")
    texts = inputs.split(",")
    if len(texts) != len(shapes):
        raise ShapeError(
            f"einsum: the equation {equation!r} has {len(texts)} operands, but {len(shapes)} "
            "were given"
        )
    terms = [
        _labels(equation, text, len(shape), i) for i, (text, shape) in enumerate(zip(texts, shapes))
    ]
    flat = [label for term in terms for label in term]
    hidden = sorted({label for label in flat if isinstance(label, int)})
    if not arrow:
        output: Labels = (
            *hidden,
            *sorted(label for label in flat if isinstance(label, str) and flat.count(label) == 1),
        )
    else:
        output = _output_labels(equation, result, hidden)
    if len(set(output)) < len(output) or not set(output) <= set(flat):
        raise ShapeError(
            f"einsum: in {equation!r}, each letter of the output must occur once, and in an operand"
        )
    _check_sizes(equation, terms, shapes)
    return terms, output


def _labels(equation: str, text: str, dims: int, operand: int) -> Labels:
    """The labels of one operand; the dims under its ellipsis are numbered from the last one, -1,
    backwards."""
    before, ellipsis, after = text.partition("...")
    _check_letters(equation, before + after)
    named = len(before) + len(after)
    if named > dims or (not ellipsis and named < dims):
        needed = "at least " if ellipsis else ""
        raise ShapeError(
            f"einsum: in {equation!r}, {text!r} needs {needed}{named} dims, but operand "
            f"{operand} has {dims}"
            + ("" if ellipsis or named > dims else "; '...' stands for further dims")
        )
    return (*before, *range(named - dims, 0), *after)


def _output_labels(equation: str, text: str, hidden: Sequence[int]) -> Labels:
    before, ellipsis, after = text.partition("...")
    _check_letters(equation, before + after)
    return (*before, *(hidden if ellipsis else ()), *after)


def _check_letters(equation: str, text: str) -> None:
    for letter in text:
        if letter not in string.ascii_letters:
            raise ShapeError(
                f"einsum: {letter!r} in {equation!r} is no letter; it may hold letters, ',', "
                "'...' and '->'"
            )


def _check_sizes(equation: str, terms: Sequence[Labels], shapes: Sequence[tuple[int, ...]]) -> None:
    sizes: dict[Any, int] = {}
    for i, (term, shape) in enumerate(zip(terms, shapes)):
        for label, size in zip(term, shape):
            other = sizes.setdefault(label, size)
            if size != other and 1 not in (size, other):
                name = f"{label!r}" if isinstance(label, str) else f"dim {label} of the ellipsis"
                raise ShapeError(
                    f"einsum: in {equation!r}, {name} is {other} before, but {size} in operand "
                    f"{i} {shape}; "
                    "dims of one name must have one size, or 1"
                )
            sizes[label] = max(size, other) if size and other else 0
            if term.count(label) > 1 and size != shape[term.index(label)]:
                raise ShapeError(
                    f"einsum: in {equation!r}, {label!r} takes a diagonal of sizes that differ: "
                    f"{shape}"
                )


# -- contracting -----------------------------------------------------------------------------------


def contract(operands: list[Any], terms: list[Labels], output: Labels) -> Any:
    """The operands contracted pair after pair, in the order that promises the least work."""
    sizes: dict[Any, int] = {}
    for operand, term in zip(operands, terms):
        for label, size in zip(term, array_of(operand).shape):
            sizes[label] = size if sizes.get(label, 1) == 1 else sizes[label]
    operands, terms = _squeeze(operands, terms, sizes)
    for i, j in _order(terms, output, sizes):
        y, y_term = operands.pop(j), terms.pop(j)
        x, x_term = operands.pop(i), terms.pop(i)
        needed = set(output).union(*terms)
        x, x_term = _simplify(x, x_term, needed.union(y_term))
        y, y_term = _simplify(y, y_term, needed.union(x_term))
        kept = tuple(label for label in dict.fromkeys(x_term + y_term) if label in needed)
        if not terms:
            kept = output
        operands.append(_contract(x, y, x_term, y_term, kept))
        terms.append(kept)
    (x,), (term,) = operands, terms
    return x if term == output and len(term) == array_of(x).ndim else _select(x, term, output)


def _squeeze(
    operands: Sequence[Any], terms: Sequence[Labels], sizes: dict[Any, int]
) -> tuple[list[Any], list[Labels]]:
    """The operands without the dims of size 1 that broadcast: a dim that isn't there is as good."""
    kept_terms = []
    kept_operands = []
    for operand, term in zip(operands, terms):
        shape = array_of(operand).shape
        kept = tuple(label for label, size in zip(term, shape) if size == sizes[label])
        if kept != term:
            operand = operand.reshape(tuple(sizes[label] for label in kept))
        kept_terms.append(kept)
        kept_operands.append(operand)
    return kept_operands, kept_terms


def _simplify(x: Any, term: Labels, needed: set[Any]) -> tuple[Any, Labels]:
    """``x`` with each label at most once, and only the needed ones."""
    kept = tuple(label for label in dict.fromkeys(term) if label in needed)
    return (x, term) if kept == term else (_select(x, term, kept), kept)


def _order(terms: Sequence[Labels], output: Labels, sizes: dict[Any, int]) -> list[tuple[int, int]]:
    """Pairs of places in a list whose last element becomes the result of each: greedily the
    cheapest, as left to right
    where it doesn't matter.
    """
    remaining = [set(term) for term in terms]
    pairs = []
    while len(remaining) > 1:
        places = [(i, j) for i in range(len(remaining)) for j in range(i + 1, len(remaining))]
        i, j = min(
            places,
            key=lambda pair: prod(
                sizes[label] for label in remaining[pair[0]] | remaining[pair[1]]
            ),
        )
        joined = remaining[i] | remaining[j]
        del remaining[j], remaining[i]
        remaining.append(joined & set(output).union(*remaining))
        pairs.append((i, j))
    return pairs


@primitive(
    x=lambda g, y, x_labels, y_labels, labels: _contract(g, y, labels, y_labels, x_labels),
    y=lambda g, x, x_labels, y_labels, labels: _contract(x, g, x_labels, labels, y_labels),
)
def _contract(x: Array, y: Array, x_labels: Labels, y_labels: Labels, labels: Labels) -> Array:
    """Two operands multiplied and summed to ``labels``; a label is unique in each and stands in
    two of the three."""
    check_dtypes(x, y)
    sizes = dict(zip(x_labels + y_labels, x.shape + y.shape))
    batch = [label for label in labels if label in x_labels and label in y_labels]
    left = [label for label in labels if label not in y_labels]
    right = [label for label in labels if label not in x_labels]
    summed = [label for label in x_labels if label not in labels]
    if not summed and not (left and right):
        return _multiplied(x, y, x_labels, y_labels, labels)
    b, n, m, k = ([sizes[label] for label in group] for group in (batch, left, right, summed))
    rows = _arranged(x, x_labels, batch + left + summed).reshape((*b, prod(n), prod(k)))
    columns = _arranged(y, y_labels, batch + summed + right).reshape((*b, prod(k), prod(m)))
    return _arranged(np.matmul(rows, columns).reshape((*b, *n, *m)), batch + left + right, labels)


def _multiplied(x: Any, y: Any, x_labels: Labels, y_labels: Labels, labels: Labels) -> Any:
    """The product where nothing is summed over and one operand has all the labels: broadcasting
    does it."""
    x, y = (
        _arranged(array, own, [label for label in labels if label in own])[
            tuple(slice(None) if label in own else None for label in labels)
        ]
        for array, own in ((x, x_labels), (y, y_labels))
    )
    return np.multiply(x, y)


def _arranged(x: Any, labels: Sequence[Any], order: Sequence[Any]) -> Any:
    return x.transpose([labels.index(label) for label in order])


# One operand: its diagonals, summed and transposed, and the inverse direction. Each is the
# derivative of the other.


@primitive(x=lambda g, x_shape, labels, kept: _spread(g, kept, labels, x_shape))
def _select(x: Array, labels: Labels, kept: Labels) -> Array:
    """``x`` on the diagonal of each repeated label, summed over the labels that aren't kept, in
    the order of these."""
    unique = list(dict.fromkeys(labels))
    diagonal = _diagonal(x, labels, unique)
    summed = tuple(i for i, label in enumerate(unique) if label not in kept)
    total = np.sum(diagonal, axis=summed, dtype=x.dtype) if summed else diagonal
    return _arranged(total, [label for label in unique if label in kept], kept).copy()


@primitive(x=lambda g, labels, kept: _select(g, labels, kept))
def _spread(x: Array, kept: Labels, labels: Labels, shape: tuple[int, ...]) -> Array:
    """``x`` repeated along the labels that it lacks, on the diagonal of each repeated label; 0
    beside it."""
    out = np.zeros_like(x, shape=shape)
    unique = list(dict.fromkeys(labels))
    source = _arranged(x, kept, [label for label in unique if label in kept])
    _diagonal(out, labels, unique)[...] = source[
        tuple(slice(None) if label in kept else None for label in unique)
    ]
    return out


def _diagonal(x: Any, labels: Labels, unique: list[Any]) -> Any:
    """A writable view of ``x`` with one dim for each unique label."""
    if len(unique) == len(labels):
        return x
    return np.einsum(x, [unique.index(label) for label in labels], list(range(len(unique))))


# -- what einsum says best -------------------------------------------------------------------------


def tensordot(a: Any, b: Any, dims: Any = 2) -> Any:
    """Products summed over pairs of dims: the last ``dims`` of ``a`` with the first of ``b``, or
    two lists of dims.

    >>> import autograd
    >>> x = autograd.tensor([[1, 2], [3, 4]])
    >>> autograd.tensordot(x, x, dims=1), autograd.tensordot(x, x, dims=([0], [0]))
    (tensor([[ 7, 10],
            [15, 22]]), tensor([[10, 14],
            [14, 20]]))
    """
    a_shape, b_shape = array_of(a).shape, array_of(b).shape
    if isinstance(dims, int):
        if not 0 <= dims <= min(len(a_shape), len(b_shape)):
            raise ShapeError(
                f"tensordot: dims={dims} is more than a {a_shape} and b {b_shape} both have, or "
                "negative"
            )
        dims = range(-dims, 0), range(dims)
    x_dims, y_dims = (
        _resolved(group, len(shape)) for group, shape in zip(dims, (a_shape, b_shape))
    )
    sizes, others = [a_shape[dim] for dim in x_dims], [b_shape[dim] for dim in y_dims]
    if len(sizes) != len(others) or any(m != n and 1 not in (m, n) for m, n in zip(sizes, others)):
        raise ShapeError(
            f"tensordot: the summed dims have sizes {sizes} in a but {others} in b; they must agree"
        )
    x_labels = tuple(range(len(a_shape)))
    y_labels = tuple(
        x_dims[y_dims.index(dim)] if dim in y_dims else dim + len(a_shape)
        for dim in range(len(b_shape))
    )
    kept = tuple(
        label for label in x_labels + y_labels if (label in x_labels) != (label in y_labels)
    )
    return contract([a, b], [x_labels, y_labels], kept)


def _resolved(dims: Any, count: int) -> list[int]:
    """``dims`` counted from the first one. Raises ShapeError if one is out of range or repeated."""
    dims = [int(dim) for dim in dims]
    found = [dim + count if dim < 0 else dim for dim in dims]
    if any(not 0 <= dim < count for dim in found) or len(set(found)) < len(found):
        raise ShapeError(f"tensordot: dims {dims} must be distinct, and in range for {count} dims")
    return found


def bilinear(input1: Any, input2: Any, weight: Any, bias: Any = None) -> Any:
    """``input1 @ weight[o] @ input2 + bias[o]`` for each output ``o``: ``(..., n)`` and ``(...,
    m)`` to ``(..., out)``.

    ``weight`` is ``(out, n, m)``, ``bias`` ``(out,)`` or None.
    """
    shapes = [array_of(operand).shape for operand in (input1, input2, weight)]
    if len(shapes[2]) != 3 or (shapes[0][-1:], shapes[1][-1:]) != (shapes[2][1:2], shapes[2][2:]):
        raise ShapeError(
            "bilinear: needs input1 (..., n), input2 (..., m), weight (out, n, m), got "
            f"{shapes[0]}, "
            f"{shapes[1]}, {shapes[2]}"
        )
    if shapes[0][:-1] != shapes[1][:-1]:
        raise ShapeError(
            f"bilinear: input1 {shapes[0]} and input2 {shapes[1]} must agree in all dims but the "
            "last"
        )
    out = einsum("...n,onm,...m->...o", input1, weight, input2)
    return out if bias is None else out + bias
