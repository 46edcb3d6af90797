/* Asks this browser for a passkey, or to make one, and sends what it says with the form around the button. Where the
   browser knows no passkeys the button stays hidden; codes work without this file. */
(() => {
  class PasskeyButton extends HTMLElement {
    connectedCallback() {
      if (!window.PublicKeyCredential) return;
      this.hidden = false;
      for (const other of document.querySelectorAll("[data-without-passkeys]")) other.hidden = true;
      this.querySelector("button").addEventListener("click", () => this.ask().catch(() => this.say(true)));
    }

    async ask() {
      this.say(false);
      const said = await webauthnJSON[this.dataset.wish](await this.asked());
      const form = this.querySelector("form");
      form.querySelector("[name$=credential]").value = JSON.stringify(said);
      form.submit();
    }

    async asked() {
      const there = document.getElementById(this.dataset.asked);
      if (!there) return (await this.fetched()).request_options;
      const known = JSON.parse(there.textContent);
      if (known.creation_options) {
        const wanted = known.creation_options;
        wanted.publicKey.authenticatorSelection.residentKey = "preferred";
        return wanted;
      }
      return known.request_options ?? known;
    }

    async fetched() {
      const answer = await fetch(this.dataset.from, { headers: { Accept: "application/json" } });
      return answer.json();
    }

    say(trouble) {
      for (const part of this.querySelectorAll("[data-when=trouble]")) part.hidden = !trouble;
    }
  }

  customElements.define("passkey-button", PasskeyButton);
})();
