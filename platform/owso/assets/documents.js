// Sends a document in parts (tus 1.0) so that a cut line costs one part; the form works without.
const PART = 256 * 1024;
const LONGEST_WAIT = 15000;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function headersOf(form) {
  return { "Tus-Resumable": "1.0.0", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

async function begin(form, file) {
  const said = [`filename ${base64(file.name || "photo")}`];
  if (form.elements.paper.value) said.push(`paper ${base64(form.elements.paper.value)}`);
  const answer = await fetch(form.dataset.uploads, {
    method: "POST",
    headers: { ...headersOf(form), "Upload-Length": file.size, "Upload-Metadata": said.join(",") },
  });
  if (answer.status !== 201) throw await refused(answer);
  return answer.headers.get("Location");
}

async function refused(answer) {
  const isTold = answer.status < 500 && (answer.headers.get("Content-Type") || "").startsWith("text/plain");
  return Object.assign(new Error(isTold ? await answer.text() : ""), { isFinal: answer.status < 500 && answer.status !== 409 });
}

async function place(form, address) {
  const answer = await fetch(address, { method: "HEAD", headers: headersOf(form), cache: "no-store" });
  if (!answer.ok) throw await refused(answer);
  return Number(answer.headers.get("Upload-Offset"));
}

async function sendPart(form, address, file, offset) {
  const answer = await fetch(address, {
    method: "PATCH",
    headers: { ...headersOf(form), "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" },
    body: file.slice(offset, offset + PART),
  });
  if (answer.status !== 204) throw await refused(answer);
  return Number(answer.headers.get("Upload-Offset"));
}

async function sendAll(form, file, tell) {
  const key = `upload ${form.dataset.uploads} ${file.name} ${file.size} ${file.lastModified} ${form.elements.paper.value}`;
  let address = sessionStorage.getItem(key);
  let offset = null;
  let wait = 500;
  for (;;) {
    try {
      if (!address) {
        address = await begin(form, file);
        sessionStorage.setItem(key, address);
        offset = 0;
      }
      offset ??= await place(form, address);
      do {
        tell(offset + PART < file.size ? form.dataset.sending : form.dataset.checking, offset / file.size);
        offset = await sendPart(form, address, file, offset);
        wait = 500;
      } while (offset < file.size);
      sessionStorage.removeItem(key);
      return;
    } catch (error) {
      if (error.isFinal && offset === null && address) {
        // An upload of before that is gone: begin anew.
        sessionStorage.removeItem(key);
        address = null;
      } else if (error.isFinal) {
        sessionStorage.removeItem(key);
        throw error;
      } else {
        tell(form.dataset.cut, (offset || 0) / file.size);
        await pause(wait);
        wait = Math.min(wait * 2, LONGEST_WAIT);
        offset = null;
      }
    }
  }
}

function enhance(form) {
  const state = form.querySelector(".ow-papers__state");
  const [bar, words] = [state.querySelector("progress"), state.querySelector("p")];
  const tell = (text, part = 0, isWrong = false) => {
    state.hidden = false;
    state.classList.toggle("is-wrong", isWrong);
    bar.hidden = isWrong;
    bar.value = Math.round(part * 100);
    words.textContent = text.endsWith(":") || text.endsWith("៖") ? `${text} ${bar.value} %` : text;
  };
  const send = async (file) => {
    if (form.dataset.busy) return;
    if (file.size > Number(form.dataset.limit)) return tell(form.dataset.large, 0, true);
    form.dataset.busy = "1";
    try {
      await sendAll(form, file, tell);
      location.hash = "documents";
      location.reload();
    } catch (error) {
      tell(error.message || form.dataset.failed, 0, true);
    } finally {
      delete form.dataset.busy;
      delete form.dataset.sent;
    }
  };
  form.addEventListener("submit", (event) => {
    const file = form.elements.photo.files[0] || form.elements.file.files[0];
    if (!file) return;
    event.preventDefault();
    send(file);
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
    });
  }
  form.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length) form.elements.file.files = event.dataTransfer.files;
  });
}

document.querySelectorAll("form[data-uploads]").forEach(enhance);
