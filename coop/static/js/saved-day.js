/* The saved page of two days, read later: on the second day it shows only that (and what is still under way), after it
   nothing. */
customElements.define(
  "saved-day",
  class extends HTMLElement {
    connectedCallback() {
      const today = new Intl.DateTimeFormat("en-CA", { timeZone: this.dataset.zone }).format(new Date());
      const passed = Math.round((Date.parse(today) - Date.parse(this.dataset.day)) / 86_400_000);
      const [first, second] = this.querySelectorAll(":scope > section");
      const over = passed < 1 ? [] : first.querySelectorAll("article:not(:has(visit-step[data-tap=finish]))");
      over.forEach((visit) => (visit.hidden = true));
      first.hidden = passed >= 1 && !first.querySelector("article:not([hidden])");
      if (passed === 1) second.querySelector("h2").textContent = this.dataset.today;
      second.querySelectorAll("visit-step").forEach((step) => (step.hidden = passed !== 1));
      if (passed < 2) return;
      first.hidden = second.hidden = true;
      this.querySelector("[data-old]").hidden = false;
      caches.delete("day");
    }
  },
);
