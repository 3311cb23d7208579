import ast
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import AutogradError, DeviceError, DTypeError

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")
safetensors_torch = pytest.importorskip("safetensors.torch")


def net():
    return nn.Sequential(nn.Conv2D(1, 2, 3), nn.BatchNorm2D(2), nn.Flatten(), nn.Dense(8, 2))


def theirs():
    layers = (
        torch.nn.Conv2d(1, 2, 3),
        torch.nn.BatchNorm2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(8, 2),
    )
    return torch.nn.Sequential(*layers)


def test_round_trip_into_a_model(tmp_path):
    path = tmp_path / "net.safetensors"
    model, other = net(), net()
    nn.save(model, path)
    assert nn.load(path, other) == ([], [])
    for key, value in model.state_dict().items():
        assert np.array_equal(value, other.state_dict()[key])
        assert value.shape == other.state_dict()[key].shape
    assert nn.load(path)["1.num_batches_tracked"].shape == ()
    nn.load(path)["3.bias"].add_(1)  # what is loaded can be written to
    assert os.listdir(tmp_path) == ["net.safetensors"]


@pytest.mark.parametrize("dtype", ["float16", "float64", "int64", "bool", "complex64"])
def test_dtypes_and_layouts(tmp_path, dtype):
    path = str(tmp_path / "x")
    array = np.arange(6).reshape(2, 3).astype(dtype)
    nn.save(
        {
            "x": autograd.tensor(array).T,
            "empty": autograd.zeros(0, 2),
            "number": autograd.tensor(3.0),
        },
        path,
    )
    loaded = nn.load(path)
    assert np.array_equal(loaded["x"], array.T)
    assert loaded["x"].dtype == dtype
    assert loaded["empty"].shape == (0, 2)
    assert loaded["number"].item() == 3


def test_from_and_to_pytorch(tmp_path):
    path = tmp_path / "net.safetensors"
    x = np.random.default_rng(0).standard_normal((2, 1, 4, 4)).astype(np.float32)
    reference = theirs().eval()
    safetensors_torch.save_file(reference.state_dict(), path)
    model = net().eval()
    nn.load(path, model)
    expected = reference(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(model(autograd.tensor(x)).detach().numpy(), expected, atol=1e-5)
    nn.save(net(), path)
    reference.load_state_dict(safetensors_torch.load_file(path))


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float64", "int8", "bool", "complex64"])
def test_every_dtype_of_pytorch_is_read(tmp_path, dtype):
    """bfloat16 as float32."""
    values = torch.tensor([[0.0, 1.0, -2.5], [3e4, 1e-7, float("inf")]]).to(getattr(torch, dtype))
    safetensors_torch.save_file({"x": values, "number": values[0, 1].clone()}, tmp_path / "x")
    loaded = nn.load(tmp_path / "x")
    expected = values.float().numpy() if dtype == "bfloat16" else values.numpy()
    assert loaded["x"].dtype == expected.dtype
    assert np.array_equal(loaded["x"], expected)
    assert loaded["number"].shape == ()
    loaded["x"].zero_()


def test_dtypes_that_are_not_here(tmp_path):
    safetensors_torch.save_file({"x": torch.ones(2).to(torch.float8_e5m2)}, tmp_path / "x")
    with pytest.raises(DTypeError, match=r"load: x in '.*' is F8_E5M2"):
        nn.load(tmp_path / "x")
    with pytest.raises(DTypeError, match=r"save: x is complex128, .*view_as_real"):
        nn.save({"x": autograd.ones(1, dtype="complex128")}, tmp_path / "y")
    with pytest.raises(DTypeError, match="save: x is a str; it must be a tensor"):
        nn.save({"x": "text"}, tmp_path / "y")
    for name in ("__metadata__", "\ud800"):
        with pytest.raises(DTypeError, match="nothing in a safetensors file can be named"):
            nn.save({name: autograd.ones(1)}, tmp_path / "y")
    assert os.listdir(tmp_path) == ["x"]


def test_what_pytorch_reads_is_what_was_saved(tmp_path):
    model = net()
    nn.save(model, tmp_path / "net")
    loaded = safetensors_torch.load_file(tmp_path / "net")
    state = model.state_dict()
    assert loaded.keys() == state.keys()
    for key, value in state.items():
        assert str(loaded[key].dtype) == f"torch.{value.dtype}"
        assert np.array_equal(loaded[key].numpy(), value)
    safetensors = pytest.importorskip("safetensors")
    with safetensors.safe_open(tmp_path / "net", framework="pt") as file:
        assert file.metadata() == {"format": "pt"}


def test_a_file_that_was_cut_off_is_noticed(tmp_path):
    path = tmp_path / "x"
    nn.save({"x": autograd.ones(3), "y": autograd.zeros(2, 2)}, path)
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        with pytest.raises(AutogradError, match="no intact safetensors file"):
            nn.load(path)


def test_the_operations_of_a_save_are_in_the_right_order(tmp_path, monkeypatch):
    """The file is on the disk before it has its name, and its name before `save` returns."""
    called = []
    for name in ("fsync", "replace"):
        operation = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda *args, n=name, o=operation: (called.append(n), o(*args))[1]
        )
    nn.save({"x": autograd.ones(3)}, tmp_path / "x")
    assert called == ["fsync", "replace", "fsync"]


