import { announce, on } from "./dom.js";

const textOf = (source) => (source.value ?? source.textContent).trim();

async function copy(text) {
  // Browsers offer the clipboard only to HTTPS and localhost; many log on their own network.
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.body.appendChild(document.createElement("textarea"));
  field.value = text;
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) throw new Error("refused");
}

on("click", "[data-copy]", async (button) => {
  const source = document.getElementById(button.dataset.copy);
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  try {
    await copy(button.dataset.text ?? textOf(source));
    label.textContent = button.dataset.copied;
    announce(button.dataset.copied);
    setTimeout(() => (label.textContent = before), 2000);
  } catch {
    getSelection().selectAllChildren(source);
  }
  button.focus();
});
