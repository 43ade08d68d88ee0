//! Code that is compiled a second time for processors that fuse multiplication and addition.
//!
//! `f64::mul_add` rounds once everywhere; where the processor cannot do that itself it is a slow call.
//! So results never depend on the processor, only the time they take.

/// A piece of work whose `run` is `#[inline(always)]`, and so is what it calls: only then does the
/// compiler use the features of the function it lands in.
pub(crate) trait Work {
    /// Does it.
    fn run(self);
}

/// Runs `work` with AVX2 and FMA if the processor has them.
#[inline]
pub(crate) fn with_fused_steps(work: impl Work) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        #[target_feature(enable = "avx2,fma")]
        fn fused(work: impl Work) {
            work.run();
        }
        // SAFETY: the processor has both features, which is all that `fused` asks for.
        #[expect(unsafe_code)]
        return unsafe { fused(work) };
    }
    work.run();
}
