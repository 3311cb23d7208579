"""What autograd does besides computing: when it records, adds up, refuses; with either library."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="PyTorch is the oracle")

from tests.parity.both import all_disagreements, disagreements, programs

BEFORE = (
    "x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True); z = torch.ones(2, requires_grad=True); "
    "grad = torch.autograd.grad; log = []; "
    "after = lambda t, hook: t.register_post_accumulate_grad_hook(hook); "
)

HOOKS = """
    h = x.register_hook(lambda g: g * 2); x.sum().backward(); x.grad
    h = x.register_hook(lambda g: g * 2); h.remove(); x.sum().backward(); x.grad
    h = x.register_hook(lambda g: None); x.sum().backward(); x.grad
    x.register_hook(lambda g: g * 2); x.register_hook(lambda g: g + 1); x.sum().backward(); x.grad
    x.register_hook(lambda g: torch.ones(2)); x.sum().backward()
    x.register_hook(lambda g: torch.ones(3, dtype=torch.float64)); x.sum().backward(); x.grad
    x.register_hook(lambda g: 3); x.sum().backward()
    y = x * 2; y.register_hook(lambda g: g * 10); y.sum().backward(); x.grad
    y = x * 2; y.register_hook(lambda g: log.append(g.clone())); (y * y + y).sum().backward(); log
    x.register_hook(lambda g: log.append(g.clone())); grad((x * x).sum(), x); log
    x.register_hook(lambda g: g * 2); grad((x * x).sum(), x)
    y = x * 2; y.register_hook(lambda g: g * 2); grad((y * y).sum(), y)
    torch.ones(3).register_hook(lambda g: g)
    after(x, lambda t: log.append(t.grad.clone())); x.sum().backward(); x.sum().backward(); log
    after(x, lambda t: setattr(t, "grad", None)); x.sum().backward(); x.grad
    y = x * 2; after(y, lambda t: None)
    after(x, lambda t: log.append(1)); grad(x.sum(), x); log
    h = after(x, lambda t: 1); h.remove(); x.sum().backward(); x.grad
"""
RETAINING = """
    y = x * 2; y.retain_grad(); (y * y).sum().backward(); [x.grad, y.grad, y.retains_grad]
    y = x * 2; y.retain_grad(); y.retain_grad(); (y * y).sum().backward(); y.grad
    y = x * 2; y.retain_grad(); (y * y).sum().backward(); (x * 2).sum().backward(); y.grad
    x.retain_grad(); x.sum().backward(); x.grad
    torch.ones(3).retain_grad()
"""
GRAD = """
    grad(x.sum(), x)
    grad(x * x, x)
    grad(x * x, x, torch.ones(3))
    grad(x * x, x, torch.ones(2))
    grad(x * x, [x], [torch.ones(3)])
    grad((x * x).sum(), [x, x])
    grad([x.sum(), (x * x).sum()], x)
    grad([x.sum(), x * x], x, [None, torch.ones(3)])
    grad(x.sum(), z)
    grad(x.sum(), z, allow_unused=True)
    grad(x.sum(), [x, z], allow_unused=True)
    grad(x.sum(), [x, z], materialize_grads=True)
    grad(x.sum(), [x, z], allow_unused=False, materialize_grads=True)
    grad(x.sum(), [x, z], allow_unused=True, materialize_grads=True)
    z = torch.ones(2); grad(x.sum(), z)
    z = torch.ones(2); grad(x.sum(), z, allow_unused=True)
    z = torch.ones(2); grad(z.sum(), x)
    grad(x.sum(), [])
    grad([], [x])
    grad(x.sum(), x, create_graph=True)[0].requires_grad
    grad((x * x).sum(), x, create_graph=True)[0].requires_grad
    g, = grad((x**3).sum(), x, create_graph=True); h, = grad(g.sum(), x); h
    g, = grad((x**3).sum(), x, create_graph=True); g.sum().backward(); x.grad
    y = x * torch.ones(3, dtype=torch.float64); [y.dtype, grad(y.sum(), x)]
    z = torch.tensor(2.0, dtype=torch.float64, requires_grad=True); grad((x * z).sum(), [x, z])
    z = torch.tensor(2.0, requires_grad=True); grad((x * z).sum(), [x, z])
    z = torch.tensor([[2.0], [3.0]], requires_grad=True); grad((x * z).sum(), [x, z])
    z = torch.tensor([1j], requires_grad=True); grad((x * z).abs().sum(), [x, z])
    z = torch.tensor([1j, 2, 3], requires_grad=True); grad((x * z).real.sum(), [x, z])
    y = x.sum(); grad(y, x); grad(y, x)
    y = (x * x).sum(); grad(y, x); grad(y, x)
    y = (x * x).sum(); grad(y, x, retain_graph=True); grad(y, x)
    y = (x * x).sum(); grad(y, x, create_graph=True, retain_graph=False); grad(y, x)
    y = (x * x).sum(); grad(y, y)
    y = x * x; grad(y.sum(), y)
    grad(x.sum(), x * 2)
    grad(x.sum(), "a")
    grad("a", x)
    grad(x.sum(), x, 3.0)
    y, = grad(x.norm(), x, create_graph=True); y.norm().backward(); x.grad
