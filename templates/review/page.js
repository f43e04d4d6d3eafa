// The review page. The server prints everything; this file moves the eye and the keyboard through
// it, sends what an editor does, and takes in what changed. It never makes HTML of text.

const body = document.body;
const words = JSON.parse(body.dataset.words);
const token = location.pathname.split("/")[1];
const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const phone = matchMedia("(max-width: 62rem)");

/** What the editor looks at: the id of a text, and of a decision about it. */
const now = { field: null, decision: null };
/** The text that is being edited: { field, box, area, base, busy }. */
let editing = null;
/** What the model proposes for a text: { field, box, id }. */
let proposed = null;
/** What is being added: { box, seen, point, busy }. */
let adding = null;
let refreshing = null;

// --- telling -------------------------------------------------------------------------------

let noticeTimer;
function say(text, bad = false) {
  const notice = find("#notice");
  notice.textContent = text;
  notice.classList.toggle("bad", bad);
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (notice.textContent = ""), bad ? 12000 : 5000);
}

// --- the server ----------------------------------------------------------------------------

/** How many requests are under way: while one is, the page does not look for changes. */
let sending = 0;
/** Those that may take long: others go on meanwhile, and what changes is shown. */
const SLOW = ["rewrite", "bring", "include"];
async function send(action, content = {}) {
  const quick = SLOW.includes(action) ? 0 : 1;
  if (quick) body.dataset.sending = action;
  sending += quick;
  acts += 1;
  try {
    const response = await fetch(action, {
      method: "POST",
      headers: { "content-type": "application/json", "x-digestgen-token": token },
      body: JSON.stringify(content),
    });
    const kind = response.headers.get("content-type") ?? "";
    const answer = kind.includes("json") ? await response.json() : { told: await response.text() };
    answer.ok = response.ok;
    if (answer.told && !answer.conflict) say(answer.told, !response.ok);
    return answer;
  } catch {
    say(words.js_unreachable, true);
    return { ok: false };
  } finally {
    acts += 1;
    sending -= quick;
    if (sending === 0) delete body.dataset.sending;
  }
}

async function fragment(path) {
  const response = await fetch(path);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return new DOMParser().parseFromString(text, "text/html");
}

/** Sends what was done, then shows what has become of it. */
async function act(action, content) {
  body.dataset.busy = "true";
  try {
    const answer = await send(action, content);
    await refresh();
    if (answer.ok && answer.focus) select(answer.focus);
    return answer;
  } finally {
    delete body.dataset.busy;
  }
}

let acts = 0;
let dragged = null;
async function poll() {
  if (document.hidden || sending > 0 || refreshing || dragged) return;
  const before = acts;
  try {
    const response = await fetch("version");
    if (!response.ok) throw new Error();
    const { version } = await response.json();
    find("#gone").hidden = true;
    // What was done here meanwhile is shown already, or will be.
    if (before !== acts || sending > 0 || refreshing) return;
    if (version !== body.dataset.version) {
      await refresh();
      say(words.js_changed_elsewhere);
    }
  } catch {
    find("#gone").hidden = false;
  }
}

// --- taking in what changed ----------------------------------------------------------------

function refresh() {
  refreshing ??= (async () => {
    try {
      const fresh = await fragment("./");
      const anchor = now.field && document.getElementById(now.field);
      const top = anchor?.getBoundingClientRect().top;
      const focus = document.activeElement?.id;
      for (const id of ["bar", "paper", "queue", "banners"]) {
        sync(document.getElementById(id), fresh.getElementById(id));
      }
      body.dataset.version = fresh.body.dataset.version;
      const moved = now.field && document.getElementById(now.field);
      if (moved && top !== undefined) scrollBy(0, moved.getBoundingClientRect().top - top);
      mark();
      showView();
      if (focus && document.activeElement === body) document.getElementById(focus)?.focus();
    } catch (error) {
      say(error.message || words.js_unreachable, true);
    } finally {
      refreshing = null;
    }
  })();
  return refreshing;
}

