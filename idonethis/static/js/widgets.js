import { all, always, on } from "./dom.js";

const menus = () => all("details.menu[open]");
document.addEventListener("click", (e) => {
  menus().forEach((menu) => menu.contains(e.target) || (menu.open = false));
});
document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape") return;
  menus().forEach((menu) => {
    menu.open = false;
    menu.firstElementChild.focus();
  });
});

if (!("commandForElement" in HTMLButtonElement.prototype)) {
  on("click", "[commandfor]", (button) => {
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    button.getAttribute("command") === "close" ? dialog.close() : dialog.showModal();
  });
}

on("input", "[data-filters]", (box) => {
  const list = document.getElementById(box.dataset.filters);
  const words = box.value.toLowerCase().split(/\s+/);
  const choices = all("[data-choice]", list);
  choices.forEach((choice) => {
    choice.hidden = !words.every((word) => choice.textContent.toLowerCase().includes(word));
  });
  list.querySelector("[data-none]").hidden = choices.some((choice) => !choice.hidden);
});
on("keydown", ".picker input[type=search]", (box, e) => e.key === "Enter" && e.preventDefault());

on("click", "[data-reveals]", (button) => {
  const field = document.getElementById(button.dataset.reveals);
  const hidden = field.type === "password";
  field.type = hidden ? "text" : "password";
  button.ariaPressed = hidden;
});

all("select[data-time-zone]").forEach((field) => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (all("option", field).some((option) => option.value === timeZone)) field.value = timeZone;
});

on("change", "[data-submits]", (field) => field.form.requestSubmit());

always(() =>
  all(".summary:not([data-read])").forEach((summary) => {
    summary.dataset.read = "";
    summary.focus();
  }),
);

// Without HTTPS there is no clipboard.
function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied ? Promise.resolve() : Promise.reject();
}

on("click", "[data-copy]", async (button) => {
  const source = document.getElementById(button.dataset.copy);
  const label = button.querySelector("[data-label]");
  const before = label.textContent;
  try {
    await copy(source.value ?? source.textContent.trim());
  } catch {
    return getSelection().selectAllChildren(source);
  }
  if (before === button.dataset.copied) return;
  label.textContent = button.dataset.copied;
  document.getElementById("announce").textContent = label.textContent;
  setTimeout(() => (label.textContent = before), 2000);
});

let field;
on("focusin", "#link-form input[spellcheck=false]", (used) => (field = used));
on("click", "[data-picks]", (button) => {
  if (!field?.isConnected) field = document.querySelector("#link-form [name=text]");
  field.value = button.dataset.picks;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
