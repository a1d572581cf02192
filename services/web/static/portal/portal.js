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
