//! Pickled modules of PyTorch that compute something else than their classes do.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::path::Path;

use estimators::Model;

fn told(bytes: Vec<u8>) -> String {
    let graph = formats::read(bytes, "model.pt", &formats::Limits::default()).unwrap();
    Model::read(&graph).unwrap_err().to_string()
}

/// A pickled object with these attributes: a key and what is pickled of its value, in turn.
fn object(class: &str, attributes: &str) -> String {
    format!("ctorch.nn.modules.{class}\n)\u{81}}}({attributes}ub")
}

/// A `Sequential` of one module.
fn sequential(class: &str, own: &str, attributes: &str) -> Vec<u8> {
    let module = object(class, own);
    let it = object("container\nSequential", &format!("V_modules\n}}(V0\n{module}u{attributes}"));
    // An opcode is a byte.
    it.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).chain(*b".").collect()
}

const RELU: &str = "activation\nReLU";
const HOOK: &str = "}(I0\ncmine\ncorrect\nu";

#[test]
fn a_hook_around_forward_is_refused_at_every_level() {
    let after = told(sequential(RELU, &format!("V_forward_hooks\n{HOOK}"), ""));
    let want = "$._modules[\"0\"]._forward_hooks has a hook around forward, mine.correct, which is code and never run; remove it";
    assert!(after.starts_with(want), "{after}");
    let before = told(sequential(RELU, "", &format!("V_forward_pre_hooks\n{HOOK}")));
    assert!(
        before.starts_with("$._forward_pre_hooks has a hook around forward, mine.correct, "),
        "{before}"
    );
    // What PyTorch itself wrote: of sequential.golden/make.py.
    let path = "src/torch/sequential.golden/hooked-2.15.0/model.pt";
    let real = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let real = told(real);
    assert!(
        real.starts_with(
            "$._modules[\"0\"]._forward_hooks has a hook around forward, builtins.print, "
        ),
        "{real}"
    );
}

#[test]
fn a_method_of_the_modules_own_is_refused() {
    let told = told(sequential(RELU, "Vforward\ncmine\nother\n", ""));
    let want = "$._modules[\"0\"].forward is mine.other, in the place of the class's own method";
    assert!(told.starts_with(want), "{told}");
}

#[test]
fn what_a_layer_does_besides_is_refused() {
    let norm = told(sequential("sparse\nEmbedding", "Vmax_norm\nF1.0\n", ""));
    assert!(norm.contains("max_norm"), "{norm}");
    let indices = told(sequential("pooling\nMaxPool1d", "Vreturn_indices\nI01\n", ""));
    assert!(indices.contains("return_indices=True"), "{indices}");
}

#[test]
fn hooks_that_are_none_change_nothing() {
    let empty = "V_forward_hooks\n}V_forward_pre_hooks\nccollections\nOrderedDict\n)R";
    let told = told(sequential(RELU, empty, empty));
    assert!(told.contains("say it in a declaration: window = [steps, features]"), "{told}");
}