/** Makes `old` like `fresh`. Parts with keys keep their place in the page; an open editor stays. */
function sync(old, fresh) {
  if (!fresh || old.isEqualNode(fresh)) return;
  if (!fresh.hasAttribute("data-keyed")) {
    if (!isOpen(old)) old.replaceWith(document.importNode(fresh, true));
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) old.setAttribute(name, value);
  const known = new Map([...old.children].map((child) => [child.dataset.key, child]));
  let place = old.firstElementChild;
  for (const child of [...fresh.children]) {
    let own = known.get(child.dataset.key);
    known.delete(child.dataset.key);
    if (!own) own = document.importNode(child, true);
    if (own === place) place = place.nextElementSibling;
    else old.insertBefore(own, place);
    sync(own, child);
    if (place && !place.isConnected) place = old.children[[...fresh.children].indexOf(child) + 1];
  }
  for (const gone of known.values()) {
    if (!isOpen(gone)) gone.remove();
  }
}

/** Whether something that the editor has not finished stands in a part of the page. */
const isOpen = (part) => [editing, proposed, adding].some((o) => o && part.contains(o.box));

// --- what the editor looks at --------------------------------------------------------------

const current = () => now.field && document.getElementById(now.field);
const fields = () => all("#paper .field:not([hidden])");
const decisions = () => all("#queue .decision");

/** Shows by attributes what is looked at; one text takes part in the order of tabs. */
function mark() {
  for (const field of all('.field[aria-current], .field[tabindex="0"]')) {
    field.removeAttribute("aria-current");
    field.tabIndex = -1;
  }
  for (const decision of all(".decision[aria-current]")) decision.removeAttribute("aria-current");
  const field = current();
  if (field) field.setAttribute("aria-current", "true");
  const entry = field ?? find("#paper .field");
  if (entry) entry.tabIndex = 0;
  const list = decisions();
  const decision = list.find((d) => d.id === now.decision);
  now.decision = decision?.id ?? null;
  const shown = decision ?? (phone.matches ? list[0] : null);
  shown?.setAttribute("aria-current", "true");
}

/** The decision about a text, or about one that says the same. */
const decisionOf = (id) =>
  decisions().find(
    (d) => d.dataset.field === id || d.dataset.also.split(" ").includes(id),
  )?.id ?? null;

function select(id, { decision = null, focus = true, source = true } = {}) {
  const field = document.getElementById(id);
  if (!field) return;
  location.hash === "" || location.hash === "#issue" || (location.hash = "#issue");
  showView();
  now.field = id;
  now.decision = decision ?? decisionOf(id);
  mark();
  if (focus) field.focus({ preventScroll: true });
  field.scrollIntoView({ block: "center", behavior: "auto" });
  const card = now.decision && document.getElementById(now.decision);
  card?.scrollIntoView({ block: "nearest" });
  if (source) showSource(id);
}

function step(by) {
  const list = decisions();
  if (list.length === 0) return say(words.js_nothing_open);
  const at = list.findIndex((d) => d.id === now.decision);
  const next = at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by;
  if (next < 0 || next >= list.length) {
    return say(next < 0 ? words.js_first : words.js_last);
  }
  const { id, dataset } = list[next];
  select(dataset.field, { decision: id });
  say(words.js_position.replace("{n}", next + 1).replace("{all}", list.length));
}

/** After a decision the next open one comes up, at the place of the one that was decided. */
function stepFrom(at) {
  const list = decisions();
  if (list.length === 0) return;
  const { id, dataset } = list[Math.min(at, list.length - 1)];
  select(dataset.field, { decision: id });
}

function stepField(by) {
  const list = fields();
  const at = list.findIndex((f) => f.id === now.field);
  const next = list[at < 0 ? 0 : Math.max(0, Math.min(list.length - 1, at + by))];
  if (next) select(next.id);
}

