from __future__ import annotations

import numpy as np

from autograd.errors import DTypeError
from autograd.ops import complex_parts
from tests.cases import Bad, Case, Input

CASES = [
    Case("conj", complex_parts.conj, [Input((2, 3))], oracle=np.conjugate, elementwise=True),
    Case("real", complex_parts.real, [Input((2, 3))], oracle=np.real, elementwise=True),
    Case(
        "imag",
        complex_parts.imag,
        [np.array([1 + 2j, 3 - 1j])],
        oracle=np.imag,
        differentiable=False,
        bad=[Bad([np.ones(2)], DTypeError, "needs a complex tensor")],
    ),
]
