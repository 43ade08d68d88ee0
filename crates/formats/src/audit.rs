//! Which classes and functions a file names that nobody here knows.
//!
//! The graph is walked once, breadth first with a mark per node, so that sharing and cycles cost
//! nothing. Every class node counts, whether it is called, inherited from or only referred to.

use std::collections::HashSet;

use object_graph::{Class, Dtype, Graph, Kind, NodeId, Tag, Value};

/// A class or function that is neither decoded by this crate nor known to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// `package.module.Name`.
    pub class: String,
    /// Where it is first used: `$.steps[1]`.
    pub path: String,
    /// Bytes from the start of the (decompressed) file, if it stands there.
    pub offset: Option<u64>,
}

/// All classes and functions in `graph` that are neither plain data (see the table in this file) nor
/// `known` to the caller, each once, nearest to the root first; at most 1,000.
#[must_use]
pub fn unknown(graph: &Graph, known: &dyn Fn(Class<'_>) -> bool) -> Vec<Unknown> {
    let mut walk = Walk::new(graph);
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    while let Some(value) = walk.next()
        && found.len() < MOST
    {
        let Kind::Class(class) = value.kind() else { continue };
        if is_data(class) || known(class) || !seen.insert(class) {
            continue;
        }
        let path = walk.path(value.id());
        found.push(Unknown { class: class.to_string(), path, offset: value.offset() });
    }
    found
}

/// Classes whose objects are data that this crate decodes or that are inert by their nature.
fn is_data(class: Class<'_>) -> bool {
    let names: &[&str] = match class.module {
        "builtins" => &[
            "bool",
            "bytearray",
            "bytes",
            "complex",
            "dict",
            "float",
            "frozenset",
            "int",
            "list",
            "object",
            "range",
            "set",
            "slice",
            "str",
            "tuple",
            "type",
        ],
        "collections" => &["OrderedDict", "defaultdict", "Counter", "deque"],
        "datetime" => &["date", "datetime", "time", "timedelta", "timezone"],
        "decimal" => &["Decimal"],
        "fractions" => &["Fraction"],
        "functools" => &["partial"],
        "_codecs" => &["encode"],
        "copyreg" => &["_reconstructor", "__newobj__", "__newobj_ex__"],
        "numpy" => {
            return Dtype::of_class("numpy", class.name).is_some() || NUMPY.contains(&class.name);
        }
        module => match module.split('.').next() {
            Some("numpy") => return NUMPY_MODULES.contains(&module),
            Some("pandas") => return true,
            Some("scipy") => return module.starts_with("scipy.sparse"),
            _ => &[],
        },
    };
    names.contains(&class.name)
}

const NUMPY: &[&str] =
    &["ndarray", "dtype", "matrix", "memmap", "recarray", "record", "void", "generic", "number"];

/// The modules whose functions and classes numpy's own pickles name.
const NUMPY_MODULES: &[&str] = &[
    "numpy.core.multiarray",
    "numpy._core.multiarray",
    "numpy.core.numeric",
    "numpy._core.numeric",
    "numpy.core.memmap",
    "numpy._core.memmap",
    "numpy.core.records",
    "numpy._core.records",
    "numpy.dtypes",
    "numpy.ma",
    "numpy.ma.core",
    "numpy.matrixlib.defmatrix",
    "numpy.random",
    "numpy.random._bounded_integers",
    "numpy.random._generator",
    "numpy.random._mt19937",
    "numpy.random._pcg64",
    "numpy.random._philox",
    "numpy.random._pickle",
    "numpy.random._sfc64",
    "numpy.random.bit_generator",
    "numpy.random.mtrand",
    "numpy.rec",
];

/// More are not named: a file with so many classes is none of a model.
const MOST: usize = 1000;

/// How a node is reached from another.
#[derive(Clone, Copy)]
enum Edge {
    Root,
    Attribute(NodeId),
    Key(NodeId),
    Item(u32),
    Part(&'static str),
}

struct Walk<'g> {
    graph: &'g Graph,
    /// For each node met: from where and how.
    from: Vec<Option<(NodeId, Edge)>>,
    queue: std::collections::VecDeque<NodeId>,
}

impl<'g> Walk<'g> {
    fn new(graph: &'g Graph) -> Self {
        let mut walk = Self { graph, from: vec![None; graph.len()], queue: Default::default() };
        let root = graph.root().id();
        walk.meet(root, root, Edge::Root);
        walk
    }

    fn next(&mut self) -> Option<Value<'g>> {
        let value = self.graph.value(self.queue.pop_front()?);
        self.enter(value);
        Some(value)
    }

    fn meet(&mut self, child: NodeId, parent: NodeId, edge: Edge) {
        if self.mark(child, parent, edge) {
            self.queue.push_back(child);
        }
    }

    /// Whether it is met for the first time.
    fn mark(&mut self, child: NodeId, parent: NodeId, edge: Edge) -> bool {
        match self.from.get_mut(child.index()) {
            Some(slot @ None) => {
                *slot = Some((parent, edge));
                true
            }
            _ => false,
        }
    }

    fn enter(&mut self, value: Value<'g>) {
        let id = value.id();
        match value.kind() {
            Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) | Kind::FrozenSet(items) => {
                for (at, item) in items.enumerate() {
                    self.meet(item.id(), id, Edge::Item(at as u32));
                }
            }
            Kind::Dict(_) => self.enter_dict(value, id, Edge::Key),
            Kind::Object(it) => {
                self.meet(it.class_value().id(), id, Edge::Part("class"));
                self.meet(it.args().id(), id, Edge::Part("args"));
                match it.state() {
                    // The entries of a state that several objects share belong to the first.
                    Some(state) if state.tag() == Tag::Dict => {
                        self.enter_state(state, id);
                    }
                    Some(state) => self.meet(state.id(), id, Edge::Part("state")),
                    None => {}
                }
                for part in [it.items(), it.entries()].into_iter().flatten() {
                    self.meet(part.id(), id, Edge::Part("items"));
                }
            }
            Kind::Array(it) => {
                for (at, item) in it.objects(self.graph).unwrap_or_default().iter().enumerate() {
                    self.meet(*item, id, Edge::Item(at as u32));
                }
            }
            Kind::Index(it) => self.enter_parts(id, &[("values", it.values), ("name", it.name)]),
            Kind::Series(it) => self
                .enter_parts(id, &[("values", it.values), ("index", it.index), ("name", it.name)]),
            Kind::DataFrame(it) => {
                self.enter_parts(id, &[("columns", it.columns), ("index", it.index)]);
                for (at, column) in it.data.iter().enumerate() {
                    self.meet(*column, id, Edge::Item(at as u32));
                }
            }
            Kind::Sparse(it) => self.enter_parts(
                id,
                &[("data", it.data), ("indices", it.indices), ("indptr", it.indptr)],
            ),
            _ => {}
        }
    }

    fn enter_state(&mut self, state: Value<'g>, id: NodeId) {
        if self.mark(state.id(), id, Edge::Part("state")) {
            self.enter_dict(state, id, Edge::Attribute);
        }
    }

    fn enter_parts(&mut self, id: NodeId, parts: &[(&'static str, NodeId)]) {
        for (name, part) in parts {
            self.meet(*part, id, Edge::Part(name));
        }
    }

    fn enter_dict(&mut self, dict: Value<'g>, id: NodeId, edge: fn(NodeId) -> Edge) {
        for (key, value) in dict.entries().into_iter().flatten() {
            self.meet(key.id(), id, Edge::Part("key"));
            self.meet(value.id(), id, edge(key.id()));
        }
    }

    /// Cut from the front where it is longer than anyone reads.
    fn path(&self, mut id: NodeId) -> String {
        const LONGEST: usize = 40;
        let mut steps = Vec::new();
        while let Some((parent, edge)) = self.from.get(id.index()).copied().flatten() {
            if matches!(edge, Edge::Root) {
                steps.push("$".to_owned());
                break;
            }
            if steps.len() == LONGEST {
                steps.push("$…".to_owned());
                break;
            }
            steps.push(self.step(edge));
            id = parent;
        }
        steps.reverse();
        // The class of an object is found at the object.
        if steps.len() > 1 && steps.last().is_some_and(|it| it == ".class") {
            steps.pop();
        }
        steps.concat()
    }

    fn step(&self, edge: Edge) -> String {
        let text = |id: NodeId| match self.graph.value(id).kind() {
            Kind::Text(it) => it.chars().take(60).collect::<String>(),
            Kind::Int(it) => it.to_string(),
            _ => "…".to_owned(),
        };
        match edge {
            Edge::Root => "$".to_owned(),
            Edge::Attribute(name) => format!(".{}", text(name)),
            Edge::Key(key) if self.graph.value(key).as_str().is_some() => {
                format!("[{:?}]", text(key))
            }
            Edge::Key(key) => format!("[{}]", text(key)),
            Edge::Item(at) => format!("[{at}]"),
            Edge::Part(name) => format!(".{name}"),
        }
    }
}
