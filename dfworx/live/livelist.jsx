// LiveList: a list that fetches itself over REST and is kept current by frames. Rows are rendered by a function written in
// Python. Three kinds: "timeline" (messages by seq, grouped by day and author), "list" (ordered by fields), "one" (one item).
import { createElement as h, memo, useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef } from "react";
import { useLocation, useParams } from "react-router";
import { StateStoreContext } from "$/utils/context-registry";

const cache = new Map(); // url -> store: a list that was on screen before is there at once, then asks what changed
const KEPT = 40;
const LAST = 2 ** 31 - 1;
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
  const response = await fetch(url, { headers: { accept: "application/json" } });
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw Object.assign(new Error(problem.detail || "The server did not answer."), { status: response.status });
}

class Store {
  constructor(url, props) {
    Object.assign(this, { url, props, items: new Map(), version: 0, read: new Map(), listeners: new Set() });
    Object.assign(this, { status: "loading", hasBefore: false, hasAfter: false, next: null, pages: 1, jump: null, lastRead: null, tick: 0 });
  }
  changed() {
    this.tick += 1;
    for (const listener of this.listeners) listener();
  }
  // Newer knowledge wins: an item never goes back to an older version.
  merge(item) {
    const known = this.items.get(item.id);
    if (known?.version > item.version) return;
    this.items.set(item.id, { ...known, ...item });
  }
  async once(name, work) {
    if (this[name]) return this[name];
    this[name] = work()
      .catch((error) => {
        if (this.status === "loading" || error.status === 404 || error.status === 403) {
          this.status = "failed";
          this.error = error.message;
        }
      })
      .finally(() => {
        this[name] = null;
        this.changed();
        if (this.overtaken) this.catchUp(); // a frame came while the answer was under way: it may be older
      });
    return this[name];
  }
  load(query = "") {
    return this.once("loading", async () => {
      if (!query) this.overtaken = false;
      if (this.props.kind === "timeline") this.takePage(await ask(this.url + query), query);
      else await this.loadPages();
      this.status = "ready";
    });
  }
  // As many pages as are on the screen, so that a refresh takes nothing away; swapped in at once.
  async loadPages() {
    const items = new Map();
    let next = null;
    for (let n = 0; n === 0 || (next && n < this.pages); n += 1) {
      const page = await ask(this.url + (next ? `?cursor=${encodeURIComponent(next)}` : ""));
      for (const item of this.props.kind === "one" ? [page] : page.items || page) items.set(item.id, item);
      next = page.next ?? null;
    }
    Object.assign(this, { items, next });
  }
  // Another part of the thread takes the place of what is loaded; `jump` says where to look then ("end", or a seq).
  async seek(query, jump) {
    await this.loading;
    this.jump = jump;
    return this.once("loading", async () => {
      this.takePage(await ask(this.url + query), query, true);
      this.status = "ready";
    });
  }
  // Look at a message: it may be loaded, or lie anywhere in the thread.
  lookAt(seq) {
    this.jump = seq;
    if (this.status === "ready" && [...this.items.values()].some((m) => m.seq === seq)) return this.changed();
    return this.seek(`?around=${seq}`, seq);
  }
  // What was just sent is looked at, at the end of the thread.
  sent() {
    this.jump = "end";
    if (this.hasAfter) this.seek(`?before=${LAST}`, "end");
  }
  // Coming back: what is new begins where one has read, and not where it began the last time.
  async comeBack() {
    await this.catchUp();
    const last = Math.max(0, ...[...this.items.values()].map((m) => m.seq));
    if (this.props.kind === "timeline") this.opened = last > this.lastRead ? this.lastRead + 1 : null;
    this.changed();
  }
  takePage(page, query, first = this.status !== "ready" || !query) {
    if (first) {
      this.items = new Map();
      Object.assign(this, { hasBefore: page.has_before, hasAfter: page.has_after, version: page.version });
      this.lastRead = page.last_read_seq;
      this.opened ??= page.last_seq > page.last_read_seq ? page.last_read_seq + 1 : null;
      this.place = page.place_id;
    }
    if (query.includes("before=")) this.hasBefore = page.has_before;
    if (query.includes("after=")) this.hasAfter = page.has_after;
    for (const item of page.items) this.merge(item);
  }
  more(direction) {
    const seqs = [...this.items.values()].map((m) => m.seq);
    if (direction === "before" && this.hasBefore) return this.load(`?before=${Math.min(...seqs)}`);
    if (direction === "after" && this.hasAfter) return this.load(`?after=${Math.max(...seqs)}`);
    if (direction === "next" && this.next) {
      return this.once("loading", async () => {
        const page = await ask(`${this.url}?cursor=${encodeURIComponent(this.next)}`);
        for (const item of page.items) if (!this.items.has(item.id)) this.items.set(item.id, item);
        this.next = page.next ?? null;
        this.pages += 1;
      });
    }
  }
  // What a lost frame or a lost connection left out: asked by version, so it is exact.
  catchUp() {
    if (this.props.kind !== "timeline" || this.status !== "ready") return this.load();
    return this.once("catching", async () => {
      this.overtaken = false;
      for (let more = true; more; ) {
        const changes = await ask(`${this.url.replace(/\/messages$/, "/changes")}?after=${this.version}`);
        for (const item of changes.items) this.take(item);
        this.version = Math.max(this.version, changes.version);
        more = changes.has_more;
      }
    });
  }
  // Ask, or when an answer is under way ask once more after it: that one may be older than what was just heard.
  heal() {
    this.overtaken = true;
    if (this.status === "ready") this.catchUp();
  }
  // A message belongs on the screen if it changes what is loaded, or joins its end; an older one comes with its page.
  take(item) {
    const first = this.hasBefore ? Math.min(...[...this.items.values()].map((m) => m.seq)) : 1;
    if (this.items.has(item.id) || (!this.hasAfter && item.seq >= first)) this.merge(item);
  }
  hear(frame) {
    const { kind, list, tally } = this.props;
    this.overtaken ||= kind !== "timeline" && !!this.loading;
    if (tally && this.countUnread(frame)) return this.changed();
    if (frame.list !== list) return this.hearMessage(frame);
    if (kind === "timeline") return this.hearVersion(frame);
    if (kind !== "one" && this.scope && frame.scope !== this.scope) return;
    if (this.props.keep) return this.catchUp(); // whether it is kept, only the server knows
    if (frame.op === "drop") this.items.delete(frame.item.id);
    else if (frame.op === "put" && kind !== "one") this.merge({ unread: 0, last_read_seq: 0, ...this.items.get(frame.item.id), ...frame.item });
    else if (this.items.has(frame.item.id)) this.merge(frame.item);
    else return;
    this.recount(frame.item.id);
    this.changed();
  }
  hearVersion(frame) {
    if (frame.scope !== this.scope) return;
    if (this.status === "loading" || frame.op === "stale" || frame.version > this.version + 1) return this.heal();
    this.version = Math.max(this.version, frame.version);
    this.take(frame.item);
    this.changed();
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
      known.read = frame.item.last_read_seq;
    }
    channel.unread = Math.max(0, channel.unread);
    this.read.set(thread, known);
    this.items.set(channel.id, { ...channel });
    return true;
  }
}

