// Comfort on top of pages that work without it. No dependency, no inline code, no storage.

const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// After a refused form the summary of errors takes the focus (WCAG 3.3.1).
document.querySelector("[data-focus]")?.focus();

// The navigation folds behind a button on narrow screens.
for (const toggle of $$(".menu-toggle")) {
  const holder = toggle.closest("[data-menu]");
  toggle.hidden = false;
  holder.classList.add("has-toggle");
  toggle.addEventListener("click", () => {
    const open = holder.classList.toggle("is-open");
    toggle.setAttribute("aria-expanded", String(open));
  });
}

// What takes longer than a moment says so, also to screen readers (WCAG 4.1.3).
const working = document.querySelector("[data-working]");
let workTimer = 0;
const work = (what) => {
  clearTimeout(workTimer);
  working.textContent = "";
  if (!what) return;
  workTimer = setTimeout(() => {
    working.textContent = working.dataset[what];
    // No page follows a file, so nothing else takes the words away.
    if (what === "file") workTimer = setTimeout(() => work(null), 8000);
  }, 400);
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
  work("file" in link.dataset ? "file" : "page");
});

// A form is sent once: a second press while the answer is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") { work("page"); return; }
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  for (const button of $$("button[type=submit]", form)) button.setAttribute("aria-disabled", "true");
  // A button that only brings the form back saves nothing, whatever the form's own words say.
  const notes = "again" in (event.submitter?.dataset ?? {}) ? [] : $$("[data-busy]", form);
  for (const note of notes) note.textContent = note.dataset.busy;
  if (notes.length === 0) work("form");
});
window.addEventListener("pageshow", () => {
  work(null);
  for (const form of $$("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of $$("button[type=submit]", form)) button.removeAttribute("aria-disabled");
    for (const note of $$("[data-busy]", form)) note.textContent = "";
  }
});

// Typing prolongs the session, and its end is told before it comes (WCAG 2.2.1).
const session = document.querySelector("[data-session]");
if (session) {
  const minute = 60_000;
  const words = session.querySelector("[role=status]");
  const stay = session.querySelector("button");
  let [used, asked, timer] = [Date.now(), Date.now(), 0];
  // A minute less than the server waits: it notes no use within a minute of the last one.
  const end = () => used + 14 * minute;
  const tell = (what) => {
    clearTimeout(timer);
    const time = new Date(what === "ended" ? Math.min(end(), Date.now()) : end())
      .toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
    session.hidden = false;
    stay.hidden = what === "ended";
    setTimeout(() => { words.textContent = session.dataset[what].replace("ZEIT", time); }, 100);
  };
  const wait = () => {
    clearTimeout(timer);
    session.hidden = true;
    words.textContent = "";
    timer = setTimeout(() => {
      tell("ending");
      timer = setTimeout(() => tell("ended"), 2 * minute);
    }, 12 * minute);
  };
  const prolong = async () => {
    asked = Date.now();
    const start = asked;
    try {
      const answer = await fetch(session.dataset.session, { redirect: "manual", cache: "no-store" });
      if (answer.status !== 204) { tell("ended"); return; }
      used = start;
      wait();
    } catch {
      // Without a line the session goes on as it was; the next input asks again.
    }
  };
  stay.addEventListener("click", prolong);
  document.addEventListener("input", (event) => {
    if (event.target.form?.method === "post" && Date.now() - asked > minute) prolong();
  });
  wait();
}

for (const button of $$("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Copies the text of the element named by data-copy and says so.
for (const button of $$("[data-copy]")) {
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = "Kopiert";
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

// The keypad types into the field that it names; the field stays usable by keyboard.
for (const pad of $$("[data-keypad]")) {
  const field = document.getElementById(pad.dataset.keypad);
  pad.hidden = false;
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button")?.dataset.key;
    if (key === undefined) return;
    if (key === "back") field.value = field.value.slice(0, -1);
    else if (key !== "," || !field.value.includes(",")) field.value += key;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// The live price of an amount being typed: asks the terminal's own server, shows text only.
for (const form of $$("form[data-price]")) {
  const amount = form.querySelector("[data-price-amount]");
  const reason = form.querySelector("[data-price-reason]");
  form.querySelector("[data-price-box]").hidden = false;
  let timer = 0;
  let newest = 0;
  const ask = async () => {
    const ticket = ++newest;
    const values = new URLSearchParams(new FormData(form));
    values.delete("csrf");
    try {
      const answer = await fetch(`${form.dataset.price}?${values}`, { headers: { accept: "application/json" } });
      const price = answer.ok ? await answer.json() : { amount: "", reason: "" };
      if (ticket !== newest) return;
      amount.textContent = price.amount;
      reason.textContent = price.reason;
    } catch {
      if (ticket === newest) reason.textContent = "Preis gerade nicht abrufbar; er steht auf der nächsten Seite.";
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 200); });
  ask();
}

// Waiting pages ask again by themselves until the state changes.
for (const box of $$("[data-refresh]")) {
  setTimeout(() => window.location.reload(), Number(box.dataset.refresh) * 1000);
}

// A receipt opened by its check code: the digest stands behind the #, which no server sees.
for (const box of $$("[data-digest]")) {
  const given = window.location.hash.slice(1);
  if (given === "") continue;
  const verdict = given === box.dataset.digest ? "[data-digest-same]" : "[data-digest-other]";
  box.querySelector(verdict).hidden = false;
}

// The same code opens the receipt: it is filled in, and the form sent.
for (const form of $$("form[data-check-code]")) {
  const given = window.location.hash.slice(1);
  if (given === "") continue;
  form.querySelector("[name=pruefcode]").value = given;
  form.requestSubmit();
}
