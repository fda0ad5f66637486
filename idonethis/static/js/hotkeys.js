import { all, on, typing } from "./dom.js";

// data-hotkey="n" or "g l" on a link, a button or a field; data-item on what j and k walk through.
const root = document.documentElement;
const off = () => root.dataset.hotkeys === "off";
let pressed = [];
let timer;

const item = () => document.activeElement?.closest("[data-item]");

function step(by) {
  const items = all("[data-item]");
  const next = items[items.indexOf(item()) + by] ?? (item() ? null : items[0]);
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function find(keys) {
  const mine = (element) => !element.closest("[data-item]") || element.closest("[data-item]") === item();
  const found = all(`[data-hotkey="${CSS.escape(keys)}"]`).filter(mine);
  const near = (place) => found.find((element) => element.closest(place));
  return near("[data-item]") ?? near("main") ?? found[0];
}

function press(element) {
  if (element.matches("input:not([type=checkbox]), textarea, select")) element.focus();
  else element.click();
}

on("click", "[commandfor=hotkeys]", () => {
  const list = document.querySelector("#hotkeys dl");
  list?.replaceChildren(...all("[data-hotkey]").filter(unseen()).flatMap(explain));
});

function unseen() {
  const seen = new Set();
  return ({ dataset }) => !seen.has(dataset.hotkey) && seen.add(dataset.hotkey);
}

function explain(element) {
  const term = document.createElement("dt");
  term.append(Object.assign(document.createElement("kbd"), { textContent: element.dataset.hotkey }));
  const text = element.dataset.hotkeyLabel ?? element.ariaLabel ?? element.labels?.[0]?.textContent;
  return [term, Object.assign(document.createElement("dd"), { textContent: text ?? element.textContent })];
}

document.addEventListener("keydown", (e) => {
  if (e.key === "Escape" && typing() && !e.isComposing) document.activeElement.blur();
  if (off() || typing() || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
  if (e.key === "j" || e.key === "k") return step(e.key === "j" ? 1 : -1);
  if (e.key === "Enter" && document.activeElement !== item()) return;
  pressed = [...pressed, e.key].slice(-2);
  clearTimeout(timer);
  timer = setTimeout(() => (pressed = []), 1200);
  const found = (pressed.length > 1 && find(pressed.join(" "))) || find(e.key);
  if (!found) return;
  e.preventDefault();
  pressed = [];
  press(found);
});
