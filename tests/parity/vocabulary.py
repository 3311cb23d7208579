"""The names that a PyTorch user expects, by where they stand: words between spaces."""

VOCABULARY = {
    "": """
        H T abs acos acosh add addbmm addcdiv addcmul addmm addmv addr all allclose amax amin
        aminmax angle any arange argmax argmin argsort argwhere as_strided as_strided_scatter
        asin asinh atan atan2 atanh atleast_1d atleast_2d atleast_3d baddbmm bernoulli bincount
        bitwise_and bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor
        block_diag bmm bool broadcast_shapes broadcast_tensors broadcast_to bucketize byte
        cartesian_prod cat cdist ceil char cholesky cholesky_inverse cholesky_solve chunk clamp
        clamp_max clamp_min clone column_stack combinations conj conj_physical contiguous
        copysign corrcoef cos cosh count_nonzero cov cross cummax cummin cumprod cumsum
        cumulative_trapezoid deg2rad diag diag_embed diagflat diagonal diagonal_scatter diff
        digamma dist div dot double dsplit dstack einsum empty empty_like empty_permuted
        empty_strided eq equal erf erfc erfinv exp exp2 expand expand_as expm1 eye fill flatten
        flip fliplr flipud float float_power floor floor_divide fmax fmin fmod frac frexp full
        full_like gather gcd ge gradient gt half heaviside histc histogram histogramdd hsplit
        hstack hypot i0 igamma igammac index_add index_copy index_fill index_put index_reduce
        index_select inner int isclose isfinite isin isinf isnan isneginf isposinf isreal item
        kron kthvalue lcm ldexp le lerp lgamma linspace log log10 log1p log2 log_softmax
        logaddexp logaddexp2 logcumsumexp logdet logical_and logical_not logical_or logical_xor
        logit logspace logsumexp long lt lu lu_solve lu_unpack mH mT masked_fill masked_scatter
        masked_select matmul matrix_exp max maximum mean median meshgrid min minimum mm mode
        movedim msort mul multinomial mv mvlgamma nan_to_num nanmean nanmedian nanquantile
        nansum narrow ne neg new_empty new_empty_strided new_full new_ones new_zeros nextafter
        nonzero nonzero_static norm normal ones ones_like outer permute pinverse polygamma
        positive pow prod put qr quantile rad2deg rand_like randint randint_like randn
        randn_like ravel real reciprocal remainder renorm repeat repeat_interleave reshape
        reshape_as resolve_conj resolve_neg roll rot90 round rsqrt rsub scalar_tensor scatter
        scatter_add scatter_reduce searchsorted select select_scatter sgn short sigmoid sign
        signbit sin sinc sinh slice_scatter softmax sort split split_with_sizes sqrt square
        squeeze stack std std_mean stft sub sum sum_to_size svd t take take_along_dim tan tanh
        tensor_split tensordot tile to topk trace transpose trapezoid trapz triangular_solve
        tril tril_indices triu triu_indices true_divide trunc unbind unflatten unfold unique
        unique_consecutive unravel_index unsafe_chunk unsafe_split unsqueeze var var_mean vdot
        view view_as vsplit vstack where xlogy zero_ zeros zeros_like
    """,
    "linalg": """
        cholesky cholesky_ex cond cross det diagonal eig eigh eigvals eigvalsh inv inv_ex lstsq
        lu lu_factor lu_factor_ex lu_solve matrix_norm matrix_power matrix_rank multi_dot norm
        pinv qr slogdet solve solve_ex solve_triangular svd svdvals tensorinv tensorsolve vander
        vecdot vector_norm
    """,
    "special": """
        entr erfcx log_ndtr ndtr ndtri polygamma xlog1py zeta
    """,
    "fft": """
        fft fft2 fftn fftshift hfft hfft2 hfftn ifft ifft2 ifftn ifftshift ihfft ihfft2 ihfftn
        irfft irfft2 irfftn rfft rfft2 rfftn
    """,
    "nn.functional": """
        adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d
        adaptive_max_pool2d adaptive_max_pool3d alpha_dropout avg_pool1d avg_pool2d avg_pool3d
        batch_norm bilinear binary_cross_entropy binary_cross_entropy_with_logits celu
        channel_shuffle conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d
        cosine_embedding_loss cosine_similarity cross_entropy ctc_loss dropout dropout2d
        dropout3d elu embedding embedding_bag feature_alpha_dropout fractional_max_pool2d
        fractional_max_pool3d gaussian_nll_loss gelu glu grid_sample group_norm hardshrink
        hardsigmoid hardswish hardtanh hinge_embedding_loss huber_loss instance_norm interpolate
        kl_div l1_loss layer_norm leaky_relu linear linear_cross_entropy local_response_norm
        logsigmoid margin_ranking_loss max_pool1d max_pool2d max_pool3d max_unpool1d
        max_unpool2d max_unpool3d mish mse_loss multi_head_attention_forward multi_margin_loss
        multilabel_margin_loss multilabel_soft_margin_loss nll_loss normalize one_hot pad
        pairwise_distance pdist pixel_shuffle pixel_unshuffle poisson_nll_loss prelu relu relu6
        rms_norm rrelu scaled_dot_product_attention selu silu smooth_l1_loss soft_margin_loss
        softmin softplus softshrink softsign tanhshrink threshold triplet_margin_loss
        triplet_margin_with_distance_loss unfold upsample_bilinear upsample_nearest
    """,
}
