import { all, on } from "./dom.js";

let pressed = "";
let timer;
const here = document.documentElement;
const at = () => document.activeElement;
const item = () => at().closest("[data-item]");
const typing = () => at().matches("input:not([type=checkbox], [type=radio]), textarea, select");

function step(by) {
  const items = all("[data-item]");
  items[item() ? items.indexOf(item()) + by : 0]?.focus();
}

function find(keys) {
  const found = all(`[data-hotkey="${CSS.escape(keys)}"]`);
  const within = (place) => found.find((element) => place?.contains(element));
  const outside = found.filter((element) => !element.closest("[data-item]"));
  return within(item()) ?? outside.find((element) => element.closest("main")) ?? outside[0];
}

document.addEventListener("keydown", (e) => {
  if (typing()) return e.key === "Escape" && !e.isComposing && at().blur();
  if (here.dataset.hotkeys || e.ctrlKey || e.metaKey || e.altKey || all("dialog[open]")[0]) return;
  if (e.key === "Enter" && at() !== item()) return;
  if (e.key === "j" || e.key === "k") return step(e.key === "j" ? 1 : -1);
  const found = find(pressed + e.key) ?? find(e.key);
  clearTimeout(timer);
  timer = setTimeout(() => (pressed = ""), 1200);
  pressed = found ? "" : e.key + " ";
  if (!found) return;
  e.preventDefault();
  if (found.matches("input, textarea, select")) found.focus();
  else found.click();
});

const tell = (name, ...content) => {
  const element = document.createElement(name);
  element.append(...content);
  return element;
};
on("click", "[commandfor=hotkeys]", () => {
  const keys = new Map(all("[data-hotkey]").reverse().map((element) => [element.dataset.hotkey, element]));
  all("#hotkeys dl")[0].replaceChildren(
    ...[...keys].reverse().flatMap(([key, element]) => [
      tell("dt", tell("kbd", key)),
      tell("dd", element.ariaLabel ?? (element.labels?.[0] ?? element).textContent),
    ]),
  );
});
