"""Making, converting and asking tensors: thousands of calls, with either library."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

import autograd  # noqa: E402 - below the condition
from tests.parity.both import all_disagreements, disagreements, grid, programs, words  # noqa: E402

DTYPES = """
    bool uint8 int8 int16 int32 int64 float16 float32 float64 complex64 complex128
""".split()  # noqa: SIM905  # shorter than quotes around each

# Data for a tensor: numbers, lists, arrays, and what is none of these.
DATA = """
    1 | True | 1.5 | 1j | 3+0j | 2**53+1 | -2**63 | 2**63 | 1e40 | float("nan") | [] | [[]]
    | [[], []] | [1, 2] | [1, 2.5] | [True, 2] | [True, 2.0] | [1, 2j] | [True, 1j]
    | [1.0, 2, True, 3j] | [[1, 2], [3, 4.0]] | [[1, 2], [3]] | [1, [2]] | [[1], 2]
    | [[[1, 2], [3, 4]], [[5, 6], [7]]] | (1, 2) | ((1, 2), [3, 4]) | range(3)
    | [range(3), range(3)] | "a" | ["a"] | None | [None] | {} | {1, 2} | object() | iter([1])
    | torch.Size([1, 2]) | [torch.Size([1, 2])] | np.float32(1.5) | np.float64(1.5)
    | np.float16(1.5) | np.int8(3) | np.bool_(True) | np.complex64(1j) | [np.float32(1.5)]
    | [np.float64(1.5), 2] | [np.float32(1.5), np.float64(2)] | [np.int8(1), np.int8(2)]
    | [np.bool_(True)] | [np.int64(1), 2.5] | np.array([1, 2], np.int16) | np.array(1.5)
    | np.array([1.5], np.float16) | [np.array([1, 2]), np.array([3, 4])]
    | [np.array([1.0, 2], np.float32)] * 2 | [np.array([1, 2]), np.array([3])] | np.zeros((0, 3))
    | np.ones((2, 3)).T | np.array(["a"]) | np.array([None]) | np.array([1], ">i4")
    | np.datetime64("2020") | torch.tensor([1, 2]) | torch.tensor([1.0], requires_grad=True)
    | torch.tensor([1.0], requires_grad=True) * 2 | [torch.tensor(1), torch.tensor(2)]
    | [torch.tensor(1.0), 2] | [2, torch.tensor(1.5)] | [2.5, torch.tensor(1)]
    | [torch.tensor([1.0]), torch.tensor([2])] | [torch.tensor([1.0, 2.0])] * 2
    | [[torch.tensor(1), 2], [3, torch.tensor(4.0)]] | [torch.tensor([[1.0]])]
"""
SIZES = """
    | 2 | 2, 3 | (2, 3) | [2, 3] | () | [] | (2,), 3 | 2.0 | (2.0,) | -1 | (-1, 2) | True
    | (True,) | "a" | None | size=(2,) | size=[2] | size=2 | size=() | np.int64(2)
    | (np.int64(2), 3) | torch.tensor(2) | (torch.tensor(2), 3) | torch.tensor([2, 3])
    | np.array([2, 3]) | 0 | (0, 3) | torch.zeros(2, 3).shape | *[2, 3] | 2, size=3 | (2, (3,))
"""
OPTIONS = """
    | , dtype=torch.float64 | , dtype=torch.int64 | , dtype=torch.bool | , dtype=torch.complex64
    | , dtype=torch.float16 | , requires_grad=True | , dtype=torch.int64, requires_grad=True
    | , dtype=torch.uint8 | , device="cpu" | , device=torch.device("cpu") | , device="nowhere"
    | , device=None, dtype=None | , requires_grad=1 | , pin_memory=False | , nothing=1
"""
FILLINGS = """
    1 | 1.5 | True | 1j | 1 + 0j | 300 | -1 | -300 | 1e10 | 2**40 | 2**63 | 1e40 | float("nan")
    | "a" | float("inf") | torch.tensor(1.5) | torch.tensor(2) | torch.tensor([2])
    | torch.tensor([2, 3]) | torch.tensor(1.5, requires_grad=True) | np.float64(1.5)
    | np.float32(1.5) | np.int64(1) | np.array(1.5) | None
