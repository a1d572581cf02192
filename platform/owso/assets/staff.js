// Small comforts of the office pages; every page works without them.
const first = document.querySelector("[data-focus]");
if (first) first.focus();

// One press is one submission: the button rests while the office's line is slow.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post" && !event.submitter?.formTarget) form.dataset.sent = "1";
});
window.addEventListener("pageshow", (event) => {
  // A page brought back from the browser's memory may be the one of the person before.
  if (event.persisted) location.reload();
  for (const form of document.forms) delete form.dataset.sent;
});

// One key locks a shared computer; six digits of a PIN need no Enter.
const lock = document.querySelector("[data-lock]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "F9" || !lock) return;
  event.preventDefault();
  lock.requestSubmit();
});
const pin = document.querySelector("[data-pin]");
pin?.addEventListener("input", () => {
  if (/^[0-9\u17e0-\u17e9]{6}$/.test(pin.value) && pin.form.reportValidity()) pin.form.requestSubmit();
});

// A form that is kept as one types says so when the line is down or the session has ended.
const away = document.getElementById("signed-out"), down = document.getElementById("line-down");
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (down) down.hidden = true;
  const address = new URL(event.detail.xhr.responseURL || location.href).pathname;
  if (!away || event.detail.pathInfo.requestPath.startsWith(address)) return;
  event.detail.shouldSwap = false;
  away.hidden = false;
});
document.body.addEventListener("htmx:sendError", () => { if (down) down.hidden = false; });

// A screen that nobody uses locks: at once here, and on the server by the last use it heard of.
const idle = document.querySelector("[data-idle]");
if (idle) {
  const soon = document.querySelector("[data-idle-soon]"), tabs = new BroadcastChannel("owso-use");
  const limit = Number(idle.dataset.idle) * 1000, notice = Math.min(30_000, limit / 2);
  let used = Date.now(), heard = used, told = 0;
  const lockNow = () => {
    idle.elements.left.value = location.pathname + location.search;
    document.title = "";
    document.body.replaceChildren(idle);
    idle.submit();
  };
  const tell = async () => {
    heard = Date.now();
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const answer = await fetch(idle.dataset.used, { method: "POST", headers }).catch(() => null);
    if (answer?.redirected) lockNow();
  };
  const use = () => {
    const now = Date.now();
    // The computer slept meanwhile: the first key wakes it and opens nothing.
    if (now - used >= limit) return lockNow();
    used = now;
    soon.hidden = true;
    if (now - told > 1000) tabs.postMessage((told = now));
    if (now - heard > Math.min(30_000, limit / 3)) tell();
  };
  tabs.addEventListener("message", (event) => { used = Math.max(used, event.data); });
  for (const kind of ["keydown", "pointerdown", "wheel"]) addEventListener(kind, use, { capture: true, passive: true });
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (used < heard) event.detail.headers["X-Unattended"] = "1";
    else heard = Date.now();
  });
  const look = () => {
    const left = limit - (Date.now() - used);
    soon.hidden = left > notice;
    if (left <= 0) lockNow();
  };
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
}
