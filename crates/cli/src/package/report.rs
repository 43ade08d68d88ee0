//! What was made, and the commands that bring it to Lambda.

use std::io::{self, Write};
use std::path::Path;

use super::elf::{Links, Needs};

/// What `pythia package` says at its end.
pub(super) struct Report<'a> {
    pub(super) path: &'a Path,
    pub(super) needs: Needs,
    /// What the program said of itself.
    pub(super) said: &'a str,
    pub(super) n_packed: u64,
    pub(super) n_unpacked: u64,
    /// In hexadecimal digits.
    pub(super) sha256: String,
    /// In base64, as `aws lambda get-function` shows it.
    pub(super) code_sha256: String,
    /// What is in the zip beside `bootstrap`.
    pub(super) others: Vec<&'a str>,
}

impl Report<'_> {
    pub(super) fn print(&self) -> io::Result<()> {
        let (path, arch) = (self.path.display(), self.needs.arch.name());
        let (packed, unpacked) = (megabytes(self.n_packed), megabytes(self.n_unpacked));
        let links = match self.needs.links {
            Links::Statically => "nothing: it is linked statically".to_owned(),
            Links::Glibc(version) => format!("glibc {version}"),
        };
        let said = self.said;
        let Self { sha256, code_sha256, .. } = self;
        let others = self.others.join(", ");
        // The template names a path and an architecture: `sam deploy` uploads what is named literally.
        let change = if arch == "x86_64" { "" } else { "  (first change its two lines of x86_64)" };
        write!(
            io::stdout(),
            "\
{path}
  size          {packed} MB, unpacked {unpacked} MB
  sha256        {sha256}
  CodeSha256    {code_sha256}
  architecture  {arch}
  needs         {links}
  --version     {said}
  files         bootstrap, {others}

Next, one of
  console: Lambda, Create function, runtime \"Amazon Linux 2023\", architecture {arch}; then Upload from .zip file
  aws lambda create-function --function-name pythia --runtime provided.al2023 --handler bootstrap \\
    --architectures {arch} --memory-size 1769 --timeout 900 --role arn:aws:iam::ACCOUNT:role/pythia \\
    --zip-file fileb://{path}
  aws lambda update-function-code --function-name pythia --architectures {arch} --publish --zip-file fileb://{path}
  sam deploy --guided --template-file deploy/sam/template.yaml{change}
The role's rights and all settings: docs/deployment.md
"
        )
    }
}

/// 7.65
pub(super) fn megabytes(n_bytes: u64) -> String {
    format!("{:.2}", n_bytes as f64 / f64::from(1 << 20))
}
