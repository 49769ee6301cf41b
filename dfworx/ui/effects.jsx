// Effects: what pages do beyond their state. Toasts asked for by handlers (Reflex's own way needs eval, which the content
// security policy forbids), and small manners that elements ask for in data attributes, so that Python can write them:
// data-copy (copies its value), data-copy-from (copies what that address answers), data-reveal (shows the password of that field), data-kept (a field that a
// refused form gives back), details.menu (closes when one clicks elsewhere), data-does (what a command of ui/keys.py does).
// Title: code in the titles of threads and decisions.
// References: the numbers of records in people's texts become links with a card.
// Keys: the commands of ui/keys.py by key and in the palette, their help, and what is said to screen readers.
import { createElement as h, Fragment, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useLocation, useNavigate, useParams } from "react-router";
import { toast } from "sonner";
import { ColorModeContext, StateStoreContext } from "$/utils/context-registry";

const PLACE = /^(\/o\/[^/]+)\/[ct]\/[^/]+$/;
const SHOWN = "dfworx:shown";
const HOME = "dfworx:home";
const lastPlace = (home) => `dfworx:at:${home}`;

export function Effects({ turn, text, tone }) {
  useEffect(() => {
    if (!turn || turn === sessionStorage.getItem(SHOWN)) return;
    sessionStorage.setItem(SHOWN, turn);
    ({ ok: toast.success, error: toast.error })[tone]?.(text, { duration: tone === "error" ? 8000 : 4000 }) ?? toast(text);
  }, [turn]);

  const { pathname } = useLocation();
  useEffect(() => {
    const home = pathname.match(/^\/o\/[^/]+/)?.[0];
    if (home) localStorage.setItem(HOME, home);
    if (PLACE.test(pathname)) localStorage.setItem(lastPlace(home), pathname);
    closeMenus();
    document.querySelector(".strip [aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [pathname]);

  useEffect(() => {
    restore();
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("submit", onSubmit);
    window.addEventListener("pageshow", onPageShow);
    return () => {
      document.removeEventListener("click", onClick);
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("submit", onSubmit);
      window.removeEventListener("pageshow", onPageShow);
    };
  }, []);
  return null;
}

// Goes on to where one was: the organization used last, and in it the place seen last, or a first one. On a phone the home of
// an organization is a page of its own, the sidebar.
export function Resume({ homes = [], fallback = "" }) {
  const home = useLocation().pathname.replace(/\/$/, "");
  const navigate = useNavigate();
  useEffect(() => {
    const used = localStorage.getItem(HOME);
    const isHere = fallback.startsWith(`${home}/`); // what was known of another organization says nothing here
    const isPhone = matchMedia("(max-width: 760px)").matches;
    const place = isHere && !isPhone && (localStorage.getItem(lastPlace(home)) || fallback);
    const to = homes.length ? (homes.includes(used) ? used : homes[0]) : place;
    if (to) navigate(to, { replace: true });
  }, [homes, fallback, home]);
  return null;
}

// A title as it was typed, with what stands between two backticks as code; all of it is text, none of it HTML.
const CODE = /(?<!`)`([^`]*[^`\s][^`]*)`(?!`)/;
export function Title({ text = "" }) {
  return h(Fragment, null, ...text.split(CODE).map((part, n) => (n % 2 ? h("code", null, part) : part)));
}

const closeMenus = (but) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== but) menu.open = false;
};

async function copy(button) {
  try {
    const { copy: text, copyFrom: from } = button.dataset;
    if (from) {
      const answer = await fetch(from);
      if (!answer.ok) return toast.error("It could not be copied. Please try again.");
      await navigator.clipboard.writeText(await answer.text());
    } else await navigator.clipboard.writeText(text.startsWith("/o/") ? location.origin + text : text); // an address of ours, as a link for elsewhere
    toast.success("Copied.");
  } catch { // no permission, or a page without https
    button.parentElement.querySelector("input")?.select();
    toast("Press Ctrl C to copy.");
  }
}

function reveal(button) {
  const field = document.getElementById(button.dataset.reveal);
  const isHidden = field.type === "password";
  field.type = isHidden ? "text" : "password";
  button.setAttribute("aria-pressed", isHidden);
}

function onClick(event) {
  const menu = event.target.closest("details.menu");
  closeMenus(event.target.closest("details.menu > .sheet :is(a, button)") ? null : menu);
  const button = event.target.closest("[data-copy], [data-copy-from], [data-reveal]");
  if (button) button.dataset.copy || button.dataset.copyFrom ? copy(button) : reveal(button);
}

function onKeyDown(event) {
  const menu = document.querySelector("details.menu[open]");
  if (menu && event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (menu?.contains(event.target)) onMenuKey(event, [...menu.querySelectorAll("summary, .sheet :is(a, button)")]);
  const picker = event.target.closest?.(".picker");
  if (picker) onPickerKey(event, [...picker.querySelectorAll("input")]);
}

// In an open menu arrows go from its label to what it offers, and round.
function onMenuKey(event, stops) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  stops[(stops.indexOf(event.target) + by + stops.length) % stops.length].focus();
  event.preventDefault();
}

// In a picker arrows go from the field to the choices and back; Enter makes a choice, from the field the first one.
function onPickerKey(event, [field, ...choices]) {
  const { key, target } = event;
  const by = { ArrowDown: 1, ArrowUp: -1 }[key];
  const stops = [field, ...choices];
  if (by) stops[(stops.indexOf(target) + by + stops.length) % stops.length].focus();
  else if (key === "Enter" && !event.isComposing && stops.includes(target)) (target === field ? choices[0] : target)?.click();
  else return;
  event.preventDefault();
}

const kept = () => `dfworx:form:${location.pathname.replace(/\/$/, "")}`; // the server adds a slash, the app does not

// A native form is sent once; what it said stays in this tab until it is accepted.
function onSubmit(event) {
  const form = event.target;
  if (form.dataset.upload) return upload(event, form);
  if (form.method !== "post" || !form.hasAttribute("action")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "true";
  const fields = [...form.querySelectorAll("input[data-kept]")].map((field) => [field.name, field.value]);
  if (fields.length) sessionStorage.setItem(kept(), JSON.stringify(fields));
}

// A form with data-upload sends its file there (below the organization, over REST) as the body of a request, and its other fields as the query;
// several files of Markdown go as one.
function upload(event, form) {
  event.preventDefault();
  const fields = Object.fromEntries([...new FormData(form, event.submitter)].filter(([, value]) => typeof value === "string"));
  const files = [...form.querySelector("input[type=file]").files];
  if (form.dataset.sent || !files.some(({ size }) => size)) return;
  const { upload: to, answer: isAnswered } = form.dataset;
  const bar = form.querySelector("progress");
  const request = new XMLHttpRequest();
  const end = () => {
    delete form.dataset.sent;
    bar.hidden = true;
    if (request.status < 300 && request.status) {
      const said = JSON.parse(request.responseText);
      if (isAnswered) document.dispatchEvent(new CustomEvent("answered", { detail: { to, said } }));
      return said.is_preview || form.reset();
    }
    let said = request.status === 413 ? "This file is larger than is accepted." : "The upload was interrupted. Please try again.";
    try { said = JSON.parse(request.responseText).detail || said; } catch { /* not said by us: by what stands before us, or by nobody */ }
    toast.error(said, { duration: 8000 });
  };
  form.dataset.sent = "true";
  bar.hidden = false;
  request.upload.onprogress = ({ loaded, total }) => (bar.value = (100 * loaded) / total);
  request.onloadend = end;
  request.open("POST", `${api(homeOf(location.pathname))}${to}?${new URLSearchParams(isAnswered ? fields : { ...fields, name: files[0].name })}`);
  request.send(files.every(({ name }) => name.endsWith(".md")) ? tar(files) : files[0]);
}

// Several files as one: a block of 512 bytes about each, then the file, filled up to whole blocks; two empty blocks end it.
function tar(files) {
  const blocks = files.flatMap((file) => {
    const name = new TextEncoder().encode(file.name);
    const about = new Uint8Array(512);
    const put = (text, at) => about.set(new TextEncoder().encode(text), at);
    about.set(name.length > 100 ? name.slice(0, 97) : name);
    if (name.length > 100) put(".md", 97);
    put("0000644", 100);
    put(file.size.toString(8).padStart(11, "0"), 124);
    put("00000000000", 136);
    put("        0", 148); // the sum counts itself as blanks
    put("ustar\0" + "00", 257);
    put(about.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0") + "\0", 148);
    return [about, file, new Uint8Array((512 - (file.size % 512)) % 512)];
  });
  return new Blob([...blocks, new Uint8Array(1024)]);
}

// What an upload with data-answer was answered, shown by a function written in Python, until other files are chosen.
export function Answer({ to, renderItem }) {
  const [said, setSaid] = useState(null);
  const shown = useRef(null);
  const home = homeOf(useLocation().pathname);
  useEffect(() => {
    const hear = ({ detail }) => detail.to === to && setSaid(detail.said);
    const forget = ({ target }) => target.form?.dataset.upload === to && setSaid(null);
    document.addEventListener("answered", hear);
    document.addEventListener("change", forget);
    return () => {
      document.removeEventListener("answered", hear);
      document.removeEventListener("change", forget);
    };
  }, [to]);
  useEffect(() => void shown.current?.scrollIntoView({ block: "start" }), [said]);
  return said && h("div", { ref: shown }, renderItem({ ...said, home }));
}

function onPageShow(event) {
  if (event.persisted) for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
}

// React learns of a value only through the field's own setter and an event.
function restore() {
  const fields = JSON.parse(sessionStorage.getItem(kept()) || "[]");
  sessionStorage.removeItem(kept());
  if (!new URLSearchParams(location.search).has("error")) return;
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  for (const [name, value] of fields) {
    const field = document.querySelector(`input[data-kept][name="${name}"]`);
    if (!field || field.value) continue;
    set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  [...document.querySelectorAll("form input:not([type=hidden], [hidden])")].find((field) => !field.value)?.focus();
}

const homeOf = (pathname) => pathname.match(/^\/o\/[^/]+/)?.[0] ?? globalThis.localStorage?.getItem(HOME) ?? ""; // pages are rendered once without a browser
const api = (home) => home.replace(/^\/o\//, "/api/v1/organizations/");
const verb = (name) => document.querySelector(`[data-verb="${name}"]`);
const press = (button) => (button ? void (button.hasAttribute("aria-controls") ? disclose(button) : button.click()) : false);
const isTyping = (el) => el.closest("input, textarea, select, [contenteditable=true]");
const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform);
const shown = { Mod: isMac ? "⌘" : "Ctrl", ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };
const get = async (url, signal) => {
  const answer = await fetch(url, { signal, headers: { accept: "application/json" } });
  return answer.ok ? answer.json() : Promise.reject(new Error(`${answer.status}`));
};

// Hears every frame of this page.
function useFrames(feed, hear) {
  const states = useContext(StateStoreContext);
  const current = useRef(hear);
  current.current = hear;
  useEffect(() => {
    let last = null;
    return states.subscribe(feed, () => {
      const frame = states.getSnapshot(feed)?.frame_rx_state_;
      if (frame && frame !== last && frame.list) current.current((last = frame));
    });
  }, [states, feed]);
}

// The numbers of records (DEC-42) in whatever people wrote become links, wherever they come onto the screen, old texts too. What
// one cannot see stays text. The texts are HTML that React does not look into (rx.html), and a link is as wide as its text.
const records = new Map(); // organization -> number -> what is known of it; null: nothing that one can see
const MOST_ASKED = 100;
const NO_PLACE = "a, code, pre, button, textarea";

export function References({ prefix, source, href, list, tones, feed, epoch }) {
  const { organization } = useParams();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const [card, setCard] = useState(null); // {number, anchor}
  const home = organization ? `/o/${organization}` : "";
  if (!records.has(home)) records.set(home, new Map());
  const known = records.get(home);
  const current = useRef({ wanted: new Set(), pending: new Set(), timer: null }).current;
  const words = ({ status, concerns, successor_ref: by }) => (status === "proposed" && concerns ? `on hold · ${concerns} ${concerns === 1 ? "concern" : "concerns"}` : status.replace("_", " ") + (by ? ` by ${by}` : ""));

  const say = (link, record) => {
    link.className = `ref ${tones[record.status] ?? ""} ${record.status}`;
    link.setAttribute("aria-label", `${record.ref}: ${record.title}, ${words(record)}`);
    return link;
  };
  const linkTo = (record) => {
    const link = document.createElement("a");
    Object.assign(link, { href: `${home}${href}${record.address}`, textContent: record.ref });
    link.dataset.ref = record.number;
    return say(link, record);
  };
  const decorate = (text) => {
    const parts = [];
    let at = 0;
    for (const found of text.data.matchAll(new RegExp(`(?<![\\w-])${prefix}([1-9][0-9]{0,8})(?![\\w-])`, "g"))) {
      const number = Number(found[1]);
      const record = known.get(number);
      if (record === undefined) want(number);
      if (!record) continue;
      parts.push(text.data.slice(at, found.index), linkTo(record));
      at = found.index + found[0].length;
    }
    if (parts.length) text.replaceWith(...parts, text.data.slice(at));
  };
  const scan = (prose) => {
    const walker = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT);
    const texts = [];
    for (let text; (text = walker.nextNode()); ) if (text.data.includes(prefix) && !text.parentElement.closest(NO_PLACE)) texts.push(text);
    texts.forEach(decorate);
  };
  const paint = () => {
    for (const link of document.querySelectorAll("a.ref[data-ref]")) {
      const record = known.get(Number(link.dataset.ref));
      record ? say(link, record) : link.replaceWith(link.textContent);
    }
    document.querySelectorAll(".prose").forEach(scan);
    current.observer?.takeRecords();
    setCard((open) => open && known.get(open.number) && open.anchor.isConnected ? { ...open } : null);
  };
  const want = (number, patience = 30) => {
    if (current.pending.has(number)) return;
    current.wanted.add(number);
    current.timer ??= setTimeout(ask, patience);
  };
  const ask = async () => {
    current.timer = null;
    while (current.wanted.size) {
      const numbers = [...current.wanted].slice(0, MOST_ASKED);
      for (const number of numbers) current.wanted.delete(number), current.pending.add(number);
      const found = await get(`${api(home)}${source}?${numbers.map((number) => `number=${number}`).join("&")}`).catch(() => null);
      if (current.home !== home) return; // one has gone to another organization meanwhile, where numbers mean others
      for (const number of numbers) current.pending.delete(number);
      if (!found) return; // asked when they come up the next time
      for (const number of numbers) known.set(number, found.find((record) => record.number === number) ?? null);
    }
    paint();
  };
  useEffect(() => {
    if (!home) return;
    const observer = new MutationObserver((changes) => { // before the page is painted: what is known is never seen as bare text
      const texts = new Set();
      for (const { target, addedNodes } of changes) {
        const around = target.closest?.(".prose");
        if (around) texts.add(around);
        else for (const node of addedNodes) if (node.nodeType === 1) (node.matches(".prose") ? [node] : node.querySelectorAll(".prose")).forEach((each) => texts.add(each));
      }
      texts.forEach(scan);
      observer.takeRecords();
      setCard((open) => (open && !open.anchor.isConnected ? null : open));
    });
    Object.assign(current, { observer, home });
    document.querySelectorAll(".prose").forEach(scan);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      clearTimeout(current.timer);
      Object.assign(current, { timer: null, home: null });
      current.wanted.clear();
      current.pending.clear();
    };
  }, [home]);
  const soon = () => 200 + Math.random() * 500; // not every page asks in the same moment
  useFrames(feed, ({ list: of, op, item }) => {
    if (of === "*") known.forEach((_, number) => want(number, soon()));
    else if (of === list && op === "put" && known.has(item?.number)) want(item.number, soon());
  });
  useEffect(() => { // rooms were joined anew: what was told meanwhile was not heard
    if (home && epoch > 1) known.forEach((_, number) => want(number, soon()));
  }, [epoch]);
  useEffect(() => setCard(null), [pathname]);
  useCard(card, setCard, navigate);
  const record = card && known.get(card.number);
  return record ? createPortal(h(Card, { record, anchor: card.anchor, says: words(record), tone: tones[record.status] ?? "" }), document.body) : null;
}

// The card opens under the pointer and with the focus, stays while the pointer is on it, and Esc closes it.
function useCard(card, setCard, navigate) {
  useEffect(() => {
    let timer = null;
    const linkAt = (event) => event.target.closest?.("a.ref[data-ref]");
    const later = (work, ms) => (clearTimeout(timer), (timer = setTimeout(work, ms)));
    const open = (anchor) => setCard({ number: Number(anchor.dataset.ref), anchor });
    const onOver = (event) => {
      const link = event.pointerType === "mouse" && linkAt(event);
      if (link) later(() => link.isConnected && open(link), 250);
      else if (event.target.closest?.(".ref-card")) clearTimeout(timer);
      else if (!linkAt(event)) later(() => setCard((now) => (now?.anchor === document.activeElement ? now : null)), 200);
    };
    const onFocus = (event) => {
      const link = linkAt(event);
      if (link?.matches(":focus-visible")) later(() => open(link), 0);
    };
    const onBlur = (event) => linkAt(event) && later(() => setCard(null), 0);
    const onScroll = () => setCard(null);
    const onKeyDown = (event) => {
      if (event.key !== "Escape" || !document.querySelector(".ref-card")) return;
      event.preventDefault(); // it closes the card, and does nothing else
      event.stopPropagation();
      later(() => {}, 0);
      setCard(null);
    };
    const onClick = (event) => {
      const link = linkAt(event);
      if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      navigate(link.getAttribute("href"));
    };
    const heard = [["pointerover", onOver], ["focusin", onFocus], ["focusout", onBlur], ["click", onClick]];
    for (const [name, listener] of heard) document.addEventListener(name, listener);
    document.addEventListener("scroll", onScroll, { capture: true, passive: true });
    document.addEventListener("keydown", onKeyDown, true);
    return () => {
      clearTimeout(timer);
      for (const [name, listener] of heard) document.removeEventListener(name, listener);
      document.removeEventListener("scroll", onScroll, true);
      document.removeEventListener("keydown", onKeyDown, true);
    };
  }, [navigate]);
  useEffect(() => {
    card?.anchor.setAttribute("aria-describedby", "ref-card");
    return () => card?.anchor.removeAttribute("aria-describedby");
  }, [card]);
}

function Card({ record, anchor, says, tone }) {
  const ref = useRef(null);
  useLayoutEffect(() => { // below the link, or above it where there is no room
    const { left, top, bottom } = anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = ref.current;
    ref.current.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    ref.current.style.top = `${bottom + height + 12 < innerHeight ? bottom + 4 : top - height - 4}px`;
  });
  const until = record.status === "final_comment" && record.comment_ends_at && ` · until ${new Date(record.comment_ends_at).toLocaleString(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit" })}`;
  return h(
    "div",
    { ref, id: "ref-card", role: "tooltip", className: "ref-card" },
    h("div", { className: "titled" }, h("b", null, record.ref), h("span", { className: `chip ${tone}` }, says, until)),
    h("div", { className: "title" }, record.title),
    record.gist && h("div", { className: "gist" }, record.gist),
    record.decider && h("div", { className: "sub" }, `${record.decider} decides`),
  );
}

export function Keys({ commands, feed, me, epoch, isWatching, may }) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { toggleColorMode } = useContext(ColorModeContext);
  const [open, setOpen] = useState(null); // "palette", "help"
  const home = homeOf(pathname);
  const leadsTo = ({ elsewhere, needs }) => elsewhere && may[needs] && pathname.startsWith("/o/") && home + elsewhere;
  const run = (does) => {
    const [what, how] = does.split(":");
    if (what === "palette" || what === "help") setOpen(what);
    else if (what === "press") {
      const to = !verb(how) && leadsTo(commands.find((each) => each.does === does) ?? {});
      return to ? void navigate(to) : press(verb(how));
    }
    else if (what === "go") navigate(home + how);
    else if (what === "account") navigate("/account");
    else if (what === "focus") return moveFocus(/\d/.test(how) ? Number(how) : how);
    else if (what === "row") return press(document.activeElement.closest("article")?.querySelector(`[data-compose="${how}"]`));
    else if (what === "write") document.querySelector(".composer textarea")?.focus();
    else if (what === "unread") goToUnread(home, Number(how), navigate);
    else if (what === "theme") toggleColorMode();
    else if (what === "sign-out") fetch("/api/v1/auth/sessions/current", { method: "DELETE" }).finally(() => location.assign("/sign-in"));
  };
  useKeys(commands, run, open);
  useFocusKept(pathname);
  useTitles(feed);
  usePresence(feed, pathname.match(/^\/o\/[^/]+/)?.[0], epoch, isWatching);
  useEffect(() => {
    const onClick = (event) => {
      const button = event.target.closest("[data-does]");
      if (button) run(button.dataset.does);
      const reference = event.target.closest(".prose .reference");
      if (reference && !event.target.closest("a")) followReference(home, reference.dataset, navigate);
    };
    const onEnter = ({ key, target }) => key === "Enter" && target.matches?.(".reference") && target.click();
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onEnter);
    return () => {
      document.removeEventListener("click", onClick);
      document.removeEventListener("keydown", onEnter);
    };
  });
  const close = () => setOpen(null);
  return h(
    "div",
    null,
    open === "palette" && h(Palette, { commands, home, run, leadsTo, close, navigate }),
    open === "help" && h(Help, { commands, close }),
    h(Announcer, { feed, me }),
  );
}

// The key of a command, or none: never while one types (but Esc, and what has Ctrl or Cmd), nor what belongs to the browser.
function useKeys(commands, run, isOpen) {
  const current = useRef(null);
  current.current = (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (event.defaultPrevented || event.isComposing || !(target instanceof Element)) return;
    const mod = isMac ? metaKey : ctrlKey;
    const pressed = `${mod ? "Mod " : ctrlKey || metaKey ? "Other " : ""}${altKey ? "Alt " : ""}${key.length === 1 ? key.toLowerCase() : key}`;
    const form = pressed === "Mod Enter" && target.closest("[role=dialog] form, form.writing");
    if (form) return event.preventDefault(), event.repeat || form.requestSubmit();
    const isModal = isOpen || document.querySelector("[role=dialog][data-state=open], dialog[open]");
    if (isModal) return;
    const field = isTyping(target);
    if (pressed === "Escape") return onEscape(event, field);
    const isFree = !field || pressed === "Mod k" || (pressed.startsWith("Alt Arrow") && field.closest(".composer") && !field.value);
    if (!isFree) return;
    const sequence = current.first && performance.now() - current.at < 1000 ? `${current.first} ${pressed}` : null;
    current.first = null;
    const [second, single] = [sequence, pressed].map((wanted) => commands.filter(({ does, keys }) => does && keys.includes(wanted)));
    const meant = second.length ? second : single; // one key does what the place offers
    if (meant.length) {
      if (meant.some(({ does }) => run(does) !== false)) event.preventDefault();
    } else if (commands.some(({ keys }) => keys.some((each) => each.startsWith(`${pressed} `) && !/^(Mod|Alt)/.test(each)))) Object.assign(current, { first: pressed, at: performance.now() });
  };
  useEffect(() => {
    const onKeyDown = (event) => current.current(event);
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

// A button that shows and hides a part of the page: by key the focus goes into the part, and back again.
let cameFrom = null;
const partOf = (button) => document.getElementById(button.getAttribute("aria-controls"));
const disclosing = (el) => [...document.querySelectorAll("[data-verb][aria-controls]")].find((button) => partOf(button)?.contains(el));
function disclose(button) {
  if (partOf(button)) (cameFrom?.isConnected ? cameFrom : button).focus();
  else {
    const before = document.activeElement;
    cameFrom = before === document.body ? null : before;
    let tries = 50;
    const timer = setInterval(() => { // the server opens it
      const field = partOf(button)?.querySelector("button, input, select");
      if (field || document.activeElement !== before || !tries--) clearInterval(timer);
      if (document.activeElement === before) field?.focus();
    }, 50);
  }
  button.click();
}

// Esc closes what a button disclosed, and goes from the composer to the messages, from a message to the composer, out of any other field.
function onEscape(event, field) {
  const button = disclosing(event.target);
  if (button) disclose(button);
  else if (field?.closest(".composer")) moveFocus("last") !== false && event.preventDefault();
  else if (field) (focused = null), field.blur();
  else if (event.target.closest("article.msg")) document.querySelector(".composer textarea")?.focus();
}

// The list that has the focus, else the one that the page is about, moves it; a virtual list has its rows at hand only itself.
function moveFocus(by) {
  const here = document.activeElement?.closest("[data-live-list]:not([data-live-list=one]), ul.things");
  const list = here ?? document.querySelector("#main [data-live-list=timeline]") ?? document.querySelector("#main :is([data-live-list=list], ul.things)");
  if (!list || (typeof by === "string" && !here && document.activeElement !== document.querySelector(".composer textarea"))) return false;
  if (list.matches("[data-live-list]")) return list.dispatchEvent(new CustomEvent("dfworx:focus", { detail: { by } }));
  const rows = [...list.children];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  rows[by === "first" ? 0 : by === "last" ? rows.length - 1 : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
}

// `#**channel>thread@id**` names what it leads to; where that is, or whether one may see it, only the server knows.
async function followReference(home, { channel, thread = "", message = "" }, navigate) {
  const asked = new URLSearchParams(Object.entries({ channel, thread, message }).filter(([, value]) => value));
  const to = await get(`${api(home)}/references?${asked}`).catch(() => null);
  if (!to) toast("What it leads to is not here, or you cannot see it.");
  else navigate(to.thread_id ? `${home}/t/${to.thread_id}${to.seq ? `#m${to.seq}` : ""}` : `${home}/c/${to.channel_id}`);
}

async function goToUnread(home, by, navigate) {
  const threads = await get(`${api(home)}/unread`).catch(() => []);
  const here = location.pathname.match(/\/t\/([^/]+)/)?.[1];
  const others = threads.filter((thread) => thread.id !== here);
  if (!others.length) return toast("Nothing is unread.");
  const at = threads.findIndex((thread) => thread.id === here);
  const next = at < 0 ? (by > 0 ? threads[0] : threads.at(-1)) : threads[(at + by + threads.length) % threads.length];
  navigate(`${home}/t/${(next.id === here ? others[0] : next).id}`);
}

// After a dialog the focus is where it was; what had it may have gone, then the heading has it.
function comeBackTo(element) {
  if (!element) return;
  const to = element.isConnected && !element.disabled ? element : document.querySelector("#main h1");
  if (to?.matches("h1")) to.tabIndex = -1;
  focused = null;
  to?.focus({ preventScroll: true });
}

// The focus is never lost: when the row that had it goes away, its neighbor gets it; a new page begins at its heading.
let wasAt = null; // every page has a key handler of its own: what outlives one is here
let focused = null; // what had the focus last, outside of dialogs
const DIALOG = "[role=dialog], dialog[open]";
function useFocusKept(pathname) {
  useEffect(() => {
    let row = null;
    const onFocus = ({ target }) => {
      if (!target.closest?.(DIALOG)) focused = target;
      const list = target.closest?.("[data-live-list]");
      const at = list && target.closest("article, [role=listitem]");
      if (at) row = { list, id: at.dataset.id, index: [...list.querySelectorAll("article, [role=listitem]")].indexOf(at) };
      else if (!target.closest?.("[role=dialog], dialog")) row = null;
    };
    const onPointer = () => {
      row = null;
      if (!document.querySelector(DIALOG)) focused = null;
    };
    const timer = setInterval(() => {
      if (document.activeElement !== document.body || document.querySelector(DIALOG)) return;
      if (!row) return comeBackTo(focused);
      const rows = [...row.list.querySelectorAll("article, [role=listitem]")];
      (rows.find((each) => row.id && each.dataset.id === row.id) ?? rows[Math.min(row.index, rows.length - 1)])?.focus({ preventScroll: true });
    }, 250);
    document.addEventListener("focusin", onFocus);
    document.addEventListener("pointerdown", onPointer);
    return () => {
      clearInterval(timer);
      document.removeEventListener("focusin", onFocus);
      document.removeEventListener("pointerdown", onPointer);
    };
  }, []);
  useEffect(() => {
    const isFirst = wasAt === null || wasAt === pathname;
    wasAt = pathname;
    if (isFirst) return;
    let tries = 20;
    const timer = setInterval(() => { // the page may be on its way still, and a composer takes the focus itself
      const heading = document.querySelector("#main h1");
      if (document.activeElement !== document.body || focused?.isConnected || !tries--) return clearInterval(timer); // renamed only: it stays
      if (!heading || tries > 18) return;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }, 150);
    return () => clearInterval(timer);
  }, [pathname]);
}

// Somebody renames the channel or the thread that one looks at: the tab says so, too.
function useTitles(feed) {
  const { channel, thread } = useParams();
  useFrames(feed, ({ list, op, item }) => {
    if (op !== "put" || !item) return;
    if (list === "channels" && item.id === channel) document.title = `# ${item.name} · DFWorX`;
    if (list === "threads" && item.id === thread) document.title = `${item.title} · DFWorX`;
  });
}

// Who is online, as a style: avatars say whose they are, wherever and whenever they come onto the screen.
const online = new Set();
let sheet = null;
const SHOWN_ID = /^[0-9a-f-]{36}$/;
function paint() {
  if (!sheet) document.adoptedStyleSheets = [...document.adoptedStyleSheets, (sheet = new CSSStyleSheet())];
  const people = [...online].filter((id) => SHOWN_ID.test(id)).map((id) => `[data-member="${id}"]`);
  sheet.replaceSync(people.length ? `:is(${people.join(",")})::after { display: inline-block; }` : "");
}
function usePresence(feed, home, epoch, isWatching) {
  useEffect(() => {
    if (!home || !isWatching || !epoch) return;
    get(`${api(home)}/presence`).then((all) => {
      online.clear();
      all.forEach((id) => online.add(id));
      paint();
    }, () => {});
  }, [home, epoch, isWatching]);
  useFrames(feed, ({ list, item }) => {
    if (list !== "presence") return;
    item.online.forEach((id) => online.add(id));
    item.away.forEach((id) => online.delete(id));
    paint();
  });
}

const keyHints = (keys) => keys.map((each) => h("kbd", { key: each }, each.split(" ").map((part) => shown[part] ?? (part.length > 1 ? part : part.toUpperCase())).join(" ")));

function Modal({ label, className, close, children }) {
  const ref = useRef(null);
  useEffect(() => { // native: the focus stays inside, and goes back to where it was
    const el = ref.current;
    const before = document.activeElement;
    el.showModal();
    return () => {
      el.close();
      setTimeout(() => document.activeElement === document.body && before?.isConnected && before.focus({ preventScroll: true }));
    };
  }, []);
  const onPointer = (event) => event.target === ref.current && close();
  return h("dialog", { ref, className: `modal ${className}`, "aria-label": label, onClose: close, onPointerDown: onPointer }, children);
}

function Help({ commands, close }) {
  const groups = [...new Set(commands.map(({ group }) => group))];
  const withKeys = (group) => commands.filter((each) => each.group === group && each.keys.length);
  return h(
    Modal,
    { label: "Keys", className: "help", close },
    h("header", null, h("h2", null, "Keys"), h("button", { type: "button", className: "tool", "aria-label": "Close", onClick: close, autoFocus: true }, "Esc")),
    h("div", { className: "help-groups" }, groups.filter((group) => withKeys(group).length).map((group) =>
      h("section", { key: group }, h("h3", null, group), h("dl", null, withKeys(group).map(({ label, keys }) => h("div", { key: label }, h("dt", null, label), h("dd", null, keyHints(keys))))))),
    ),
  );
}

// How well a name answers what was typed: 0 not at all, 1 the letters in their order, 2 parts, 3 beginnings of words, 4 its beginning.
function fits(name, words) {
  const text = name.toLowerCase();
  if (!words.length) return 2;
  if (words.every((word) => text.includes(word))) {
    if (text.startsWith(words[0])) return 4;
    return words.every((word) => text.split(/[\s\-_/]+/).some((part) => part.startsWith(word))) ? 3 : 2;
  }
  let at = -1;
  return [...words.join("")].every((letter) => (at = text.indexOf(letter, at + 1)) >= 0) ? 1 : 0;
}
const best = (entries, words, most) => entries.map((each) => ({ ...each, fit: fits(each.label, words) })).filter((each) => each.fit).sort((a, b) => b.fit - a.fit).slice(0, most);

const remembered = {}; // what the palette knew when it was open last: there at once, and then asked anew

function Palette({ commands, home, run, leadsTo, close, navigate }) {
  const [query, setQuery] = useState("");
  const [found, setFound] = useState(remembered[home] ?? { query: "", channels: [], threads: [], people: [], decisions: [] });
  const [channels, setChannels] = useState(remembered[`${home}#`] ?? []);
  const [at, setAt] = useState(0);
  const [problem, setProblem] = useState("");
  const list = useRef(null);
  useEffect(() => {
    if (home) get(`${api(home)}/channels`).then((all) => setChannels((remembered[`${home}#`] = all)), () => {});
  }, [home]);
  useEffect(() => { // the last question wins
    if (!home) return;
    const asking = new AbortController();
    get(`${api(home)}/palette?q=${encodeURIComponent(query)}`, asking.signal).then(
      (answer) => {
        setFound({ ...answer, query });
        setProblem("");
        if (!query) remembered[home] = { ...answer, query };
      },
      (error) => error.name !== "AbortError" && setProblem("The server does not answer; only what this page knows is shown."),
    );
    return () => asking.abort();
  }, [query, home]);

  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = useMemo(() => groupsOf({ commands, home, leadsTo, channels, found, words }), [commands, home, channels, found, query]);
  const entries = groups.flatMap(([, entries]) => entries);
  const index = Math.min(at, Math.max(0, entries.length - 1));
  useEffect(() => void list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [index, query]);
  const choose = (entry) => {
    close();
    if (entry) setTimeout(() => (entry.does ? run(entry.does) : navigate(entry.to)));
  };
  const onKeyDown = (event) => {
    const moves = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: entries.length - 1, PageDown: index + 8, PageUp: index - 8 };
    if (event.key in moves && !event.shiftKey) {
      event.preventDefault();
      const to = moves[event.key];
      setAt(event.key.startsWith("Arrow") ? (to + entries.length) % (entries.length || 1) : Math.min(entries.length - 1, Math.max(0, to)));
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) event.preventDefault(), choose(entries[index]);
  };
  return h(
    Modal,
    { label: "Go to anything, do anything", className: "palette", close },
    h("input", { autoFocus: true, value: query, placeholder: "A channel, a thread, a person, a decision, or what to do", "aria-label": "What to look for", role: "combobox", "aria-expanded": true, "aria-controls": "palette-list", "aria-autocomplete": "list", "aria-activedescendant": entries.length ? `palette-${index}` : undefined, autoComplete: "off", spellCheck: false, maxLength: 200, onChange: (event) => (setQuery(event.target.value), setAt(0)), onKeyDown }),
    h("div", { ref: list, id: "palette-list", role: "listbox", "aria-label": "Results" }, groups.map(([name, entries]) =>
      h("div", { key: name, role: "group", "aria-labelledby": `palette-${name}` }, h("div", { className: "palette-group", id: `palette-${name}`, role: "presentation" }, name), entries.map((entry) => {
        const n = entry.n;
        return h("div", { key: entry.key, id: `palette-${n}`, role: "option", "aria-selected": n === index, className: "palette-entry", onPointerMove: () => n !== index && setAt(n), onClick: () => choose(entry) }, h("span", { className: "palette-mark", "aria-hidden": true }, entry.mark), h("span", { className: "label" }, entry.label), entry.about && h("span", { className: "sub" }, entry.about), entry.keys?.length ? keyHints(entry.keys.slice(0, 1)) : null);
      })))),
    !entries.length && found.query === query && h("p", { className: "palette-none" }, "Nothing is called that. Fewer letters find more."),
    problem && h("p", { className: "palette-none", role: "alert" }, problem),
    h("span", { className: "sr-only", role: "status" }, found.query === query ? `${entries.length} results` : ""),
  );
}

function groupsOf({ commands, home, leadsTo, channels, found, words }) {
  const isHere = ({ does }) => !does.startsWith("press:") || verb(does.slice(6));
  const offered = commands.filter((each) => each.is_offered && (isHere(each) || leadsTo(each)) && (home || !/^(go|unread|press)/.test(each.does)));
  const groups = {
    Channels: best(channels.map((c) => ({ key: c.id, label: c.name, mark: "#", about: c.visibility === "members" ? "private" : "", to: `${home}/c/${c.id}` })), words, words.length ? 8 : 5),
    Decisions: best(found.decisions.map((d) => ({ key: d.id, label: [d.ref, d.title].filter(Boolean).join(" "), mark: "◇", about: d.status.replace("_", " "), to: `${home}/d/${d.address}` })), words, 8).filter((each) => each.fit > 1),
    Threads: best(found.threads.map((t) => ({ key: t.id, label: t.title, mark: t.is_resolved ? "✓" : "›", about: `#${t.channel}`, to: `${home}/t/${t.id}` })), words, 8).filter((each) => each.fit > 1),
    People: best(found.people.map((p) => ({ key: p.id, label: p.name, mark: "@", about: p.role, to: `${home}/members#${p.id}` })), words, 5).filter((each) => each.fit > 1),
    Actions: best(offered.map((c) => ({ key: c.does, label: c.label, mark: "⏎", keys: c.keys, does: c.does })), words, words.length ? 8 : 30),
  };
  const order = words.length ? Object.entries(groups).sort(([, a], [, b]) => (b[0]?.fit ?? 0) - (a[0]?.fit ?? 0)) : ["Threads", "Channels", "Actions"].map((name) => [name, groups[name]]);
  let n = 0;
  return order.filter(([, entries]) => entries.length).map(([name, entries]) => [name, entries.map((entry) => ({ ...entry, n: n++ }))]);
}

// Says what arrives in the open thread to whoever does not look at its end, all of some seconds at once: a screen reader that
// reads every message aloud while one writes is switched off.
const PATIENCE = 5000;
function Announcer({ feed, me }) {
  const { thread } = useParams();
  const [text, setText] = useState("");
  const heard = useRef({ last: 0, waiting: null, authors: [], count: 0 }).current;
  useEffect(() => () => clearTimeout(heard.waiting), [thread]);
  useFrames(feed, ({ list, op, scope, item }) => {
    if (list !== "messages" || op !== "put" || scope !== thread || item.author_id === me || item.edited_at || item.deleted_at || isLookedAt()) return;
    heard.count += 1;
    if (!heard.authors.includes(item.author)) heard.authors.push(item.author);
    heard.waiting ??= setTimeout(say, Math.max(1000, heard.last + PATIENCE - Date.now()));
  });
  const say = () => {
    const said = `${heard.count === 1 ? "A new message" : `${heard.count} new messages`} from ${names(heard.authors)}`;
    setText((before) => (before === said ? `${said}\u00a0` : said)); // the same words again would not be heard
    Object.assign(heard, { last: Date.now(), waiting: null, authors: [], count: 0 });
  };
  return h("div", { className: "sr-only", role: "status", "aria-live": "polite", id: "announcements" }, text);
}
const isLookedAt = () => {
  const timeline = document.querySelector("[data-live-list=timeline]");
  return !!timeline && document.hasFocus() && timeline.contains(document.activeElement) && timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < 48;
};
const names = (all) => (all.length < 2 ? all.join("") : all.length > 3 ? `${all.slice(0, 2).join(", ")} and others` : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`);
