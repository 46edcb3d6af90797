/* The starts, finishes and reports that wait on this phone: kept before anything is sent, sent in their order, forgotten only when
   the site says that it has them. Shared by the pages (door.js) and the service worker. The site keeps each number once,
   so sending again is never doing again. */
self.taps = (() => {
  const STORE = "taps";
  const PATIENCE = 12_000;

  const result = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  async function store(mode, step) {
    const opening = indexedDB.open("evenhand", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "number", autoIncrement: true });
    const database = await result(opening);
    try {
      const transaction = database.transaction(STORE, mode);
      const found = await result(step(transaction.objectStore(STORE)));
      if (mode === "readwrite" && transaction.commit) transaction.commit();
      return found;
    } finally {
      database.close();
    }
  }

  const all = () => store("readonly", (taps) => taps.getAll());
  const of = async (user) => (await all()).filter((tap) => tap.user === user);
  const keep = async (tap) => ({ ...tap, number: await store("readwrite", (taps) => taps.put(tap)) });
  const forget = (tap) => store("readwrite", (taps) => taps.delete(tap.number));

  const ask = (address, options) =>
    fetch(address, { redirect: "error", signal: AbortSignal.timeout(PATIENCE), cache: "no-store", ...options });

  /* Nobody's taps are sent in the name of somebody else, and none in the name of whoever signed out. */
  async function whose() {
    const answer = await ask("/taps", {});
    if (!answer.ok) throw new Error(`not now: ${answer.status}`);
    return answer.json();
  }

  function send(tap, token) {
    const { number, user, until, to, ...facts } = tap;
    return ask(to ?? "/taps", {
      method: "POST",
      body: new URLSearchParams({ ...facts, sent_at: Date.now(), csrfmiddlewaretoken: token }),
    });
  }

  async function deliver() {
    const delivered = [];
    if (!(await all()).length) return delivered;
    const { user, token } = await whose();
    for (const tap of await of(user)) {
      if (tap.until > Date.now()) break; // the phone is still asked where it is
      const answer = await send(tap, token);
      if (answer.status === 422) continue;
      if (!answer.ok) break;
      delivered.push({ ...tap, ...(await answer.json()) });
      await forget(tap);
    }
    return delivered;
  }

  /* Whoever sends says so to everybody else who has this open: what the service worker sent, no page has to guess. */
  const news = new BroadcastChannel("taps");

  async function tell() {
    const delivered = await deliver();
    if (delivered.length) news.postMessage(delivered);
    return delivered;
  }

  /* One sender at a time, in whatever window; the ones that have arrived come back with what the site said. */
  const alone = (step) => (navigator.locks ? navigator.locks.request("taps", step) : step());
  const flush = () => alone(tell);
  const drop = (tap) => alone(() => forget(tap));

  return { all, of, keep, drop, flush, news };
})();
