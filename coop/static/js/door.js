/* Start and finish on the phone of somebody who works here: the tap is kept first, the phone is asked once where it is,
   then the tap is sent; without network it waits here, says so, and goes by itself. Without this file, or where a phone
   keeps nothing, the same buttons are plain forms. */
(() => {
  const sign = document.querySelector("waiting-taps");
  if (!sign || !window.indexedDB || !window.AbortSignal?.timeout || !window.BroadcastChannel) return;
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
    const kept = mine.filter((tap) => !tap.to && tap.shift === step.dataset.shift);
    const kinds = kept.map((tap) => tap.kind);
    const next = kinds.includes("finish") ? "" : kinds.includes("start") ? "finish" : step.dataset.tap;
    step.dataset.next = next;
    step.dataset.began = kept.find((tap) => tap.kind === "start")?.device_at ?? Number(step.dataset.started) * 1000;
    step.querySelectorAll("[data-tap]").forEach((form) => (form.hidden = form.dataset.tap !== next));
    step.querySelector(".begun").hidden = next === "start";
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
    step.querySelectorAll("[data-tap] button").forEach(pause);
    const place = await here();
    const waits = (await taps.of(user)).some((one) => one.uuid === kept.uuid); // it may be taken back meanwhile
    if (waits) await taps.keep({ ...kept, ...place, until: 0 });
    await deliver();
  }

  /* A finger that taps twice means it once: the next step is not to be had in the same breath. */
  function pause(button) {
    button.disabled = true;
    setTimeout(() => (button.disabled = false), 1_500);
  }

  /* Who finishes long before what was planned is asked once whether that is so. */
  async function isMeant(step) {
    const early = step.dataset.next === "finish" && Date.now() < Number(step.dataset.began) + step.dataset.least * 60_000;
    return !early || (await answer(step.querySelector("dialog"), "yes"));
  }

  const answer = (question, yes) =>
    new Promise((resolve) => {
      question.returnValue = "";
      question.addEventListener("close", () => resolve(question.returnValue === yes), { once: true });
      question.showModal();
    });

  /* What waits on this phone can be taken back as long as it waits. */
  document.addEventListener("click", async ({ target }) => {
    if (!target.matches("[data-forget]")) return;
    const { shift } = target.closest("visit-step").dataset;
    const last = (await taps.of(user)).filter((tap) => tap.shift === shift).at(-1);
    if (last) await taps.drop(last);
    await show();
  });

  /* Send what waits. */
  async function deliver() {
    let arrived = [];
    try {
      arrived = await taps.flush();
    } catch {
      const worker = await navigator.serviceWorker?.getRegistration();
      await worker?.sync?.register("taps").catch(() => {});
    }
    await arrive(arrived);
  }

  /* Where something has arrived, sent from here or by somebody else, go where it leads, or say what the rules said. */
  async function arrive(arrived) {
    const mine = await show();
    const refused = arrived.filter((one) => one.refusal);
    refused.forEach((one) => say(one.refusal));
    const last = arrived.at(-1);
    if (last && !refused.length && !mine.length && !leaving && document.querySelector("visit-step, saved-day, form[data-report]"))
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
    if (await isMeant(step)) await tap(step).catch(() => event.target.submit());
  });

  /* What is wrong is kept like a tap, before anything is sent, and forgotten here as soon as the site has it. */
  const fields = (form) => {
    const said = new FormData(form);
    const { csrfmiddlewaretoken, ...facts } = Object.fromEntries(said);
    return { ...facts, barred: said.getAll("barred").join(",") };
  };

  async function report(form) {
    const facts = { uuid: crypto.randomUUID(), user, shift: form.dataset.report, to: form.dataset.to };
    await taps.keep({ ...facts, ...fields(form), device_at: Date.now(), until: 0 });
    await deliver();
    form.reset();
    if ((await taps.of(user)).some((tap) => tap.uuid === facts.uuid)) say(form.dataset.kept);
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.report) return;
    event.preventDefault();
    await report(form).catch(() => form.submit());
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

  const surely = () => answer(document.getElementById("unsent"), "leave");

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

  taps.news.addEventListener("message", ({ data }) => arrive(data.filter((one) => one.user === user)));
  addEventListener("online", deliver);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && deliver());
  addEventListener("load", async () => {
    await navigator.serviceWorker?.register("/sw.js").catch(() => {});
    await deliver();
    await save().catch(() => {});
  });
  show();
})();
