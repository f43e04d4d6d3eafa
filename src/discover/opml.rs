//! OPML: lists of feeds as feed readers exchange them.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use super::{Proposed, host_of, name_of};

/// What an OPML file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlines {
    /// The feeds, in order, each address once.
    pub feeds: Vec<Proposed>,
    /// What cannot be used, a sentence each.
    pub problems: Vec<String>,
}

/// Reads an OPML file: every outline with an `xmlUrl`, at any depth.
///
/// # Errors
/// The text is no OPML, or breaks off before the first outline.
pub fn read(text: &str) -> Result<Outlines, String> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    reader.config_mut().check_end_names = false;
    let (mut found, mut is_opml) = (Outlines::default(), false);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                match tag.local_name().as_ref().to_ascii_lowercase().as_slice() {
                    b"opml" => is_opml = true,
                    b"outline" if is_opml => outline(&tag, &mut found),
                    _ => {}
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(e) if found.feeds.is_empty() => {
                return Err(format!("no OPML that can be read: {e}"));
            }
            Err(e) => {
                let at = reader.buffer_position();
                found.problems.push(format!("what follows byte {at} cannot be read: {e}"));
                break;
            }
        }
    }
    if is_opml { Ok(found) } else { Err("no OPML: there is no <opml> element".into()) }
}

fn outline(tag: &BytesStart<'_>, found: &mut Outlines) {
    let value = |wanted: &str| {
        let attribute = tag
            .attributes()
            .with_checks(false)
            .flatten()
            .find(|a| a.key.local_name().as_ref().eq_ignore_ascii_case(wanted.as_bytes()))?;
        let raw = String::from_utf8_lossy(&attribute.value).into_owned();
        let text = quick_xml::escape::unescape(&raw).map(|t| t.into_owned());
        Some(text.unwrap_or(raw).trim().to_owned()).filter(|t| !t.is_empty())
    };
    let Some(address) = value("xmlUrl") else { return };
    let title = value("title").or_else(|| value("text")).unwrap_or_default();
    match Url::parse(&address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            if !found.feeds.iter().any(|f| f.url() == address) {
                let name = name_of(&title, &host_of(&address));
                found.feeds.push(Proposed::at("feed", &name, &address));
            }
        }
        _ => found.problems.push(format!("`{address}` ({title}) is not an http or https URL")),
    }
}

/// An OPML 2.0 document of feeds: name and address each.
pub fn write<'a>(title: &str, feeds: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    \
         <title>{}</title>\n  </head>\n  <body>\n",
        escape(title)
    );
    for (name, url) in feeds {
        let (name, url) = (escape(name), escape(url));
        out.push_str(&format!(
            "    <outline type=\"rss\" text=\"{name}\" title=\"{name}\" xmlUrl=\"{url}\"/>\n"
        ));
    }
    out.push_str("  </body>\n</opml>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let feeds =
            [("观澜 & 科技", "https://a.example/feed?a=1&b=\"2\""), ("B", "http://b.example/")];
        let text = write("My <feeds>", feeds);
        let read = read(&text).unwrap();
        let got: Vec<_> = read.feeds.iter().map(|f| (f.name.as_str(), f.url())).collect();
        assert_eq!(got, feeds);
        assert!(read.problems.is_empty());
    }

    #[test]
    fn folders_doubles_and_damage() {
        let text = "\u{feff}<?xml version='1.0'?><OPML version='1.0'><body>\
            <outline text='Tech'><outline TEXT='A' xmlURL='https://a.example/feed'/>\
            <outline text='again' xmlUrl='https://a.example/feed'></outline></outline>\
            <outline xmlUrl='https://b.example/x?a=1&b=2'/><outline text='C' xmlUrl='feed:c'/>\
            <outline text='no feed' url='https://d.example'/></body>";
        let read = read(text).unwrap();
        let names: Vec<_> = read.feeds.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["A", "b.example"]);
        assert_eq!(read.feeds[1].url(), "https://b.example/x?a=1&b=2");
        assert_eq!(read.problems.len(), 1);
    }

    #[test]
    fn what_is_no_opml_is_refused() {
        for text in ["", "<rss><outline xmlUrl='https://a.example'/></rss>", "{}", "<opml"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
