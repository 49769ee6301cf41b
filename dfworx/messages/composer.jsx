// Composer: writes, edits and sends messages. A draft per thread and everything not yet acknowledged are kept in the browser;
// a message is sent over REST with a client key until the server has said 2xx, so that it arrives once, whatever happens.
import { createElement as h, Fragment, useContext, useEffect, useReducer, useRef, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { toast } from "sonner";
import { StateStoreContext } from "$/utils/context-registry";
import { tellPending } from "$/public/external/dfworx/live/reflex_feed/livelist.jsx";

const UNSENT = "dfworx:unsent";
const fill = (template, params) => template.replace(/\{(\w+)\}/g, (_, name) => params[name] ?? "");
const load = () => JSON.parse(localStorage.getItem(UNSENT) || "[]");
const save = (unsent, sent = false) => {
  localStorage.setItem(UNSENT, JSON.stringify(unsent));
  tellPending(sent);
};
const update = (key, change) => save(load().flatMap((m) => (m.client_key === key ? (change ? [{ ...m, ...change }] : []) : [m])));
const escape = (text) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
const newKey = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

async function call(url, method, body) {
  const response = await fetch(url, { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const fields = Object.values(answer.errors || {}).join(" ");
  throw Object.assign(new Error(`${answer.detail || "The server did not answer."} ${fields}`.trim()), { status: response.status });
}

let sending = false;
let backoff = 333;
// One at a time and in order; a refusal marks the message, no answer tries again.
async function flush(me) {
  if (sending) return;
  sending = true;
  try {
    for (let next; (next = load().find((m) => m.author_id === me && !m.failed)); ) {
      try {
        await call(next.url, "POST", { source: next.source, client_key: next.client_key, reply_to_id: next.reply_to_id });
        update(next.client_key, null);
        backoff = 333;
      } catch (error) {
        if (error.status >= 400 && error.status < 500 && error.status !== 429 && error.status !== 408) update(next.client_key, { failed: error.message });
        else {
          setTimeout(() => flush(me), (backoff = Math.min(backoff * 1.5, 30_000)) * (0.8 + Math.random() * 0.4)); // not all at once
          return;
        }
      }
    }
  } finally {
    sending = false;
  }
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast.success("Copied as Markdown.");
  } catch { // no permission, or a page without https
    toast.error("The browser did not let us copy.");
  }
}

// The selected messages, or the whole thread.
async function copyMarkdown(url) {
  const selection = document.getSelection();
  const rows = selection.isCollapsed ? [] : [...document.querySelectorAll("article.msg[data-seq]")].filter((row) => selection.containsNode(row, true));
  const seqs = rows.map((row) => Number(row.dataset.seq)).filter(Boolean);
  const part = seqs.length ? `?first=${Math.min(...seqs)}&last=${Math.max(...seqs)}` : "";
  const answer = await fetch(`${url.replace(/\/messages$/, "/markdown")}${part}`);
  if (answer.ok) copyText(await answer.text());
  else toast.error((await answer.json().catch(() => ({}))).detail || "The server did not answer.");
}

// At most every 3 s, and never from a tab that nobody looks at.
let toldTyping = 0;
function tellTyping(url) {
  if (document.visibilityState !== "visible" || Date.now() - toldTyping < 3000) return;
  toldTyping = Date.now();
  fetch(url.replace(/\/messages$/, "/typing"), { method: "PUT" }).catch(() => {});
}

const TYPING = 6000; // how long one counts as typing after the last sign
const namesOf = (people) => (people.length > 3 ? "Several people are typing…" : people.length === 1 ? `${people[0]} is typing…` : `${people.slice(0, -1).join(", ")} and ${people.at(-1)} are typing…`);

function Typing({ states, feed, scope, me }) {
  const [people, setPeople] = useState({});
  useEffect(() => {
    let last = null;
    setPeople({});
    return states.subscribe(feed, () => {
      const frame = states.getSnapshot(feed)?.frame_rx_state_;
      if (!frame || frame === last || frame.scope !== scope) return;
      last = frame;
      const { list, item } = frame;
      if (list === "typing" && item.id !== me) setPeople((all) => ({ ...all, [item.id]: { name: item.name, until: Date.now() + TYPING } }));
      if (list === "messages" && item?.author_id) setPeople(({ [item.author_id]: _, ...all }) => all);
    });
  }, [states, feed, scope, me]);
  const now = Date.now();
  const here = Object.values(people).filter(({ until }) => until > now);
  useEffect(() => {
    if (!here.length) return;
    const timer = setTimeout(() => setPeople((all) => ({ ...all })), Math.min(...here.map(({ until }) => until)) - now + 20);
    return () => clearTimeout(timer);
  }, [people]);
  return h("div", { className: "typing" }, here.length ? namesOf(here.map(({ name }) => name)) : "");
}

export function Composer({ source, scope: scopeTemplate, me, author, placeholder, closed = "", place = "", feed, limit }) {
  const params = useParams();
  const navigate = useNavigate();
  const url = fill(source, params);
  const scope = fill(scopeTemplate, params);
  const drafted = `dfworx:draft:${scope}`;
  const edited = `dfworx:edit:${scope}`; // an edit in progress outlives the page, too
  const [text, setText] = useState("");
  const [target, setTarget] = useState(null); // what is edited or replied to: {kind, id, author}
  const [problem, setProblem] = useState("");
  const [, refresh] = useReducer((n) => n + 1, 0);
  const [isClosed, setClosed] = useState(null); // what was heard of the channel since the page was opened
  const disabled = isClosed ?? !!closed;
  const field = useRef(null);
  const asked = useRef(null); // the message whose text was asked for, to edit it
  const write = (value) => {
    setText(value);
    if (value) tellTyping(url);
    if (target?.kind === "edit") return localStorage.setItem(edited, JSON.stringify({ id: target.id, text: value }));
    value ? localStorage.setItem(drafted, value) : localStorage.removeItem(drafted);
  };
  const leave = () => {
    asked.current = null;
    localStorage.removeItem(edited);
    setTarget(null);
    setProblem("");
    setText(target?.kind === "edit" ? localStorage.getItem(drafted) || "" : text);
  };

  useEffect(() => {
    asked.current = null;
    const edit = JSON.parse(localStorage.getItem(edited) || "null");
    setText(edit?.text ?? localStorage.getItem(drafted) ?? "");
    setTarget(edit && { kind: "edit", id: edit.id });
    setProblem("");
    setClosed(null);
    if (matchMedia("(hover: hover)").matches) field.current?.focus({ preventScroll: true });
  }, [drafted]);

  useEffect(() => {
    if (!me) return;
    const wake = () => {
      backoff = 333;
      flush(me);
    };
    wake();
    window.addEventListener("online", wake);
    const timer = setInterval(wake, 5000);
    return () => {
      window.removeEventListener("online", wake);
      clearInterval(timer);
    };
  }, [me]);

  useEffect(() => { // rows are written in Python; their buttons say in data attributes what they want from here
    const onClick = async (event) => {
      const button = event.target.closest("[data-compose]");
      if (!button) return;
      const { compose, id, author: of } = button.dataset;
      if (compose === "retry") update(id, { failed: undefined }), flush(me);
      else if (compose === "discard") {
        const lost = load().find((m) => m.client_key === id);
        update(id, null);
        if (lost) write(text ? `${text}\n\n${lost.source}` : lost.source);
      } else if (compose === "copy") {
        navigator.clipboard?.writeText(new URL(`#m${button.dataset.seq}`, location.href).href);
      } else if (compose === "source") copyText((await call(`${url.replace(/\/threads\/.*$/, "")}/messages/${id}`, "GET")).source);
      else if (compose === "markdown") copyMarkdown(url);
      else if (compose === "focus") field.current?.focus();
      else if (compose === "edit") startEditing(id);
      else if (compose === "reply") {
        asked.current = null;
        setTarget({ kind: "reply", id, author: of });
        field.current?.focus();
      }
    };
    const onChange = async ({ target: field }) => {
      if (!field.matches?.("[data-jump]") || !field.value) return;
      const { found } = await call(`${url}?at=${encodeURIComponent(new Date(`${field.value}T00:00`).toISOString())}`, "GET");
      field.closest("details").open = false;
      field.value = "";
      if (found) navigate(`#m${found}`);
    };
    document.addEventListener("click", onClick);
    document.addEventListener("change", onChange);
    return () => {
      document.removeEventListener("click", onClick);
      document.removeEventListener("change", onChange);
    };
  }, [text, me, scope]);
  const states = useContext(StateStoreContext);
  useEffect(() => { // the channel was archived, or restored, by somebody else
    let last = null;
    return states.subscribe(feed, () => {
      const frame = states.getSnapshot(feed)?.frame_rx_state_;
      if (!frame || frame === last) return;
      last = frame;
      if (frame.list === "channels" && frame.item?.id === place) setClosed(frame.op === "drop" || !!frame.item.archived_at);
    });
  }, [states, feed, place]);

  useEffect(() => {
    const el = field.current;
    if (!el) return;
    el.style.height = "auto";
    el.style.height = `${Math.min(el.scrollHeight, innerHeight * 0.4)}px`;
  }, [text]);

  async function startEditing(id) {
    const ticket = (asked.current = {});
    setTarget({ kind: "edit", id, isComing: true }); // until then nothing is typed that the message's text would replace
    setProblem("");
    field.current?.focus();
    try {
      const { source } = await call(`${url.replace(/\/threads\/.*$/, "")}/messages/${id}`, "GET");
      if (asked.current !== ticket) return;
      setTarget({ kind: "edit", id });
      setText(source);
      localStorage.setItem(edited, JSON.stringify({ id, text: source }));
    } catch (error) {
      if (asked.current !== ticket) return;
      setTarget(null);
      setProblem(error.message);
    }
  }

  async function send() {
    const value = text.trim();
    if (!value || disabled || target?.isComing) return;
    if ([...value].length > limit) return setProblem(`A message has at most ${limit.toLocaleString()} characters; this one has ${[...value].length.toLocaleString()}.`);
    setProblem("");
    if (target?.kind === "edit") {
      try {
        await call(`${url.replace(/\/threads\/.*$/, "")}/messages/${target.id}`, "PATCH", { source: value });
        leave();
      } catch (error) {
        setProblem(error.message);
      }
      return;
    }
    const key = newKey();
    save([...load(), { id: key, client_key: key, scope, url, source: value, html: `<p>${escape(value).replace(/\n/g, "<br>")}</p>`, author_id: me, author, reply_to_id: target?.id, created_at: new Date().toISOString(), pending: true }], true);
    setText("");
    setTarget(null);
    localStorage.removeItem(drafted);
    flush(me);
  }

  // Wraps the selection, or puts the cursor between the marks.
  function wrap(before, after = before) {
    const el = field.current;
    const [from, to] = [el.selectionStart, el.selectionEnd];
    write(text.slice(0, from) + before + text.slice(from, to) + after + text.slice(to));
    el.focus();
    requestAnimationFrame(() => el.setSelectionRange(from + before.length, to + before.length));
  }

  function onKeyDown(event) {
    const inFence = (text.slice(0, event.target.selectionStart).match(/^```/gm) || []).length % 2 === 1;
    const mod = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && !event.nativeEvent.isComposing && (mod || (!event.shiftKey && !inFence && matchMedia("(hover: hover)").matches))) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && target) event.preventDefault(), leave();
    else if (event.key === "ArrowUp" && !text) {
      const mine = [...document.querySelectorAll("article[data-mine=true]:not([data-seq='0'])")].at(-1);
      if (mine) event.preventDefault(), startEditing(mine.dataset.id);
    } else if (mod && event.key === "b") event.preventDefault(), wrap("**");
    else if (mod && event.key === "i") event.preventDefault(), wrap("*");
    else if (mod && event.key === "e") event.preventDefault(), wrap("`");
  }

  const tool = (label, shown, onClick) => h("button", { type: "button", className: "tool", title: label, "aria-label": label, onClick }, shown);
  const writing = h(
    "div",
    { className: "composer", "data-editing": target?.kind === "edit" || undefined },
    target && h("div", { className: "composer-target" }, target.kind === "edit" ? "Editing your message" : `Replying to ${target.author}`, h("button", { type: "button", className: "tool", onClick: leave, "aria-label": "Cancel" }, "Esc")),
    disabled && h("p", { className: "composer-closed", role: "status" }, closed || "This channel is archived. Restore it to write here."),
    h("textarea", { ref: field, value: text, rows: 1, disabled, readOnly: !!target?.isComing, placeholder, "aria-label": placeholder, onChange: (e) => write(e.target.value), onKeyDown, spellCheck: true }),
    problem && h("p", { role: "alert", className: "composer-problem" }, problem),
    h(
      "div",
      { className: "composer-bar" },
      tool("Bold (Ctrl B)", "B", () => wrap("**")),
      tool("Italic (Ctrl I)", "I", () => wrap("*")),
      tool("Code (Ctrl E)", "<>", () => wrap("`")),
      tool("Code block", "{ }", () => wrap("```\n", "\n```")),
      tool("Quote", "❝", () => wrap("> ", "")),
      h("span", { className: "grow" }),
      text && target?.kind !== "edit" && h("span", { className: "composer-note" }, "Draft saved"),
      h("button", { type: "button", className: "btn pri", disabled: disabled || !text.trim(), onClick: send }, target?.kind === "edit" ? "Save" : "Send"),
    ),
  );
  return h(Fragment, null, h(Typing, { states, feed, scope, me }), writing);
}