"""
RANGES = """
    3 | 3.0 | 3.5 | 0 | -1 | 1, 4 | 1, 4.0 | 4, 1 | 4, 1, -1 | 1, 4, 2 | 1, 2, 0.5 | 0, 1, 0.1
    | 5, 5, -1 | 1, 0, -0.25 | 0, 3, 0 | 0, -3, 1 | True | 1, True | torch.tensor(3)
    | torch.tensor(3.0) | 5, 5 | torch.tensor([3]) | torch.tensor(3.0, requires_grad=True)
    | np.int64(3) | np.float32(3) | 3j | np.array(3) | start=1, end=4 | start=1, end=4, step=2
    | end=4 | 1, end=4 | 1, 4, step=2 | 1, step=2 | step=1 | 1, 2, 3, 4 | float("inf")
    | float("nan") | 0, 1, float("nan") | -2.5, 2.5 | -2.5, 2.5, 1.5 | 1e-3, 1e-2, 1e-3
    | 0, 1, 1 / 3 | "a" | None | 2**62, 2**62 + 3 | 0, 10, torch.tensor(2) | torch.tensor(1.0), 5
    | 3.5, dtype=torch.int64 | 0.5, 3.5, dtype=torch.int64 | 0.5, 3.5, 1, dtype=torch.int32
    | 0, 3, 0.5, dtype=torch.int64 | 300, dtype=torch.uint8 | -3, 0, dtype=torch.uint8
"""
SPACES = """
    0, 1, 5 | 0, 1, 1 | 0, 1, 0 | 1, 0, 5 | 0, 0, 3 | -3, 3, 11 | 0, 1j, 5 | 1 + 1j, 2, 3 | 0, 1
    | 0, 1, steps=5 | start=0, end=1, steps=5 | 0, 1, -1 | 0, 1, 2.5 | 0, 1, True | 0, 1, None
    | torch.tensor(0.0), torch.tensor(1.0), 5 | torch.tensor([0.0]), 1, 5
    | torch.tensor([0.0, 1.0]), 1, 5 | 0, 1, np.int64(5) | np.float32(0), np.float64(1), 5
    | float("nan"), 1, 3 | 0, float("inf"), 3 | True, False, 3 | 0, 255, 5, dtype=torch.uint8
    | -3, 3, 4, dtype=torch.uint8 | 0, 300, 4, dtype=torch.uint8 | 0.5, 9.5, 4, dtype=torch.int64
    | -5, 5, 4, dtype=torch.int16
"""
TENSORS = """
    torch.tensor([[1.0, 2.0], [3.0, 4.0]]) | torch.tensor([1, 2])
    | torch.ones(2, dtype=torch.float64) | torch.ones(2, requires_grad=True) | torch.tensor(True)
    | torch.tensor([1j]) | torch.ones(2, requires_grad=True) * 2
    | torch.tensor([3], dtype=torch.uint8)
"""
QUESTIONS = """
    dim() | ndim | numel() | nelement() | size() | shape | stride() | element_size() | itemsize
    | nbytes | dtype | device | is_cpu | is_cuda | is_leaf | requires_grad | grad
    | is_floating_point() | is_complex() | is_signed() | is_contiguous() | is_nonzero()
    | get_device() | storage_offset() | shape.numel() | size().numel() | shape[1:].numel()
    | shape + (1,) | shape[:1] | shape * 2 | item() | tolist() | numpy() | numpy(force=True)
    | detach() | detach().numpy() | data | clone() | float() | double() | half() | int() | long()
    | short() | char() | byte() | bool() | cfloat() | cdouble() | cpu() | contiguous() | T | mT
    | t() | real | nonzero() | retains_grad | __len__() | type(torch.float64)
    | type(dtype=torch.int32) | type_as(torch.ones(1, dtype=torch.int32)) | type_as(3) | is_conj()
    | is_neg() | nonzero(as_tuple=True) | size(0) | size(-1) | size(1) | size(5) | size(-3)
    | size("a") | size(None) | size(0.5) | size(True) | size(dim=-1) | stride(0) | stride(-3)
    | stride(2) | shape[0] | shape[7] | is_same_size(torch.ones(2)) | __array__()
