"""What `optim.LBFGS` knows of the Hessian: the last changes of the gradient, and of the parameters.

The dict ``memory`` has PyTorch's layout: ``old_dirs`` holds the changes y of the gradient,
``old_stps`` those s of the parameters, ``ro`` the numbers 1 / y.s, and ``H_diag`` the factor with
which the inverse of the Hessian is first approximated.
"""

from __future__ import annotations

from typing import Any

from autograd.core.variable import make

# A change along which the slope has not clearly risen would make the approximation indefinite.
LEAST_CURVATURE = 1e-10


def remember(memory: dict[str, Any], gradient: Any, history_size: int) -> None:
    """Add the change from ``prev_flat_grad`` to ``gradient``, by a step of ``t`` along ``d``, to
    the history; it has room for ``history_size`` changes."""
    y = gradient - memory["prev_flat_grad"]._array
    s = memory["d"]._array * float(memory["t"])
    curvature = float(y @ s)
    if not curvature > LEAST_CURVATURE:
        return
    for name, value in (("old_dirs", make(y)), ("old_stps", make(s)), ("ro", 1 / curvature)):
        history = memory[name]
        if len(history) == history_size:
            history.pop(0)
        history.append(value)
    memory["H_diag"] = curvature / float(y @ y)


def inverse_hessian_times(gradient: Any, memory: dict[str, Any]) -> Any:
    """The approximate inverse of the Hessian times ``gradient``: a new vector, by two loops over
    the history (Nocedal, 1980)."""
    pairs = [
        (y._array, s._array, float(rho))
        for y, s, rho in zip(memory["old_dirs"], memory["old_stps"], memory["ro"])
    ]
    q, shares = gradient.copy(), []
    for y, s, rho in reversed(pairs):
        shares.append(rho * float(s @ q))
        q -= shares[-1] * y
    q *= float(memory["H_diag"])
    for (y, s, rho), share in zip(pairs, reversed(shares)):
        q += (share - rho * float(y @ q)) * s
    return q
