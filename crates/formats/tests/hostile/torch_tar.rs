//! PyTorch's tar archives, made to lie.

use formats::ErrorKind;

use crate::bytes::Pickle;
use crate::{error, read};

/// A header and the contents, filled up to blocks.
fn member(name: &str, size: &str, content: &[u8]) -> Vec<u8> {
    let mut header = [0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..124 + size.len()].copy_from_slice(size.as_bytes());
    header[156] = b'0';
    header[257..262].copy_from_slice(b"ustar");
    let fill = content.len().next_multiple_of(512) - content.len();
    [&header, content, &vec![0; fill]].concat()
}

fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let all = members.iter().map(|(name, it)| member(name, &format!("{:011o}", it.len()), it));
    [all.collect::<Vec<_>>().concat(), vec![0; 1024]].concat()
}

fn numbers(all: &[i64]) -> Vec<u8> {
    all.iter().flat_map(|it| it.to_le_bytes()).collect()
}

/// What a file of one tensor says.
#[derive(Clone, Copy)]
struct Lies {
    /// Elements that the storage claims, of 6 that are there.
    elements: i64,
    /// First element and length of the view that the tensor is of.
    view: [i64; 2],
    /// Axes, shape, strides, offset.
    tensor: &'static [i64],
    /// How many tensors follow.
    n_tensors: i64,
    id: &'static str,
}

const TRUE: Lies =
    Lies { elements: 6, view: [2, 4], tensor: &[2, 2, 2, 2, 1, 0], n_tensors: 1, id: "7" };

fn storages(it: Lies) -> Vec<u8> {
    let head = Pickle::new().raw(b"(").int(1).text("cpu").global("torch", "FloatStorage");
    let view = Pickle::new().raw(b"](").int(2).int(1).int(it.view[0]).int(it.view[1]);
    [
        Pickle::new().int(1).stop(),
        head.raw(b"t").stop(),
        numbers(&[it.elements]),
        (0..6).flat_map(|it| (it as f32).to_le_bytes()).collect(),
        view.raw(b"ta").stop(),
    ]
    .concat()
}

fn tensors(it: Lies) -> Vec<u8> {
    let head = Pickle::new().raw(b"(").int(7).int(2).global("torch", "FloatTensor");
    let count = Pickle::new().int(it.n_tensors).stop();
    [count, head.raw(b"t").stop(), numbers(it.tensor)].concat()
}

fn file(it: Lies) -> Vec<u8> {
    let object = Pickle::new().text(it.id).raw(b"Q").stop();
    archive(&[("pickle", &object), ("tensors", &tensors(it)), ("storages", &storages(it))])
}

#[test]
fn a_tensor_is_what_its_storage_holds() {
    let graph = read(|| file(TRUE)).unwrap();
    let array = graph.root().as_array().unwrap();
    assert_eq!(array.shape[..], [2, 2]);
    assert_eq!(array.to_f64(&graph).unwrap(), [2.0, 3.0, 4.0, 5.0]);
}

#[test]
fn what_leaves_its_place_is_refused() {
    for (lies, kind) in [
        (Lies { elements: 1 << 40, ..TRUE }, ErrorKind::Truncated),
        (Lies { elements: -1, ..TRUE }, ErrorKind::Truncated),
        (Lies { elements: 5, ..TRUE }, ErrorKind::Malformed),
        (Lies { view: [3, 4], ..TRUE }, ErrorKind::Malformed),
        (Lies { view: [i64::MAX, i64::MAX], ..TRUE }, ErrorKind::Malformed),
        (Lies { view: [-1, 4], ..TRUE }, ErrorKind::Malformed),
        (Lies { tensor: &[2, 2, 2, 2, 1, 1], ..TRUE }, ErrorKind::Malformed),
        (Lies { tensor: &[2, 2, 2, 4, 1, 0], ..TRUE }, ErrorKind::Malformed),
        (Lies { tensor: &[65, 2, 2, 4, 1, 0], ..TRUE }, ErrorKind::Malformed),
        (Lies { tensor: &[2, 2, 2], ..TRUE }, ErrorKind::Truncated),
        (Lies { n_tensors: 2, ..TRUE }, ErrorKind::Truncated),
        (Lies { n_tensors: i64::MAX, ..TRUE }, ErrorKind::Truncated),
    ] {
        let err = error(|| file(lies));
        assert_eq!(err.kind(), kind, "{err}");
    }
    // No tensor has that key: it stays as it is.
    for id in ["8", "", "seven"] {
        let graph = read(|| file(Lies { id, ..TRUE })).unwrap();
        assert!(graph.root().as_array().is_none());
    }
}

#[test]
fn an_archive_that_lies_is_refused() {
    let (object, tensors, storages) =
        (Pickle::new().raw(b"N").stop(), tensors(TRUE), storages(TRUE));
    let all = [("pickle", &*object), ("tensors", &*tensors), ("storages", &*storages)];
    for left_out in 0..3 {
        let some: Vec<_> = (0..3).filter(|it| *it != left_out).map(|it| all[it]).collect();
        assert_eq!(error(|| archive(&some)).kind(), ErrorKind::Malformed);
    }
    for size in ["77777777777", "", "-1", "12345678", "9"] {
        error(|| [member("pickle", size, &object), archive(&all[1..])].concat());
    }
}
