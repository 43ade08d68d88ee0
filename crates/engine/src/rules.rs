//! What to do with a new object: the first rule whose prefix and suffix it has.

use estimators::{Iterations, Method};
use serde::Deserialize;
use storage::Location;

use crate::{BatchRequest, Inputs, parse_location};

/// A checked `[[rules]]` of `pythia.toml`.
#[derive(Debug, Clone)]
pub struct Rule {
    prefix: String,
    suffix: String,
    output: String,
    inputs: Inputs,
    column: String,
}

/// As the file says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleText {
    prefix: String,
    #[serde(default)]
    suffix: String,
    model: String,
    output: String,
    #[serde(default)]
    features: Option<Vec<String>>,
    #[serde(default)]
    column: Option<String>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    start_iteration: Option<i64>,
    #[serde(default)]
    num_iteration: Option<i64>,
    #[serde(default)]
    layers: Option<String>,
    #[serde(default)]
    scaler: Option<String>,
    #[serde(default)]
    encoders: Option<String>,
}

impl Rule {
    /// What the object at `uri` asks for: its name under the rule's prefix is kept under the output's.
    #[must_use]
    pub fn request(&self, uri: &str) -> Option<BatchRequest> {
        let rest = uri.strip_prefix(&self.prefix).filter(|it| it.ends_with(&self.suffix))?;
        let output = parse_location(&format!("{}{rest}", self.output)).ok()?;
        let inputs = Inputs { data: parse_location(uri).ok()?, ..self.inputs.clone() };
        let column = self.column.clone();
        Some(BatchRequest { inputs, output, output_format: None, column, cache: None })
    }
}

/// Checks the rules, together too: an output must not be the input of a rule, or it would never end.
pub(crate) fn checked(texts: Vec<RuleText>) -> Result<Vec<Rule>, Vec<String>> {
    let mut problems = Vec::new();
    let mut rules = Vec::new();
    for (index, text) in texts.into_iter().enumerate() {
        match rule(text) {
            Ok(rule) => rules.push(rule),
            Err(problem) => problems.push(format!("[[rules]] {}: {problem}", index + 1)),
        }
    }
    for (from, rule) in rules.iter().enumerate() {
        let feeds = |to: &Rule| {
            let (output, prefix) = (&rule.output, &to.prefix);
            let meet = output.starts_with(prefix.as_str()) || prefix.starts_with(output.as_str());
            meet && (rule.suffix.ends_with(&to.suffix) || to.suffix.ends_with(&rule.suffix))
        };
        if let Some(to) = rules.iter().position(feeds) {
            let (from, to) = (from + 1, to + 1);
            problems.push(format!(
                "[[rules]] {from}: its output {} is under the prefix of rule {to}, which would predict it again",
                rule.output
            ));
        }
    }
    if problems.is_empty() { Ok(rules) } else { Err(problems) }
}

fn rule(text: RuleText) -> Result<Rule, String> {
    let location = |uri: &str| parse_location(uri).map_err(|err| err.to_string());
    let optional = |uri: &Option<String>| uri.as_deref().map(location).transpose();
    // A prefix and an output name places as soon as something follows.
    for (name, uri) in [("prefix", &text.prefix), ("output", &text.output)] {
        match location(&format!("{uri}x"))? {
            Location::S3 { .. } => {}
            _ => return Err(format!("{name} {uri} must be s3://bucket/folder/")),
        }
    }
    let method = match text.method.as_deref() {
        Some(name) => Some(Method::parse(name).ok_or(format!("method {name} is not known"))?),
        None => None,
    };
    let inputs = Inputs {
        model: location(&text.model)?,
        data: Location::Standard,
        format: None,
        features: text.features,
        method,
        iterations: Iterations { start: text.start_iteration, number: text.num_iteration },
        layers: optional(&text.layers)?,
        scaler: optional(&text.scaler)?,
        encoders: optional(&text.encoders)?,
        n_threads: 0,
    };
    let column = text.column.unwrap_or_else(|| "prediction".to_owned());
    Ok(Rule { prefix: text.prefix, suffix: text.suffix, output: text.output, inputs, column })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Result<Vec<Rule>, Vec<String>> {
        #[derive(Deserialize)]
        struct File {
            rules: Vec<RuleText>,
        }
        checked(toml::from_str::<File>(text).unwrap().rules)
    }

    const RULE: &str =
        "[[rules]]\nprefix = 's3://in/new/'\nsuffix = '.csv'\nmodel = 's3://m/a.pkl'\n";

    #[test]
    fn an_object_is_predicted_to_the_same_name_under_the_output() {
        let all = rules(&format!("{RULE}output = 's3://out/done/'\ncolumn = 'price'\n")).unwrap();
        let request = all[0].request("s3://in/new/2026/a b.csv").unwrap();
        assert_eq!(request.output.to_string(), "s3://out/done/2026/a b.csv");
        assert_eq!(request.inputs.data.to_string(), "s3://in/new/2026/a b.csv");
        assert_eq!(request.column, "price");
        assert!(all[0].request("s3://in/new/a.txt").is_none());
        assert!(all[0].request("s3://in/old/a.csv").is_none());
    }

    #[test]
    fn a_rule_that_feeds_itself_is_refused() {
        let err = rules(&format!("{RULE}output = 's3://in/new/done/'\n")).unwrap_err();
        assert!(
            err[0].contains("is under the prefix of rule 1, which would predict it again"),
            "{err:?}"
        );
        let err = rules(&format!("{RULE}output = 's3://in/'\n")).unwrap_err();
        assert_eq!(err.len(), 1, "{err:?}");
    }

    #[test]
    fn every_wrong_rule_is_told() {
        let text = "[[rules]]\nprefix = 'in/'\nmodel = 'm'\noutput = 's3://out/'\n\
                    [[rules]]\nprefix = 's3://in/'\nmodel = 'm'\noutput = 's3://out/'\nmethod = 'x'\n";
        let err = rules(text).unwrap_err();
        assert_eq!(
            err,
            [
                "[[rules]] 1: prefix in/ must be s3://bucket/folder/",
                "[[rules]] 2: method x is not known",
            ]
        );
    }
}
