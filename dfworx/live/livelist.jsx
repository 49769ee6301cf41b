// LiveList: a list that fetches itself over REST and is kept current by frames. Rows are rendered by a function written in
// Python. Three kinds: "timeline" (a whole thread by seq, of which only what is looked at is fetched and in the page, grouped by
// day and author), "list" (ordered by fields, virtual when long), "one" (one item). Two more are
// there at once, without a skeleton: "count" (how many there are) and "figures" (what one answer says, nothing until it is here).
import { createElement as h, Fragment, memo, useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "react";
import { useLocation, useNavigate, useParams } from "react-router";
import { Virtualizer } from "virtua";
import { StateStoreContext } from "$/utils/context-registry";

const cache = new Map(); // url -> store: a list that was on screen before is there at once, then asks what changed
const KEPT = 80;
const CHUNK = 50; // messages asked for at once; the server's page
const MOST = 5000; // messages kept of a thread; those far from where one looks are forgotten first
const AHEAD = 900; // pixels above and below the screen that are in the page: measured before they are seen, so that nothing jumps
const LONG = 100; // rows from which on a list is virtual
const HUES = 8;

const fill = (template, params) => template.replace(/\{(\w+)\}/g, (_, name) => params[name] ?? "");
const local = new EventTarget(); // what lists of this page tell each other: somebody is reading here

export const tellPending = (sent = false) => local.dispatchEvent(new CustomEvent("pending", { detail: { sent } }));
export const pendingIn = (scope) => {
  try {
    return JSON.parse(localStorage.getItem("dfworx:unsent") || "[]").filter((m) => m.scope === scope);
  } catch {
    return [];
  }
};

async function ask(url) {
  const response = await fetch(url, { headers: { accept: "application/json, image/svg+xml" } });
  const isPicture = response.headers.get("content-type")?.startsWith("image/");
  if (response.ok) return isPicture ? { id: url, picture: await response.text() } : response.json();
  const problem = await response.json().catch(() => ({}));
  throw Object.assign(new Error(problem.detail || "The server did not answer."), { status: response.status });
}

// What a list knows. Newer knowledge wins: an item never goes back to an older version.
class Store {
  constructor(url, props) {
    Object.assign(this, { url, props, items: new Map(), read: new Map(), listeners: new Set(), status: "loading", next: null, pages: 1, tick: 0 });
  }
  changed() {
    this.tick += 1;
    for (const listener of this.listeners) listener();
  }
  merge(item) {
    const known = this.items.get(item.id);
    if (known?.version > item.version) return;
    this.items.set(item.id, { ...known, ...item });
  }
  // One answer at a time under each name; who asks meanwhile waits for the same one.
  once(name, work) {
    this[name] ??= work()
      .catch((error) => this.failed(error))
      .finally(() => {
        this[name] = null;
        this.changed();
        if (this.overtaken) this.heal(); // a frame came while the answer was under way: it may be older
      });
    return this[name];
  }
  failed(error) {
    if (this.status !== "loading" && error.status !== 404 && error.status !== 403) return;
    Object.assign(this, { status: "failed", error: error.message });
  }
  load() {
    if (!this.url) return;
    return this.once("loading", async () => {
      this.overtaken = false;
      await this.fetch();
      this.status = "ready";
    });
  }
  // The id of the one that this is about; the address may name it otherwise.
  get itself() {
    return this.items.keys().next().value;
  }
  // As many pages as are on the screen, so that a refresh takes nothing away; swapped in at once.
  async fetch() {
    const items = new Map();
    let next = null;
    for (let n = 0; n === 0 || (next && n < this.pages); n += 1) {
      const page = await ask(this.at(next));
      for (const item of ["one", "figures"].includes(this.props.kind) ? [page] : page.items || page) items.set(item.id, item);
      next = page.next ?? null;
    }
    Object.assign(this, { items, next, answers: (this.answers ?? 0) + 1 });
  }
  at(cursor) {
    return cursor ? `${this.url}${this.url.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}` : this.url;
  }
  more() {
    if (!this.next) return;
    return this.once("loading", async () => {
      const page = await ask(this.at(this.next));
      for (const item of page.items) if (!this.items.has(item.id)) this.items.set(item.id, item);
      Object.assign(this, { next: page.next ?? null, pages: this.pages + 1 });
    });
  }
  comeBack() {
    return this.load();
  }
  // Ask, or when an answer is under way ask once more after it: that one may be older than what was just heard.
  heal() {
    if (this.loading) this.overtaken = true;
    else this.load();
  }
  // What is only counted or summed up can wait: not every page asks in the same moment, and a burst is asked about once.
  healSoon() {
    const { patience = 0 } = this.props;
    if (!patience) return this.heal();
    this.soon ??= setTimeout(() => {
      this.soon = null;
      this.heal();
    }, patience * (0.5 + Math.random() / 2));
  }
  hear(frame) {
    const { kind, list, tally, keep } = this.props;
    if (frame.list === "*") return this.heal();
    this.overtaken ||= !!this.loading;
    if (tally && this.countUnread(frame)) return this.changed();
    if (frame.list === this.props.also && this.isAbout(frame.item?.id)) return this.healSoon();
    if (frame.list === "tags" && list !== "tags") return this.retag(frame);
    if (frame.list !== list) return this.hearMessage(frame);
    if (this.scope && frame.scope !== (kind === "one" ? this.itself : this.scope)) return;
    if (keep || frame.op === "stale") return this.healSoon(); // whether it is kept, only the server knows
    if (frame.op === "drop") this.items.delete(frame.item.id);
    else if (frame.op === "put" && kind !== "one") this.merge({ unread: 0, last_read_seq: 0, ...this.items.get(frame.item.id), ...frame.item });
    else if (this.items.has(frame.item.id)) this.merge(frame.item);
    else if (kind !== "one" && frame.item.last_seq === 1) return this.healSoon(); // the first word about a decision brings its conversation into the list
    else return;
    this.recount(frame.item.id);
    this.changed();
  }
  // A tag that is called or colored otherwise, or is gone, is so on every row that it hangs on.
  retag({ op, item: tag }) {
    const tagged = [...this.items.values()].filter(({ tags }) => tags?.some(({ id }) => id === tag.id));
    for (const item of tagged) this.items.set(item.id, { ...item, tags: item.tags.flatMap((known) => (known.id !== tag.id ? known : op === "put" ? tag : [])) });
    if (tagged.length) this.changed();
  }
  // Whether it is about something of another list: itself that, or what came of it.
  isAbout(id) {
    return !!id && (this.items.has(id) || [...this.items.values()].some((item) => item.decision?.id === id));
  }
  // A list of threads learns from the messages of the open one, too: its readers get no second frame.
  hearMessage(frame) {
    const thread = this.props.list === "threads" && frame.list === "messages" && this.items.get(frame.scope);
    if (!thread || frame.op !== "put" || frame.item.seq <= thread.last_seq) return;
    this.merge({ id: thread.id, last_seq: frame.item.seq, last_message_at: frame.item.created_at });
    this.recount(thread.id);
    this.changed();
  }
  recount(id) {
    const item = this.items.get(id);
    if (item && "last_read_seq" in item) item.unread = Math.max(0, item.last_seq - item.last_read_seq);
  }
  // Unread per channel: plus what is posted, minus what is read, each thread's numbers counted once.
  countUnread(frame) {
    const isMessage = frame.list === "messages" && frame.op === "put";
    if (!isMessage && !(frame.list === "threads" && frame.op === "patch")) return false;
    const thread = isMessage ? frame.scope : frame.item.id;
    const channel = this.items.get(isMessage ? frame.item.place_id : frame.scope);
    if (!channel) return true;
    const known = this.read.get(thread) || { last: 0, read: 0 };
    const last = isMessage ? frame.item.seq : frame.item.last_seq;
    if (last > known.last) {
      channel.unread += 1;
      known.last = last;
    }
    if (frame.item.last_read_seq > known.read) {
      channel.unread -= frame.item.last_read_seq - Math.max(frame.item.was, known.read);
      Object.assign(known, { read: frame.item.last_read_seq, answers: this.answers });
    } else if (frame.item.last_read_seq === known.read && known.answers !== this.answers) {
      known.answers = this.answers; // it is stored by now, and an answer that came in between may not have counted it
      this.healSoon();
    }
    channel.unread = Math.max(0, channel.unread);
    this.read.set(thread, known);
    this.items.set(channel.id, { ...channel });
    return true;
  }
}

// A thread: messages by seq, without gaps from 1 to `last`; which of them are here depends on where one looks.
class Timeline extends Store {
  constructor(url, props) {
    super(url, props);
    Object.assign(this, { version: 0, last: 0, lastRead: null, jump: null, ids: new Map(), keys: new Set(), asked: new Set() });
  }
  of(seq) {
    return this.items.get(this.ids.get(seq));
  }
  merge(item) {
    super.merge(item);
    this.ids.set(item.seq, item.id);
    if (item.client_key) this.keys.add(item.client_key);
    this.last = Math.max(this.last, item.seq);
  }
  async fetch(query = this.asking ?? "") {
    const page = await ask(this.url + query);
    for (const item of page.items) this.merge(item);
    Object.assign(this, { version: page.version, last: Math.max(this.last, page.last_seq), lastRead: page.last_read_seq, place: page.place_id });
    this.opened ??= page.last_seq > page.last_read_seq ? page.last_read_seq + 1 : null;
  }
  // Look at a message, wherever in the thread it lies; it is fetched with its neighbors when it is not here.
  lookAt(seq) {
    this.jump = seq;
    if (this.status === "ready") return this.changed();
    this.asking = `?around=${seq}`;
    return this.load();
  }
  // What was just sent is looked at, at the end of the thread.
  sent() {
    this.jump = "end";
    this.changed();
  }
  // Coming back: what is new begins where one has read, and not where it began the last time.
  async comeBack() {
    await this.catchUp();
    this.opened = this.last > this.lastRead ? this.lastRead + 1 : null;
    this.changed();
  }
  // Fetch what is missing between two seqs; somebody who drags the scroll bar is waited for.
  need(first, last) {
    const [from, to] = [Math.max(1, first - 20), Math.min(this.last, last + 20)];
    this.middle = (first + last) / 2;
    clearTimeout(this.waiting);
    const wanted = [];
    for (let chunk = Math.floor((from - 1) / CHUNK); chunk * CHUNK < to; chunk += 1) {
      if (!this.asked.has(chunk) && this.lacks(chunk, from, to)) wanted.push(chunk);
    }
    if (wanted.length) this.waiting = setTimeout(() => wanted.forEach((chunk) => this.fetchChunk(chunk)), this.of(first) || this.of(last) ? 0 : 80);
  }
  lacks(chunk, from, to) {
    for (let seq = Math.max(from, chunk * CHUNK + 1); seq <= Math.min(to, (chunk + 1) * CHUNK); seq += 1) if (!this.of(seq)) return true;
    return false;
  }
  async fetchChunk(chunk) {
    this.asked.add(chunk);
    try {
      const page = await ask(`${this.url}?after=${chunk * CHUNK}`);
      for (const item of page.items) this.merge(item);
      this.forget();
    } catch (error) {
      this.failed(error);
      await new Promise((done) => setTimeout(done, 2000)); // then whoever still looks there asks again
    }
    this.asked.delete(chunk);
    this.changed();
  }
  forget() {
    if (this.items.size <= MOST) return;
    for (const { id, seq, client_key } of [...this.items.values()]) {
      if (Math.abs(seq - this.middle) < MOST / 4) continue;
      this.items.delete(id);
      this.ids.delete(seq);
      this.keys.delete(client_key);
    }
  }
  // What a lost frame or a lost connection left out: asked by version, so it is exact.
  catchUp() {
    if (this.status !== "ready") return this.load();
    return this.once("loading", async () => {
      this.overtaken = false;
      for (let rounds = 0, more = true; more; rounds += 1) {
        if (rounds === 5) return this.beginAnew();
        const changes = await ask(`${this.url.replace(/\/messages$/, "/changes")}?after=${this.version}`);
        for (const item of changes.items) this.merge(item);
        this.version = Math.max(this.version, changes.version);
        more = changes.has_more;
      }
    });
  }
  // More has changed than one would look through: forget what is here and fetch what is looked at.
  async beginAnew() {
    const page = await ask(`${this.url}?around=${Math.max(1, Math.round(this.middle || this.last))}`);
    for (const known of [this.items, this.ids, this.keys]) known.clear();
    for (const item of page.items) this.merge(item);
    Object.assign(this, { version: page.version, last: page.last_seq });
  }
  heal() {
    if (this.loading) this.overtaken = true;
    else if (this.status === "ready") this.catchUp();
  }
  hear(frame) {
    if (frame.list === "*") return this.heal();
    if (frame.list !== this.props.list || frame.scope !== this.scope) return;
    if (this.status === "loading" || frame.op === "stale" || frame.version > this.version + 1) return this.heal();
    this.version = Math.max(this.version, frame.version);
    this.merge(frame.item);
    this.changed();
  }
}

// What is known of one thing by the address that it had until now.
function renamed(url) {
  const isIt = ({ props, url: known, items }) => props.kind === "one" && [...items.values()].some(({ address }) => address && url === known.replace(/[^/]*$/, address));
  const known = [...cache.values()].find(isIt);
  return known && { items: new Map(known.items), status: known.status };
}

function storeOf(url, props, scope) {
  const store = cache.get(url) ?? Object.assign(new (props.kind === "timeline" ? Timeline : Store)(url, props), props.kind === "one" ? renamed(url) : null);
  cache.delete(url); // where one came last is forgotten last, and what is on the page never
  cache.set(url, store);
  const forgotten = cache.size > KEPT && [...cache.values()].find((each) => each !== store && !each.listeners.size);
  if (forgotten) cache.delete(forgotten.url);
  return Object.assign(store, { props, scope });
}

const hue = (id) => [...id.slice(-6)].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7) % HUES;
const initials = (name) => {
  const words = name.trim().split(/\s+/);
  return ((words[0]?.[0] || "?") + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
};
const dayOf = (date) => date.toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long", year: date.getFullYear() === new Date().getFullYear() ? undefined : "numeric" });
const ago = (date) => {
  const today = new Date().toDateString() === date.toDateString();
  return today ? date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : date.toLocaleDateString(undefined, { day: "numeric", month: "short", year: date.getFullYear() === new Date().getFullYear() ? undefined : "numeric" });
};

const excerpt = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent.trim().slice(0, 120);

const NOTHING = []; // always the same one: what is not marked does not change
const decorated = new WeakMap(); // the same item with the same neighbours gives the same row: rows render once
function decorate(item, previous, newFrom, { me, moderates, may, mays, answered, marked, picked }) {
  const to = item.reply_to_id && answered(item.reply_to_id);
  const marks = marked.get(item.id) ?? NOTHING;
  const key = `${previous?.id}|${newFrom}|${me}|${moderates}|${to?.version}|${marks.map((mark) => mark.key)}|${picked.has(item.id)}|${mays}`;
  const known = decorated.get(item);
  if (known?.key === key) return known.row;
  const at = new Date(item.created_at);
  const before = previous && new Date(previous.created_at);
  const starts = item.seq === 1 || (!!before && before.toDateString() !== at.toDateString());
  const isNew = newFrom !== null && item.seq === newFrom;
  const row = {
    ...item,
    day: starts ? dayOf(at) : "",
    is_new: isNew,
    is_first: starts || isNew || previous?.author_id !== item.author_id || at - before > 600_000,
    time: at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }),
    clock: at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" }).replace(/\s?[AP]M$/i, ""),
    full_time: at.toLocaleString(undefined, { dateStyle: "full", timeStyle: "medium" }),
    html: item.html?.replaceAll('<span class="reference"', '<span class="reference" role="link" tabindex="0"'),
    initials: initials(item.author),
    hue: `hue-${hue(item.author_id)}`,
    is_reply: !!item.reply_to_id,
    reply_author: to?.author ?? "",
    reply_text: to ? excerpt(to.html) || "a deleted message" : "an earlier message",
    reply_href: to || item.reply_to_seq ? `#m${to?.seq ?? item.reply_to_seq}` : "",
    is_mine: item.author_id === me,
    is_edited: !!item.edited_at,
    is_deleted: !!item.deleted_at,
    is_pending: !!item.pending && !item.failed,
    is_unsent: !!item.pending,
    may_delete: moderates || item.author_id === me,
    anchor: item.seq ? `m${item.seq}` : "",
    is_failed: !!item.failed,
    is_picked: picked.has(item.id),
    marks,
    may,
    seq: item.seq ?? 0,
  };
  decorated.set(item, { key, row });
  return row;
}
const full = (value) => (value ? new Date(value).toLocaleString(undefined, { dateStyle: "full", timeStyle: "short" }) : "");
const left = (value) => { // until a moment: minutes, then hours, then days
  const minutes = Math.max(0, (new Date(value) - Date.now()) / 60_000);
  return minutes < 90 ? `${Math.ceil(minutes)} min` : minutes < 72 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
};
const clock = (value) => new Date(value).toLocaleString(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const dated = (day) => new Date(`${day}T12:00`).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
const late = (day) => { // by how much a day is over
  const days = Math.floor((Date.now() - new Date(`${day}T00:00`)) / 86_400_000);
  return days > 0 ? `${days} d` : "";
};
// What belongs to an item, in words: moments (`…_at`) also as `…_ago`, `…_full`, `…_clock`, `…_left`, days (`…_on`) as `…_day`, `…_late`, people with an avatar.
function worded(value, me) {
  if (Array.isArray(value)) return value.map((each) => worded(each, me));
  if (!value || typeof value !== "object") return value;
  const said = {};
  for (const [name, part] of Object.entries(value)) {
    said[name] = worded(part, me);
    const of = name.slice(0, -3);
    if (name.endsWith("_at")) Object.assign(said, { [`${of}_ago`]: part ? ago(new Date(part)) : "", [`${of}_full`]: full(part), [`${of}_clock`]: part ? clock(part) : "", [`${of}_left`]: part ? left(part) : "" });
    if (name.endsWith("_on")) Object.assign(said, { [`${of}_day`]: part ? dated(part) : "", [`${of}_late`]: part ? late(part) : "" });
  }
  const person = value.person ?? value.owner ?? value.name;
  const id = value.membership_id ?? value.owner_id ?? value.id;
  if (person && id) Object.assign(said, { initials: initials(person), hue: `hue-${hue(id)}`, is_me: id === me });
  return said;
}
function enrich(item, { me, moderates, may, here, path }, href, heading) {
  const now = item.comment_ends_at ? Math.floor(Date.now() / 60_000) : new Date().toDateString();
  const key = JSON.stringify([me, moderates, may, href, item.id === here || href === path, now, heading]);
  const known = decorated.get(item);
  if (known?.key === key) return known.row;
  const moment = item.last_message_at || item.created_at;
  const name = item.name || item.title || "";
  const row = { ...worded(item, me), when: moment ? ago(new Date(moment)) : "", full_time: full(moment), created: item.created_at ? ago(new Date(item.created_at)) : "", created_full: full(item.created_at), initials: initials(name), hue: `hue-${hue(item.id)}`, is_mine: item.id === me, may_change: moderates || item.created_by === me, may: item.may ?? may, href, heading, is_here: item.id === here || href === path };
  decorated.set(item, { key, row });
  return row;
}
const { compare } = new Intl.Collator();
const byOrder = (order) => (a, b) => {
  for (const field of order) {
    const [name, sign] = field.startsWith("-") ? [field.slice(1), -1] : [field, 1];
    const [x, y] = [a[name] ?? a.created_at ?? "", b[name] ?? b.created_at ?? ""];
    const compared = typeof x === "string" ? compare(x, y) : x - y;
    if (compared) return compared * sign;
  }
  return 0;
};

const Row = memo(({ item, render }) => render.current(item), (a, b) => a.item === b.item);
const Slot = ({ ref, style, index, children }) => h("div", { ref, style, "data-row": index }, children);
const Hole = () => h("div", { className: "msg hole", "aria-hidden": true }, h("span", { className: "bone" }), h("span", { className: "bone" }));

export function LiveList(props) {
  const { source, scope: scopeTemplate = "", kind = "list", className = "", skeleton, problem } = props;
  const params = useParams();
  const url = fill(source, params);
  const store = useStore(url, fill(scopeTemplate, params), props);
  const render = useRef(props.renderItem);
  render.current = props.renderItem;
  const { pathname } = useLocation();
  useAddress(props.address, params, kind === "one" && store.items.get(store.itself));
  const figures = useRef({});
  if (kind === "figures") {
    if (store.status === "ready") figures.current = [...store.items.values()][0];
    else if (!url || store.status === "failed") figures.current = {}; // otherwise those of before stay: nothing flickers
    return render.current(figures.current);
  }
  if (kind === "count") {
    const href = fill(props.href, params);
    return render.current({ count: store.items.size, href, is_here: pathname === href || (!!props.here && pathname.startsWith(fill(props.here, params))) });
  }
  if (store.status === "failed") return problem ?? h("p", { role: "alert" }, store.error);
  if (store.status === "loading") return h("div", { className, "aria-busy": true, "data-list": props.list }, skeleton);
  return h(kind === "timeline" ? Thread : Rows, { key: kind === "one" ? store.itself : url, store, render, params, ...props });
}

// The store of an address, kept current by frames and after every absence.
function useStore(url, scope, props) {
  const { feed, epoch } = props;
  const [, refresh] = useReducer((n) => n + 1, 0);
  const states = useContext(StateStoreContext);
  const { hash } = useLocation();
  const store = useMemo(() => storeOf(url, props, scope), [url]);
  store.props = props;
  useEffect(() => {
    const isKept = store.listeners.size > 0 && store.status === "ready" && !store.lookAt; // another one on this page keeps it current
    store.listeners.add(refresh);
    if (!url || isKept) return () => store.listeners.delete(refresh);
    const asked = store.lookAt && hash.match(/^#m(\d+)$/);
    if (asked) store.lookAt(Number(asked[1]));
    else store.status === "ready" ? store.comeBack() : store.load();
    return () => {
      store.listeners.delete(refresh);
      store.opened = undefined;
    };
  }, [store, hash]);
  const joined = useRef(epoch);
  useEffect(() => { // rooms were joined anew (first visit, reconnect): heal what came before them
    if (joined.current === epoch) return; // another list is asked anyway
    joined.current = epoch;
    store.heal();
  }, [epoch, store]);
  useEffect(() => {
    let last = null;
    const unsubscribe = states.subscribe(feed, () => {
      const frame = states.getSnapshot(feed)?.frame_rx_state_;
      if (frame && frame !== last && frame.list) store.hear((last = frame));
    });
    const wake = () => document.visibilityState === "visible" && store.heal();
    const told = (event) => {
      if (event.type === "frame") return store.hear(event.detail);
      if (event.detail.sent && store.sent) store.sent();
      refresh();
    };
    const heard = [[window, "online", wake], [document, "visibilitychange", wake], [local, "pending", told], [local, "frame", told]];
    for (const [target, name, listener] of heard) target.addEventListener(name, listener);
    return () => {
      unsubscribe();
      for (const [target, name, listener] of heard) target.removeEventListener(name, listener);
    };
  }, [store, states, feed]);
  return store;
}

// One stands where its address says: it may be given another one, and one may have come by an old one.
function useAddress(template, params, item) {
  const { pathname, search, hash, key } = useLocation();
  const navigate = useNavigate();
  const address = template && item ? fill(template, { ...params, ...item }) : pathname;
  useEffect(() => {
    if (address !== pathname) navigate({ pathname: address, search, hash }, { replace: true });
  }, [address, pathname, key]);
}

// Lists ordered by fields; a long one has only what is on the screen in the page, and fetches on as one comes to its end.
function Rows({ store, render, params, me = "", moderates = false, may = {}, here = "", keep = "", order = [], group = "", href = "", kind = "list", className = "", label, list, empty }) {
  const { pathname: path } = useLocation();
  const box = useRef(null);
  const virtual = useRef(null);
  const scroller = useRef(null);
  const [margin, setMargin] = useState(0);
  const view = { me, moderates, may, here, path };
  const kept = useMemo(() => [...store.items.values()].filter((item) => !keep || item[keep]).sort(byOrder(order)), [store.tick, keep]);
  const heading = (item, previous) => (group && item[group] !== previous?.[group] ? item[group] : ""); // the first of each group carries it
  const rows = kept.map((item, index) => enrich(item, view, fill(href, { ...params, ...item }), heading(item, kept[index - 1])));
  const isLong = rows.length > LONG;
  useTicking(rows.some((row) => row.comment_ends_at)); // the time that is left is told to the minute
  useLayoutEffect(() => { // whatever scrolls: the list itself, or what it lies in
    let at = box.current;
    while (at && !/auto|scroll/.test(getComputedStyle(at).overflowY)) at = at.parentElement;
    scroller.current = at;
    if (isLong && at) setMargin(at === box.current ? 0 : box.current.getBoundingClientRect().top - at.getBoundingClientRect().top + at.scrollTop);
  });
  useScrollKept(store, scroller, rows.length > 0);
  useEffect(() => {
    const el = box.current;
    if (!el) return;
    const onFocus = ({ detail: { by } }) => focusRow(el, neighbor(el, by, rows.length), (i) => virtual.current?.scrollToIndex(i, { align: "nearest" }));
    el.addEventListener("dfworx:focus", onFocus);
    return () => el.removeEventListener("dfworx:focus", onFocus);
  });
  const common = { className, ref: box, "data-list": list, "data-live-list": kind, "data-ready": true };
  if (!rows.length) return h("div", common, empty);
  const row = (item, index) => h(Row, { key: item.id, item, render, index });
  const keepSizes = () => (store.sizes = { of: rows.length, cache: virtual.current.cache });
  const more = () => store.next && virtual.current?.findItemIndex(virtual.current.scrollOffset + virtual.current.viewportSize) > rows.length - 20 && store.more();
  return h(
    "div",
    { ...common, role: kind === "one" ? undefined : "list", "aria-label": label },
    isLong ? h(Virtualizer, { key: "rows", ref: virtual, scrollRef: scroller, startMargin: margin, data: rows, item: Slot, cache: store.sizes?.of === rows.length ? store.sizes.cache : undefined, onScroll: more, onScrollEnd: keepSizes }, row) : rows.map(row),
    store.next && h("button", { key: "more", type: "button", className: "more", onClick: () => store.more() }, "Show more"),
  );
}

function useTicking(isOn) {
  const [, tick] = useReducer((n) => n + 1, 0);
  useEffect(() => {
    const timer = isOn && setInterval(tick, 30_000);
    return () => clearInterval(timer);
  }, [isOn]);
}

// A list comes back as one left it.
function useScrollKept(store, scroller, isThere) {
  useLayoutEffect(() => {
    const el = scroller.current;
    if (!el || !isThere) return;
    const onScroll = () => (store.scrolled = el.scrollTop);
    const restore = (tries) => { // while a page is still on its way in, nothing in it can scroll
      if (tries && store.scrolled && el.scrollHeight < store.scrolled) return (waiting = requestAnimationFrame(() => restore(tries - 1)));
      if (store.scrolled) el.scrollTop = store.scrolled;
      el.addEventListener("scroll", onScroll, { passive: true });
    };
    let waiting = null;
    restore(60);
    return () => {
      cancelAnimationFrame(waiting);
      el.removeEventListener("scroll", onScroll);
    };
  }, [store, isThere]);
}

// A thread: every message has its place from the first to the last, so that the scroll bar tells where one is.
function Thread({ store, render, params, me = "", moderates = false, may = {}, className = "", label, list, empty, ...props }) {
  const box = useRef(null);
  const virtual = useRef(null);
  const [held, hold] = useState(null); // the row with the focus stays in the page wherever one scrolls
  const pending = pendingIn(store.scope).filter((m) => !store.keys.has(m.client_key));
  const count = store.last + pending.length;
  const marked = useMarks(store, params, props);
  const { picked, ...picking } = usePicking(store);
  const mays = useMemo(() => JSON.stringify(may), [may]);
  const view = { me, moderates, may, mays, marked, picked, answered: (id) => store.items.get(id) };
  const row = (_, index) => {
    const item = store.of(index + 1) ?? pending[index - store.last];
    if (!item) return h(Hole, { key: `hole${index}` });
    const previous = store.of(index) ?? pending[index - 1 - store.last];
    return h(Row, { key: item.client_key || item.id, item: decorate(item, previous, store.opened, view), render });
  };
  const { isAway, toEnd, ...scrolling } = useScrolling(box, virtual, store, count);
  useReading(box, store, me);
  useEffect(() => {
    const el = box.current;
    if (!el) return;
    const onFocus = ({ detail: { by } }) => focusRow(el, neighbor(el, by, count, virtual.current), (i) => virtual.current?.scrollToIndex(i, { align: "nearest" }));
    el.addEventListener("dfworx:focus", onFocus);
    return () => el.removeEventListener("dfworx:focus", onFocus);
  });
  const common = { className, ref: box, "data-list": list, "data-live-list": "timeline", "data-ready": true };
  if (!count) return h("div", common, empty);
  const timeline = h(
    "div",
    { ...common, ...picking, role: "log", "aria-live": "off", "aria-label": label, tabIndex: 0, onFocus: (e) => hold(rowOf(e.target)), onBlur: () => hold(null) },
    h(Virtualizer, { key: "rows", ref: virtual, scrollRef: box, bufferSize: AHEAD, data: { length: count }, item: Slot, keepMounted: held === null ? undefined : [held], ...scrolling }, row),
    isAway && h("button", { key: "end", type: "button", className: "btn to-end", onClick: toEnd }, "Latest messages ↓"),
  );
  const says = `${picked.size} ${picked.size === 1 ? "message" : "messages"}`;
  return h(Fragment, null, timeline, picked.size > 0 && h("div", { key: "picked", onClick: picking.onClick }, props.picked?.({ ids: [...picked], thread: store.scope, says })));
}

// What became of messages (decisions that they are evidence of), by the message: another list, fetched once for the thread.
function useMarks(store, params, { marks: { source = "", list, also, href = "" } = {}, feed, epoch }) {
  const all = useStore(fill(source, params), store.scope, { kind: "list", list, also, patience: 500, feed, epoch });
  return useMemo(() => {
    const marked = new Map();
    for (const { message_id, decision } of all.items.values()) {
      const mark = { id: decision.id, ref: decision.ref, title: decision.title, status: decision.status, href: fill(href, { ...params, ...decision }) };
      marked.set(message_id, [...(marked.get(message_id) ?? []), { ...mark, key: Object.values(mark).join() }]);
    }
    return marked;
  }, [all, all.tick, href]);
}

// Messages are picked by their own button, several at once with Shift, to do something with all of them; Esc lets go of them.
function usePicking(store) {
  const [all, pick] = useState(new Set());
  const last = useRef(null);
  const picked = useMemo(() => new Set([...all].filter((id) => !store.items.get(id)?.deleted_at).sort((a, b) => store.items.get(a)?.seq - store.items.get(b)?.seq)), [all, store.tick]);
  const onClick = (event) => {
    const { compose, id } = event.target.closest("[data-compose]")?.dataset ?? {};
    if (compose === "unpick") pick(new Set());
    if (compose !== "pick") return;
    const [from, to] = [store.items.get(event.shiftKey && last.current ? last.current : id)?.seq ?? 0, store.items.get(id)?.seq ?? 0];
    const range = [...store.items.values()].filter(({ seq, kind, deleted_at }) => seq >= Math.min(from, to) && seq <= Math.max(from, to) && kind !== "system" && !deleted_at);
    const isLetGo = picked.has(id) && from === to;
    const next = new Set(picked);
    for (const message of range) isLetGo ? next.delete(message.id) : next.add(message.id);
    last.current = id;
    pick(next);
  };
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || !picked.size) return;
    event.preventDefault(); // and does not go to the composer
    pick(new Set());
  };
  return { picked, onClick, onKeyDown };
}

