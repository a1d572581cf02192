// Comforts of the public pages; each of them works without this file.
"use strict";

// The province somebody is in: worked out here, so that where they are never leaves the phone.
const position = document.querySelector("[data-position]");
if (position && "geolocation" in navigator) {
  const form = position.form, note = form.querySelector("[data-position-note]");
  position.hidden = note.hidden = false;
  position.addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => {
    const far = (option) => Math.hypot(
      option.dataset.lat - coords.latitude,
      (option.dataset.lng - coords.longitude) * Math.cos(coords.latitude * Math.PI / 180),
    );
    const known = [...form.elements.province.options].filter((option) => option.dataset.lat);
    known.reduce((one, other) => far(other) < far(one) ? other : one).selected = true;
    if (form.elements.office) form.elements.office.value = "";
    form.submit();
  }, () => { note.textContent = note.dataset.failed; }, { maximumAge: 600000, timeout: 15000 }));
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The tracking page looks by itself whether something has changed; most answers are an empty 304.
const MINUTE = 60000, LONGEST = 15 * MINUTE;
if (document.querySelector("[data-live]")) {
  const main = document.getElementById("main");
  const said = document.body.appendChild(document.createElement("p"));
  said.className = "ow-hidden";
  said.setAttribute("role", "status");
  let shown = main.innerHTML, tag = "", pause = MINUTE, timer = 0;

  const renew = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("main");
    if (!fresh || fresh.innerHTML === shown) return;
    shown = fresh.innerHTML;
    const open = [...main.querySelectorAll("details")].map((each) => each.open);
    main.replaceChildren(...fresh.childNodes);
    main.querySelectorAll("details").forEach((each, place) => { each.open = open[place] || false; });
    said.textContent = main.querySelector(".ow-now")?.textContent || "";
  };
  const look = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const answer = await fetch(location.href, { headers, cache: tag ? "default" : "no-cache" });
      if (answer.ok) {
        tag = answer.headers.get("ETag") || "";
        renew(await answer.text());
      }
      pause = answer.ok || answer.status === 304 ? MINUTE : Math.min(pause * 2, LONGEST);
    } catch {
      pause = Math.min(pause * 2, LONGEST);
    }
    timer = setTimeout(look, pause);
  };
  timer = setTimeout(look, pause);
  document.addEventListener("visibilitychange", look);
}