function storeOf(url, props, scope) {
  let store = cache.get(url);
  if (!store) cache.set(url, (store = new Store(url, props)));
  if (cache.size > KEPT) cache.delete(cache.keys().next().value);
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

const decorated = new WeakMap(); // the same item with the same neighbours gives the same row: rows render once
function decorate(item, previous, newFrom, { me, moderates, answered }) {
  const to = item.reply_to_id && answered(item.reply_to_id);
  const key = `${previous?.id}|${newFrom}|${me}|${moderates}|${to?.version}`;
  const known = decorated.get(item);
  if (known?.key === key) return known.row;
  const at = new Date(item.created_at);
  const before = previous && new Date(previous.created_at);
  const starts = !before || before.toDateString() !== at.toDateString();
  const isNew = newFrom !== null && item.seq === newFrom;
  const row = {
    ...item,
    day: starts ? dayOf(at) : "",
    is_new: isNew,
    is_first: starts || isNew || previous.author_id !== item.author_id || at - before > 600_000,
    time: at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }),
    clock: at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" }).replace(/\s?[AP]M$/i, ""),
    full_time: at.toLocaleString(undefined, { dateStyle: "full", timeStyle: "medium" }),
    initials: initials(item.author),
    hue: `hue-${hue(item.author_id)}`,
    is_reply: !!item.reply_to_id,
    reply_author: to?.author ?? "",
    reply_text: to ? excerpt(to.html) || "a deleted message" : "an earlier message",
    reply_href: to ? `#m${to.seq}` : "",
    is_mine: item.author_id === me,
    is_edited: !!item.edited_at,
    is_deleted: !!item.deleted_at,
    is_pending: !!item.pending && !item.failed,
    is_unsent: !!item.pending,
    may_delete: moderates || item.author_id === me,
    anchor: item.seq ? `m${item.seq}` : "",
    is_failed: !!item.failed,
    seq: item.seq ?? 0,
  };
  decorated.set(item, { key, row });
  return row;
}
const enrich = (item, me) => {
  const moment = item.last_message_at || item.created_at;
  const name = item.name || item.title || "";
  const full = (value) => (value ? new Date(value).toLocaleString(undefined, { dateStyle: "full", timeStyle: "short" }) : "");
  return { ...item, when: moment ? ago(new Date(moment)) : "", full_time: full(moment), created: item.created_at ? ago(new Date(item.created_at)) : "", created_full: full(item.created_at), initials: initials(name), hue: `hue-${hue(item.id)}`, is_mine: item.id === me };
};
const byOrder = (order) => (a, b) => {
  for (const field of order) {
    const [name, sign] = field.startsWith("-") ? [field.slice(1), -1] : [field, 1];
    const [x, y] = [a[name] ?? a.created_at ?? "", b[name] ?? b.created_at ?? ""];
    const compared = typeof x === "string" ? x.localeCompare(y) : x - y;
    if (compared) return compared * sign;
  }
  return 0;
};

