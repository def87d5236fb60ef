// The only script: it shows times in the reader's zone, marks the whole of a
// statement that is linked to, and refreshes the page when something changed.
// Without it every page works.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const year = new Date().getUTCFullYear();
const local = zone !== "UTC" && zone !== "Etc/UTC";

const pad = (n) => String(n).padStart(2, "0");
const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const days = "Sun Mon Tue Wed Thu Fri Sat".split(" ");

// write gives a moment the form the server gave it, in the reader's zone.
function write(at, form, withYear) {
  const clock = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  const day = `${at.getDate()} ${months[at.getMonth()]}`;
  if (form === "t") return clock;
  if (form === "l") return `${days[at.getDay()]} ${day} ${at.getFullYear()}, ${clock}`;
  return withYear ? `${day} ${at.getFullYear()} ${clock}` : `${day} ${clock}`;
}

function zones(root) {
  if (!local) return;
  for (const el of root.querySelectorAll("time[title]")) {
    const at = new Date(el.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    el.textContent = write(at, el.dataset.f || "", /\d{4} \d/.test(el.textContent));
  }
  for (const el of root.querySelectorAll("[data-zone]")) el.textContent = "your time";
}

// point marks every piece of the statement named after the #.
function point() {
  for (const el of document.querySelectorAll(".hit")) el.classList.remove("hit");
  const m = /^#s(\d+)$/.exec(location.hash);
  if (!m) return;
  for (const el of document.querySelectorAll(`mark[data-s="${m[1]}"]`)) el.classList.add("hit");
}

// key names an element so that it can be found again in the new page.
function key(el) {
  if (!el || el === document.body) return "";
  if (el.id) return `#${CSS.escape(el.id)}`;
  if (el.dataset && el.dataset.key) return `[data-key="${CSS.escape(el.dataset.key)}"]`;
  const href = el.getAttribute("href");
  if (href) return `a[href="${CSS.escape(href)}"]`;
  if (el.tagName === "SUMMARY" && el.parentElement.dataset.key) return `[data-key="${CSS.escape(el.parentElement.dataset.key)}"] > summary`;
  return "";
}

// anchor is what the reader looks at and where it stands: what has the focus,
// else the first named element on the screen.
function anchor(main) {
  const focus = main.contains(document.activeElement) ? [document.activeElement] : [];
  for (const el of [...focus, ...main.querySelectorAll("[id], [data-key], a[href]")]) {
    const top = el.getBoundingClientRect().top;
    if (top >= 0 && top < innerHeight && key(el)) return { key: key(el), top };
  }
  return null;
}

function swap(main, fresh) {
  const folds = new Map();
  for (const el of main.querySelectorAll("details[data-key]")) folds.set(el.dataset.key, el.open);
  const focus = main.contains(document.activeElement) ? key(document.activeElement) : "";
  const place = scrollY > 0 ? anchor(main) : null;
  zones(fresh);
  main.replaceChildren(...fresh.childNodes);
  for (const el of main.querySelectorAll("details[data-key]")) {
    if (folds.has(el.dataset.key)) el.open = folds.get(el.dataset.key);
  }
  point();
  if (focus) main.querySelector(focus)?.focus({ preventScroll: true });
  const now = place && main.querySelector(place.key);
  if (now) scrollBy({ top: now.getBoundingClientRect().top - place.top, behavior: "instant" });
}

function live(main) {
  let source = null, timer = 0, last = 0, seen = main.innerHTML, missed = false, busy = false;
  const busyReader = () => main.contains(document.activeElement) && /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)
    || !getSelection().isCollapsed;

  async function refresh() {
    timer = 0;
    if (busy || busyReader()) { later(4000); return; }
    busy = true;
    last = Date.now();
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" }, cache: "no-cache" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("main");
      if (!fresh) return;
      const asof = page.querySelector(".asof");
      if (asof) { zones(asof); document.querySelector(".asof")?.replaceChildren(...asof.childNodes); }
      if (fresh.innerHTML === seen) return;
      seen = fresh.innerHTML;
      swap(main, fresh);
    } catch { /* the next event tries again */ } finally { busy = false; }
  }
  // Whatever happens, a page asks at most every three seconds or so.
  function later(ms) { timer ||= setTimeout(refresh, Math.max(ms, last + 3000 - Date.now()) + Math.random() * 700); }
  function listen() {
    if (document.hidden) { source?.close(); source = null; missed = true; return; }
    if (source) return;
    source = new EventSource("/events");
    source.addEventListener("change", () => later(300));
    if (missed) { missed = false; later(0); }
  }
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => { source?.close(); source = null; });
  addEventListener("pageshow", listen);
  listen();
}

const main = document.querySelector("main");
if (main?.dataset.live !== undefined) live(main);
zones(document);
point();
addEventListener("hashchange", point);
