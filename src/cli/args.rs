//! What was typed.

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand, ValueEnum};

/// Drafts a news digest whose every claim shows the sentence it rests on.
#[derive(Debug, Parser)]
#[command(name = "digestgen", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Group)]
pub(crate) struct Shared {
    /// The digest's configuration
    #[arg(long, global = true, value_name = "FILE", default_value = "digest.toml")]
    pub(crate) config: PathBuf,
    /// Where .digestgen and issues are [default: the configuration's folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// The time it is taken to be, RFC 3339 (for tests and replays)
    #[arg(long, global = true, value_name = "RFC3339")]
    pub(crate) now: Option<String>,
    /// JSON on standard output where a person would read a table
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say more; twice: what the network does
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Say only what a person must act on
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a new digest's folder with a commented digest.toml
    Init(Init),
    /// Draft an issue; running again continues and never repeats a paid call
    Run(Run),
    /// Only gather and read what the sources show now: for a timer, because feeds forget
    Collect(Collect),
    /// How each source has been doing; add, import and export sources
    Sources(Sources),
    /// What of a page is read: verdict, text in numbered sentences, links
    Read(Read),
    /// Whether everything is in place for a run, each thing with its remedy
    Doctor(Doctor),
    /// What became of each candidate of an issue, and why
    Status(Status),
    /// Whether files follow the format of an issue
    Check(Check),
    /// Open the review page of an issue on 127.0.0.1
    Review(Review),
    /// Bring a candidate, or an article that no source listed, into a draft
    Include(Include),
    /// Take an entry out of a draft and keep it out
    Exclude(Exclude),
    /// Go back to the version before the last write over a draft
    Undo(Undo),
    /// Older issues in the format become earlier issues: what they carried is not drafted again
    Import(Import),
    /// Show open findings and approve this exact text of an issue
    Approve(Approve),
    /// Print what was made of the machine's text, as JSON lines
    ///
    /// To test prompts and models against: each line holds the machine's text and the editor's, the
    /// kind of field, the evidence, the findings, the version of the prompt and the model. They come
    /// from the record of decisions, and from the difference between what the program wrote and the
    /// draft.
    Cases(Cases),
    /// Carry out the publish targets for an approved issue
    Publish(Publish),
    /// One room as a filter: JSON lines in, JSON lines out
    Stage(Stage),
}

