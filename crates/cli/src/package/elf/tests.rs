//! Dynamic programs written here section by section: what linkers make, and what nobody should.

use super::*;

/// A program that asks for `versions` of `library`; a version's flag says that it is weak.
struct Dynamic<'a> {
    library: &'a str,
    versions: &'a [(&'a str, u16)],
    /// How many versions the file says there are, if it lies.
    n_versions: Option<u16>,
    has_sections: bool,
}

fn dynamic<'a>(library: &'a str, versions: &'a [(&'a str, u16)]) -> Dynamic<'a> {
    Dynamic { library, versions, n_versions: None, has_sections: true }
}

fn words(out: &mut Vec<u8>, words: &[u64]) {
    out.extend(words.iter().flat_map(|it| it.to_le_bytes()));
}

fn halves(out: &mut Vec<u8>, halves: &[u32]) {
    out.extend(halves.iter().flat_map(|it| it.to_le_bytes()));
}

impl Dynamic<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut strings = b"\0".to_vec();
        let mut string = |text: &str| {
            let at = strings.len() as u64;
            strings.extend(text.bytes().chain([0]));
            at
        };
        let library = string(self.library);
        let mut needs = Vec::new();
        let n_versions = self.n_versions.unwrap_or(u16::try_from(self.versions.len()).unwrap());
        halves(&mut needs, &[1 | u32::from(n_versions) << 16, library as u32, 16, 0]);
        for (name, flags) in self.versions {
            halves(&mut needs, &[0, u32::from(*flags) | 2 << 16, string(name) as u32, 16]);
        }
        strings.resize(strings.len().next_multiple_of(8), 0);
        let mut entries = Vec::new();
        words(&mut entries, &[1, library, 0x6fff_fffe, 0, 0, 0]);

        // Header, two segments, then the three sections, then their table.
        let at_strings = 64 + 2 * 56;
        let at_entries = at_strings + strings.len() as u64;
        let at_needs = at_entries + entries.len() as u64;
        let at_table = at_needs + needs.len() as u64;
        let mut elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
        halves(&mut elf, &[3 | 62 << 16, 1]);
        words(&mut elf, &[0, 64, if self.has_sections { at_table } else { 0 }]);
        let n_sections = if self.has_sections { 4 | 1 << 16 } else { 0 };
        halves(&mut elf, &[0, 64 | 56 << 16, 2 | 64 << 16, n_sections]);
        halves(&mut elf, &[3, 4]);
        words(&mut elf, &[at_strings, 0, 0, 1, 1, 1]);
        halves(&mut elf, &[2, 4]);
        words(&mut elf, &[at_entries, 0, 0, entries.len() as u64, entries.len() as u64, 8]);
        elf.extend(&strings);
        elf.extend(&entries);
        elf.extend(&needs);
        if self.has_sections {
            elf.extend([0; 64]);
            section(&mut elf, 3, [at_strings, strings.len() as u64], [0, 0]);
            section(&mut elf, 6, [at_entries, entries.len() as u64], [1, 0]);
            section(&mut elf, 0x6fff_fffe, [at_needs, needs.len() as u64], [1, 1]);
        }
        elf
    }

    fn read(&self) -> Result<Needs, String> {
        read(&self.bytes())
    }
}

fn section(out: &mut Vec<u8>, kind: u32, place: [u64; 2], link: [u32; 2]) {
    halves(out, &[0, kind]);
    words(out, &[2, 0, place[0], place[1]]);
    halves(out, &link);
    words(out, &[1, 0]);
}

#[test]
fn the_newest_version_that_must_be_there_counts() {
    let all = [
        ("GLIBC_2.2.5", 0),
        ("GLIBC_2.34", 0),
        ("GLIBC_2.4", 0),
        ("GCC_3.0", 0),
        ("GLIBC_2.39", 2),
    ];
    let found = dynamic("libc.so.6", &all).read();
    assert_eq!(found, Ok(Needs { arch: Arch::X86_64, links: Links::Glibc(Version(2, 34)) }));
}

#[test]
fn what_lambda_does_not_have_is_named() {
    for (library, version, error) in [
        (
            "libssl.so.3",
            "OPENSSL_3.0.0",
            "needs libssl.so.3, which the runtime provided.al2023 does not have",
        ),
        (
            "libc.so.6",
            "GLIBC_PRIVATE",
            "needs GLIBC_PRIVATE, a part of glibc that is not known here",
        ),
        (
            "libc.so.6",
            "GLIBC_ABI_DT_RELR",
            "needs GLIBC_ABI_DT_RELR, a part of glibc that is not known here",
        ),
        (
            "libc.so.6",
            "GLIBC_99999999999.1",
            "needs GLIBC_99999999999.1, a part of glibc that is not known here",
        ),
        (
            "lib\n\x1b[31mc.so",
            "GLIBC_2.2.5",
            "needs lib??[31mc.so, which the runtime provided.al2023 does not have",
        ),
    ] {
        assert_eq!(dynamic(library, &[(version, 0)]).read(), Err(error.to_owned()));
    }
    let mut lost = dynamic("libc.so.6", &[("GLIBC_2.34", 0)]);
    lost.has_sections = false;
    assert_eq!(lost.read(), Err("has lost the section that says which glibc it needs".to_owned()));
}

#[test]
fn a_list_without_end_is_given_up() {
    let same = [("GLIBC_2.34", 0); 1001];
    let error = "asks for more than 1000 symbol versions".to_owned();
    assert_eq!(dynamic("libc.so.6", &same).read(), Err(error));
    let mut lying = dynamic("libc.so.6", &[("GLIBC_2.34", 0)]);
    lying.n_versions = Some(u16::MAX);
    assert!(lying.read().is_err_and(|it| it.starts_with("is a damaged ELF file")));
}

#[test]
fn damage_is_an_error_or_another_program_but_never_a_panic() {
    let whole = dynamic("libc.so.6", &[("GLIBC_2.34", 0), ("GLIBC_2.2.5", 0)]).bytes();
    assert!(read(&whole).is_ok());
    for end in 0..whole.len() {
        assert!(read(&whole[..end]).is_err(), "cut at {end}");
    }
    for at in 0..whole.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= flip;
            let _ = read(&bytes);
        }
    }
}
