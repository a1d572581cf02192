// Small comforts of the office pages; every page works without them.
const first = document.querySelector("[data-focus]");
if (first) first.focus();

// One press is one submission: the button rests while the office's line is slow.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post" && !event.submitter?.formTarget) form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