const rowOf = (el) => (el.closest("[data-row]") ? Number(el.closest("[data-row]").dataset.row) : null);
const focusable = (row) => row?.querySelector("article, a, button") ?? null;

// The row that is `by` away from the one with the focus; without one, the last that can be seen.
function neighbor(el, by, count, virtual) {
  if (by === "first" || by === "last") return by === "first" ? 0 : count - 1;
  const plain = [...el.querySelectorAll("[role=listitem]")];
  const inside = el.contains(document.activeElement) && document.activeElement !== el;
  const at = inside ? (rowOf(document.activeElement) ?? plain.findIndex((row) => row.contains(document.activeElement))) : null;
  if (at === null) return virtual ? virtual.findItemIndex(virtual.scrollOffset + virtual.viewportSize - 8) : 0;
  return Math.min(count - 1, Math.max(0, at + by));
}

// Focus a row; a virtual one comes into the page first.
function focusRow(el, index, scrollTo, tries = 30) {
  const found = el.querySelector("[data-row]") ? focusable(el.querySelector(`[data-row="${index}"]`)) : el.querySelectorAll("[role=listitem]")[index];
  if (tries === 30) scrollTo(index);
  if (found) found.focus({ preventScroll: el.dataset.liveList === "timeline" });
  else if (tries) requestAnimationFrame(() => focusRow(el, index, scrollTo, tries - 1));
}

