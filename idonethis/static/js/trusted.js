// What the server answers may be parsed as HTML, by htmx. Nothing may become a script.
window.trustedTypes?.createPolicy("default", { createHTML: (html) => html });