"""
FORMS_OF_TO = """
    torch.float64 | torch.int64 | torch.bool | torch.complex64 | torch.uint8 | "cpu" | "cuda"
    | None | 5 | torch.float64, copy=True | "cpu", torch.float64
    | device="cpu", dtype=torch.float64 | copy=True | torch.ones(1, dtype=torch.float64)
    | torch.float32, True | torch.float32, True, True | torch.float32, True, True, True
    | "cpu", torch.float64, True, True | torch.float64, torch.float32
    | torch.float64, dtype=torch.float32 | torch.ones(1), True | None, torch.float64 | "nonsense"
    | torch.float64, non_blocking=True | dtype=None | device=None | torch.float64, nothing=1
"""
PYTHONS = """
    len(x) | bool(x) | int(x) | float(x) | complex(x) | [0, 1, 2][x] | range(x) | list(x) | x == x
    | hash(x) == hash(x) | x != None | x == None | x == "a" | x == [1, 2] | x < "a" | x + "a"
    | x + None | x + [1, 2] | 1 in x | 2.0 in x | "a" in x | None in x | [1, 2] in x
    | torch.tensor(1.0) in x | torch.tensor([1, 2]) in x | round(x) | abs(x) | -x | +x | ~x
    | divmod(x, 2) | divmod(7, x) | math.floor(x) | math.ceil(x) | math.sqrt(x) | "%d" % x
    | f"{x:.2f}" | "{:5}".format(x) | sorted(x) | list(reversed(x)) | sum(x) | max(x) | min(x)
    | any(x) | all(x) | copy.deepcopy(x) | [*x] | x(1) | isinstance(x, torch.Tensor)
    | torch.is_tensor(x) | torch.numel(x) | {x: 1} is not None | dict(zip(x, x)) is not None
    | np.asarray(x) | np.array(x) | np.array(x, dtype=np.float64) | x.__array__(np.float64)
    | x is None | isinstance(x.shape, torch.Size) | x.shape == (2,) | x[0, 0]
    | isinstance(x.dtype, torch.dtype)
"""
SHARING = """
    a = np.ones(2); t = torch.as_tensor(a); a[0] = 5; t
    a = np.ones(2); t = torch.asarray(a); a[0] = 5; t
    a = np.ones(2); t = torch.from_numpy(a); a[0] = 5; t
    a = np.ones(2); t = torch.from_numpy(a); t[0] = 5; a
    a = np.ones(2); t = torch.tensor(a); a[0] = 5; t
    a = np.ones(2); t = torch.from_dlpack(a); t[0] = 5; a
    a = np.ones(2, np.float32); t = torch.as_tensor(a, dtype=torch.float64); a[0] = 5; t
    t = torch.ones(2); u = torch.as_tensor(t); t[0] = 5; u
    t = torch.ones(2); u = torch.tensor(t); t[0] = 5; u
    t = torch.ones(2); a = t.numpy(); a[0] = 5; t
    t = torch.ones(2); a = np.asarray(t); a[0] = 5; t
    t = torch.ones(2); a = np.array(t); a[0] = 5; t
    t = torch.ones(2); u = t.detach(); u[0] = 5; t
    t = torch.ones(2); u = t.clone(); u[0] = 5; t
    t = torch.ones(2); u = t.data; u[0] = 5; t
    t = torch.ones(2); u = t.float(); u[0] = 5; t
    t = torch.ones(2); u = t.double(); u[0] = 5; t
    t = torch.ones(2, 2); u = t.reshape(4); u[0] = 5; t
    t = torch.ones(2, 2); u = t.T.reshape(4); u[0] = 5; t
    t = torch.ones(2, 2); u = t.T.contiguous(); u[0, 1] = 5; t
    t = torch.ones(2, 2); u = t.ravel(); u[0] = 5; t
    t = torch.ones(2); u = torch.from_dlpack(t); u[0] = 5; t
    t = torch.ones(2); u = torch.asarray(t, copy=True); u[0] = 5; t
    torch.asarray(torch.ones(2), copy=False)
    torch.asarray(torch.ones(2), dtype=torch.float64, copy=False)
    torch.asarray([1, 2], copy=False)
    torch.asarray(np.ones(2), dtype=torch.float32, copy=False)
    torch.asarray(torch.ones(2, requires_grad=True), copy=True)
    torch.asarray(torch.ones(2, requires_grad=True) * 2, requires_grad=True)
    torch.asarray(torch.ones(2, requires_grad=True) * 2, requires_grad=False)
    torch.asarray(torch.ones(2), requires_grad=True)
    torch.asarray(torch.ones(2, dtype=torch.int64), requires_grad=True)
    torch.from_numpy([1, 2])
    torch.from_numpy(torch.ones(2))
    torch.from_numpy(np.float32(1))
    torch.from_numpy(np.ones((2, 3))[:, ::2])
    torch.from_numpy(np.array(["a"]))
    torch.from_numpy(np.array([1], ">i4"))
    torch.from_dlpack(3)
    torch.from_dlpack(torch.ones(2, requires_grad=True))
    torch.ones(2, requires_grad=True).numpy()
    (torch.ones(2, requires_grad=True) * 2).numpy(force=True)
    (torch.ones(2, requires_grad=True) * 2).tolist()
    np.asarray(torch.ones(2, requires_grad=True))
    x = torch.ones(2); x.note = 3; copy.deepcopy(x).note