// Scrolling of a thread: opens where the unread begins, stays at the end when it was there, goes where it is asked to, and
// says which messages it needs. The virtualizer keeps the place when rows above change their height.
function useScrolling(box, virtual, store, count) {
  const place = useRef({ atEnd: true, offset: 0, count: 0, isOpen: false }).current;
  const [isAway, setAway] = useState(false);
  const toEnd = () => virtual.current?.scrollToIndex(count - 1, { align: "end" });
  const look = () => {
    const { scrollOffset, viewportSize } = virtual.current;
    store.need(virtual.current.findItemIndex(scrollOffset) + 1, virtual.current.findItemIndex(scrollOffset + viewportSize) + 1);
  };
  const goTo = (seq) => {
    const index = Math.min(seq, store.last) - 1;
    place.atEnd = false;
    virtual.current.scrollToIndex(index, { align: "center" });
    if (!store.of(index + 1)) return; // once more when it is here
    store.jump = null;
    focusRow(box.current, index, () => {});
  };
  useLayoutEffect(() => {
    if (!virtual.current) return;
    if (store.jump === "end") Object.assign(store, { jump: null }), (place.atEnd = true), toEnd();
    else if (store.jump !== null) goTo(store.jump);
    else if (!place.isOpen && store.opened) (place.atEnd = false), virtual.current.scrollToIndex(store.opened - 1, { offset: -96 });
    else if (!place.isOpen || (place.atEnd && count > place.count)) toEnd();
    Object.assign(place, { count, isOpen: true });
    look();
  });
  const onScroll = (offset) => {
    const { scrollSize, viewportSize } = virtual.current;
    if (scrollSize - offset - viewportSize < 48) place.atEnd = true;
    else if (offset < place.offset - 1) place.atEnd = false; // what grows below does not count as leaving
    place.offset = offset;
    setAway(scrollSize - offset - viewportSize > 2 * viewportSize);
    look();
  };
  return { isAway, toEnd, onScroll, onResize: () => place.atEnd && toEnd() };
}

