import { all } from "./dom.js";

const format = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "always" });
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

function tell(time) {
  const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
  const size = Math.abs(seconds);
  const unit = UNITS.find(([, length]) => size >= length);
  if (unit && size < 7 * 86400) time.textContent = format.format(Math.trunc(seconds / unit[1]), unit[0]);
}

// The server wrote the text; it only has to age.
setInterval(() => all("time[data-relative]").forEach(tell), 60000);