let shownSource = "";
async function showSource(id, open = false) {
  const field = document.getElementById(id);
  const panel = find("#source");
  if (open && phone.matches) panel.classList.add("open");
  if (!field || (phone.matches && !panel.classList.contains("open"))) return;
  const at = field.dataset.at;
  const wanted = `${body.dataset.version} ${at}`;
  if (wanted === shownSource) return;
  shownSource = wanted;
  panel.setAttribute("aria-busy", "true");
  try {
    const fresh = await fragment(`source?at=${encodeURIComponent(at)}`);
    if (shownSource !== wanted) return;
    find(".text", panel).replaceWith(document.importNode(find(".text", fresh), true));
    const cited = find(".cited", panel);
    const text = find(".text", panel);
    // The claim stays above: what is cited comes to stand under it.
    const above = (find(".claim-shown", text)?.offsetHeight ?? 0) + 24;
    if (cited) text.scrollTop = cited.offsetTop - text.offsetTop - above;
  } catch (error) {
    shownSource = "";
    say(error.message || words.js_unreachable, true);
  } finally {
    panel.removeAttribute("aria-busy");
  }
}

function closeSource() {
  find("#source").classList.remove("open");
  current()?.focus({ preventScroll: true });
}

// --- editing in place ----------------------------------------------------------------------

/** The words of a text: of some another form is shown. */
const textOf = (field) => field.dataset.text ?? field.textContent;

function edit(field = current()) {
  if (!field) return say(words.js_select_first);
  if (editing) return editing.area.focus();
  closeSource();
  closeProposal();
  const box = find("#edit-box").content.firstElementChild.cloneNode(true);
  const area = find("textarea", box);
  const lines = "lines" in field.dataset;
  const base = textOf(field);
  area.value = base;
  area.rows = Math.min(12, 1 + Math.ceil(area.value.length / 40));
  area.setAttribute("aria-label", `${words.js_edit}: ${field.dataset.name ?? ""}`);
  if (lines) find(".save-key", box).textContent = "Ctrl ↵";
  const hidden = field.hidden;
  editing = { field, box, area, base, lines, hidden, at: field.dataset.at, busy: false };
  field.hidden = true;
  field.after(box);
  area.focus();
}

function closeEdit() {
  if (!editing) return;
  const { field, box, hidden } = editing;
  editing = null;
  field.hidden = hidden;
  box.remove();
}

/** What was typed, as it is sent: of free text every line, of others one. */
const typed = ({ area, lines }) =>
  lines ? area.value : area.value.replace(/\s*\n\s*/g, "\n").trim();

async function save(force = null) {
  const open = editing;
  if (!open || open.busy) return;
  const text = typed(open);
  const base = force ?? open.base;
  if (text.trim() === base.trim() && !find(".conflict", open.box)) return cancel();
  open.busy = true;
  const { id } = open.field;
  const answer = await send("edit", { at: JSON.parse(open.at), base, text });
  open.busy = false;
  if (answer.conflict) return conflict(answer.conflict);
  if (!answer.ok) return open.area.focus();
  closeEdit();
  await refresh();
  select(answer.focus ?? id);
}

function cancel() {
  const id = editing?.field.id;
  closeEdit();
  refresh().then(() => id && document.getElementById(id)?.focus({ preventScroll: true }));
}

/** Both texts are shown, and nothing is saved until the editor says which. */
function conflict({ theirs, gone }) {
  const { box, area } = editing;
  find(".conflict", box)?.remove();
  const note = find("#conflict-box").content.firstElementChild.cloneNode(true);
  find(".theirs", note).textContent = theirs ?? "";
  find(".theirs-part", note).hidden = Boolean(gone);
  find(".gone", note).hidden = !gone;
  find(".keep-mine", note).hidden = Boolean(gone);
  find(".keep-mine", note).dataset.base = theirs ?? "";
  box.append(note);
  area.focus();
}

// --- decisions -----------------------------------------------------------------------------

/** A text with its words as they are shown: what is sent names them. */
const seen = (field) => ({ at: JSON.parse(field.dataset.at), base: textOf(field) });
const decision = () => document.getElementById(now.decision ?? "");
const placeOf = (id) => decisions().findIndex((d) => d.id === id);

function accept() {
  const open = decision();
  if (!open) return say(words.js_no_decision);
  const dialog = find("#accept");
  find("#accept-words").textContent = find(".words", open).textContent;
  find("#accept-note").value = "";
  dialog.showModal();
  find("button[data-reason]", dialog).focus();
}

async function acceptAs(reason) {
  const dialog = find("#accept");
  const at = placeOf(now.decision);
  const note = find("#accept-note").value.trim();
  dialog.close();
  const field = document.getElementById(decision()?.dataset.field);
  if (!field) return say(words.js_no_decision);
  const answer = await act("accept", { ...seen(field), reason, note });
  if (answer.ok) stepFrom(at);
}

