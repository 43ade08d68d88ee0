//! Names of things that run code, read or write files, or open connections. Nothing here would run
//! them; a file that names one is an attack or a mistake, and whoever sent it should hear so.
//!
//! This list is for the message only. Safety does not rest on it: a name that is not in it is not
//! run either.

/// Whether `module.name` is one.
pub(super) fn runs(module: &str, name: &str) -> bool {
    let package = module.split('.').next().unwrap_or_default();
    match package {
        "builtins" | "__builtin__" => {
            let first = name.split('.').next().unwrap_or_default();
            BUILTINS.contains(&first)
        }
        "pickle" | "_pickle" | "cPickle" | "dill" | "joblib" | "torch" => {
            matches!(name, "load" | "loads" | "Unpickler" | "_Unpickler")
        }
        _ => PACKAGES.contains(&package),
    }
}

const BUILTINS: &[&str] = &[
    "eval",
    "exec",
    "execfile",
    "compile",
    "__import__",
    "open",
    "file",
    "input",
    "raw_input",
    "breakpoint",
    "globals",
    "locals",
    "vars",
    "help",
    "reload",
    "apply",
];

const PACKAGES: &[&str] = &[
    "os",
    "posix",
    "nt",
    "sys",
    "subprocess",
    "_posixsubprocess",
    "commands",
    "popen2",
    "pty",
    "platform",
    "runpy",
    "importlib",
    "imp",
    "pkgutil",
    "zipimport",
    "webbrowser",
    "shutil",
    "socket",
    "_socket",
    "ssl",
    "ctypes",
    "_ctypes",
    "cffi",
    "code",
    "codeop",
    "pdb",
    "bdb",
    "timeit",
    "profile",
    "cProfile",
    "trace",
    "doctest",
    "marshal",
    "shelve",
    "pip",
    "site",
    "ensurepip",
    "venv",
    "idlelib",
    "lib2to3",
    "pydoc",
    "asyncio",
    "multiprocessing",
    "signal",
    "urllib",
    "urllib2",
    "http",
    "httplib",
    "ftplib",
    "smtplib",
    "telnetlib",
    "requests",
    "aiohttp",
    "tempfile",
    "glob",
    "fileinput",
    "linecache",
    "io",
    "_io",
    "gc",
    "inspect",
    "pexpect",
];

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn code_is_told_from_data() {
        for (module, name) in [
            ("os", "system"),
            ("posix", "system"),
            ("nt", "system"),
            ("subprocess", "Popen"),
            ("builtins", "eval"),
            ("__builtin__", "execfile"),
            ("importlib", "import_module"),
            ("asyncio.unix_events", "_UnixSubprocessTransport._start"),
            ("runpy", "run_path"),
            ("pickle", "loads"),
        ] {
            assert!(runs(module, name), "{module}.{name}");
        }
        for (module, name) in [
            ("builtins", "getattr"),
            ("builtins", "slice"),
            ("collections", "OrderedDict"),
            ("sklearn.tree._tree", "Tree"),
            ("joblib.numpy_pickle", "NumpyArrayWrapper"),
            ("oslo", "x"),
        ] {
            assert!(!runs(module, name), "{module}.{name}");
        }
    }
}
