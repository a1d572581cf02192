// The figures refresh themselves; the page leaves them alone while they are the same,
// and says so when the line or the server is gone.
let shown;
const lost = document.getElementById("line-lost");
document.addEventListener("htmx:beforeSwap", (event) => {
  const tag = event.detail.xhr.getResponseHeader("ETag");
  if (tag && tag === shown) event.detail.shouldSwap = false;
  shown = tag ?? shown;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (lost) lost.hidden = event.detail.successful;
});
