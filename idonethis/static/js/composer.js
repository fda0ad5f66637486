import { all, always, on } from "./dom.js";

on("keydown", "textarea", (area, e) => {
  if (e.key !== "Enter" || e.isComposing || !area.form) return;
  if (!(area.form.matches("[data-composer]") ? !e.shiftKey : e.ctrlKey || e.metaKey)) return;
  e.preventDefault();
  if (area.value.trim()) area.form.requestSubmit();
});

// A sent draft is let go of by the next page that loads as it should: an error page does not.
const drafts = (root) => all("textarea[data-draft]", root);
const key = (area) => "draft:" + area.dataset.draft;
const sent = (area) => "sent:" + area.dataset.draft;
const wentBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";

function forget(area) {
  sessionStorage.removeItem(key(area));
  sessionStorage.removeItem(sent(area));
}

always(() =>
  drafts().forEach((area) => {
    if (area.restored) return;
    area.restored = true;
    if (sessionStorage.getItem(sent(area)) && !wentBack) forget(area);
    area.value ||= sessionStorage.getItem(key(area)) ?? "";
  }),
);
on("input", "textarea[data-draft]", (area) => {
  forget(area);
  if (area.value) sessionStorage.setItem(key(area), area.value);
});
on("submit", "form", (form, e) => {
  if (!e.defaultPrevented) drafts(form).forEach((area) => sessionStorage.setItem(sent(area), 1));
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const { form } = ctx.request;
  if (!form || ctx.response.status >= 300) return;
  drafts(form).forEach(forget);
  if (!form.matches("[data-composer]")) return;
  form.reset();
  // Sent twice is logged once; the next entry needs a name of its own.
  all("[data-fresh]", form).forEach((field) => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    field.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  });
});
