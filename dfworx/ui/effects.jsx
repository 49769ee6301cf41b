// Effects: what pages do beyond their state. Toasts asked for by handlers (Reflex's own way needs eval, which the content
// security policy forbids), and small manners that elements ask for in data attributes, so that Python can write them:
// data-copy (copies its value), data-reveal (shows the password of that field), data-kept (a field that a
// refused form gives back), details.menu (closes when one clicks elsewhere).
import { useEffect } from "react";
import { useLocation, useNavigate } from "react-router";
import { toast } from "sonner";

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

const closeMenus = (but) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== but) menu.open = false;
};

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
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
  const button = event.target.closest("[data-copy], [data-reveal]");
  if (button) button.dataset.copy ? copy(button) : reveal(button);
}

function onKeyDown(event) {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}

const kept = () => `dfworx:form:${location.pathname.replace(/\/$/, "")}`; // the server adds a slash, the app does not

// A native form is sent once; what it said stays in this tab until it is accepted.
function onSubmit(event) {
  const form = event.target;
  if (form.method !== "post" || !form.hasAttribute("action")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "true";
  const fields = [...form.querySelectorAll("input[data-kept]")].map((field) => [field.name, field.value]);
  if (fields.length) sessionStorage.setItem(kept(), JSON.stringify(fields));
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
