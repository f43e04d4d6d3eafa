//! A browser driven by WebDriver: the dozen calls that these tests need, over the HTTP client that
//! the program has anyway.
//!
//! Where no browser is found the tests that need one say so and are left out; where
//! `DIGESTGEN_REQUIRE_BROWSER` is set (by `.ci/run`) they fail.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The keys of WebDriver that have no letter.
pub const ENTER: &str = "\u{E007}";
pub const ESCAPE: &str = "\u{E00C}";
pub const DOWN: &str = "\u{E015}";
pub const ALT: &str = "\u{E00A}";
pub const CONTROL: &str = "\u{E009}";

/// Whether something must be there, or may be left out.
pub fn required() -> bool {
    std::env::var_os("DIGESTGEN_REQUIRE_BROWSER").is_some_and(|v| !v.is_empty() && v != "0")
}

/// Says what is left out, past what the test harness keeps to itself.
pub fn aloud(what: &str) {
    let _unheard = writeln!(std::io::stderr(), "LEFT OUT: {what}");
}

/// A program on the search path.
fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|n| folders.iter().map(move |f| f.join(n))).find(|p| p.is_file())
}

/// Runs the driver with a folder for the profile, and ends both when the input ends: when this process
/// does, however that happens.
const KEEPER: &str = r#"
profile=$(mktemp -d) || exit 1
echo "profile $profile"
"$1" --port=0 &
driver=$!
cat > /dev/null
kill "$driver"
wait "$driver"
rm -rf "$profile"
"#;

/// A driver with its browser. The next test takes over what one leaves.
struct Seat {
    /// Ends with its input.
    keeper: Child,
    session: String,
    /// The tab that stays.
    tab: String,
}

/// What no test uses at the moment.
static FREE: Mutex<Vec<Seat>> = Mutex::new(Vec::new());

/// A session with a headless browser, for one test at a time.
pub struct Browser {
    seat: Option<Seat>,
    session: String,
    http: reqwest::Client,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let Some(mut seat) = self.seat.take() else { return };
        if std::thread::panicking() {
            // Nobody knows what state it is in.
            drop(seat.keeper.stdin.take());
            let _ended = seat.keeper.wait();
            return;
        }
        FREE.lock().unwrap_or_else(PoisonError::into_inner).push(seat);
    }
}

impl Browser {
    /// A browser as a new one would be; `None`, said aloud, where there is none and none is required.
    pub async fn start() -> Option<Self> {
        // A second installation finds the first in place.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let free = FREE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let Some(seat) = free else { return Self::launch(http).await };
        let session = seat.session.clone();
        let own = seat.tab.clone();
        let browser = Self { seat: Some(seat), session, http };
        browser.tidy(&own).await;
        Some(browser)
    }

