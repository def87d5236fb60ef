// The map of a situation can be moved and drawn nearer: by wheel with Ctrl, by
// dragging, and with + - 0 and the arrows where it has the focus. Without this
// module the map stands still.

const whole = { x: 0, y: 0, w: 400, h: 300 };
let view = { ...whole };

const map = () => document.getElementById("map");

function show(svg) {
  view.w = Math.min(whole.w, Math.max(whole.w / 8, view.w));
  view.h = view.w * whole.h / whole.w;
  view.x = Math.min(whole.w - view.w, Math.max(0, view.x));
  view.y = Math.min(whole.h - view.h, Math.max(0, view.y));
  svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
}

// zoom keeps the point (px, py), in parts of the view, where it is.
function zoom(svg, factor, px = 0.5, py = 0.5) {
  const w = Math.min(whole.w, Math.max(whole.w / 8, view.w / factor));
  view.x += (view.w - w) * px;
  view.y += (view.w - w) * whole.h / whole.w * py;
  view.w = w;
  show(svg);
}

function ready(svg) {
  if (!svg || svg.tabIndex === 0) return;
  svg.tabIndex = 0;
  show(svg);
}

addEventListener("wheel", (e) => {
  const svg = e.target.closest?.("#map");
  if (!svg || !e.ctrlKey) return;
  e.preventDefault();
  const box = svg.getBoundingClientRect();
  zoom(svg, e.deltaY < 0 ? 1.25 : 0.8, (e.clientX - box.left) / box.width, (e.clientY - box.top) / box.height);
}, { passive: false });

let drag = null;
addEventListener("pointerdown", (e) => {
  const svg = e.target.closest?.("#map");
  if (svg && e.button === 0 && e.pointerType === "mouse" && view.w < whole.w) drag = { svg, x: e.clientX, y: e.clientY };
});
addEventListener("pointermove", (e) => {
  if (!drag) return;
  const scale = view.w / drag.svg.getBoundingClientRect().width;
  view.x -= (e.clientX - drag.x) * scale;
  view.y -= (e.clientY - drag.y) * scale;
  drag.x = e.clientX;
  drag.y = e.clientY;
  show(drag.svg);
});
addEventListener("pointerup", () => { drag = null; });
addEventListener("dblclick", (e) => { const svg = e.target.closest?.("#map"); if (svg) zoom(svg, 2); });

const keys = {
  "+": (s) => zoom(s, 1.25), "=": (s) => zoom(s, 1.25), "-": (s) => zoom(s, 0.8), 0: (s) => { view = { ...whole }; show(s); },
  ArrowLeft: (s) => { view.x -= view.w / 8; show(s); }, ArrowRight: (s) => { view.x += view.w / 8; show(s); },
  ArrowUp: (s) => { view.y -= view.h / 8; show(s); }, ArrowDown: (s) => { view.y += view.h / 8; show(s); },
};
addEventListener("keydown", (e) => {
  if (e.target !== map() || !keys[e.key] || e.ctrlKey || e.metaKey || e.altKey) return;
  e.preventDefault();
  keys[e.key](e.target);
});

// A refreshed page has a new map.
new MutationObserver(() => ready(map())).observe(document.querySelector("main"), { childList: true });
ready(map());