async function drop() {
  const field = current();
  if (!field) return say(words.js_select_first);
  if (!("drop" in field.dataset)) return say(words.js_cannot_drop);
  const at = placeOf(now.decision);
  const answer = await act("drop", seen(field));
  if (answer.ok && at >= 0) stepFrom(at);
}

async function rewrite() {
  const field = current();
  if (!field) return say(words.js_select_first);
  if (!("model" in body.dataset)) return say(words.js_no_model);
  if (!("rewrite" in field.dataset)) return say(words.js_cannot_rewrite);
  if (body.dataset.rewriting) return say(words.js_rewriting);
  const since = Date.now();
  const working = find("#working");
  const tell = () => {
    const seconds = Math.round((Date.now() - since) / 1000);
    working.textContent = `${words.js_rewriting} ${seconds} s`;
  };
  const { id } = field;
  closeProposal();
  body.dataset.rewriting = id;
  working.hidden = false;
  tell();
  say(words.js_rewriting);
  const timer = setInterval(tell, 1000);
  try {
    const answer = await send("rewrite", seen(field));
    await refresh();
    if (answer.proposal) propose(document.getElementById(id), answer.proposal);
  } finally {
    clearInterval(timer);
    working.hidden = true;
    delete body.dataset.rewriting;
  }
}

/** Shows what the model proposes under the text as it stands; only a second key takes it. */
function propose(field, { id, text, notes }) {
  if (!field) return say(words.js_text_gone, true);
  closeProposal();
  const box = find("#proposal-box").content.firstElementChild.cloneNode(true);
  find(".text", box).textContent = text;
  for (const told of notes) {
    const note = document.createElement("span");
    note.textContent = told;
    find(".notes", box).append(note);
  }
  field.after(box);
  proposed = { field: field.id, box, id };
  // Who went on to another text meanwhile is not called back.
  if (now.field !== field.id || editing || find("dialog[open]")) return;
  box.scrollIntoView({ block: "nearest" });
  find("[data-act=take]", box).focus({ preventScroll: true });
}

async function takeProposal() {
  if (!proposed || proposed.busy) return;
  proposed.busy = true;
  const { id, field } = proposed;
  const answer = await send("take", { proposal: id });
  closeProposal();
  await refresh();
  if (answer.ok) select(answer.focus ?? field);
}

function closeProposal() {
  if (!proposed) return;
  const { box, field } = proposed;
  const inside = box.contains(document.activeElement);
  proposed = null;
  box.remove();
  if (inside) document.getElementById(field)?.focus({ preventScroll: true });
}

function leaveProposal() {
  closeProposal();
  return refresh();
}

// --- adding --------------------------------------------------------------------------------

/** Opens the form for a detail after `field`, or for a key point. */
function add(field, place, point) {
  if (!field) return say(words.js_select_first);
  cancelAdd();
  const box = find("#add-box").content.firstElementChild.cloneNode(true);
  find(".of-point", box).hidden = !point;
  place.after(box);
  adding = { box, seen: seen(field), point, busy: false };
  find(point ? "[name=heading]" : "[name=lead]", box).focus();
}

/** A detail after the one that is looked at, or the last of its key point. */
function addDetail(node) {
  const here = node?.closest?.(".points > li") ?? current()?.closest(".points > li");
  if (!here) return say(words.js_select_detail);
  const own = node?.closest?.(".adds") ? null : current()?.closest(".details > li");
  const line = own ?? all(".details > li", here).at(-1);
  const field = line ? all(".field", line).at(-1) : find("h4 .field", here);
  add(field, line ?? find(".head", here), false);
}

function addPoint(node) {
  const entry = entryOf(node) ?? entryOf(current());
  if (!entry) return say(words.js_select_first);
  const last = all(".points > li", entry).at(-1);
  const field = last ? find("h4 .field", last) : all(".summary .field", entry).at(-1);
  if (!field) return say(words.js_no_summary);
  add(field, last ?? find(".summary", entry), true);
}

