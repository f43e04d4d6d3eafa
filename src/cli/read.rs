//! `digestgen read`: what of one page is read, for an editor who wonders.
//!
//! It answers with the verdict, whatever that is: only a page that cannot be had at all is no
//! answer. A digest's configuration serves where there is one, and none is needed.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use digestgen::extract::{Article, Link, PageSource, extract};
use digestgen::net::{Client, Options, Want};
use digestgen::pipeline::stored_page;
use digestgen::store::{Store, read_capped};
use digestgen::text::invisible::strip;
use digestgen::text::{BlockKind, Document};
use serde_json::{Value, json};

use super::args::{Read, Shared};
use super::exit::{Exit, Stop, print};
use super::place::{Place, clock};

/// The largest file that is read, in bytes.
const LARGEST: u64 = 20_000_000;

/// A page as it came: from a file, the store, a recording or the web.
struct Page {
    url: String,
    hops: Vec<String>,
    status: Option<u16>,
    content_type: Option<String>,
    body: Vec<u8>,
}

/// Reads one page and shows what came of it.
pub(crate) fn run(shared: &Shared, options: &Read) -> Result<Exit, Stop> {
    let page = page(shared, options)?;
    let article = extract(&PageSource {
        url: &page.url,
        content_type: page.content_type.as_deref(),
        bytes: &page.body,
    });
    if shared.json {
        print(&format!("{}\n", as_json(&page, &article)))?;
    } else {
        print(&told(&page, &article))?;
    }
    Ok(Exit::Done)
}

fn page(shared: &Shared, options: &Read) -> Result<Page, Stop> {
    let what = options.page.as_str();
    let is_url = ["http://", "https://"]
        .iter()
        .any(|s| what.get(..s.len()).is_some_and(|start| start.eq_ignore_ascii_case(s)));
    if !is_url {
        return of_file(what, options);
    }
    if options.url.is_some() {
        return Err(Stop::usage(format!("--url is for files; {what} has its address already")));
    }
    let place = place(shared)?;
    if options.offline {
        let Some(place) = place else {
            return Err(Stop::usage(format!(
                "--offline reads what a digest has stored, and {} is not there; name the \
                 configuration with --config, or leave --offline out",
                shared.config.display()
            )));
        };
        return of_store(&place.store()?, what);
    }
    of_web(&client(place.as_ref(), options)?, what)
}

/// The digest, where there is one. A configuration that was named must be there.
fn place(shared: &Shared) -> Result<Option<Place>, Stop> {
    let usual = shared.config == Path::new("digest.toml");
    if usual && !shared.config.exists() { Ok(None) } else { Place::find(shared).map(Some) }
}

fn of_file(what: &str, options: &Read) -> Result<Page, Stop> {
    let body = if what == "-" {
        let mut body = Vec::new();
        std::io::stdin()
            .lock()
            .take(LARGEST)
            .read_to_end(&mut body)
            .map_err(|e| Stop::usage(format!("cannot read standard input: {e}")))?;
        body
    } else if Path::new(what).exists() {
        read_capped(Path::new(what), LARGEST)?
    } else {
        return Err(Stop::usage(format!(
            "{what} is neither a file nor an address with http:// or https://; check its spelling"
        )));
    };
    let url = options.url.clone().unwrap_or_default();
    Ok(Page { url, hops: Vec::new(), status: None, content_type: None, body })
}

fn of_store(store: &Store, url: &str) -> Result<Page, Stop> {
    let page = stored_page(store, url)?.ok_or_else(|| {
        Stop::new(Exit::Nothing, format!("{url} is not stored; leave --offline out to ask for it"))
    })?;
    Ok(Page {
        url: page.url,
        hops: page.hops,
        status: Some(page.status),
        content_type: page.content_type,
        body: page.body,
    })
}

fn of_web(client: &Client, url: &str) -> Result<Page, Stop> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Stop::new(Exit::Disk, format!("cannot start: {e}")))?;
    let answer = runtime.block_on(async {
        tokio::select! {
            answer = client.get(url, Want::Page) => {
                answer.map_err(|e| Stop::new(Exit::Nothing, format!("{e} ({})", e.reason.code())))
            }
            _ = tokio::signal::ctrl_c() => Err(Stop::new(Exit::Interrupted, "interrupted")),
        }
    })?;
    Ok(Page {
        url: answer.url,
        hops: answer.hops,
        status: Some(answer.status),
        content_type: answer.content_type,
        body: answer.body,
    })
}

fn client(place: Option<&Place>, options: &Read) -> Result<Client, Stop> {
    if let Some(path) = &options.replay {
        return Client::replay(path)
            .map_err(|e| Stop::usage(format!("cannot replay {e}; name a WARC file")));
    }
    let none = Options::default();
    let net = place.map_or(&none, |p| &p.config.net);
    Client::live(net, Arc::new(clock), None).map_err(|e| Stop::usage(e.to_string()))
}

