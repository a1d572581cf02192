// Passkeys: hands the page's options to the browser, and the browser's answer to the form.
const bytes = (text) => Uint8Array.from(
  atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

async function create(options) {
  const asked = options.publicKey;
  asked.challenge = bytes(asked.challenge);
  asked.user.id = bytes(asked.user.id);
  asked.excludeCredentials = known(asked.excludeCredentials);
  const made = await navigator.credentials.create({ publicKey: asked });
  return answer(made, ["clientDataJSON", "attestationObject"]);
}

async function get(options) {
  const asked = options.publicKey;
  asked.challenge = bytes(asked.challenge);
  asked.allowCredentials = known(asked.allowCredentials);
  const shown = await navigator.credentials.get({ publicKey: asked });
  return answer(shown, ["clientDataJSON", "authenticatorData", "signature", "userHandle"]);
}

function answer(credential, names) {
  const response = {};
  for (const name of names) if (credential.response[name]) response[name] = text(credential.response[name]);
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  const trouble = form.querySelector("[data-passkey-trouble]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    event.stopPropagation();
    trouble.hidden = true;
    try {
      const ask = form.dataset.passkey === "create" ? create : get;
      form.elements.credential.value = JSON.stringify(await ask(JSON.parse(form.dataset.options)));
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  });
  if ("atOnce" in form.dataset) form.requestSubmit();
}