async function saveAdd() {
  const open = adding;
  if (!open || open.busy) return;
  const value = (name) => find(`[name=${name}]`, open.box).value.trim();
  const content = { ...open.seen, lead: value("lead"), text: value("text") };
  if (open.point) content.heading = value("heading");
  open.busy = true;
  const answer = await send("add", content);
  open.busy = false;
  if (answer.conflict) return say(answer.told, true);
  if (!answer.ok) return find("[name=text]", open.box).focus();
  cancelAdd();
  await refresh();
}

function cancelAdd() {
  adding?.box.remove();
  adding = null;
}

const undo = () => act("undo");

// --- entries -------------------------------------------------------------------------------

const entryOf = (node) => node?.closest?.(".entry");

async function moveBy(entry, by) {
  if (!entry) return say(words.js_select_first);
  const entries = all("#paper .entry");
  const at = entries.indexOf(entry);
  const section = entry.closest("section[data-section]");
  const siblings = all(".entry", section);
  const place = siblings.indexOf(entry);
  const inside = place + by >= 0 && place + by < siblings.length;
  if (inside) return moveTo(entry, section.dataset.section, place + by);
  const sections = all("#paper section[data-section]");
  const other = sections[sections.indexOf(section) + by];
  if (!other) return say(at === 0 ? words.js_first : words.js_last);
  return moveTo(entry, other.dataset.section, by > 0 ? 0 : all(".entry", other).length);
}

async function moveTo(entry, section, place) {
  const { key } = entry.dataset;
  const answer = await act("move", { entry: key, section: Number(section), place });
  const moved = find(`.entry[data-key="${CSS.escape(key)}"]`);
  if (answer.ok && moved) {
    moved.scrollIntoView({ block: "nearest" });
    find(".menu > summary", moved)?.focus();
  }
}

addEventListener("dragstart", (event) => {
  if (!event.target.closest?.(".handle")) return;
  dragged = entryOf(event.target);
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.key);
  event.dataTransfer.setDragImage(dragged, 20, 20);
});

const dropPlace = (event) => event.target.closest?.("#paper .entry, #paper .drop-end");
function clearDrop() {
  all(".drop-before, .drop-here").forEach((n) => n.classList.remove("drop-before", "drop-here"));
}

addEventListener("dragover", (event) => {
  const place = dragged && dropPlace(event);
  clearDrop();
  if (!place) return;
  event.preventDefault();
  place.classList.add(place.classList.contains("entry") ? "drop-before" : "drop-here");
});

addEventListener("drop", (event) => {
  const place = dragged && dropPlace(event);
  if (!place) return;
  event.preventDefault();
  const section = place.closest("section[data-section]");
  const others = all(".entry", section).filter((e) => e !== dragged);
  const at = place === dragged ? -1 : others.indexOf(place);
  if (place !== dragged) {
    moveTo(dragged, section.dataset.section, at < 0 ? others.length : at);
  }
});

addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  clearDrop();
});

// --- views ---------------------------------------------------------------------------------

const VIEWS = ["issue", "left-out", "changes", "run", "versions"];
const loaded = {};

async function showView() {
  const wanted = VIEWS.find((v) => `#${v}` === location.hash) ?? "issue";
  for (const name of VIEWS) find(`#view-${name}`).hidden = name !== wanted;
  for (const link of all("#views a")) {
    const here = link.hash === `#${wanted}`;
    here ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  }
  if (wanted === "issue" || loaded[wanted] === body.dataset.version) return;
  const version = body.dataset.version;
  try {
    const fresh = await fragment(`view/${wanted}`);
    const view = find(`#view-${wanted}`);
    const typed = find("form", view);
    const part = document.importNode(find(".view-body", fresh), true);
    const old = find(".view-body", view);
    // What is being typed into a form is not taken away by a change elsewhere.
    if (typed && typed.contains(document.activeElement)) {
      const form = find("form", part);
      form?.replaceWith(typed);
    }
    old.replaceWith(part);
    loaded[wanted] = version;
  } catch (error) {
    say(error.message || words.js_unreachable, true);
  }
}

// --- approving, copying --------------------------------------------------------------------