"""
BACKWARD = """
    (x * x).sum().backward(); (x * x).sum().backward(); x.grad
    y = (x * x).sum(); y.backward(); y.backward()
    y = (x * x).sum(); y.backward(retain_graph=True); y.backward(); x.grad
    y = x.sum(); y.backward(); y.backward(); x.grad
    y = (x + 1).sum(); y.backward(); y.backward(); x.grad
    y = x * x; y.backward()
    y = x * x; y.backward(torch.ones(3)); x.grad
    y = x * x; y.backward(torch.ones(2))
    y = x * x; y.backward(torch.ones(1, 3))
    y = x * x; y.backward(torch.ones(1))
    y = x * x; y.backward(torch.ones(()))
    y = x * x; y.backward(torch.ones(3, dtype=torch.float64)); x.grad
    y = x * x; y.backward(torch.ones(3, dtype=torch.int64)); x.grad
    y = x * x; y.backward(torch.ones(3, dtype=torch.complex64)); x.grad
    y = x * x; y.backward(2.0)
    y = (x * x).sum(); y.backward(2.0)
    y = (x * x).sum(); y.backward(torch.tensor(2.0)); x.grad
    y = (x * x).sum(); y.backward(torch.tensor([2.0])); x.grad
    y = (x * x).sum(0, keepdim=True); y.backward(torch.tensor(2.0)); x.grad
    y = (x * x).sum(0, keepdim=True); y.backward(); x.grad
    y = (x * x)[:1]; y.backward(); x.grad
    torch.autograd.backward(x * x, torch.ones(3)); x.grad
    torch.autograd.backward([x.sum(), (x * x).sum()]); x.grad
    torch.autograd.backward([x, x * x], [torch.ones(3), torch.ones(3)]); x.grad
    torch.autograd.backward([x.sum(), x * x], [None, torch.ones(3)]); x.grad
    torch.autograd.backward([x, x * x], [torch.ones(3)])
    torch.autograd.backward([])
    torch.autograd.backward(())
    torch.autograd.backward(3)
    torch.ones(3).sum().backward()
    torch.ones(3, requires_grad=True).detach().sum().backward()
    x.sum().detach().backward()
    x.backward(torch.ones(3)); x.grad
    x[0].backward(); x.grad
    (x**3).sum().backward(create_graph=True); g = x.grad; [g, g.requires_grad]
    (x**3).sum().backward(inputs=[x]); x.grad
    (x**3).sum().backward(inputs=x); x.grad
    (x**3).sum().backward(inputs=[])
    z = torch.ones(3, requires_grad=True); (x * z).sum().backward(inputs=[x]); [x.grad, z.grad]
    y = x * 2; (y * y).sum().backward(inputs=[y]); [x.grad, y.grad]
    y = x * 2; (y * y).sum().backward(inputs=[x, y]); [x.grad, y.grad]
    y = x * 2; y.sum().backward(); y.grad
    x.sum().backward(); x.grad = None; x.grad
    x.sum().backward(); del x.grad; x.grad
    x.sum().backward(); g = x.grad; x.sum().backward(); (g is x.grad, g)
    y = x * 1j; y.sum().backward()
    y = x * 1j; y.backward(torch.ones(3, dtype=torch.complex64)); x.grad
    y = x * 1j; y.backward(torch.ones(3)); x.grad
    y = x.expand(2, 3); y.sum().backward(); x.grad
    x.to(torch.float64).sum().backward(); x.grad
    x.requires_grad_().requires_grad_(); x.sum().backward(); x.grad
    y = torch.stack([x, x, x]); y.sum().backward(); x.grad
    y = torch.cat([x, x * 2]); y[::2].sum().backward(); x.grad
    y = sum([x * i for i in range(5)]); y.sum().backward(); x.grad
    y = x; exec("for i in range(10): y=y+y"); y.sum().backward(); x.grad
    v, i = x.max(0); v.backward(); x.grad
    a, b = torch.aminmax(x); b.backward(); x.grad
    a, b = x.sort(descending=True); (a * torch.arange(3.0)).sum().backward(); x.grad
