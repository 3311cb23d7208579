"""Every operation that is a method of tensors, or an operator on them, listed."""

# Over 400 lines, for it is one list, to be searched rather than read.

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import creation, inquiries, layouts, random, random_filling, reshaping
from autograd.core.broadcast import broadcast_to
from autograd.core.inplace import (
    base_of,
    in_place,
    is_recorded,
    rebind,
    refuse_unless_rebindable,
    refuse_unless_writeable,
    snapshot,
    write,
)
from autograd.core.promotion import NUMBERS
from autograd.core.variable import Variable, unwrap, version_of
from autograd.dtypes import DIFFERENTIABLE
from autograd.ops import (
    activation,
    arithmetic,
    bessel,
    cholesky_factors,
    comparison,
    complex_parts,
    conversion,
    covariance,
    cumulative,
    determinants,
    diagonals,
    differences,
    distances,
    error_functions,
    exponential,
    extremes,
    filling,
    float_parts,
    gamma,
    gathering,
    histograms,
    incomplete_gamma,
    indexing,
    integers,
    inverses,
    joining,
    least_squares,
    linalg,
    magnitude,
    matrix_functions,
    norms,
    products,
    rearranging,
    reduction,
    rounding,
    scattering,
    selection,
    shaping,
    short_time_fourier,
    slices,
    softmax,
    solving,
    sorting,
    statistics,
    striding,
    superseded,
    trigonometric,
)


def reflected(operation: Callable[..., Any]) -> Callable[..., Any]:
    """``operation`` with its two arguments exchanged."""
    return lambda x, y: operation(y, x)


def _of_operands(operation: Callable[..., Any]) -> Callable[..., Any]:
    """``operation``, but left to Python for what is no operand: ``x == None`` is False."""

    def operator(x: Any, y: Any) -> Any:
        known = isinstance(y, (Variable, np.ndarray, np.generic, *NUMBERS))
        return operation(x, y) if known or hasattr(y, "__array_ufunc__") else NotImplemented

    operator.__doc__ = operation.__doc__
    return operator