def test_errors_name_the_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there.x'"):
        nn.save({"x": autograd.ones(3)}, tmp_path / "not" / "there.x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError, match="folder'"):
        nn.save({"x": autograd.ones(3)}, tmp_path / "folder")
    with pytest.raises(IsADirectoryError, match="folder'"):
        nn.load(tmp_path / "folder")
    assert os.listdir(tmp_path) == ["folder"]


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "net.safetensors"
    nn.save({"x": autograd.ones(2)}, path)

    def fail(*args):
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        nn.save({"x": autograd.zeros(2)}, path)
    assert nn.load(path)["x"].tolist() == [1, 1]
    assert os.listdir(tmp_path) == ["net.safetensors"]


def test_errors(tmp_path):
    with pytest.raises(FileNotFoundError, match="no file"):
        nn.load(tmp_path / "missing")
    path = tmp_path / "broken"
    path.write_bytes(b"not a safetensors file")
    with pytest.raises(AutogradError, match="no intact safetensors file"):
        nn.load(path)
    nn.save({"x": autograd.ones(100)}, path)
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(AutogradError, match="no intact safetensors file"):
        nn.load(path)
    with pytest.raises(DTypeError, match="a module or a dict"):
        nn.save([1], path)
    nn.save({"x": autograd.ones(1)}, path)
    with pytest.raises(AutogradError, match="Unexpected key: x"):
        nn.load(path, net())


def test_as_pytorchs_programs_say_it(tmp_path):
    model = nn.Dense(2, 3)
    autograd.save(model.state_dict(), tmp_path / "model.pt")
    other = nn.Dense(2, 3)
    state = autograd.load(tmp_path / "model.pt", map_location="cpu", weights_only=True)
    other.load_state_dict(state)
    assert other.weight.tolist() == model.weight.tolist()
    with pytest.raises(DeviceError, match="load: there is no device 'cuda'"):
        autograd.load(tmp_path / "model.pt", map_location="cuda")
    with pytest.raises(DTypeError, match="weights only"):
        autograd.load(tmp_path / "model.pt", weights_only=False)


def test_the_packages_above_are_attributes():
    assert autograd.nn is nn
    assert autograd.nn.functional is nn.functional
    assert autograd.autograd.grad is autograd.grad
    with pytest.raises(AttributeError, match="has no attribute 'compile'"):
        autograd.compile  # noqa: B018 - it is the attribute that is asked for


# -- what loading reports --------------------------------------------------------------------------


def test_the_report_of_what_was_loaded(tmp_path):
    nn.save({"0.weight": autograd.ones(1, 2), "1.wieght": autograd.ones(1)}, tmp_path / "x")
    model = nn.Sequential(nn.Dense(2, 1, bias=False), nn.PReLU())
    report = nn.load(tmp_path / "x", model, strict=False)
    missing, unexpected = report
    assert (missing, unexpected, report.loaded_keys) == (["1.weight"], ["1.wieght"], ["0.weight"])
    assert str(report).splitlines() == [
        "loaded 1 of 2",
        "  Missing key: 1.weight; did you mean '1.wieght'?",
        "  Unexpected key: 1.wieght; did you mean '1.weight'?",
    ]
    whole = model.load_state_dict(model.state_dict())
    assert str(whole) == repr(whole) == "<All keys matched successfully>"
    assert whole.loaded_keys == ["0.weight", "1.weight"]


@pytest.mark.parametrize("strict", [True, False])
def test_if_nothing_matches_nothing_is_loaded(strict):
    model = nn.Dense(2, 1)
    state = {f"module.{key}": value + 1 for key, value in model.state_dict().items()}
    before = model.weight.tolist()
    with pytest.raises(AutogradError, match="no name matches; is it the state dict of") as caught:
        model.load_state_dict(state, strict=strict)
    assert "Missing key: weight; did you mean 'module.weight'?" in str(caught.value)
    with pytest.raises(AutogradError, match="no name matches"):
        model.load_state_dict({}, strict=strict)
    assert model.weight.tolist() == before
    assert nn.ReLU().load_state_dict({}, strict=strict) == ([], [])


def test_mismatched_tensors_are_listed_and_nothing_is_loaded():
    model = nn.Dense(2, 1)
    before = model.weight.tolist()
    state = {"weight": autograd.ones(1, 2), "bias": autograd.ones(3)}
    with pytest.raises(AutogradError, match=r"size mismatch for bias: \(3,\) in the state dict"):
        model.load_state_dict(state, strict=False)
    state = {"weight": autograd.ones(1, 2, dtype="complex64"), "bias": autograd.ones(1)}
    with pytest.raises(AutogradError, match="dtype mismatch for weight: complex64 in"):
        model.load_state_dict(state)
    assert model.weight.tolist() == before


def test_of_hundreds_of_names_the_first_are_shown():
    model = nn.Sequential(*(nn.Dense(1, 1) for _ in range(100)))
    with pytest.raises(AutogradError) as caught:
        model.load_state_dict({f"x{i}": autograd.ones(1) for i in range(300)})
    lines = str(caught.value).splitlines()
    assert len(lines) == 1 + 20 + 1 + 20 + 1 + 1
    assert "  and 180 more missing" in lines
    assert "  and 280 more unexpected" in lines
    with pytest.raises(AutogradError, match="and 80 more of these"):
        model.load_state_dict({key: autograd.ones(7) for key in model.state_dict() if "w" in key})


# -- nothing is ever unpickled ---------------------------------------------------------------------

PICKLES = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal",
           "copyreg", "pickletools"}  # fmt: skip