#[derive(Debug, Group)]
pub(crate) struct Init {
    /// The folder
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// A ready edition with sources: zh-ai (Chinese) or en-ai (English) news of AI
    #[arg(long, value_enum, value_name = "EDITION")]
    pub(crate) edition: Option<ReadyEdition>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReadyEdition {
    /// AI 前沿动态速报: labs, media and papers, written in Chinese
    ZhAi,
    /// AI progress: labs, media and papers, written in English
    EnAi,
}

#[derive(Debug, Group)]
pub(crate) struct Run {
    /// The first day: YYYY-MM-DD, today or yesterday [default: the day after the last approved
    /// issue, else yesterday]
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<String>,
    /// The last day, included [default: today]
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<String>,
    /// Use only what is stored
    #[arg(long, conflicts_with_all = ["record", "replay"])]
    pub(crate) offline: bool,
    #[command(flatten)]
    pub(crate) web: Web,
    /// Write the account of the run to this file too
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub(crate) report: Option<PathBuf>,
    /// Gather and choose, ask no model, write no draft: what would be asked, and what it would cost
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Where answers of the web come from and go to.
#[derive(Debug, Group)]
pub(crate) struct Web {
    /// Record what the network answers
    #[arg(long, value_name = "FILE.warc.gz", conflicts_with = "replay")]
    pub(crate) record: Option<PathBuf>,
    /// Answer from a recording instead of the network
    #[arg(long, value_name = "FILE.warc.gz")]
    pub(crate) replay: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub(crate) struct Collect {
    #[command(flatten)]
    pub(crate) web: Web,
}

#[derive(Debug, Group)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Sources {
    #[command(subcommand)]
    pub(crate) command: Option<SourcesCommand>,
    /// Ask each source now
    #[arg(long)]
    pub(crate) probe: bool,
    /// Add the feeds of an OPML file to the configuration
    #[arg(long, value_name = "FILE.opml", conflicts_with_all = ["probe", "export"])]
    pub(crate) import: Option<PathBuf>,
    /// Print the feeds as OPML
    #[arg(long, conflicts_with = "probe")]
    pub(crate) export: bool,
    /// With --import: show what would be added, write nothing
    #[arg(long, requires = "import")]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) web: Web,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SourcesCommand {
    /// Find the feed, sitemap or list of articles behind an address and add it
    Add(SourcesAdd),
}

#[derive(Debug, Group)]
pub(crate) struct SourcesAdd {
    /// The address of a site, an index page or a feed
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// Its name in reports [default: the feed's title]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// How much its word weighs [default: media]
    #[arg(long, value_parser = ["official", "research", "media", "social"])]
    pub(crate) authority: Option<String>,
    /// Show what would be added, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) web: Web,
}

#[derive(Debug, Group)]
pub(crate) struct Read {
    /// The page's address, or a file with its HTML (- is standard input)
    #[arg(value_name = "URL|FILE")]
    pub(crate) page: String,
    /// The address of the page in a file: the base of its links, and the site whose rules serve
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Use only what is stored
    #[arg(long, conflicts_with = "replay")]
    pub(crate) offline: bool,
    /// Answer from a recording instead of the network
    #[arg(long, value_name = "FILE.warc.gz")]
    pub(crate) replay: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub(crate) struct Doctor {
    /// Send one tiny question to each model: which structured output it takes, how long, how dear
    #[arg(long)]
    pub(crate) probe: bool,
    /// Ask nothing of the network, whatever else is said
    #[arg(long)]
    pub(crate) offline: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Status {
    /// An issue's folder or its name [default: the latest]
    #[arg(value_name = "ISSUE")]
    pub(crate) issue: Option<PathBuf>,
    /// Why one candidate is in or out
    #[arg(long, value_name = "URL")]
    pub(crate) why: Option<String>,
    /// What the model cost, by issue, month and model [default: all issues of the edition]
    #[arg(long, conflicts_with = "why")]
    pub(crate) cost: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Check {
    /// Markdown files
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, Group)]
pub(crate) struct Review {
    /// An issue's folder or its name [default: the latest]
    #[arg(value_name = "ISSUE")]
    pub(crate) issue: Option<PathBuf>,
    /// The port to listen on; 0 is any free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    /// Print the address, open no browser
    #[arg(long)]
    pub(crate) no_open: bool,
    #[command(flatten)]
    pub(crate) web: Web,
}

#[derive(Debug, Group)]
pub(crate) struct Include {
    /// An issue's folder or its name
    #[arg(value_name = "ISSUE")]
    pub(crate) issue: PathBuf,
    /// Addresses of articles
    #[arg(value_name = "URL", required = true)]
    pub(crate) urls: Vec<String>,
    /// The page, saved in a browser: for what no program may fetch
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    pub(crate) html: Option<PathBuf>,
    /// The article's text, its first line the title (- is standard input)
    #[arg(long, value_name = "FILE")]
    pub(crate) text: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) web: Web,
}

#[derive(Debug, Group)]
pub(crate) struct Exclude {
    /// An issue's folder or its name
    #[arg(value_name = "ISSUE")]
    pub(crate) issue: PathBuf,
    /// Addresses: of the entry's source link, or of any article of its story
    #[arg(value_name = "URL", required = true)]
    pub(crate) urls: Vec<String>,
}

#[derive(Debug, Group)]
pub(crate) struct Import {
    /// Issues as Markdown; their days are those of their titles
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, Group)]
pub(crate) struct Undo {
    /// An issue's folder or its name [default: the latest]
    #[arg(value_name = "ISSUE")]
    pub(crate) issue: Option<PathBuf>,
    /// Show the versions that were written over
    #[arg(long)]
    pub(crate) list: bool,
    /// The number of the version to go back to [default: the last]
    #[arg(long, value_name = "N", conflicts_with = "list")]
    pub(crate) to: Option<usize>,
}

#[derive(Debug, Group)]
pub(crate) struct Approve {
    /// An issue's folder or its name [default: the latest]
    #[arg(value_name = "ISSUE")]
    pub(crate) issue: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub(crate) struct Cases {
    /// An issue's folder or its name [default: the latest]
    #[arg(value_name = "ISSUE")]
    pub(crate) issue: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub(crate) struct Publish {
    /// An issue's folder or its name [default: the latest]
    #[arg(value_name = "ISSUE")]
    pub(crate) issue: Option<PathBuf>,
    /// Print the steps, do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Stage {
    /// The room
    pub(crate) name: StageName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StageName {
    /// An issue's Markdown to its issue.json
    Parse,
    /// An issue.json to Markdown, by the default template
    Render,
    /// HTML to readable text, title, date, links, verdict
    Extract,
    /// An article to an entry by the extractive writer
    Summarize,
    /// A claim against its source
    Verify,
    /// Articles to stories
    Cluster,
    /// A feed to its items
    Feed,
}
