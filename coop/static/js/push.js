// Lets this browser show messages, where it can. The page says in words what each button does; without this file the
// whole card stays hidden.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

class PushChoice extends HTMLElement {
  async connectedCallback() {
    if (!("serviceWorker" in navigator) || !("PushManager" in window)) return;
    this.hidden = false;
    this.addEventListener("click", (event) => {
      const wish = event.target.closest("button")?.dataset.wish;
      if (wish) this[wish]().then(() => this.show(), () => this.show(true));
    });
    await this.show();
  }

  async worker() {
    await navigator.serviceWorker.register(this.dataset.worker);
    return navigator.serviceWorker.ready;
  }

  async known() {
    const found = await navigator.serviceWorker.getRegistration();
    return found ? found.pushManager.getSubscription() : null;
  }

  async start() {
    const worker = await this.worker();
    const known = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(this.dataset.key) });
    const { endpoint, keys } = known.toJSON();
    if (!(await this.send(this.dataset.on, { endpoint, ...keys }))) {
      await known.unsubscribe();
      throw new Error("not kept");
    }
    location.reload();
  }

  async stop() {
    const known = await this.known();
    if (!known) return;
    await this.send(this.dataset.off, { endpoint: known.endpoint });
    await known.unsubscribe();
    location.reload();
  }

  async send(address, words) {
    const token = this.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams(words) });
    return answer.ok;
  }

  async show(trouble = false) {
    const known = await this.known();
    this.querySelector("[data-wish=start]").hidden = Boolean(known);
    this.querySelector("[data-wish=stop]").hidden = !known;
    this.querySelector("[data-trouble]").hidden = !trouble;
  }
}

customElements.define("push-choice", PushChoice);
