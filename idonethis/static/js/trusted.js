// htmx may parse answers as HTML; nothing becomes a script.
window.trustedTypes?.createPolicy("default", { createHTML: (html) => html });
