"""Special functions, under the names of ``torch.special``."""

from __future__ import annotations

from autograd.ops import exponential, gamma, incomplete_gamma
from autograd.ops.bessel import i0 as i0, i0e as i0e, i1 as i1, i1e as i1e
from autograd.ops.error_functions import (
    erf as erf,
    erfc as erfc,
    erfcx as erfcx,
    erfinv as erfinv,
    log_ndtr as log_ndtr,
    ndtr as ndtr,
    ndtri as ndtri,
)
from autograd.ops.exponential import (
    entr as entr,
    exp2 as exp2,
    expm1 as expm1,
    log1p as log1p,
    logit as logit,
    xlog1py as xlog1py,
    xlogy as xlogy,
)
from autograd.ops.gamma import (
    digamma as digamma,
    polygamma as polygamma,
    zeta as zeta,
)
from autograd.ops.norms import logsumexp as logsumexp
from autograd.ops.rounding import round as round
from autograd.ops.softmax import log_softmax as log_softmax, softmax as softmax
from autograd.ops.trigonometric import sinc as sinc

expit = exponential.sigmoid
psi, gammaln, multigammaln = gamma.digamma, gamma.lgamma, gamma.mvlgamma
gammainc, gammaincc = incomplete_gamma.igamma, incomplete_gamma.igammac
