//! What a Linux binary says it needs: its processor, and the newest glibc whose symbols it asks for.
//!
//! The file is not trusted: `object` checks every offset, and how many names are read is bounded here.

#[cfg(test)]
mod tests;

use std::fmt;

use object::LittleEndian;
use object::elf::{
    DT_NEEDED, DT_VERNEED, EM_AARCH64, EM_X86_64, ET_DYN, ET_EXEC, FileHeader64, PT_INTERP,
    VER_FLG_WEAK,
};
use object::read::elf::{Dyn, FileHeader, ProgramHeader, SectionTable};
use object::read::{Error, StringTable};

type Header = FileHeader64<LittleEndian>;

/// More libraries and versions than this no program of ours asks for.
const MOST_NAMES: usize = 1000;

/// What the runtime `provided.al2023` has beside the function.
const LIBRARIES: [&str; 8] = [
    "ld-linux-aarch64.so.1",
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
];

/// A processor of Lambda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Arch {
    #[value(name = "x86_64")]
    X86_64,
    #[value(name = "arm64")]
    Arm64,
}

impl Arch {
    /// As Lambda spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }

    /// Whether this process runs on it.
    pub(crate) fn is_here(self) -> bool {
        match self {
            Self::X86_64 => cfg!(target_arch = "x86_64"),
            Self::Arm64 => cfg!(target_arch = "aarch64"),
        }
    }
}

/// A version of glibc: major, minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u32, pub(crate) u32);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// What a binary finds on the system that it is started on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    /// Nothing: all is in it.
    Statically,
    /// glibc, of this version or newer.
    Glibc(Version),
}

/// What the header and the dynamic section of a binary say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) arch: Arch,
    pub(crate) links: Links,
}

/// Reads what the binary `data` needs. The error says what it is instead of a program for Lambda.
pub(crate) fn read(data: &[u8]) -> Result<Needs, String> {
    if !data.starts_with(b"\x7fELF") {
        return Err("is not a Linux program (it has no ELF header)".to_owned());
    }
    let header = Header::parse(data).map_err(|_| "is not a 64-bit little-endian ELF file")?;
    let arch = arch(header)?;
    let damaged = |err: Error| format!("is a damaged ELF file: {err}");
    Ok(Needs { arch, links: links(header, data).map_err(damaged)?? })
}

fn arch(header: &Header) -> Result<Arch, String> {
    let kind = header.e_type(LittleEndian);
    if kind != ET_EXEC && kind != ET_DYN {
        return Err("is an ELF file, but no program".to_owned());
    }
    match header.e_machine(LittleEndian) {
        EM_X86_64 => Ok(Arch::X86_64),
        EM_AARCH64 => Ok(Arch::Arm64),
        other => Err(format!(
            "is for a processor that Lambda does not have (ELF machine {}); it has x86_64 and arm64",
            other.0
        )),
    }
}

/// The outer error is of a damaged file, the inner one of a sound file that does not fit.
fn links(header: &Header, data: &[u8]) -> Result<Result<Links, String>, Error> {
    let mut is_interpreted = false;
    let (mut needs_any, mut has_versions) = (false, false);
    for segment in header.program_headers(LittleEndian, data)? {
        is_interpreted |= segment.p_type(LittleEndian) == PT_INTERP;
        for entry in segment.dynamic(LittleEndian, data)?.unwrap_or_default() {
            needs_any |= entry.tag(LittleEndian) == DT_NEEDED;
            has_versions |= entry.tag(LittleEndian) == DT_VERNEED;
        }
    }
    if !is_interpreted && !needs_any {
        return Ok(Ok(Links::Statically));
    }
    let sections = header.sections(LittleEndian, data)?;
    if let Some(library) = foreign_library(&sections, data)? {
        return Ok(Err(format!(
            "needs {library}, which the runtime provided.al2023 does not have"
        )));
    }
    match versions(&sections, data)? {
        Some(newest) => Ok(newest.map(Links::Glibc)),
        None if has_versions => {
            Ok(Err("has lost the section that says which glibc it needs".to_owned()))
        }
        None => Ok(Err("is linked dynamically, but names no version of glibc".to_owned())),
    }
}

/// The first needed library that is not there.
fn foreign_library(
    sections: &SectionTable<'_, Header>,
    data: &[u8],
) -> Result<Option<String>, Error> {
    let Some((entries, link)) = sections.dynamic(LittleEndian, data)? else { return Ok(None) };
    let strings = sections.strings(LittleEndian, data, link)?;
    let needed = entries.iter().filter(|it| it.tag(LittleEndian) == DT_NEEDED).take(MOST_NAMES);
    for entry in needed {
        let name = text(entry.string(LittleEndian, strings)?);
        if !LIBRARIES.contains(&name.as_str()) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// The newest version of glibc asked for; nothing if no version of anything is.
fn versions(
    sections: &SectionTable<'_, Header>,
    data: &[u8],
) -> Result<Option<Result<Version, String>>, Error> {
    let Some((mut files, link)) = sections.gnu_verneed(LittleEndian, data)? else {
        return Ok(None);
    };
    let strings: StringTable<'_> = sections.strings(LittleEndian, data, link)?;
    let mut newest = Version(2, 0);
    let mut n_names = 0;
    while let Some((_, mut names)) = files.next()? {
        while let Some(entry) = names.next()? {
            n_names += 1;
            if n_names > MOST_NAMES {
                return Ok(Some(Err(format!("asks for more than {MOST_NAMES} symbol versions"))));
            }
            // The dynamic linker does without a weak one.
            if entry.vna_flags.get(LittleEndian) & VER_FLG_WEAK == VER_FLG_WEAK {
                continue;
            }
            let name = text(entry.name(LittleEndian, strings)?);
            let Some(version) = name.strip_prefix("GLIBC_") else { continue };
            let Some(version) = parsed(version) else {
                return Ok(Some(Err(format!(
                    "needs {name}, a part of glibc that is not known here"
                ))));
            };
            newest = newest.max(version);
        }
    }
    Ok(Some(Ok(newest)))
}

/// `2.34`, `2.2.5`.
fn parsed(text: &str) -> Option<Version> {
    let mut parts = text.split('.');
    Some(Version(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// A name of the file, fit to be printed.
fn text(name: &[u8]) -> String {
    let name = &name[..name.len().min(100)];
    String::from_utf8_lossy(name).replace(|it: char| it.is_control(), "?")
}
