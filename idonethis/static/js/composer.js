import { all, always, on } from "./dom.js";

// Enter saves and Shift+Enter makes a new line; Ctrl+Enter sends any other form.
on("keydown", "textarea", (area, e) => {
  if (e.key !== "Enter" || e.isComposing) return;
  const wanted = area.form?.matches("[data-composer]") ? !e.shiftKey : e.ctrlKey || e.metaKey;
  if (!wanted || !area.form) return;
  e.preventDefault();
  if (area.value.trim()) area.form.requestSubmit();
});

// What was typed survives a reload, a lost connection and an error page.
const SENT = "sent:";
const name = (area) => "draft:" + area.dataset.draft;
const forget = (area) => {
  sessionStorage.removeItem(name(area));
  sessionStorage.removeItem(SENT + name(area));
};
const wentBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";

function restore(area) {
  if (area.drafted) return;
  area.drafted = true;
  if (sessionStorage.getItem(SENT + name(area)) && !wentBack) forget(area);
  if (!area.value) area.value = sessionStorage.getItem(name(area)) ?? "";
}

always(() => all("textarea[data-draft]").forEach(restore));

on("input", "textarea[data-draft]", (area) => {
  if (area.value) sessionStorage.setItem(name(area), area.value);
  else forget(area);
});

// Sent, and not by htmx: the next page that loads as it should lets go of the draft.
on("submit", "form", (form, e) => {
  if (e.defaultPrevented) return;
  all("textarea[data-draft]", form).forEach((area) => sessionStorage.setItem(SENT + name(area), "1"));
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement.closest?.("form");
  if (!form || ctx.request.method === "GET" || ctx.response.status >= 300) return;
  all("textarea[data-draft]", form).forEach(forget);
  if (!form.matches("[data-composer]")) return;
  form.reset();
  // A key that names the next entry, so that sending it twice makes one.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  all("[data-fresh]", form).forEach((key) => {
    key.value = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  });
});