class Operations(Variable):
    """The operators, the operations as methods, and their in-place forms."""

    __slots__ = ()

    # -- operators ------------------------------------------------------------------------------

    __add__ = __radd__ = arithmetic._add
    __sub__ = arithmetic._sub
    __rsub__ = reflected(arithmetic._sub)
    __mul__ = __rmul__ = arithmetic._mul
    __truediv__ = arithmetic._div
    __rtruediv__ = reflected(arithmetic._div)
    __floordiv__ = arithmetic.floor_divide
    __rfloordiv__ = reflected(arithmetic.floor_divide)
    __mod__ = arithmetic.remainder
    __rmod__ = reflected(arithmetic.remainder)
    __pow__ = arithmetic.pow
    __rpow__ = reflected(arithmetic.pow)
    __matmul__ = products.matmul
    __rmatmul__ = reflected(products.matmul)
    __neg__ = arithmetic.neg
    __pos__ = arithmetic.positive
    __abs__ = magnitude.abs
    __invert__ = comparison.bitwise_not
    __and__ = __rand__ = comparison.bitwise_and
    __or__ = __ror__ = comparison.bitwise_or
    __xor__ = __rxor__ = comparison.bitwise_xor
    __lshift__ = comparison.bitwise_left_shift
    __rlshift__ = reflected(comparison.bitwise_left_shift)
    __rshift__ = comparison.bitwise_right_shift
    __rrshift__ = reflected(comparison.bitwise_right_shift)
    __eq__ = _of_operands(comparison.eq)
    __ne__ = _of_operands(comparison.ne)
    __lt__ = comparison.lt
    __le__ = comparison.le
    __gt__ = comparison.gt
    __ge__ = comparison.ge
    __getitem__ = indexing.getitem

    # Tensors compare elementwise, but as keys they count by identity, as in PyTorch.
    __hash__ = object.__hash__

    def __setitem__(self, index: Any, value: Any) -> None:
        if self._array.dtype in DIFFERENTIABLE and is_recorded((self, base_of(self), value)):
            refuse_unless_rebindable(self, "setitem")
            old = snapshot(self)
            result = indexing.set_item(old, index, old if value is self else value)
            write(self, result._array, "setitem")
            rebind(self, result, "setitem")
        else:
            refuse_unless_writeable(self, "setitem")
            where = indexing.parse_index(self._array.shape, index)
            value = indexing.storable(self._array, where, value)
            indexing.write_item(self._array, where, unwrap(value))
            version_of(self).bump()

    real = property(complex_parts.real)
    imag = property(complex_parts.imag)
    T = property(rearranging.T)
    mT = property(rearranging.mT)
    H = property(rearranging.H)
    mH = property(rearranging.mH)

    def where(self, condition: Any, other: Any) -> Any:
        """The tensor where ``condition`` holds, ``other`` elsewhere; see `autograd.where`."""
        return selection.where(condition, self, other)

    # -- activation -------------------------------------------------------------------------------

    hardshrink = activation.hardshrink
    prelu = activation.prelu
    relu = activation.relu

    # -- arithmetic -------------------------------------------------------------------------------

    add = arithmetic.add
    addcdiv = arithmetic.addcdiv
    addcmul = arithmetic.addcmul
    div = arithmetic.div
    divide = arithmetic.divide
    float_power = arithmetic.float_power
    floor_divide = arithmetic.floor_divide
    fmod = arithmetic.fmod
    hypot = arithmetic.hypot
    lerp = arithmetic.lerp
    mul = arithmetic.mul
    multiply = arithmetic.multiply
    neg = arithmetic.neg
    negative = arithmetic.negative
    positive = arithmetic.positive
    pow = arithmetic.pow
    reciprocal = arithmetic.reciprocal
    remainder = arithmetic.remainder
    rsqrt = arithmetic.rsqrt
    sqrt = arithmetic.sqrt
    square = arithmetic.square
    sub = arithmetic.sub
    subtract = arithmetic.subtract
    true_divide = arithmetic.true_divide

    # -- bessel -----------------------------------------------------------------------------------

    i0 = bessel.i0

    # -- comparison -------------------------------------------------------------------------------

    allclose = comparison.allclose
    bitwise_and = comparison.bitwise_and
    bitwise_left_shift = comparison.bitwise_left_shift
    bitwise_not = comparison.bitwise_not
    bitwise_or = comparison.bitwise_or
    bitwise_right_shift = comparison.bitwise_right_shift
    bitwise_xor = comparison.bitwise_xor
    eq = comparison.eq
    equal = comparison.equal
    ge = comparison.ge
    greater = comparison.greater
    greater_equal = comparison.greater_equal
    gt = comparison.gt
    isclose = comparison.isclose
    isfinite = comparison.isfinite
    isinf = comparison.isinf
    isnan = comparison.isnan
    isneginf = comparison.isneginf
    isposinf = comparison.isposinf
    isreal = comparison.isreal
    le = comparison.le
    less = comparison.less
    less_equal = comparison.less_equal
    logical_and = comparison.logical_and
    logical_not = comparison.logical_not
    logical_or = comparison.logical_or
    logical_xor = comparison.logical_xor
    lt = comparison.lt
    ne = comparison.ne
    not_equal = comparison.not_equal

    # -- complex and floating parts ---------------------------------------------------------------

    angle = complex_parts.angle
    conj = complex_parts.conj
    conj_physical = complex_parts.conj_physical
    is_conj = complex_parts.is_conj
    is_neg = complex_parts.is_neg
    resolve_conj = complex_parts.resolve_conj
    resolve_neg = complex_parts.resolve_neg
    frexp = float_parts.frexp
    ldexp = float_parts.ldexp
    nextafter = float_parts.nextafter
    signbit = float_parts.signbit

    # -- conversion -------------------------------------------------------------------------------

    clone = conversion.clone
    to = conversion.to
    type_as = conversion.type_as
    cpu = conversion.cpu
    cuda = conversion.cuda

    # -- cumulative -------------------------------------------------------------------------------

    cummax = cumulative.cummax
    cummin = cumulative.cummin
    cumprod = cumulative.cumprod
    cumsum = cumulative.cumsum
    logcumsumexp = cumulative.logcumsumexp

    # -- diagonals --------------------------------------------------------------------------------

    diag = diagonals.diag
    diag_embed = diagonals.diag_embed
    diagflat = diagonals.diagflat
    diagonal = diagonals.diagonal
    diagonal_scatter = diagonals.diagonal_scatter
    trace = diagonals.trace
    tril = diagonals.tril
    triu = diagonals.triu

    # -- differences ------------------------------------------------------------------------------

    diff = differences.diff

    # -- error functions --------------------------------------------------------------------------

    erf = error_functions.erf
    erfc = error_functions.erfc
    erfinv = error_functions.erfinv

    # -- exponential ------------------------------------------------------------------------------

    exp = exponential.exp
    exp2 = exponential.exp2
    expm1 = exponential.expm1
    log = exponential.log
    log10 = exponential.log10
    log1p = exponential.log1p
    log2 = exponential.log2
    logaddexp = exponential.logaddexp
    logaddexp2 = exponential.logaddexp2
    logit = exponential.logit
    sigmoid = exponential.sigmoid
    xlogy = exponential.xlogy

    # -- extremes ---------------------------------------------------------------------------------

    amax = extremes.amax
    amin = extremes.amin
    aminmax = extremes.aminmax
    argmax = extremes.argmax
    argmin = extremes.argmin
    max = extremes.max
    min = extremes.min

    # -- gamma ------------------------------------------------------------------------------------

    digamma = gamma.digamma
    lgamma = gamma.lgamma
    mvlgamma = gamma.mvlgamma

    def polygamma(self, n: Any) -> Any:
        """The ``n``-th derivative of `digamma`; see `autograd.polygamma`."""
        return gamma.polygamma(n, self)

    # -- gathering --------------------------------------------------------------------------------

    argwhere = gathering.argwhere
    gather = gathering.gather
    index_select = gathering.index_select
    masked_scatter = gathering.masked_scatter
    masked_select = gathering.masked_select
    nonzero = gathering.nonzero
    nonzero_static = gathering.nonzero_static
    take = gathering.take
    take_along_dim = gathering.take_along_dim

    # -- incomplete gamma -------------------------------------------------------------------------

    igamma = incomplete_gamma.igamma
    igammac = incomplete_gamma.igammac

    # -- indexing ---------------------------------------------------------------------------------

    index_put = indexing.index_put
    put = indexing.put

    # -- integers ---------------------------------------------------------------------------------

    gcd = integers.gcd
    lcm = integers.lcm

    # -- joining ----------------------------------------------------------------------------------

    chunk = joining.chunk
    dsplit = joining.dsplit
    hsplit = joining.hsplit
    split = joining.split
    split_with_sizes = joining.split_with_sizes
    tensor_split = joining.tensor_split
    unbind = joining.unbind
    unsafe_chunk = joining.unsafe_chunk
    unsafe_split = joining.unsafe_split
    unsafe_split_with_sizes = joining.unsafe_split_with_sizes
    vsplit = joining.vsplit

    # -- linalg -----------------------------------------------------------------------------------

    cholesky = cholesky_factors.cholesky
    cholesky_inverse = cholesky_factors.cholesky_inverse
    cholesky_solve = cholesky_factors.cholesky_solve
    cross = linalg.cross
    det = determinants.det
    dist = distances.dist
    inverse = inverses.inverse
    logdet = determinants.logdet
    lu = superseded.lu
    lu_solve = superseded.lu_solve
    matrix_exp = matrix_functions.matrix_exp
    matrix_power = matrix_functions.matrix_power
    pinverse = least_squares.pinverse
    qr = superseded.qr
    renorm = distances.renorm
    slogdet = determinants.slogdet
    solve = inverses.solve
    svd = superseded.svd
    triangular_solve = solving.triangular_solve

    # -- magnitude --------------------------------------------------------------------------------

    abs = magnitude.abs
    absolute = magnitude.absolute
    clamp = magnitude.clamp
    clamp_max = magnitude.clamp_max
    clamp_min = magnitude.clamp_min
    clip = magnitude.clip
    copysign = magnitude.copysign
    fmax = magnitude.fmax
    fmin = magnitude.fmin
    heaviside = magnitude.heaviside
    maximum = magnitude.maximum
    minimum = magnitude.minimum
    sgn = magnitude.sgn
    sign = magnitude.sign

    # -- norms ------------------------------------------------------------------------------------

    logsumexp = norms.logsumexp
    norm = norms.norm

    # -- products ---------------------------------------------------------------------------------

    addbmm = products.addbmm
    addmm = products.addmm
    addmv = products.addmv
    addr = products.addr
    baddbmm = products.baddbmm
    bmm = products.bmm
    dot = products.dot
    ger = products.ger
    inner = products.inner
    kron = products.kron
    matmul = products.matmul
    mm = products.mm
    mv = products.mv
    outer = products.outer
    vdot = products.vdot

    # -- rearranging ------------------------------------------------------------------------------

    adjoint = rearranging.adjoint
    flip = rearranging.flip
    fliplr = rearranging.fliplr
    flipud = rearranging.flipud
    moveaxis = rearranging.moveaxis
    movedim = rearranging.movedim
    permute = rearranging.permute
    repeat = rearranging.repeat
    repeat_interleave = rearranging.repeat_interleave
    roll = rearranging.roll
    rot90 = rearranging.rot90
    swapaxes = rearranging.swapaxes
    swapdims = rearranging.swapdims
    t = rearranging.t
    tile = rearranging.tile
    transpose = rearranging.transpose

    # -- reduction --------------------------------------------------------------------------------

    all = reduction.all
    any = reduction.any
    count_nonzero = reduction.count_nonzero
    mean = reduction.mean
    nanmean = reduction.nanmean
    nansum = reduction.nansum
    prod = reduction.prod
    sum = reduction.sum

    # -- rounding ---------------------------------------------------------------------------------

    ceil = rounding.ceil
    fix = rounding.fix
    floor = rounding.floor
    frac = rounding.frac
    nan_to_num = rounding.nan_to_num
    round = rounding.round
    trunc = rounding.trunc

    # -- scattering -------------------------------------------------------------------------------

    index_add = slices.index_add
    index_copy = slices.index_copy
    index_fill = slices.index_fill
    index_reduce = slices.index_reduce
    scatter = scattering.scatter
    scatter_add = scattering.scatter_add
    scatter_reduce = scattering.scatter_reduce
    select_scatter = slices.select_scatter
    slice_scatter = slices.slice_scatter

    # -- selection --------------------------------------------------------------------------------

    masked_fill = selection.masked_fill

    # -- shaping ----------------------------------------------------------------------------------

    contiguous = shaping.contiguous
    expand = shaping.expand
    expand_as = shaping.expand_as
    flatten = shaping.flatten
    narrow = shaping.narrow
    narrow_copy = shaping.narrow_copy
    ravel = shaping.ravel
    reshape = shaping.reshape
    reshape_as = shaping.reshape_as
    select = shaping.select
    squeeze = shaping.squeeze
    sum_to_size = shaping.sum_to_size
    unflatten = shaping.unflatten
    unfold = shaping.unfold
    unsqueeze = shaping.unsqueeze
    view = shaping.view
    view_as = shaping.view_as

    # -- short-time Fourier transform -------------------------------------------------------------

    istft = short_time_fourier.istft
    stft = short_time_fourier.stft

    # -- softmax ----------------------------------------------------------------------------------

    log_softmax = softmax.log_softmax
    softmax = softmax.softmax

    # -- sorting ----------------------------------------------------------------------------------

    argsort = sorting.argsort
    bincount = sorting.bincount
    histc = sorting.histc
    kthvalue = sorting.kthvalue
    msort = sorting.msort
    sort = sorting.sort
    topk = sorting.topk
    unique = sorting.unique
    unique_consecutive = sorting.unique_consecutive

    # -- statistics -------------------------------------------------------------------------------

    median = statistics.median
    mode = statistics.mode
    nanmedian = statistics.nanmedian
    nanquantile = statistics.nanquantile
    quantile = statistics.quantile
    corrcoef = covariance.corrcoef
    cov = covariance.cov
    std = statistics.std
    var = statistics.var

    # -- striding ---------------------------------------------------------------------------------

    as_strided = striding.as_strided
    as_strided_scatter = striding.as_strided_scatter

    # -- histograms -------------------------------------------------------------------------------

    histogram = histograms.histogram

    # -- random choices ---------------------------------------------------------------------------

    bernoulli = random.bernoulli
    multinomial = random.multinomial

    # -- inquiries --------------------------------------------------------------------------------

    is_nonzero = inquiries.is_nonzero
    is_signed = inquiries.is_signed
    is_floating_point = inquiries.is_floating_point
    is_complex = inquiries.is_complex
    is_same_size = inquiries.is_same_size
    get_device = inquiries.get_device
    storage_offset = inquiries.storage_offset
    data_ptr = inquiries.data_ptr
    share_memory_ = inquiries.share_memory_
    apply_ = inquiries.apply_
    map_ = inquiries.map_

    # -- trigonometric ----------------------------------------------------------------------------

    acos = trigonometric.acos
    acosh = trigonometric.acosh
    arccos = trigonometric.arccos
    arccosh = trigonometric.arccosh
    arcsin = trigonometric.arcsin
    arcsinh = trigonometric.arcsinh
    arctan = trigonometric.arctan
    arctan2 = trigonometric.arctan2
    arctanh = trigonometric.arctanh
    asin = trigonometric.asin
    asinh = trigonometric.asinh
    atan = trigonometric.atan
    atan2 = trigonometric.atan2
    atanh = trigonometric.atanh
    cos = trigonometric.cos
    cosh = trigonometric.cosh
    deg2rad = trigonometric.deg2rad
    rad2deg = trigonometric.rad2deg
    sin = trigonometric.sin
    sinc = trigonometric.sinc
    sinh = trigonometric.sinh
    tan = trigonometric.tan
    tanh = trigonometric.tanh

    # -- dtypes and creation -----------------------------------------------------------------------

    type = conversion.type
    float = conversion.to_float
    double = conversion.to_double
    half = conversion.to_half
    int = conversion.to_int
    long = conversion.to_long
    short = conversion.to_short
    char = conversion.to_char
    byte = conversion.to_byte
    bool = conversion.to_bool
    cfloat = conversion.to_cfloat
    cdouble = conversion.to_cdouble
    broadcast_to = broadcast_to
    new_tensor = creation.new_tensor
    new_zeros = creation.new_zeros
    new_ones = creation.new_ones
    new_full = creation.new_full
    new_empty = creation.new_empty
    new_empty_strided = layouts.new_empty_strided

    # -- in place ----------------------------------------------------------------------------------

    relu_ = in_place(activation.relu)

    add_ = in_place(arithmetic.add)
    addcdiv_ = in_place(arithmetic.addcdiv)
    addcmul_ = in_place(arithmetic.addcmul)
    div_ = in_place(arithmetic.div)
    divide_ = in_place(arithmetic.divide)
    float_power_ = in_place(arithmetic.float_power, same_dtype=True)
    floor_divide_ = in_place(arithmetic.floor_divide)
    fmod_ = in_place(arithmetic.fmod)
    hypot_ = in_place(arithmetic.hypot)
    lerp_ = in_place(arithmetic.lerp)
    mul_ = in_place(arithmetic.mul)
    multiply_ = in_place(arithmetic.multiply)
    neg_ = in_place(arithmetic.neg)
    negative_ = in_place(arithmetic.negative)
    pow_ = in_place(arithmetic.pow)
    reciprocal_ = in_place(arithmetic.reciprocal)
    remainder_ = in_place(arithmetic.remainder)
    rsqrt_ = in_place(arithmetic.rsqrt)
    sqrt_ = in_place(arithmetic.sqrt)
    square_ = in_place(arithmetic.square)
    sub_ = in_place(arithmetic.sub)
    subtract_ = in_place(arithmetic.subtract)
    true_divide_ = in_place(arithmetic.true_divide)

    i0_ = in_place(bessel.i0)

    bitwise_and_ = in_place(comparison.bitwise_and)
    bitwise_left_shift_ = in_place(comparison.bitwise_left_shift)
    bitwise_not_ = in_place(comparison.bitwise_not)
    bitwise_or_ = in_place(comparison.bitwise_or)
    bitwise_right_shift_ = in_place(comparison.bitwise_right_shift)
    bitwise_xor_ = in_place(comparison.bitwise_xor)
    eq_ = in_place(comparison.eq)
    ge_ = in_place(comparison.ge)
    greater_ = in_place(comparison.greater)
    greater_equal_ = in_place(comparison.greater_equal)
    gt_ = in_place(comparison.gt)
    le_ = in_place(comparison.le)
    less_ = in_place(comparison.less)
    less_equal_ = in_place(comparison.less_equal)
    logical_and_ = in_place(comparison.logical_and)
    logical_not_ = in_place(comparison.logical_not)
    logical_or_ = in_place(comparison.logical_or)
    logical_xor_ = in_place(comparison.logical_xor)
    lt_ = in_place(comparison.lt)
    ne_ = in_place(comparison.ne)
    not_equal_ = in_place(comparison.not_equal)

    conj_physical_ = in_place(complex_parts.conj_physical)
    ldexp_ = in_place(float_parts.ldexp)
    nextafter_ = in_place(float_parts.nextafter)

    cumprod_ = in_place(cumulative.cumprod)
    cumsum_ = in_place(cumulative.cumsum)

    tril_ = in_place(diagonals.tril)
    triu_ = in_place(diagonals.triu)

    erf_ = in_place(error_functions.erf)
    erfc_ = in_place(error_functions.erfc)
    erfinv_ = in_place(error_functions.erfinv)

    exp_ = in_place(exponential.exp)
    exp2_ = in_place(exponential.exp2)
    expm1_ = in_place(exponential.expm1)
    log_ = in_place(exponential.log)
    log10_ = in_place(exponential.log10)
    log1p_ = in_place(exponential.log1p)
    log2_ = in_place(exponential.log2)
    logit_ = in_place(exponential.logit)
    sigmoid_ = in_place(exponential.sigmoid)
    xlogy_ = in_place(exponential.xlogy)

    digamma_ = in_place(gamma.digamma)
    lgamma_ = in_place(gamma.lgamma)
    mvlgamma_ = in_place(gamma.mvlgamma)
    polygamma_ = in_place(polygamma)

    igamma_ = in_place(incomplete_gamma.igamma)
    igammac_ = in_place(incomplete_gamma.igammac)

    renorm_ = in_place(distances.renorm)

    masked_scatter_ = in_place(gathering.masked_scatter)

    index_put_ = in_place(indexing.index_put)

    gcd_ = in_place(integers.gcd)
    lcm_ = in_place(integers.lcm)
    put_ = in_place(indexing.put)

    abs_ = in_place(magnitude.abs, same_dtype=True)
    absolute_ = in_place(magnitude.absolute, same_dtype=True)
    clamp_ = in_place(magnitude.clamp)
    clamp_max_ = in_place(magnitude.clamp_max)
    clamp_min_ = in_place(magnitude.clamp_min)
    clip_ = in_place(magnitude.clip)
    copysign_ = in_place(magnitude.copysign)
    heaviside_ = in_place(magnitude.heaviside)
    sgn_ = in_place(magnitude.sgn)
    sign_ = in_place(magnitude.sign)

    addbmm_ = in_place(products.addbmm)
    addmm_ = in_place(products.addmm)
    addmv_ = in_place(products.addmv)
    addr_ = in_place(products.addr)
    baddbmm_ = in_place(products.baddbmm)

    ceil_ = in_place(rounding.ceil)
    fix_ = in_place(rounding.fix)
    floor_ = in_place(rounding.floor)
    frac_ = in_place(rounding.frac)
    nan_to_num_ = in_place(rounding.nan_to_num)
    round_ = in_place(rounding.round)
    trunc_ = in_place(rounding.trunc)

    index_add_ = in_place(slices.index_add)
    index_copy_ = in_place(slices.index_copy)
    index_fill_ = in_place(slices.index_fill)
    index_reduce_ = in_place(slices.index_reduce)
    scatter_ = in_place(scattering.scatter)
    scatter_add_ = in_place(scattering.scatter_add)
    scatter_reduce_ = in_place(scattering.scatter_reduce)

    masked_fill_ = in_place(selection.masked_fill)

    acos_ = in_place(trigonometric.acos)
    acosh_ = in_place(trigonometric.acosh)
    arccos_ = in_place(trigonometric.arccos)
    arccosh_ = in_place(trigonometric.arccosh)
    arcsin_ = in_place(trigonometric.arcsin)
    arcsinh_ = in_place(trigonometric.arcsinh)
    arctan_ = in_place(trigonometric.arctan)
    arctan2_ = in_place(trigonometric.arctan2)
    arctanh_ = in_place(trigonometric.arctanh)
    asin_ = in_place(trigonometric.asin)
    asinh_ = in_place(trigonometric.asinh)
    atan_ = in_place(trigonometric.atan)
    atan2_ = in_place(trigonometric.atan2)
    atanh_ = in_place(trigonometric.atanh)
    cos_ = in_place(trigonometric.cos)
    cosh_ = in_place(trigonometric.cosh)
    deg2rad_ = in_place(trigonometric.deg2rad)
    rad2deg_ = in_place(trigonometric.rad2deg)
    sin_ = in_place(trigonometric.sin)
    sinc_ = in_place(trigonometric.sinc)
    sinh_ = in_place(trigonometric.sinh)
    tan_ = in_place(trigonometric.tan)
    tanh_ = in_place(trigonometric.tanh)
    fill_ = in_place(filling.fill)
    zero_ = in_place(filling.zero)
    fill_diagonal_ = in_place(filling.fill_diagonal)
    copy_ = in_place(filling.copy)

    __iadd__ = add_
    __isub__ = sub_
    __imul__ = mul_
    __itruediv__ = div_
    __ifloordiv__ = floor_divide_
    __imod__ = remainder_
    __ipow__ = pow_
    __iand__ = bitwise_and_
    __ior__ = bitwise_or_
    __ixor__ = bitwise_xor_
    __ilshift__ = bitwise_left_shift_
    __irshift__ = bitwise_right_shift_

    # -- in place, at random -----------------------------------------------------------------------

    uniform_ = random_filling.uniform_
    normal_ = random_filling.normal_
    bernoulli_ = random_filling.bernoulli_
    exponential_ = random_filling.exponential_
    random_ = random_filling.random_
    log_normal_ = random_filling.log_normal_
    cauchy_ = random_filling.cauchy_
    geometric_ = random_filling.geometric_

    # -- in place, of the shape --------------------------------------------------------------------

    squeeze_ = reshaping.squeeze_
    unsqueeze_ = reshaping.unsqueeze_
    t_ = reshaping.t_
    transpose_ = reshaping.transpose_
    swapaxes_ = reshaping.swapaxes_
    swapdims_ = reshaping.swapdims_
    as_strided_ = reshaping.as_strided_
    resize_ = reshaping.resize_
    resize_as_ = reshaping.resize_as_


zero_ = Operations.zero_  # a function as well, as in PyTorch
