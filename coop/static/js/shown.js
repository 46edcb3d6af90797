/* Part of the script beside the pages: messages on the screen. With each come a title and a link, and nothing else. */
(() => {
  self.addEventListener("push", (event) => {
    const { title, link } = event.data?.json() ?? {};
    if (title) event.waitUntil(self.registration.showNotification(title, { data: link, tag: link }));
  });

  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(show(new URL(event.notification.data || "/", location.origin)));
  });

  async function show(page) {
    if (page.origin !== location.origin) return;
    const windows = await clients.matchAll({ type: "window" });
    const there = windows.find((one) => one.url === page.href);
    await (there ? there.focus() : clients.openWindow(page.href));
  }
})();
