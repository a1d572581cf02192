// Notices of the browser: shown only where the browser can, begun only when the person presses.
const box = document.getElementById("push");
const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") throw new Error();
  await navigator.serviceWorker.register("/follow-worker.js", { scope: "/f/" });
  const worker = await navigator.serviceWorker.ready;
  return worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytesOf(box.dataset.key),
  });
}

async function follow(said) {
  const answer = await fetch(box.dataset.to, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(await subscribe()),
  });
  const told = await answer.json();
  if (!answer.ok) {
    said.textContent = told.message;
    return;
  }
  const link = document.createElement("a");
  link.href = told.own;
  link.textContent = box.dataset.end;
  said.replaceChildren(`${box.dataset.done} `, link);
  box.querySelector("button").hidden = true;
}

if (box && can) {
  box.hidden = false;
  const said = box.querySelector("[role=status]");
  box.querySelector("button").addEventListener("click", () => {
    follow(said).catch(() => {
      said.textContent = box.dataset.failed;
    });
  });
}
