const polls = (element) => /\bevery\b/.test(element.getAttribute?.("hx-trigger") ?? "");

// A tab that nobody looks at asks for nothing; it asks at once when it is looked at again.
document.addEventListener("htmx:before:request", (e) => {
  if (document.hidden && polls(e.detail.ctx.sourceElement)) e.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("[hx-trigger*=every]")) htmx.trigger(element, "every");
});

// Signed out in another tab: the sign-in page is a page, not a piece of this one.
document.addEventListener("htmx:before:response", (e) => {
  const { raw } = e.detail.ctx.response;
  const login = document.body.dataset.login;
  if (!login || !raw.redirected || !new URL(raw.url).pathname.startsWith(login)) return;
  e.preventDefault();
  location.assign(`${login}?next=${encodeURIComponent(location.pathname + location.search)}`);
});
