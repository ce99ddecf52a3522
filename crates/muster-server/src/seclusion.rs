//! Nothing of this process's memory is to be found on a disk after it crashed.

/// Forbids core dumps. What can't be forbidden is said.
#[cfg(unix)]
pub fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!("core dumps can't be forbidden: {error}");
    }
    stay_closed();
}

/// Neither a debugger of the same user nor the kernel reads our memory.
#[cfg(target_os = "linux")]
fn stay_closed() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::warn!("the process can't be closed to debuggers: {error}");
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn stay_closed() {}

/// Forbids core dumps: not known how, here.
#[cfg(not(unix))]
pub fn forbid_core_dumps() {}
