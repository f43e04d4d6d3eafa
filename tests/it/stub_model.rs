//! A model on loopback for tests: it speaks the protocol, answers from what stands in the question,
//! and plays faults on demand.
//!
//! Its entries are honest: sentences of the article word for word where the languages agree, else a
//! sentence that says no more than that the article states something; real sentence ids, verbatim
//! quotes. It has a thread and a runtime of its own, so that tests of the binary can use it too.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::oneshot;

#[path = "stub_answers.rs"]
mod answers;

/// Changes an honest answer.
pub(crate) type Twist = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// What goes wrong. Each fault is for one request, in order; the last three are for all.
#[derive(Clone)]
pub(crate) enum Fault {
    /// None: this request is answered.
    None,
    /// A status with headers and a body.
    Status(u16, Vec<(&'static str, &'static str)>, String),
    /// The connection breaks in the middle of the answer.
    Cut,
    /// A page in the place of an answer.
    Html,
    /// The answer's JSON lacks its end, although it finished.
    Truncated,
    /// The answer reached its limit.
    Length,
    /// The model declines.
    Refusal,
    /// The filter of the endpoint ended the answer.
    Filtered,
    /// An answer without words.
    Blank,
    /// JSON of another shape.
    WrongSchema,
    /// The usage says that little was read.
    PromptCut,
    /// No usage in the answer.
    NoUsage,
    /// No answer at all.
    Slow,
    /// The honest answer, changed.
    Twist(Twist),
    /// For all: 400 for `response_format: json_schema`.
    NoJsonSchema,
    /// For all: 500 that names `response_format` for any.
    NoResponseFormat,
    /// For all: the items with these ids are left out.
    LeaveOut(Vec<&'static str>),
    /// For all whose question holds these texts, and for so many of them.
    On(Vec<String>, usize, Box<Fault>),
}

impl Fault {
    /// A status without headers, with an error body as OpenAI writes it.
    pub(crate) fn status(status: u16) -> Self {
        let body = json!({"error": {"message": "no luck", "type": "stub", "code": null}});
        Self::Status(status, Vec::new(), body.to_string())
    }

    /// A changed answer.
    pub(crate) fn twist(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::Twist(Arc::new(change))
    }

    /// This fault for `times` of the questions that hold all of `texts`.
    pub(crate) fn on(self, texts: &[&str], times: usize) -> Self {
        Self::On(texts.iter().map(|&t| t.to_owned()).collect(), times, Box::new(self))
    }

