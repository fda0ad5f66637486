export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

export const typing = () =>
  document.activeElement?.matches("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]");

/** Calls back for a selector's element on which, or within which, the event happened. */
export const on = (event, selector, callback) =>
  document.addEventListener(event, (e) => {
    const found = e.target.closest?.(selector);
    if (found) callback(found, e);
  });

/** Calls back now and whenever htmx has put new content into the page. */
export const always = (callback) => {
  callback();
  document.addEventListener("htmx:after:swap", () => callback());
};

export const announce = (text) => {
  document.getElementById("announce").textContent = text;
};