    /// Leaves nothing of the test before.
    async fn tidy(&self, own: &str) {
        let tabs = self.call("GET", "/window/handles", json!({})).await;
        for tab in tabs.as_array().unwrap().iter().map(|t| t.as_str().unwrap()) {
            if tab != own {
                self.to_tab(tab).await;
                self.call("DELETE", "/window", json!({})).await;
            }
        }
        self.to_tab(own).await;
        self.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [] })).await;
        self.open("about:blank").await;
        self.log().await;
    }

    async fn launch(http: reqwest::Client) -> Option<Self> {
        let driver = on_path(&["chromedriver"]);
        let browser = on_path(&["chromium", "chromium-browser", "google-chrome"]);
        let (Some(driver), Some(browser)) = (driver, browser) else {
            assert!(!required(), "chromium and chromedriver are required and were not found");
            aloud("a browser test; chromium and chromedriver were not found");
            return None;
        };
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "sh"])
            .arg(driver)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(keeper.stdout.take().unwrap()).lines().map(Result::unwrap);
        let profile = lines.find_map(|l| l.strip_prefix("profile ").map(str::to_owned)).unwrap();
        let port = lines
            .find_map(|l| {
                let tail = l.split("on port ").nth(1)?.trim_end_matches('.').to_owned();
                l.contains("successfully").then_some(tail)
            })
            .unwrap();
        // What else it prints goes nowhere, but is read, so that it never waits.
        std::thread::spawn(move || lines.for_each(drop));
        let session = format!("http://127.0.0.1:{port}/session");
        let mut new = Self { seat: None, session, http };
        let data = format!("--user-data-dir={profile}");
        let arguments = json!([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--window-size=1400,1000",
            data,
        ]);
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": browser, "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": 20_000, "pageLoad": 20_000 },
        } } });
        let made = new.call("POST", "", wanted).await;
        new.session = format!("{}/{}", new.session, made["sessionId"].as_str().unwrap());
        let tab = new.tab().await;
        new.seat = Some(Seat { keeper, session: new.session.clone(), tab });
        Some(new)
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Value {
        let told = body.to_string();
        match self.ask(method, path, body).await {
            Ok(value) => value,
            Err(message) => {
                panic!("{path} {}: {message}", told.chars().take(400).collect::<String>())
            }
        }
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> Result<Value, String> {
        let url = format!("{}{path}", self.session);
        let request = match method {
            "GET" => self.http.get(&url),
            "DELETE" => self.http.delete(&url),
            _ => self.http.post(&url).json(&body),
        };
        let answer = request.timeout(Duration::from_secs(60)).send().await.unwrap();
        let status = answer.status();
        let answer: Value = answer.json().await.unwrap();
        match status.is_success() {
            true => Ok(answer["value"].clone()),
            false => Err(answer["value"]["message"].as_str().unwrap_or_default().to_owned()),
        }
    }

    /// Opens an address in the current tab.
    pub async fn open(&self, url: &str) {
        self.call("POST", "/url", json!({ "url": url })).await;
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.call("POST", "/refresh", json!({})).await;
    }

    /// Opens a tab and goes there; gives the name of the one that was current.
    pub async fn new_tab(&self) -> String {
        let before = self.call("GET", "/window", json!({})).await.as_str().unwrap().to_owned();
        let made = self.call("POST", "/window/new", json!({ "type": "tab" })).await;
        self.to_tab(made["handle"].as_str().unwrap()).await;
        before
    }

    /// The name of the current tab.
    pub async fn tab(&self) -> String {
        self.call("GET", "/window", json!({})).await.as_str().unwrap().to_owned()
    }

    /// Goes to a tab.
    pub async fn to_tab(&self, name: &str) {
        self.call("POST", "/window", json!({ "handle": name })).await;
    }

    /// The value of an expression in the page; its errors fail the test.
    pub async fn eval(&self, expression: &str) -> Value {
        let script = format!("return ({expression});");
        self.call("POST", "/execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// The value of a promise in the page.
    pub async fn await_js(&self, expression: &str) -> Value {
        let script = format!(
            "const done = arguments[0]; Promise.resolve({expression}).then(done, e => done('failed: ' + e));"
        );
        self.call("POST", "/execute/async", json!({ "script": script, "args": [] })).await
    }

    /// Waits in the page until an expression is true.
    pub async fn until(&self, expression: &str) {
        let script = format!(
            "const done = arguments[0], began = performance.now();
             (function look() {{
               let v = false; try {{ v = {expression}; }} catch (e) {{ v = false; }}
               if (v) done(true);
               else if (performance.now() - began > 15000) done(false);
               else setTimeout(look, 15);
             }})();"
        );
        let body = json!({ "script": script, "args": [] });
        let mut seen = self.ask("POST", "/execute/async", body.clone()).await;
        // A page that loads anew meanwhile takes what looks at it with it: the new one is looked at.
        if seen.as_ref().is_err_and(|m| m.contains("script timeout") || m.contains("unloaded")) {
            seen = self.ask("POST", "/execute/async", body).await;
        }
        if seen != Ok(json!(true)) {
            let state = self.eval("document.body.innerText.slice(0, 3000)").await;
            let log = self.log().await;
            let text = state.as_str().unwrap();
            panic!("never came true: {expression}\n{seen:?}\nlog: {log:?}\n{text}");
        }
    }

    /// Presses keys one after the other; a modifier is held for the next one.
    pub async fn keys(&self, keys: &[&str]) {
        let mut actions = Vec::new();
        let mut held = None;
        for key in keys {
            actions.push(json!({ "type": "keyDown", "value": key }));
            if [ALT, CONTROL].contains(key) {
                held = Some(*key);
                continue;
            }
            actions.push(json!({ "type": "keyUp", "value": key }));
            if let Some(held) = held.take() {
                actions.push(json!({ "type": "keyUp", "value": held }));
            }
        }
        self.actions(json!([{ "type": "key", "id": "keys", "actions": actions }])).await;
    }

    /// Types a text into what has the focus.
    pub async fn type_text(&self, text: &str) {
        let element = self.call("GET", "/element/active", json!({})).await;
        let id = element.as_object().unwrap().values().next().unwrap().as_str().unwrap();
        self.call("POST", &format!("/element/{id}/value"), json!({ "text": text })).await;
    }

    async fn actions(&self, actions: Value) {
        self.call("POST", "/actions", json!({ "actions": actions })).await;
    }

    async fn element(&self, css: &str) -> Value {
        let wanted = json!({ "using": "css selector", "value": css });
        self.call("POST", "/element", wanted).await
    }

    /// Clicks an element as a person does, in the middle of the window. One that is replaced at
    /// this very moment is looked for again.
    pub async fn click(&self, css: &str) {
        for _ in 0..20 {
            self.until(&format!("document.querySelector({css:?})")).await;
            let center =
                format!("document.querySelector({css:?}).scrollIntoView({{ block: 'center' }})");
            self.eval(&center).await;
            let element = self.element(css).await;
            let id = element.as_object().unwrap().values().next().unwrap().as_str().unwrap();
            let path = format!("/element/{id}/click");
            match self.ask("POST", &path, json!({})).await {
                Ok(_) => return,
                Err(told) if told.contains("stale element") => {}
                Err(told) => panic!("{css}: {told}"),
            }
        }
        panic!("{css} never stayed long enough to be clicked");
    }

    /// Chooses a file in a field for one.
    pub async fn upload(&self, css: &str, file: &std::path::Path) {
        let element = self.element(css).await;
        let id = element.as_object().unwrap().values().next().unwrap().as_str().unwrap();
        let path = file.to_str().unwrap();
        self.call("POST", &format!("/element/{id}/value"), json!({ "text": path })).await;
    }

    /// Drags one element onto another with the mouse.
    pub async fn drag(&self, from: &str, to: &str) {
        let (from, to) = (self.element(from).await, self.element(to).await);
        let moves = json!([
            { "type": "pointerMove", "duration": 0, "origin": from, "x": 0, "y": 0 },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerMove", "duration": 60, "origin": from, "x": 6, "y": 6 },
            { "type": "pointerMove", "duration": 120, "origin": to, "x": 0, "y": 0 },
            { "type": "pointerMove", "duration": 60, "origin": to, "x": 2, "y": 1 },
            { "type": "pointerUp", "button": 0 },
        ]);
        self.actions(json!([{ "type": "pointer", "id": "mouse", "actions": moves }])).await;
    }

    /// A command of the browser's own protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.call("POST", "/goog/cdp/execute", body).await
    }

    /// A window as large as a phone's, or another.
    pub async fn size(&self, width: u32, height: u32, phone: bool) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Dark or light, with or without motion.
    pub async fn scheme(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": value },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Errors and warnings that the page's console got since the last look.
    pub async fn log(&self) -> Vec<String> {
        let lines = self.call("POST", "/se/log", json!({ "type": "browser" })).await;
        let grave = lines
            .as_array()
            .unwrap()
            .iter()
            .filter(|l| matches!(l["level"].as_str(), Some("SEVERE" | "WARNING")));
        grave.map(|l| l["message"].as_str().unwrap().to_owned()).collect()
    }

    /// A picture of the window.
    pub async fn picture(&self) -> Vec<u8> {
        let data = self.call("GET", "/screenshot", json!({})).await;
        STANDARD.decode(data.as_str().unwrap()).unwrap()
    }
}
