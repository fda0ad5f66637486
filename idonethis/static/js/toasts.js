import { all, always, on } from "./dom.js";

const region = document.getElementById("toasts");
const LINGERS = 10000;

const busy = (toast) => toast.matches(":hover, :focus-within") || document.hidden;

function leave(toast) {
  if (busy(toast)) setTimeout(leave, LINGERS / 2, toast);
  else toast.remove();
}

function watch(toast) {
  if (toast.watched) return;
  toast.watched = true;
  if (!toast.matches(".error")) setTimeout(leave, LINGERS, toast);
}

always(() => all(".toast", region).forEach(watch));
on("click", ".toast-x", (button) => button.closest(".toast").remove());

/** Says that something went wrong; again() is offered as a Retry button. */
export function complain(text, again) {
  all(".toast.error[data-made]", region).forEach((toast) => toast.remove());
  const toast = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  toast.dataset.made = "";
  toast.querySelector(".toast-text").textContent = text;
  const retry = toast.querySelector(".toast-retry");
  retry.hidden = !again;
  retry.addEventListener("click", () => (toast.remove(), again()));
  region.append(toast);
}

function retrying(element) {
  const form = element.closest?.("form");
  if (element.matches?.("[hx-trigger*=every]")) return null;
  return form ? () => form.requestSubmit() : () => element.click();
}

const text = (status) => region.dataset[`e${status}`] ?? (status >= 500 ? region.dataset.e500 : null);

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const words = text(ctx.response.status);
  if (words) complain(words, ctx.response.status >= 500 ? retrying(ctx.sourceElement) : null);
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx?.request) complain(region.dataset.offline, retrying(ctx.sourceElement));
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.response.status < 400) all(".toast.error[data-made]", region).forEach((toast) => toast.remove());
});
