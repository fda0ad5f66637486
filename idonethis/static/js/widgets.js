import { all, always, on } from "./dom.js";

// Menus are <details>: they close when somebody looks elsewhere.
document.addEventListener("click", (e) => {
  all("details.menu[open]").forEach((menu) => menu.contains(e.target) || (menu.open = false));
});
document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) (menu.open = false), menu.querySelector("summary").focus();
});

// Buttons that command a dialog, in browsers that do not know the attribute yet.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  const verbs = { "show-modal": "showModal", close: "close", "request-close": "close" };
  on("click", "button[commandfor]", (button) => {
    document.getElementById(button.getAttribute("commandfor"))?.[verbs[button.getAttribute("command")]]?.();
  });
}
document.addEventListener("click", (e) => e.target.matches?.("dialog[open]:not([data-keep])") && outside(e) && e.target.close());
function outside(e) {
  const box = e.target.getBoundingClientRect();
  return e.clientX < box.left || e.clientX > box.right || e.clientY < box.top || e.clientY > box.bottom;
}

// A search box that narrows a list which is already in the page.
on("input", "[data-filters]", (box) => {
  const list = document.getElementById(box.dataset.filters);
  const words = box.value.toLowerCase().split(/\s+/);
  const choices = all("[data-choice]", list);
  for (const choice of choices) {
    const text = choice.textContent.toLowerCase();
    choice.hidden = !words.every((word) => text.includes(word));
  }
  all("[data-none]", list).forEach((none) => (none.hidden = choices.some((choice) => !choice.hidden)));
});
on("keydown", "[data-filters], [data-searches]", (box, e) => e.key === "Enter" && e.preventDefault());

on("click", "[data-reveals]", (button) => {
  const field = document.getElementById(button.dataset.reveals);
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.ariaPressed = String(!shown);
});

// What waits for a choice: <select data-submits> sends its form when changed.
on("change", "[data-submits]", (field) => field.form.requestSubmit());

// An error summary is read first.
always(() => {
  const summary = document.querySelector(".summary:not([data-read])");
  if (summary) (summary.dataset.read = ""), summary.focus();
});