const Row = memo(({ item, render }) => render.current(item), (a, b) => a.item === b.item);

export function LiveList(props) {
  const { source, scope: scopeTemplate = "", kind = "list", feed, epoch, renderItem, order = [], me = "", label, className = "", skeleton, empty, problem, keep = "", href = "", here = "", moderates = false, may = {} } = props;
  const params = useParams();
  const [, refresh] = useReducer((n) => n + 1, 0);
  const states = useContext(StateStoreContext);
  const render = useRef(renderItem);
  render.current = renderItem;
  const box = useRef(null);
  const scope = fill(scopeTemplate, params);
  const url = fill(source, params);
  const store = useMemo(() => storeOf(url, props, scope), [url]);
  store.props = props;
  const timeline = kind === "timeline";
  const { pathname: path, hash } = useLocation();
  useEffect(() => {
    store.listeners.add(refresh);
    const asked = timeline && hash.match(/^#m(\d+)$/);
    if (asked) store.lookAt(Number(asked[1]));
    else store.status === "ready" ? store.comeBack() : store.load();
    return () => {
      store.listeners.delete(refresh);
      store.opened = undefined;
    };
  }, [store, hash]);

  useEffect(() => { // rooms were joined anew (first visit, reconnect): heal what came before them
    if (epoch > 0) store.heal();
  }, [epoch, store]);

  useEffect(() => {
    let last = null;
    return states.subscribe(feed, () => {
      const frame = states.getSnapshot(feed)?.frame_rx_state_;
      if (frame && frame !== last && frame.list) store.hear((last = frame));
    });
  }, [feed, store, states]);

  useEffect(() => {
    const wake = () => document.visibilityState === "visible" && store.catchUp();
    const told = (event) => {
      if (event.type === "frame") return store.hear(event.detail);
      if (event.detail.sent && timeline) store.sent();
      refresh();
    };
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    local.addEventListener("pending", told);
    local.addEventListener("frame", told);
    return () => {
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      local.removeEventListener("pending", told);
      local.removeEventListener("frame", told);
    };
  }, [store]);

  const address = (item) => fill(href, { ...params, ...item });
  const rows = timeline ? timelineRows(store, scope, { me, moderates }) : listRows(store, { order, keep, me, moderates, may, here, path }, address);
  useTimeline(timeline, box, store, rows, scope, me, url);

  if (store.status === "failed") return problem ?? h("p", { role: "alert" }, store.error);
  if (store.status === "loading") return h("div", { className, "aria-busy": true, "data-list": props.list }, skeleton);
  if (!rows.length) return h("div", { className, "data-list": props.list, "data-ready": true, ref: box }, empty);
  const near = (direction) => h("div", { key: direction, "data-edge": direction, style: { height: 1 } });
  return h(
    "div",
    { className, ref: box, role: timeline ? "log" : kind === "one" ? undefined : "list", "aria-label": label, "aria-live": timeline ? "off" : undefined, tabIndex: timeline ? 0 : undefined, "data-list": props.list, "data-ready": true },
    timeline && near("before"),
    rows.map((item) => h(Row, { key: item.client_key || item.id, item, render })),
    timeline ? near("after") : store.next && h("button", { type: "button", className: "more", onClick: () => store.more("next") }, "Show more"),
  );
}

function timelineRows(store, scope, view) {
  const confirmed = [...store.items.values()].sort((a, b) => a.seq - b.seq);
  const keys = new Set(confirmed.map((m) => m.client_key));
  const pending = pendingIn(scope).filter((m) => !keys.has(m.client_key));
  const seen = { ...view, answered: (id) => store.items.get(id) };
  return [...confirmed, ...pending].map((item, i, all) => decorate(item, all[i - 1], store.opened, seen));
}

function listRows(store, view, address) {
  const key = `${store.tick}|${JSON.stringify(view)}`;
  if (store.rowsKey === key) return store.rows;
  const kept = [...store.items.values()].filter((item) => !view.keep || item[view.keep]);
  store.rowsKey = key;
  return (store.rows = kept.sort(byOrder(view.order)).map((item) => {
    const href = address(item);
    return { ...enrich(item, view.me), may_change: view.moderates || item.created_by === view.me, may: view.may, href, is_here: item.id === view.here || href === view.path };
  }));
}

const NEAR = 600; // pixels beyond the screen at which more is fetched
const isNear = (edge, el) => {
  const [at, box] = [edge.getBoundingClientRect(), el.getBoundingClientRect()];
  return at.bottom > box.top - NEAR && at.top < box.bottom + NEAR;
};
const isAtEnd = (el, store) => !store.hasAfter && el.scrollHeight - el.scrollTop - el.clientHeight < 48;

// Scrolling of a timeline: opens where the unread begins, stays at the end when it was there, keeps its place when older
// messages come in above, and says how far one has read.
function useTimeline(active, box, store, rows, scope, me, url) {
  const was = useRef({ url: null, first: null, height: 0, atEnd: true, last: null });
  useLayoutEffect(() => {
    const el = box.current;
    if (!active || !el || !rows.length || store.status !== "ready") return;
    const { url: shown, first, height, atEnd } = was.current;
    const fresh = shown !== url;
    const mark = fresh && store.opened !== null && el.querySelector("[data-new]");
    const target = typeof store.jump === "number" && el.querySelector(`[data-seq="${store.jump}"]`);
    const toEnd = store.jump === "end" && !store.hasAfter;
    if (target || toEnd) store.jump = null;
    if (target) {
      target.scrollIntoView({ block: "center" });
      target.focus({ preventScroll: true });
    } else if (toEnd) el.scrollTop = el.scrollHeight;
    else if (mark) el.scrollTop += mark.getBoundingClientRect().top - el.getBoundingClientRect().top - 96;
    else if (fresh || (atEnd && rows.at(-1).id !== was.current.last)) el.scrollTop = el.scrollHeight;
    else if (rows[0].id !== first) el.scrollTop += el.scrollHeight - height;
    Object.assign(was.current, { url, first: rows[0].id, last: rows.at(-1).id, height: el.scrollHeight });
    was.current.atEnd = isAtEnd(el, store);
    for (const edge of el.querySelectorAll("[data-edge]")) if (isNear(edge, el)) store.more(edge.dataset.edge);
  });
  useEffect(() => {
    const el = box.current;
    if (!active || !el) return;
    const onScroll = () => {
      was.current.atEnd = isAtEnd(el, store);
      was.current.height = el.scrollHeight;
    };
    const grown = new ResizeObserver(() => was.current.atEnd && (el.scrollTop = el.scrollHeight));
    const edges = new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) if (isIntersecting) store.more(target.dataset.edge);
    }, { root: el, rootMargin: `${NEAR}px 0px` });
    for (const edge of el.querySelectorAll("[data-edge]")) edges.observe(edge);
    for (const child of el.children) grown.observe(child);
    grown.observe(el);
    el.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      edges.disconnect();
      grown.disconnect();
      el.removeEventListener("scroll", onScroll);
    };
  }, [active, store, rows.length > 0, rows[0]?.id]);
  useEffect(() => {
    if (!active || !me) return;
    const look = () => {
      const el = box.current;
      if (!el || document.visibilityState !== "visible" || !document.hasFocus() || store.status !== "ready") return;
      const bottom = el.getBoundingClientRect().bottom;
      const seen = [...el.querySelectorAll("[data-seq]")].filter((row) => row.getBoundingClientRect().top < bottom - 8);
      markRead(store, scope, Number(seen.at(-1)?.dataset.seq || 0));
    };
    const timer = setInterval(look, 1000);
    look();
    return () => clearInterval(timer);
  }, [active, store, scope, me]);
}

function markRead(store, scope, seq) {
  if (!seq || seq <= (store.lastRead ?? 0) || store.marking) return;
  const was = store.lastRead;
  store.lastRead = seq;
  local.dispatchEvent(new CustomEvent("frame", { detail: { list: "threads", op: "patch", scope: store.place, item: { id: scope, last_read_seq: seq, was } } }));
  store.marking = fetch(store.url.replace(/\/messages$/, "/reading"), { method: "PUT", keepalive: true, headers: { "content-type": "application/json" }, body: JSON.stringify({ seq }) })
    .catch(() => (store.lastRead = was))
    .finally(() => setTimeout(() => (store.marking = null), 1500));
}