// How far one has read: what has been on the screen of a window that one looks at.
function useReading(box, store, me) {
  useEffect(() => {
    if (!me) return;
    const look = () => {
      const el = box.current;
      if (!el || document.visibilityState !== "visible" || !document.hasFocus() || store.status !== "ready") return;
      const bottom = el.getBoundingClientRect().bottom;
      const seen = [...el.querySelectorAll("[data-seq]")].filter((row) => row.getBoundingClientRect().top < bottom - 8);
      markRead(store, Math.max(0, ...seen.map((row) => Number(row.dataset.seq))));
    };
    const timer = setInterval(look, 1000);
    look();
    return () => clearInterval(timer);
  }, [store, me]);
}

function markRead(store, seq) {
  if (!seq || seq <= (store.lastRead ?? 0) || store.marking) return;
  const was = store.lastRead;
  store.lastRead = seq;
  local.dispatchEvent(new CustomEvent("frame", { detail: { list: "threads", op: "patch", scope: store.place, item: { id: store.scope, last_read_seq: seq, was } } }));
  store.marking = fetch(store.url.replace(/\/messages$/, "/reading"), { method: "PUT", keepalive: true, headers: { "content-type": "application/json" }, body: JSON.stringify({ seq }) })
    .catch(() => (store.lastRead = was))
    .finally(() => setTimeout(() => (store.marking = null), 1500));
}
