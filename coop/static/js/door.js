/* Start and finish on the phone of somebody who works here: the tap is kept first, the phone is asked once where it is,
   then the tap is sent; without network it waits here, says so, and goes by itself. Without this file, or where a phone
   keeps nothing, the same buttons are plain forms. */
(() => {
  const sign = document.querySelector("waiting-taps");
  if (!sign || !window.indexedDB || !window.AbortSignal?.timeout) return;
  const user = Number(sign.dataset.user);
  const SAVED = sign.dataset.saved;
  const PATIENCE = 5_000;
  let leaving = false;

  async function show() {
    const mine = await taps.of(user);
    sign.hidden = !mine.length;
    sign.textContent = mine.length === 1 ? sign.dataset.one : sign.dataset.more.replace("{}", mine.length);
    document.querySelectorAll("visit-step").forEach((step) => draw(step, mine));
    return mine;
  }

  function draw(step, mine) {
    const kinds = mine.filter((tap) => tap.shift === step.dataset.shift).map((tap) => tap.kind);
    const form = step.querySelector("form");
    const button = form.querySelector("button");
    button.dataset.label ??= button.textContent;
    const next = kinds.includes("finish") ? "" : kinds.includes("start") ? "finish" : form.dataset.tap;
    step.dataset.next = next;
    form.hidden = !next;
    button.textContent = next === form.dataset.tap ? button.dataset.label : step.dataset.finish;
    step.querySelector("[data-note]").hidden = !kinds.length;
    step.querySelectorAll("[data-before]").forEach((line) => (line.hidden = kinds.length > 0));
  }

  /* Where the phone is, at this moment and no other; nothing if it does not say. */
  const here = () =>
    new Promise((resolve) => {
      setTimeout(resolve, PATIENCE, {});
      navigator.geolocation?.getCurrentPosition(
        ({ coords: { latitude, longitude, accuracy } }) => resolve({ latitude, longitude, accuracy }),
        () => resolve({}),
        { enableHighAccuracy: true, timeout: PATIENCE - 1_000, maximumAge: 0 },
      );
    });

  async function tap(step) {
    const now = Date.now();
    const facts = { uuid: crypto.randomUUID(), user, shift: step.dataset.shift, kind: step.dataset.next };
    const kept = await taps.keep({ ...facts, device_at: now, until: now + 2 * PATIENCE });
    await show();
    pause(step.querySelector("button"));
    await taps.keep({ ...kept, ...(await here()), until: 0 });
    await deliver();
  }

  /* A finger that taps twice means it once: the next step is not to be had in the same breath. */
  function pause(button) {
    button.disabled = true;
    setTimeout(() => (button.disabled = false), 1_500);
  }

  /* Send what waits; where something has arrived, go where it leads, or say what the rules said. */
  async function deliver() {
    let arrived = [];
    try {
      arrived = await taps.flush();
    } catch {
      const worker = await navigator.serviceWorker?.getRegistration();
      await worker?.sync?.register("taps").catch(() => {});
    }
    const mine = await show();
    const refused = arrived.filter((one) => one.refusal);
    refused.forEach((one) => say(one.refusal));
    const last = arrived.at(-1);
    if (last && !refused.length && !mine.length && !leaving && document.querySelector("visit-step, saved-day"))
      location.assign(last.onward);
  }

  function say(words) {
    const said = document.getElementById("messages");
    if (said.lastElementChild?.textContent !== words) {
      const line = document.createElement("p");
      line.className = "message warning";
      line.textContent = words;
      said.append(line);
    }
    said.lastElementChild.scrollIntoView({ block: "center" });
  }

  document.addEventListener("submit", async (event) => {
    const step = event.target.closest("visit-step");
    if (!step || !event.target.dataset.tap) return;
    event.preventDefault();
    const early = Number(step.dataset.from) * 1000 > Date.now();
    if (early) return say(step.dataset.early);
    await tap(step).catch(() => event.target.submit());
  });

  /* Nobody signs out and loses what was not sent without having said so. */
  document.addEventListener("submit", async (event) => {
    if (new URL(event.target.action).pathname !== sign.dataset.out) return;
    event.preventDefault();
    leaving = true;
    const left = async () => (await taps.all()).length;
    if (await left()) await deliver();
    if ((await left()) && !(await surely())) return (leaving = false);
    await caches.delete("day");
    event.target.submit();
  });

  const surely = () =>
    new Promise((resolve) => {
      const question = document.getElementById("unsent");
      question.returnValue = "";
      question.addEventListener("close", () => resolve(question.returnValue === "leave"), { once: true });
      question.showModal();
    });

  /* Everything else needs the network: it is said, and what was typed stays. What a browser says of the network may be
     wrong (the site may run on this very machine), so the site is asked before anybody is turned away. */
  let reached = false;
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || reached || navigator.onLine || form.method !== "post") return;
    event.preventDefault();
    const asked = { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
    reached = await fetch(SAVED, asked).then((answer) => answer.ok, () => false);
    if (!reached) return say(sign.dataset.unsent);
    form.requestSubmit(submitter);
    reached = false;
  });
  document.addEventListener("htmx:sendError", () => say(sign.dataset.unsent));

  /* Keep today and tomorrow to read without network: a page of its own, in which no getting-in note ever stands. */
  async function save() {
    const days = await caches.open("day");
    const saved = await days.match(SAVED);
    if (saved && location.pathname !== "/today") return;
    const answer = await fetch(SAVED, { redirect: "error", cache: "no-store" });
    if (answer.ok) await days.put(SAVED, answer);
  }

  addEventListener("online", deliver);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && deliver());
  addEventListener("load", async () => {
    await navigator.serviceWorker?.register("/sw.js").catch(() => {});
    await deliver();
    await save().catch(() => {});
  });
  show();
})();