async function approve() {
  try {
    const fresh = await fragment("view/approve");
    const dialog = find("#approve");
    find(".view-body", dialog).replaceWith(document.importNode(find(".view-body", fresh), true));
    dialog.showModal();
    (find("button.primary:not(:disabled)", dialog) ?? find("button", dialog)).focus();
  } catch (error) {
    say(error.message, true);
  }
}

async function copy(kind) {
  const text = async (path) => {
    const response = await fetch(path);
    if (!response.ok) throw new Error(await response.text());
    return response.text();
  };
  try {
    const plain = await text("copy.md");
    if (kind === "md") await navigator.clipboard.writeText(plain);
    else {
      const html = new Blob([await text("copy.html")], { type: "text/html" });
      const words = new Blob([plain], { type: "text/plain" });
      await navigator.clipboard.write([
        new ClipboardItem({ "text/html": html, "text/plain": words }),
      ]);
    }
    say(kind === "md" ? words.js_copied_md : words.js_copied_rich);
  } catch (error) {
    say(`${words.js_not_copied} ${error.message}`, true);
  }
}

// --- bringing in ---------------------------------------------------------------------------

async function bringIn(form) {
  const content = Object.fromEntries(new FormData(form));
  const file = find('input[type="file"]', form)?.files?.[0];
  if (file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (const byte of bytes) binary += String.fromCharCode(byte);
    content.page = btoa(binary);
  }
  delete content.file;
  const button = find("button[type=submit]", form);
  button.disabled = true;
  button.classList.add("working");
  const answer = await send("bring", content);
  button.disabled = false;
  button.classList.remove("working");
  if (!answer.ok) return;
  form.reset();
  await refresh();
}

// --- hands ---------------------------------------------------------------------------------

const ACTIONS = {
  next: () => step(1),
  previous: () => step(-1),
  accept,
  edit: () => edit(),
  rewrite,
  drop,
  undo,
  approve,
  take: takeProposal,
  leave: leaveProposal,
  "add-detail": addDetail,
  "add-point": addPoint,
  "save-add": saveAdd,
  "cancel-add": () => {
    cancelAdd();
    return refresh();
  },
  "edit-date": (node) => edit(find(".facts .field:first-child", entryOf(node))),
  "edit-link": (node) => edit(find(".facts .field:last-child", entryOf(node))),
  source: () => current() && showSource(current().id, true),
  "close-source": closeSource,
  "close-dialog": (node) => node.closest("dialog").close(),
  help: () => find("#help").showModal(),
  "save-edit": () => save(),
  "cancel-edit": cancel,
  "keep-mine": (node) => save(node.dataset.base),
  "keep-theirs": cancel,
  "copy-md": () => copy("md"),
  "copy-rich": () => copy("rich"),
  up: (node) => moveBy(entryOf(node), -1),
  down: (node) => moveBy(entryOf(node), 1),
  delete: (node) => {
    const { key, base } = entryOf(node).dataset;
    return act("delete", { entry: key, base });
  },
  read: (node) => {
    const entry = entryOf(node) ?? entryOf(current());
    return entry ? act("read", { entry: entry.dataset.key }) : say(words.js_select_first);
  },
  include: (node) => act("include", { candidate: node.dataset.candidate }),
  "bring-back": (node) => act("bring-back", { entry: node.dataset.entry }),
  restore: (node) => act("restore", { version: Number(node.dataset.version) }),
  "confirm-approve": async (node) => {
    node.disabled = true;
    const answer = await act("approve", { text: node.dataset.text });
    if (answer.ok) find("#approve").close();
    else node.disabled = false;
  },
};

addEventListener("click", (event) => {
  const target = event.target;
  const button = target.closest("[data-act]");
  if (button) {
    button.closest("details.menu")?.removeAttribute("open");
    return void ACTIONS[button.dataset.act](button);
  }
  const reason = target.closest("[data-reason]");
  if (reason) return void acceptAs(reason.dataset.reason);
  const head = target.closest(".decision > button");
  if (head) {
    const { id, dataset } = head.parentElement;
    return select(dataset.field, { decision: id, focus: false });
  }
  const field = target.closest(".field");
  if (field && getSelection().isCollapsed) {
    select(field.id, { source: false });
    showSource(field.id, true);
  }
  for (const menu of all("details.menu[open]")) {
    if (!menu.contains(target)) menu.removeAttribute("open");
  }
});

