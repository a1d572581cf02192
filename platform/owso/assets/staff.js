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
