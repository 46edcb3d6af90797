/* Lets this browser show messages, where it can. The page says in words what each button does; without this file its
   card stays hidden. */
(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

  class PushChoice extends HTMLElement {
    async connectedCallback() {
      if (!("serviceWorker" in navigator) || !("PushManager" in window)) return;
      this.addEventListener("click", (event) => {
        const wish = event.target.closest("button")?.dataset.wish;
        if (wish) this[wish]().catch(() => this.show(true));
      });
      await this.show();
      this.parentElement.hidden = false;
    }

    async known() {
      const worker = await navigator.serviceWorker.getRegistration();
      return worker ? worker.pushManager.getSubscription() : null;
    }

    async start() {
      await navigator.serviceWorker.register(this.dataset.worker);
      const { pushManager } = await navigator.serviceWorker.ready;
      const ours = bytes(this.dataset.key);
      const known = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: ours });
      const { endpoint, keys } = known.toJSON();
      if (await this.send(this.dataset.on, { endpoint, ...keys })) return location.reload();
      await known.unsubscribe();
      await this.show(true);
    }

    async stop() {
      const known = await this.known();
      if (known) await this.send(this.dataset.off, { endpoint: known.endpoint });
      await known?.unsubscribe();
      location.reload();
    }

    async send(address, words) {
      const token = this.querySelector("[name=csrfmiddlewaretoken]").value;
      const sent = { method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams(words) };
      return (await fetch(address, sent)).ok;
    }

    async show(trouble = false) {
      const known = Boolean(await this.known());
      const shown = { off: !known, on: known, trouble };
      for (const part of this.querySelectorAll("[data-when]")) part.hidden = !shown[part.dataset.when];
    }
  }

  customElements.define("push-choice", PushChoice);
})();
