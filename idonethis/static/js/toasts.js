import { all, always, on } from "./dom.js";

const region = document.getElementById("toasts");
const LINGERS = 10000;

function leave(toast) {
  if (document.hidden || toast.matches(":hover, :focus-within")) setTimeout(leave, LINGERS / 2, toast);
  else toast.remove();
}

always(() =>
  all(".toast:not(.error, [data-seen])", region).forEach((toast) => {
    toast.dataset.seen = "";
    setTimeout(leave, LINGERS, toast);
  }),
);
on("click", ".toast-x", (button) => button.closest(".toast").remove());

const complaints = () => all("[data-complaint]", region);
const letGo = (fits) => complaints().forEach((toast) => fits(toast) && toast.remove());
const calm = (source) => letGo((toast) => toast.source === source);

function complain(text, source, again) {
  const polls = source.matches("[hx-trigger*=every]");
  if (polls && complaints().length) return;
  // What a person asked for matters more than a poll.
  letGo((toast) => toast.polls || toast.source === source);
  const toast = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  toast.dataset.complaint = "";
  Object.assign(toast, { source, polls });
  toast.querySelector(".toast-text").textContent = text;
  const retry = toast.querySelector(".toast-retry");
  retry.hidden = !again || polls;
  retry.addEventListener("click", () => {
    toast.remove();
    const form = source.closest("form");
    form ? form.requestSubmit() : source.click();
  });
  region.append(toast);
}

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const failed = ctx.response.status >= 500;
  const text = region.dataset[`e${failed ? 500 : ctx.response.status}`];
  if (text) complain(text, ctx.sourceElement, failed);
});
document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx?.request) complain(region.dataset.offline, ctx.sourceElement, true);
});
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.response.status < 400) calm(ctx.sourceElement);
});