"""
OF_DEFAULT_DTYPE = """
    torch.tensor(1.5) | torch.zeros(1) | torch.eye(1) | torch.linspace(0, 1, 2) | torch.tensor([])
    | torch.arange(3.0) | torch.full((1,), 1.5) | torch.scalar_tensor(1) | torch.tensor([1]) / 2
    | torch.tensor([1]) * 1.5 | torch.tensor([1]).sqrt() | torch.ones(1, dtype=torch.float32) * 1.5
    | torch.tensor(np.float32(1)) | torch.get_default_dtype()
"""
EYES = """
    3 | 3, 2 | 0 | 0, 3 | -1 | 3, -1 | 2.0 | True | n=3 | n=3, m=2 | (3,) | 3, 2, 1 | | "a"
    | torch.tensor(3)
"""

# What differs on purpose, and why.
KEPT = {
    "torch.tensor([torch.tensor(1.0, requires_grad=True)])": "a copy would lose the gradient",
    "torch.tensor([1], dtype='float32')": "a dtype can be named, as in NumPy",
    "torch.ones(2).to('float64')": "a dtype can be named, as in NumPy",
    "torch.ones(2).type()": "dtypes are NumPy's, and so are their names",
    "torch.bool.is_floating_point": "dtypes are NumPy's",
    "torch.tensor(np.ones(2)[::-1])": "memory can be read backwards, as NumPy does it",
    "torch.tensor(np.array([1], np.uint16))": "NumPy's wider unsigned dtypes are not supported",
    "torch.tensor(np.array([1j]), dtype=torch.float32)": "the imaginary parts would be lost",
    "torch.zeros(0, 3).stride()": "NumPy takes no steps over nothing",
    "torch.full((2,), np.bool_(True))": "to PyTorch NumPy's bool is a float",
    "torch.ones(2).dtype.to_complex()": "dtypes are NumPy's",
    "torch.ones(2).new_tensor(data=[1]).storage()": "memory has no type of its own here",
}


TOPICS = {
    "data": grid("torch.{f}({x})", f=["tensor", "as_tensor", "asarray"], x=words(DATA)),
    "options": grid(
        "torch.tensor({x}{o})",
        x=["[1, 2]", "[1.7, -2.7]", "[True]", "300", "-1", "1j"],
        o=words(OPTIONS),
    ),
    "sizes": grid("torch.{f}({x})", f=["zeros", "ones"], x=words(SIZES)),
    "sized with options": grid("torch.{f}(2, 3{o})", f=["zeros", "ones"], o=words(OPTIONS)),
    "full": grid("torch.full((2,), {x}{o})", x=words(FILLINGS), o=words(OPTIONS)),
    "sizes of full": grid(
        "torch.full({x}, 1)", x=[size for size in words(SIZES)[1:] if "=" not in size]
    ),
    "arange": grid("torch.arange({x})", x=words(RANGES)),
    "arange with options": grid(
        "torch.arange({x}{o})", x=["3", "0.5, 4.2", "5, 0, -1.5"], o=words(OPTIONS)
    ),
    "linspace": grid("torch.{f}({x})", f=["linspace", "logspace"], x=words(SPACES)),
    "linspace with options": grid(
        "torch.{f}(0.5, 2, 4{o})", f=["linspace", "logspace"], o=words(OPTIONS)
    ),
    "logspace": grid(
        "torch.logspace(-0.5, 2, 3, base={b})",
        b=["2", "2.0", "math.e", "-2", "0", "0.5", "1j", "'a'"],
    ),
    "eye": grid("torch.eye({x})", x=words(EYES)),
    "eye with options": grid("torch.eye(2{o})", o=words(OPTIONS)),
    "like": grid(
        "torch.{f}({x}{o})", f=["zeros_like", "ones_like"], x=words(TENSORS), o=words(OPTIONS)
    ),
    "full_like": grid("torch.full_like({x}, {v})", x=words(TENSORS), v=words(FILLINGS)),
    "new sizes": grid(
        "{t}.{f}({x})",
        t=["torch.ones(2, requires_grad=True)", "torch.tensor([1])"],
        f=["new_zeros", "new_ones"],
        x=words(SIZES),
    ),
    "new_full": grid(
        "{t}.new_full((2,), {x})",
        t=["torch.tensor([True])", "torch.ones(2, dtype=torch.float16)"],
        x=words(FILLINGS),
    ),
    "new_tensor": grid(
        "{t}.new_tensor({x})",
        t=["torch.ones(2, requires_grad=True)", "torch.tensor([1])"],
        x=[data for data in words(DATA) if "np." not in data and "torch." not in data],
    ),
    "questions": grid("({x}).{q}", x=words(TENSORS), q=words(QUESTIONS)),
    "to": grid("({x}).to({a})", x=words(TENSORS), a=words(FORMS_OF_TO)),
    "to itself": grid("x = {x}; x.to({a}) is x", x=words(TENSORS), a=words(FORMS_OF_TO)),
    "Python": grid("x = {x}; {p}", x=words(TENSORS), p=words(PYTHONS)),
    "sharing": programs(SHARING),
    "nothing": ["torch.zeros(3, 0) + None", "torch.zeros(3, 0) == None", "torch.ones(2) - None"],
    "casts": grid(
        "torch.tensor([-1.7, 0, 1, 2.5]).to(torch.{a}).to(torch.{b})", a=DTYPES, b=DTYPES
    ),
    "promotion": grid("torch.promote_types(torch.{a}, torch.{b})", a=DTYPES, b=DTYPES),
    "casting": grid("torch.can_cast(torch.{a}, torch.{b})", a=DTYPES, b=DTYPES),
    "result types": grid(
        "torch.result_type(torch.ones({s}, dtype=torch.{a}), torch.ones({t}, dtype=torch.{b}))",
        s=["2", "()"],
        t=["2", "()"],
        a=DTYPES,
        b=DTYPES,
    ),
    "result types of numbers": grid(
        "torch.result_type(torch.ones({s}, dtype=torch.{a}), {n})",
        s=["2", "()"],
        a=DTYPES,
        n=["True", "1", "1.5", "1j", "np.float64(1)", "np.int8(1)", "'a'"],
    ),
    "limits": grid(
        "torch.finfo({d}).{n}",
        d=[
            "",
            "torch.float16",
            "torch.float64",
            "torch.complex64",
            "torch.int8",
            "type=torch.float64",
        ],
        n=words("eps | max | min | tiny | smallest_normal | resolution | bits | dtype"),
    )
    + grid(
        "torch.iinfo({d}).{n}",
        d=["", "torch.uint8", "torch.int64", "torch.float32", "torch.bool", "type=torch.int8"],
        n=words("max | min | bits | dtype"),
    ),
    "defaults": grid(
        "torch.set_default_dtype(torch.{d}); {x}",
        d=["float64", "float16", "int64", "complex64"],
        x=words(OF_DEFAULT_DTYPE),
    ),
    "inquiries": grid(
        "torch.{f}({x})",
        f=["is_floating_point", "is_complex", "is_tensor", "numel", "is_nonzero", "is_signed"],
        x=[*words(TENSORS), "3", "[1.0]"],
    ),
}


@pytest.fixture(autouse=True)
def _default_dtypes() -> Iterator[None]:
    yield
    for library in (autograd, torch):
        library.set_default_dtype(library.float32)


@pytest.mark.parametrize("topic", TOPICS)
def test_as_pytorch(topic: str) -> None:
    wrong = all_disagreements([program for program in TOPICS[topic] if program not in KEPT])
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("program", KEPT)
def test_what_differs_still_does(program: str) -> None:
    assert disagreements(program)