# No file is ever unpickled. But processes that make batches can't exchange them with the program
# that has started them but by pickles; only one function reads those.
BETWEEN_PROCESSES = {
    ("nn/data/processes.py", "pickle"),
    ("nn/data/processes.py", "pickle.dumps"),
    ("nn/data/shared_memory.py", "pickle"),
    ("nn/data/shared_memory.py", "pickle.loads"),
}


def unpickling(tree: ast.AST) -> Iterator[str]:
    """What in a program could execute what a file says: modules imported, functions called."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
            yield from (name for name in names if name.split(".")[0] in PICKLES)
        elif isinstance(node, ast.Call) and executes(ast.unparse(node.func), node):
            yield ast.unparse(node)


def executes(function: str, call: ast.Call) -> bool:
    return (
        function.split(".")[0] in PICKLES
        or function.split(".")[-1] in ("read_pickle", "Unpickler")
        or function in ("eval", "exec", "__import__")
        or any(isinstance(arg, ast.Constant) and arg.value in PICKLES for arg in call.args)
        # The third argument of np.load is allow_pickle.
        or (function in ("np.load", "numpy.load") and len(call.args) > 2)
        or any(
            keyword.arg == "allow_pickle" and ast.unparse(keyword.value) != "False"
            for keyword in call.keywords
        )
    )


@pytest.mark.parametrize(
    "program",
    [
        "import pickle", "import a, shelve as s", "from pickle import load", "from a import pickle",
        "import joblib.externals", "pickle.load(file)", "np.load(path, allow_pickle=True)",
        "np.load(path, None, True)", "np.load(path, allow_pickle=allowed)", "eval(text)",
        "importlib.import_module('pickle')", "__import__(name)", "pd.read_pickle(path)",
    ],
)  # fmt: skip
def test_the_search_finds_what_would_execute_a_file(program):
    assert list(unpickling(ast.parse(program)))


@pytest.mark.parametrize(
    "program", ["np.load(path, allow_pickle=False)", "model.eval()", "x.load()"]
)
def test_the_search_finds_nothing_else(program):
    assert not list(unpickling(ast.parse(program)))


def test_nothing_is_ever_unpickled():
    root = Path(nn.__file__).parents[1]
    sources = [p for package in ("autograd", "nn", "optim", "examples")
               for p in (root / package).rglob("*.py")]  # fmt: skip
    assert len(sources) > 100
    found = {
        (path.relative_to(root).as_posix(), use)
        for path in sources
        for use in unpickling(ast.parse(path.read_text()))
    }
    assert {(path, use.split("(")[0]) for path, use in found} == BETWEEN_PROCESSES
