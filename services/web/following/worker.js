// Shows what the server tells, and opens its page; keeps nothing.
self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  event.waitUntil(
    self.registration.showNotification(told.title || "OWSO", {
      body: told.body || "",
      tag: told.tag,
      data: told.url,
      lang: told.lang || "km",
    }),
  );
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  if (event.notification.data) event.waitUntil(self.clients.openWindow(event.notification.data));
});
