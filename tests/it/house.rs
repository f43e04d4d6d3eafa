//! The rules of the house: `src/lib.rs` is the map, imports point up, doors are few.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use syn::visit::Visit;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The modules of lib.rs in their order.
fn map() -> Vec<String> {
    let file = syn::parse_file(&std::fs::read_to_string(root().join("src/lib.rs")).unwrap());
    let names = file.unwrap().items.into_iter().filter_map(|item| match item {
        syn::Item::Mod(m) => Some(m.ident.to_string()),
        _ => None,
    });
    names.collect()
}

/// All source files below `dir` with the module of lib.rs they belong to.
fn sources() -> Vec<(String, PathBuf)> {
    let mut out = Vec::new();
    for module in map() {
        let folder = root().join("src").join(&module);
        if folder.is_dir() {
            walk(&folder, &mut |path| out.push((module.clone(), path.to_owned())));
        }
        // A module of one file may have a folder for its parts beside it.
        let file = folder.with_extension("rs");
        if file.is_file() {
            out.push((module, file));
        }
    }
    assert!(out.len() > 40, "the walk lost its way: {} files", out.len());
    out
}

fn walk(folder: &Path, each: &mut impl FnMut(&Path)) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, each);
        } else if path.extension().is_some_and(|e| e == "rs") && !is_test_file(&path) {
            each(&path);
        }
    }
}

/// A file that a module takes in for its tests only.
fn is_test_file(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_str().unwrap();
    let in_tests = path.components().any(|c| c.as_os_str() == "tests");
    in_tests || name == "tests.rs" || name.ends_with("_tests.rs")
}

/// Every path a file names outside its tests, as `a::b::c`.
#[derive(Default)]
struct Paths {
    found: BTreeSet<String>,
}

impl Paths {
    fn of(path: &Path) -> BTreeSet<String> {
        let text = std::fs::read_to_string(path).unwrap();
        let mut paths = Self::default();
        paths.visit_file(&syn::parse_file(&text).unwrap());
        paths.found
    }

    fn tree(&mut self, before: &str, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(p) => self.tree(&format!("{before}{}::", p.ident), &p.tree),
            syn::UseTree::Name(n) => _ = self.found.insert(format!("{before}{}", n.ident)),
            syn::UseTree::Rename(r) => _ = self.found.insert(format!("{before}{}", r.ident)),
            syn::UseTree::Glob(_) => _ = self.found.insert(format!("{before}*")),
            syn::UseTree::Group(g) => g.items.iter().for_each(|t| self.tree(before, t)),
        }
    }
}

fn is_test(attrs: &[syn::Attribute]) -> bool {
    use quote::ToTokens;
    attrs.iter().any(|a| {
        let text = a.to_token_stream().to_string();
        a.path().is_ident("test") || (a.path().is_ident("cfg") && text.contains("test"))
    })
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            syn::visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree("", &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.found.insert(names.join("::"));
        syn::visit::visit_path(self, path);
    }
}

#[test]
fn imports_point_up() {
    let map = map();
    let place = |name: &str| map.iter().position(|m| m == name);
    let mut wrong = Vec::new();
    for (module, path) in sources() {
        for named in Paths::of(&path) {
            let Some(target) = named.strip_prefix("crate::").and_then(|p| p.split("::").next())
            else {
                continue;
            };
            if let (Some(own), Some(other)) = (place(&module), place(target))
                && other > own
            {
                wrong.push(format!("{} names crate::{target}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that point down the map:\n{}", wrong.join("\n"));
}

/// Which modules may name a path that starts so.
const DOORS: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("std::fs", &["store", "net"]),
    ("std::net", &["net"]),
    ("reqwest", &["net", "model"]),
    ("async_openai", &["model"]),
    ("tokio", &["net", "model", "pipeline", "server"]),
    ("axum", &["server"]),
    ("std::process", &[]),
    ("std::env", &[]),
    ("std::thread", &["net"]),
    ("std::time::SystemTime", &[]),
    ("std::time::Instant", &["net"]),
    // The review page takes the draft's lock for what `pipeline` does, and hands web and model on.
    ("crate::store", &["net", "model", "collect", "publish", "pipeline", "server"]),
    ("crate::net", &["collect", "fetch", "config", "pipeline", "server"]),
    ("crate::model", &["select", "summarize", "config", "pipeline", "server"]),
];

#[test]
fn only_doors_touch_the_world() {
    let mut wrong = Vec::new();
    for (module, path) in sources() {
        for named in Paths::of(&path) {
            for (door, allowed) in DOORS {
                let opens = named == *door || named.starts_with(&format!("{door}::"));
                let own = format!("crate::{module}") == *door;
                if opens && !own && !allowed.contains(&module.as_str()) {
                    wrong.push(format!("{} names {named}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "doors opened by modules that may not:\n{}", wrong.join("\n"));
}

#[test]
fn kinds_and_targets_do_not_call() {
    // The variable parts are plain functions: the one file of the room that calls is named here.
    for (module, caller) in [("collect", "run.rs"), ("publish", "mod.rs")] {
        for (_, path) in sources().into_iter().filter(|(m, _)| m == module) {
            if path.file_name().unwrap() == caller {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for word in ["async fn", ".await", "crate::store"] {
                assert!(!text.contains(word), "{} has `{word}`", path.display());
            }
        }
    }
}

#[test]
fn files_stay_readable() {
    let mut long = Vec::new();
    walk(&root().join("src"), &mut |path| {
        let lines = std::fs::read_to_string(path).unwrap().lines().count();
        if lines > 400 {
            long.push(format!("{}: {lines} lines", path.display()));
        }
    });
    assert!(long.is_empty(), "files that probably hold two things:\n{}", long.join("\n"));
}

#[test]
fn the_top_level_is_small() {
    let known: BTreeSet<&str> = [
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "prompts",
        "templates",
        "fixtures",
        "tests",
        "benches",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "clippy.toml",
        "rustfmt.toml",
        "target",
        "demo",
    ]
    .into();
    for entry in std::fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name.starts_with('.') || known.contains(name.as_str()), "{name} at the top level");
    }
}
