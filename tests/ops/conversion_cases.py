"""The rows of `autograd.ops.conversion`."""

import numpy as np

from autograd.dtypes import complex64, complex128, float32, float64, int64
from autograd.errors import DeviceError, DTypeError
from autograd.ops import conversion
from tests.cases import Bad, Case, Input

X = Input((2, 3))
ONE = np.ones(1)

CASES = [
    Case("clone", conversion.clone, [X], oracle=np.copy, elementwise=True),
    Case(
        "to",
        conversion.to,
        [X],
        {"dtype": float64, "copy": True},
        oracle=lambda x, **_: x,
        torch=None,
        bad=[
            Bad([ONE, "cuda"], DeviceError, "'cpu'"),
            Bad([ONE, "mps:0", float64], DeviceError, "'mps:0'"),
            Bad([ONE, "float99"], DTypeError, "not a dtype"),
            Bad([ONE, float64, True, True, True], DTypeError, "two flags"),
        ],
    ),
    Case(
        "to",
        conversion.to,
        [X],
        {"dtype": complex128},
        oracle=lambda x, **_: x.astype(complex),
        torch=None,
        differentiable=False,  # the checks of gradients want real outputs; test_conversion has it
    ),
    Case(
        "type",
        conversion.type,
        [X],
        {"dtype": int64},
        oracle=lambda x, **_: np.trunc(x).astype(np.int64),
        torch=None,
        differentiable=False,
    ),
    Case(
        "type_as",
        conversion.type_as,
        [Input((2, 3), 0, 9, "int64"), X],
        oracle=lambda x, y: x.astype(y.dtype),
        torch=None,
        differentiable=False,
    ),
    Case("cpu", conversion.cpu, [X], oracle=lambda x: x, torch=None),
    *[
        Case(
            name,
            getattr(conversion, f"to_{name}"),
            [Input((2, 3), 0, 9)],
            oracle=lambda x, dtype=dtype: x.astype(dtype),
            torch=None,
            differentiable=False,  # single precision is too coarse for finite differences
        )
        for name, dtype in {
            "float": float32,
            "double": float64,
            "half": "float16",
            "int": "int32",
            "long": int64,
            "short": "int16",
            "char": "int8",
            "byte": "uint8",
            "bool": "bool",
            "cfloat": complex64,
            "cdouble": complex128,
        }.items()
    ],
]