"""
IN_PLACE = """
    y = x.detach(); y[0] = 9; x
    x.data[0] = 9; x
    y = x * x; x.detach()[0] = 9; y.sum().backward()
    x.sum().backward(); x.grad.zero_(); x.grad
    x.add_(1)
    x += 1; x
    x[0] = 1; x
    x.data.add_(1); x
    x.fill_(1)
    x.zero_()
    x.copy_(torch.ones(3))
    x[0].add_(1)
    x.view(3).add_(1)
    x[:2].zero_()
    x.view(3)[0] = 1; x
    x.T.mul_(2)
    x.detach().add_(1); x
    y = x * 2; y.add_(1); y.sum().backward(); x.grad
    y = x * 2; y[0] = 0; y.sum().backward(); x.grad
    y = x * 2; z = y * y; y.add_(1); z.sum().backward()
    y = x * 2; z = y + y; y.add_(1); z.sum().backward(); x.grad
    y = x.exp(); y.add_(1); y.sum().backward()
    y = x.exp(); z = y[0]; z.zero_(); y.sum().backward()
    y = x.sin(); y.add_(1); y.sum().backward(); x.grad
    y = x.sigmoid(); y.mul_(2); y.sum().backward()
    y = x * 2; v = y[:2]; v.mul_(3); y.sum().backward(); x.grad
    y = x * 2; v = y[:2]; y.mul_(3); v.sum().backward(); x.grad
    y = x * 2; v = y.view(3, 1); v[0] = 7; (y * y).sum().backward(); [x.grad, y, v]
    y = x * 2; a = y[0]; b = y[0]; a.mul_(3); b.backward(); x.grad
    y = x * 2; a, b, c = y.unbind(); a.mul_(3)
    y = x * 2; a, b = y.split(2); a.mul_(3)
    y = x * 2; a, b = y.chunk(2); y.mul_(3); a.sum().backward(); x.grad
    y = torch.zeros(3); y[0] = x[0]; y.sum().backward(); [x.grad, y.requires_grad, y.is_leaf]
    y = torch.zeros(3); y += x; y.sum().backward(); [x.grad, y.requires_grad]
    y = torch.zeros(3); y.copy_(x); y.sum().backward(); x.grad
    y = torch.zeros(2, 3); y[1] = x; y.sum().backward(); x.grad
    y = torch.zeros(2, 3); v = y[1]; v += x; y.sum().backward(); x.grad
    y = torch.zeros(2, 3); v = y[1]; v.copy_(x); (y * y).sum().backward(); x.grad
    y = torch.zeros(3, dtype=torch.int64); y += x; x
    y = torch.zeros(3, dtype=torch.int64); y.copy_(x); [y, y.requires_grad]
    y = torch.zeros(3, dtype=torch.int64); y[0] = x[0]; [y, y.requires_grad]
    y = torch.zeros(3, dtype=torch.float64); y.copy_(x); (y * y).sum().backward(); x.grad
    y = torch.zeros(3, dtype=torch.float64); y += x; (y * y).sum().backward(); x.grad
    y = x.expand(2, 3); y.add_(1)
    y = torch.ones(1).expand(3); y.add_(1)
"""
LEAVES = """
    x.grad_fn is None
    ((x * 2).is_leaf, x.is_leaf, x.detach().is_leaf)
    y = x * 2; y.requires_grad_(False)
    y = x * 2; y.requires_grad = False; x
    y = x * 2; y.requires_grad_(True).requires_grad
    x.requires_grad_(False).requires_grad
    x.requires_grad = False; (x * 2).requires_grad
    torch.tensor([1]).requires_grad_()
    x = torch.tensor([1]); x.requires_grad_(False).requires_grad
    x = torch.tensor([1]); x.requires_grad = True; x
    x = torch.tensor([True]); x.requires_grad_()
    torch.tensor([1j]).requires_grad_().requires_grad
    x.requires_grad_("a")
    x.requires_grad = 1; x
    x.requires_grad_(1)
    x.detach().requires_grad
    y = x * 2; y.detach_(); [y.requires_grad, y.is_leaf, y.grad_fn]
    x.detach_().requires_grad
    y = (x * 2)[0]; y.detach_()
    y = x[0]; y.detach_()
    x.grad = torch.ones(3); x.grad
    x.grad = torch.ones(2); x
    x.grad = torch.ones(3, dtype=torch.float64); x
    x.grad = 3; x
    x.grad = None; x.grad
    x = torch.ones(3); x.grad = torch.ones(3); x.grad
    y = x * torch.tensor(2.0, dtype=torch.float64, requires_grad=True); y.dtype
    x.long().requires_grad
    (x > 1).requires_grad
    x.argmax().requires_grad
    (x.round().requires_grad, x.floor().requires_grad, x.sign().requires_grad)
    x.sort()[1].requires_grad
    x.max(0)[1].requires_grad
    x.isnan().requires_grad
    torch.zeros_like(x).requires_grad
    x.new_zeros(3).requires_grad
