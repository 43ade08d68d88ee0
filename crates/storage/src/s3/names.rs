//! How a statically linked program finds the addresses of hosts.

use std::sync::Once;

static ASKED: Once = Once::new();

/// Has the C library look for hosts in `/etc/hosts` and DNS and nowhere else.
///
/// Both are built into it. For whatever else `/etc/nsswitch.conf` names it would load a library of the system, which was made for the
/// system's glibc and may crash a program that has one of its own.
pub(super) fn by_files_and_dns() {
    ASKED.call_once(configure);
}

#[cfg(all(target_env = "gnu", target_feature = "crt-static"))]
fn configure() {
    use std::ffi::{c_char, c_int};

    #[expect(unsafe_code, reason = "glibc's own function, for which there is no crate")]
    // SAFETY: declared as in glibc's <nss.h>, for all versions since 2.0. It reads both texts, which end with NUL, and keeps neither;
    // `Once` calls it a single time, before the first client, and so before the first look-up, is made.
    unsafe {
        unsafe extern "C" {
            fn __nss_configure_lookup(database: *const c_char, services: *const c_char) -> c_int;
        }
        // If it fails, the system's order stays.
        let _ = __nss_configure_lookup(c"hosts".as_ptr(), c"files dns".as_ptr());
    }
}

#[cfg(not(all(target_env = "gnu", target_feature = "crt-static")))]
fn configure() {}