fn as_json(page: &Page, article: &Article) -> Value {
    let document = &article.document;
    let sentences: Vec<Value> = (0..document.sentences().len())
        .map(|i| {
            json!({
                "id": Document::id_of(i),
                "kind": kind_of(document, i),
                "text": document.sentence_text(i),
            })
        })
        .collect();
    json!({
        "url": article.url,
        "hops": page.hops,
        "status": page.status,
        "verdict": article.verdict,
        "title": article.title,
        "byline": article.byline,
        "site": article.site,
        "published": article.published,
        "language": article.language,
        "way": article.way,
        "id": article.id,
        "text": document.text(),
        "sentences": sentences,
        "links": article.links,
    })
}

fn kind_of(document: &Document, sentence: usize) -> Option<BlockKind> {
    let block = document.sentences().get(sentence)?.block;
    document.blocks().get(block).map(|b| b.kind)
}

/// The same for a person.
fn told(page: &Page, article: &Article) -> String {
    let mut out = String::new();
    let mut fact = |name: &str, value: Option<String>| {
        let value =
            value.filter(|v| !v.trim().is_empty()).unwrap_or_else(|| "not found".to_owned());
        out.push_str(&format!("{name:<9} {}\n", one_line(&value)));
    };
    let verdict = article.verdict;
    fact("verdict", Some(format!("{} ({})", verdict.code(), verdict.describe())));
    fact("title", Some(article.title.clone()));
    fact("byline", article.byline.clone());
    fact("site", article.site.clone());
    fact("date", article.published.map(|p| p.to_string()));
    fact("language", article.language.as_ref().map(|l| l.0.clone()));
    fact("way", Some(format!("{} ({})", article.way, way(&article.way))));
    if !article.url.is_empty() {
        fact("address", Some(article.url.clone()));
    }
    for hop in page.hops.iter().filter(|hop| **hop != article.url) {
        fact("asked", Some(hop.clone()));
    }
    let document = &article.document;
    let count = document.sentences().len();
    let length = document.text().chars().count();
    fact("text", Some(format!("{count} sentences, {length} characters, id {}", article.id)));
    sentences(document, &mut out);
    links(&article.links, &mut out);
    out
}

/// The sentences with their numbers, a blank line between blocks.
fn sentences(document: &Document, out: &mut String) {
    let mut last = None;
    for (i, sentence) in document.sentences().iter().enumerate() {
        let kind = kind_of(document, i);
        if last != Some((sentence.block, kind)) {
            let items = [Some(BlockKind::ListItem), Some(BlockKind::TableRow)];
            let tight = last.is_some_and(|(_, k)| k == kind && items.contains(&kind));
            out.push_str(if tight { "" } else { "\n" });
        }
        let mark = match kind {
            _ if last == Some((sentence.block, kind)) => "",
            Some(BlockKind::Heading) => "# ",
            Some(BlockKind::ListItem) => "- ",
            Some(BlockKind::Quote) => "> ",
            Some(BlockKind::TableRow) => "| ",
            _ => "",
        };
        last = Some((sentence.block, kind));
        // Lines of code stand below each other, after the number.
        let text = strip(document.sentence_text(i)).replace('\n', "\n      ");
        out.push_str(&format!("{:<5} {mark}{text}\n", Document::id_of(i)));
    }
}

fn links(links: &[Link], out: &mut String) {
    if !links.is_empty() {
        out.push_str("\nlinks\n");
    }
    for link in links {
        let kind = json!(link.kind);
        let kind = kind.as_str().unwrap_or_default();
        out.push_str(&format!("  {kind:<9} {}\n", one_line(&link.url)));
        out.push_str(&format!("  {:<9} {}\n", "", one_line(&link.text)));
    }
}

/// What the page gave, without line breaks and what a terminal would obey.
fn one_line(text: &str) -> String {
    strip(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The ways of extraction for people; any other name is a site's.
fn way(name: &str) -> &'static str {
    match name {
        "none" => "nothing was read",
        "plain" => "plain text as it stands",
        "feed" => "the text that the feed carried",
        "agreement" => "the blocks that two extractors agree on",
        "readability" => "the Readability algorithm alone",
        "trafilatura" => "trafilatura alone, as Readability found little",
        "whole_page" => "the whole page without its menus: no extractor found an article",
        "json_ld" => "the article's body in the page's JSON-LD",
        "script_state" => "what the page holds for its scripts",
        "noscript" => "what the page shows without scripts",
        _ => "a rule for this site",
    }
}