addEventListener("dblclick", (event) => {
  const field = event.target.closest(".field");
  if (!field) return;
  getSelection().removeAllRanges();
  select(field.id, { source: false });
  edit(field);
});

addEventListener("change", (event) => {
  const choice = event.target.closest("select[data-move]");
  if (!choice) return;
  const section = find(`section[data-section="${choice.value}"]`);
  moveTo(entryOf(choice), choice.value, all(".entry", section).length);
});

addEventListener("submit", (event) => {
  if (event.target.method === "dialog") return;
  event.preventDefault();
  bringIn(event.target);
});

// Leaving a text that was changed saves it.
addEventListener("focusout", () => {
  if (!editing) return;
  setTimeout(() => {
    if (!editing || editing.busy || editing.box.contains(document.activeElement)) return;
    if (!document.hasFocus() || find(".conflict", editing.box)) return;
    save();
  });
});

addEventListener("pagehide", () => {
  if (!editing || editing.area.value.trim() === editing.base.trim()) return;
  fetch("edit", {
    method: "POST",
    keepalive: true,
    headers: { "content-type": "application/json", "x-digestgen-token": token },
    body: JSON.stringify({
      at: JSON.parse(editing.at),
      base: editing.base,
      text: typed(editing),
    }),
  });
});

const KEYS = {
  j: "next",
  k: "previous",
  a: "accept",
  e: "edit",
  r: "rewrite",
  d: "drop",
  m: "read",
  u: "undo",
  o: "source",
  A: "approve",
  "+": "add-detail",
  "?": "help",
};

/** Enter saves; in a text of several lines it gives a new one, and Ctrl+Enter saves. */
const isSaving = (event, lines) =>
  event.ctrlKey || event.metaKey || (!lines && !event.shiftKey);

addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const { key, target } = event;
  if (editing && editing.box.contains(target)) {
    if (key === "Escape") cancel();
    else if (key === "Enter" && isSaving(event, editing.lines)) save();
    else return;
    return event.preventDefault();
  }
  if (adding && adding.box.contains(target) && !target.matches("button")) {
    if (key === "Escape") ACTIONS["cancel-add"]();
    else if (key === "Enter" && isSaving(event, false)) saveAdd();
    else return;
    return event.preventDefault();
  }
  if (proposed && !find("dialog[open]") && !target.matches("input, textarea, select")) {
    const here = proposed.box.contains(target) || now.field === proposed.field;
    if (here && key === "Escape") return void leaveProposal();
    if (here && key === "y") {
      event.preventDefault();
      return void takeProposal();
    }
  }
  const dialog = find("dialog[open]");
  if (dialog) {
    const reason = target.matches("input") ? null : find(`[data-reason-key="${CSS.escape(key)}"]`, dialog);
    if (reason) {
      event.preventDefault();
      acceptAs(reason.dataset.reason);
    }
    return;
  }
  if (event.altKey && (key === "ArrowUp" || key === "ArrowDown")) {
    event.preventDefault();
    return void moveBy(entryOf(target) ?? entryOf(current()), key === "ArrowUp" ? -1 : 1);
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.matches("input, textarea, select")) return;
  if (key === "Escape") {
    all("details.menu[open]").forEach((menu) => menu.removeAttribute("open"));
    return closeSource();
  }
  if (target.matches(".field")) {
    if (key === "Enter" || key === " ") {
      event.preventDefault();
      return void showSource(target.id, true);
    }
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      return stepField(key === "ArrowDown" ? 1 : -1);
    }
  }
  if (key === "n" || key === "p") return stepField(key === "n" ? 1 : -1);
  const action = KEYS[key];
  if (!action) return;
  event.preventDefault();
  ACTIONS[action](target);
});

addEventListener("focusin", (event) => {
  const field = event.target.closest(".field");
  if (field && field.id !== now.field) {
    now.field = field.id;
    now.decision = decisionOf(field.id);
    mark();
  }
});

addEventListener("hashchange", showView);
addEventListener("visibilitychange", poll);

mark();
showView();
setInterval(poll, 1000);
body.dataset.ready = "true";
