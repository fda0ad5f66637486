export const all = (selector, root) => [...(root ?? document).querySelectorAll(selector)];

/** Calls back with the element that the selector finds at or around where the event happened. */
export const on = (event, selector, callback) =>
  document.addEventListener(event, (e) => {
    const found = e.target.closest?.(selector);
    if (found) callback(found, e);
  });

/** Calls back now, and whenever htmx has put something new into the page. */
export const always = (callback) => {
  callback();
  document.addEventListener("htmx:after:swap", callback);
};