"""
DATA_AND_COPIES = """
    x.data = torch.ones(2); [x, x.requires_grad]
    x.data = torch.ones(2, dtype=torch.float64); [x, x.requires_grad]
    x.data = torch.ones(2, dtype=torch.int64); x
    x.data = torch.ones(3, requires_grad=True) * 2; [x.is_leaf, x]
    x.data.requires_grad
    (x * 2).data.requires_grad
    x.sum().backward(); x.data = torch.ones(2); x.grad
    x.clone().requires_grad
    x.data.clone().requires_grad
    copy.copy(x).requires_grad
    y = copy.deepcopy(x); [y.requires_grad, y.is_leaf, y.grad]
    x.sum().backward(); copy.deepcopy(x).grad
    copy.deepcopy(x * 2)
"""
DTYPES_AND_SHAPES = """
    y = x * 2; y.grad = torch.ones(3); y.grad
    [x.float() is x, x.cpu() is x, x.type(torch.float32) is x, x.type_as(x) is x]
"""

# Programs of several lines: modes, and what they leave.
MODES = [
    """
r = []
with torch.no_grad():
    r.append((x * 2).requires_grad)
    with torch.enable_grad():
        r.append((x * 2).requires_grad)
    r.append((x * 2).requires_grad)
r
""",
    """
with torch.inference_mode():
    r = [(x * 2).requires_grad, torch.is_inference_mode_enabled(), torch.is_grad_enabled()]
r
""",
    """
with torch.inference_mode(False):
    y = x * 2
y.requires_grad
""",
    """
with torch.set_grad_enabled(False):
    y = x * 2
[y.requires_grad, torch.is_grad_enabled()]
""",
    """
torch.set_grad_enabled(False)
y = x * 2
torch.set_grad_enabled(True)
[y.requires_grad, (x * 2).requires_grad]
""",
    """
with torch.no_grad():
    x.add_(1)
    x[0] = 9
    x[:2].mul_(5)
[x, x.requires_grad, x.is_leaf]
""",
    """
y = x * x
with torch.no_grad():
    x.add_(1)
y.sum().backward()
x.grad
""",
    """
y = x + x
with torch.no_grad():
    x.add_(1)
y.sum().backward()
x.grad
""",
    """
y = x * 2
with torch.no_grad():
    y.mul_(5)
    v = y[0]
    v.add_(1)
(y * y).sum().backward()
[x.grad, y]
""",
    """
with torch.no_grad():
    y = (x * x).sum()
y.backward()
x.grad
""",
    """
y = (x * x).sum()
with torch.no_grad():
    (g,) = torch.autograd.grad(y, x, create_graph=True)
[g, g.requires_grad]
""",
    """
with torch.no_grad():
    y = torch.ones(2, requires_grad=True)
    w = x * 2
    w.requires_grad_()
[y.requires_grad, w.requires_grad, w.is_leaf, x.detach().requires_grad]
""",
    """
modes = (torch.no_grad(), torch.no_grad, torch.enable_grad(), torch.inference_mode())
fs = [mode(lambda: (x * 2).requires_grad) for mode in modes]
[f() for f in fs]
""",
    """
@torch.no_grad()
def halves():
    yield (x / 2).requires_grad
    yield (x / 2).requires_grad
r = []
for item in halves():
    r += [item, (x * 2).requires_grad]
r
""",
]

TOPICS = {
    name.lower(): programs(globals()[name], BEFORE)
    for name in (
        "HOOKS",
        "RETAINING",
        "GRAD",
        "BACKWARD",
        "IN_PLACE",
        "LEAVES",
        "DATA_AND_COPIES",
        "DTYPES_AND_SHAPES",
    )
} | {"modes": [BEFORE + program for program in MODES]}


@pytest.mark.parametrize("topic", TOPICS)
def test_as_pytorch(topic: str) -> None:
    assert not (wrong := all_disagreements(TOPICS[topic])), "\n".join(wrong[:20])


# What differs on purpose, and why.
KEPT = {
    "y = x * x; x.data[0] = 9; y.sum().backward(); x.grad": "PyTorch's gradient is wrong",
    "y = x * 2; y.mul_(y); y.sum().backward(); x.grad": "the old value is kept: it can be done",
    "y = torch.ones(3)[:, None].expand(3, 2); y.zero_()": "expanded memory is read-only",
    "y = torch.ones(3).expand(2, 3); y[0].mul_(2)": "expanded memory is read-only",
    "v = torch.zeros(3); y = v[0]; v.requires_grad_(); (y * 1).requires_grad": (
        "a view has the history that its base had when it was taken"
    ),
    "y = x.flatten(); y is x": "a view is a new tensor",
}


@pytest.mark.parametrize("program", KEPT)
def test_what_differs_still_does(program: str) -> None:
    assert disagreements(BEFORE + program)
