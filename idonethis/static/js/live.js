import { all } from "./dom.js";

document.addEventListener("htmx:before:request", (e) => {
  if (document.hidden && e.detail.ctx.sourceElement.matches?.("[hx-trigger*=every]")) e.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) all("[hx-trigger*=every]").forEach((element) => htmx.trigger(element, "every"));
});

// Signed out in another tab.
document.addEventListener("htmx:before:response", (e) => {
  const { raw } = e.detail.ctx.response;
  const { login } = document.body.dataset;
  if (!login || !raw.redirected || new URL(raw.url).pathname !== login) return;
  e.preventDefault();
  location.assign(`${login}?next=${encodeURIComponent(location.pathname + location.search)}`);
});

const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

function age(time) {
  const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
  const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length);
  if (unit && Math.abs(seconds) < 604800)
    time.textContent = words.format(Math.trunc(seconds / unit[1]), unit[0]);
}
setInterval(() => all("time[data-relative]").forEach(age), 60000);