    fn is_for_all(&self) -> bool {
        use Fault::{LeaveOut, NoJsonSchema, NoResponseFormat, On};
        matches!(self, NoJsonSchema | NoResponseFormat | LeaveOut(_) | On(..))
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    /// The tokens in and out that its answer was billed with; `None` where it got no whole answer.
    pub(crate) billed: Option<(u64, u64)>,
}

/// The tokens of an answer, beside its bytes.
#[derive(Clone, Copy)]
struct Billed(u64, u64);

type AtRequest = (usize, Box<dyn FnOnce() + Send>);

impl Seen {
    /// The text of message `index`.
    pub(crate) fn message(&self, index: usize) -> &str {
        self.body["messages"][index]["content"].as_str().unwrap_or("")
    }
}

#[derive(Default)]
struct Shared {
    once: Mutex<VecDeque<Fault>>,
    always: Vec<Fault>,
    /// How often each of `always` was played.
    played: Mutex<Vec<usize>>,
    at_request: Mutex<Option<AtRequest>>,
    seen: Mutex<Vec<Seen>>,
}

impl Shared {
    /// The first fault that is aimed at this question and not yet played out.
    fn aimed(&self, body: &Value) -> Option<Fault> {
        let asked = body["messages"][1]["content"].as_str().unwrap_or("");
        let mut played = self.played.lock().unwrap();
        played.resize(self.always.len(), 0);
        self.always.iter().zip(played.iter_mut()).find_map(|(fault, count)| match fault {
            Fault::On(texts, times, fault)
                if *count < *times && texts.iter().all(|t| asked.contains(t)) =>
            {
                *count += 1;
                Some((**fault).clone())
            }
            _ => None,
        })
    }
}

/// A running stub; it ends when dropped.
pub(crate) struct StubModel {
    /// To be set as `[model] base_url`.
    pub(crate) base_url: String,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl StubModel {
    /// Starts a stub on a free port of loopback.
    pub(crate) fn start(faults: Vec<Fault>) -> Self {
        let (always, once): (Vec<Fault>, Vec<Fault>) =
            faults.into_iter().partition(Fault::is_for_all);
        let shared =
            Arc::new(Shared { once: Mutex::new(once.into()), always, ..Shared::default() });
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let state = shared.clone();
        let thread = std::thread::spawn(move || serve(listener, state, stopped));
        Self { base_url, shared, stop: Some(stop), thread: Some(thread) }
    }

    /// How many requests came.
    pub(crate) fn calls(&self) -> usize {
        self.shared.seen.lock().unwrap().len()
    }

    /// The requests, in order.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// Drops the faults that are still to come.
    pub(crate) fn forgive(&self) {
        self.shared.once.lock().unwrap().clear();
    }

    /// Calls `then` when the `nth` request from now comes, before it is answered.
    pub(crate) fn at_request(&self, nth: usize, then: impl FnOnce() + Send + 'static) {
        let nth = self.calls() + nth;
        *self.shared.at_request.lock().unwrap() = Some((nth, Box::new(then)));
    }

    /// Whether each fault that is aimed at a question was played at least once.
    pub(crate) fn all_played(&self) -> bool {
        let played = self.shared.played.lock().unwrap();
        let always = self.shared.always.iter().enumerate();
        always
            .filter(|(_, f)| matches!(f, Fault::On(..)))
            .all(|(i, _)| played.get(i).is_some_and(|times| *times > 0))
    }

    /// Adds faults for the next requests.
    pub(crate) fn fail_next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.shared.once.lock().unwrap().extend(faults);
    }
}

impl Drop for StubModel {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(listener: std::net::TcpListener, shared: Arc<Shared>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let app = axum::Router::new()
            .route("/v1/chat/completions", axum::routing::post(complete))
            .with_state(shared);
        tokio::select! {
            served = async { axum::serve(listener, app).await } => served.unwrap(),
            _ = stopped => {}
        }
    });
}

async fn complete(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    axum::Json(body): axum::Json<Value>,
) -> Response<Body> {
    let index = {
        let mut seen = shared.seen.lock().unwrap();
        seen.push(Seen { headers, body: body.clone(), billed: None });
        seen.len() - 1
    };
    let then = shared.at_request.lock().unwrap().take_if(|(nth, _)| *nth == index + 1);
    if let Some((_, then)) = then {
        then();
    }
    let response = played(&shared, &body).await;
    let billed = response.extensions().get::<Billed>().map(|b| (b.0, b.1));
    shared.seen.lock().unwrap()[index].billed = billed;
    response
}

/// The answer to a request, by the faults that are still to be played.
async fn played(shared: &Shared, body: &Value) -> Response<Body> {
    let format = body["response_format"]["type"].as_str().unwrap_or("");
    for fault in &shared.always {
        match fault {
            Fault::NoJsonSchema if format == "json_schema" => {
                return plain(400, "{\"detail\": \"json_schema is not supported\"}");
            }
            Fault::NoResponseFormat if !format.is_empty() => {
                return plain(500, "unknown field response_format");
            }
            _ => {}
        }
    }
    let fault = shared.once.lock().unwrap().pop_front();
    let mut honest = answers::answer(body);
    for fault in &shared.always {
        if let Fault::LeaveOut(ids) = fault {
            leave_out(&mut honest, ids);
        }
    }
    let fault = fault.or_else(|| shared.aimed(body));
    respond(fault.unwrap_or(Fault::None), honest, body).await
}

/// Takes items away by what their id stands for: an id of the stub's own reading, `c1` or `e1`, or
/// a title that holds the text.
fn leave_out(answer: &mut Value, ids: &[&str]) {
    for list in ["articles", "highlights"] {
        if let Some(items) = answer.get_mut(list).and_then(Value::as_array_mut) {
            items.retain(|item| !ids.iter().any(|id| item["id"] == *id));
        }
    }
}

async fn respond(fault: Fault, mut honest: Value, body: &Value) -> Response<Body> {
    let asked = body["messages"].to_string().len() as u64 / 4;
    match fault {
        Fault::Status(status, headers, text) => {
            let mut response = plain(status, &text);
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
        Fault::Cut => {
            let parts = [Ok("{\"choices\": [".to_owned()), Err(std::io::Error::other("cut"))];
            Response::new(Body::from_stream(futures_util::stream::iter(parts)))
        }
        Fault::Html => plain(200, "<html><body>Welcome</body></html>"),
        Fault::Slow => std::future::pending().await,
        Fault::Truncated => {
            let text = honest.to_string();
            let half: String = text.chars().take(text.chars().count() / 2).collect();
            message(json!({"content": half}), "stop", asked)
        }
        Fault::Length => message(json!({"content": "{\"title\": \"a"}), "length", asked),
        Fault::Refusal => {
            let declined = json!({"content": null, "refusal": "I cannot help with that"});
            message(declined, "stop", asked)
        }
        Fault::Filtered => message(json!({"content": ""}), "content_filter", asked),
        Fault::Blank => message(json!({"content": " "}), "stop", asked),
        Fault::WrongSchema => message(json!({"content": "{\"answer\": 42}"}), "stop", asked),
        Fault::PromptCut => message(json!({"content": honest.to_string()}), "stop", 20),
        Fault::NoUsage => {
            let choice = json!({"message": {"content": honest.to_string()}});
            plain(200, &json!({"choices": [choice]}).to_string())
        }
        Fault::Twist(change) => {
            change(&mut honest);
            message(json!({"content": honest.to_string()}), "stop", asked)
        }
        _ => message(json!({"content": honest.to_string()}), "stop", asked),
    }
}

fn message(message: Value, finish: &str, asked: u64) -> Response<Body> {
    let length = message["content"].as_str().unwrap_or("").len() as u64;
    let body = json!({
        "id": "stub",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {
            "prompt_tokens": asked,
            "completion_tokens": length / 4 + 1,
            "prompt_tokens_details": {"cached_tokens": asked / 2},
        },
    });
    let mut response = plain(200, &body.to_string());
    response.extensions_mut().insert(Billed(asked, length / 4 + 1));
    response
}

fn plain(status: u16, body: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_owned()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    let headers = response.headers_mut();
    headers.insert("x-request-id", "req-stub".parse().unwrap());
    headers.insert("content-type", "application/json".parse().unwrap());
    response
}
