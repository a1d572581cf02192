// The front desk: pick a service by typing, print from the page, and know when the line is down.
document.documentElement.classList.add("js");

const DIGITS = "០១២៣៤៥៦៧៨៩";
// The same folding as services/requests/khmer.py: spelling of the coeng, digits, invisible characters.
const plain = (text) => text.normalize("NFC").replace(/[\u200b-\u200d\u2060\ufeff\u00ad]/g, "")
  .replaceAll("\u17d2\u178a", "\u17d2\u178f").replace(/[០-៩]/g, (digit) => DIGITS.indexOf(digit))
  .replace(/\s+/g, " ").trim().toLowerCase();

function pickByTyping(select) {
  if (select.dataset.picked) return;
  select.dataset.picked = "1";
  const all = [...select.options].filter((option) => option.value).map((option) => ({
    value: option.value, name: option.text, number: option.dataset.number ?? "",
    group: option.parentElement.label ?? "", words: plain(`${option.text} ${option.value}`),
  }));
  const box = document.createElement("div"), input = document.createElement("input");
  const list = document.createElement("ul");
  box.className = "ow-pick";
  input.className = "govuk-input";
  input.id = select.id;
  select.id += "-list";
  list.id = `${input.id}-options`;
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list",
    "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${input.id}"]`).textContent);
  list.hidden = select.hidden = true;
  let shown = [], at = 0;
  const chosen = () => all.find((each) => each.value === select.value);
  input.value = chosen()?.name ?? "";

  function mark(place) {
    at = place;
    [...list.children].forEach((item, number) => item.setAttribute("aria-selected", number === at));
    const item = list.children[at];
    if (shown.length && item) {
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }
  function open(text) {
    const words = plain(text).split(" ").filter(Boolean), only = words.length === 1 ? words[0] : "";
    shown = all.filter((each) => words.every((word) => each.words.includes(word)));
    const usual = only && all.find((each) => each.number === only);
    if (usual) shown = [usual, ...shown.filter((each) => each !== usual)];
    list.replaceChildren(...shown.map((each, number) => {
      const item = document.createElement("li"), name = document.createElement("div");
      const before = document.createElement("span"), after = document.createElement("span");
      item.id = `${list.id}-${number}`;
      item.setAttribute("role", "option");
      before.textContent = each.number;
      name.textContent = each.name;
      after.textContent = each.number ? "" : each.group;
      item.append(before, name, after);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); pick(each); });
      return item;
    }));
    if (!shown.length) {
      const none = document.createElement("li");
      none.className = "ow-pick__none";
      none.setAttribute("role", "option");
      none.textContent = select.dataset.empty;
      list.append(none);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(0);
  }
  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function pick(each) {
    close();
    input.value = each.name;
    if (select.value === each.value) return;
    select.value = each.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  input.addEventListener("input", (event) => { event.stopPropagation(); open(input.value); });
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("focus", () => { if (select.value) input.select(); else open(""); });
  input.addEventListener("blur", () => { close(); input.value = chosen()?.name ?? ""; });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open(select.value ? "" : input.value);
      else mark((at + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % Math.max(shown.length, 1));
    } else if (event.key === "Enter") {
      if (!list.hidden || !select.value) event.preventDefault();
      if (!list.hidden && shown[at]) pick(shown[at]);
    } else if (event.key === "Escape") {
      close();
      input.value = chosen()?.name ?? "";
    }
  });
  select.after(box);
  box.append(input, list);
  if ("focus" in select.dataset) input.focus();
}

// Pictures of the slips go to the printer when they are all there; then the next citizen's key.
async function printSheets(sheets) {
  await Promise.all([...sheets.querySelectorAll("img")].map((picture) => picture.decode().catch(() => {})));
  window.print();
  document.querySelector("#next")?.focus();
}

function ready(part) {
  for (const select of part.querySelectorAll("select[data-pick]")) pickByTyping(select);
  const sheets = part.querySelector("[data-print]");
  if (sheets) printSheets(sheets);
}

ready(document);
// What was registered a moment ago prints by itself, once: a page loaded again prints no copy.
// It waits for htmx, which takes the form over when the page has been read.
window.addEventListener("load", () => {
  const now = document.querySelector("[data-print-now]");
  if (!now || !window.htmx || sessionStorage.getItem(`printed-${now.dataset.printNow}`)) return;
  sessionStorage.setItem(`printed-${now.dataset.printNow}`, "1");
  now.requestSubmit(now.querySelector("button"));
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  ready(event.detail.target.isConnected ? event.detail.target : document);
  if (event.detail.target.id !== "desk") return;
  ready(document);
  document.querySelector("#desk [data-focus]:not(select)")?.focus();
});
