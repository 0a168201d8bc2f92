// The desk's only script. Every page works without it: it adds keys, a countdown, and partial updates.
"use strict";

(() => {
  const IDLE = 30 * 60 * 1000; // ms without a key or pointer after which a page no longer refreshes itself
  const QUIET = "yujing.keys";
  const find = (selector) => document.querySelector(selector);
  const main = () => find("#main");
  let touched = Date.now();
  let timer = 0;
  let busy = false;
  let shown = "";

  // Swap the page's main part for that of another answer; what the user opened stays open.
  function swap(text, address) {
    const next = new DOMParser().parseFromString(text, "text/html");
    const fresh = next.querySelector("#main");
    if (!fresh) return false;
    if (fresh.outerHTML === shown) return true;
    const open = [...main().querySelectorAll("details[open][id]")].map((one) => one.id);
    main().replaceWith(fresh);
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    document.title = next.title;
    if (address) history.replaceState(null, "", address);
    begin();
    return true;
  }

  // What begins anew whenever the main part is new.
  function begin() {
    shown = main().outerHTML;
    const told = find("main .said[role=status]");
    if (told) find("#told").textContent = told.textContent;
    hint();
    count();
    plan();
  }

  function plan() {
    clearTimeout(timer);
    const seconds = Number(main().dataset.refresh);
    if (seconds) timer = setTimeout(refresh, seconds * 1000);
  }

  function occupied() {
    const at = document.activeElement;
    const within = at && at !== main() && main().contains(at);
    return busy || document.hidden || within || String(getSelection()) !== "" || Date.now() - touched > IDLE;
  }

  async function refresh() {
    const before = shown; // a judgement sent meanwhile is newer than this answer
    if (!occupied()) {
      try {
        const answer = await fetch(location.href, { credentials: "same-origin" });
        const text = await answer.text();
        if (answer.redirected) return location.reload(); // signed out meanwhile
        if (answer.ok && before === shown && !occupied()) swap(text);
      } catch {
        // The desk is out of reach for now: the next time will tell.
      }
    }
    plan();
  }

  // A form is sent once; one marked so changes only the main part.
  async function send(event) {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    const button = event.submitter;
    form.querySelectorAll("button").forEach((one) => one.setAttribute("aria-disabled", "true"));
    if (!("swap" in form.dataset)) return;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form));
    if (button?.name) fields.set(button.name, button.value);
    busy = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, credentials: "same-origin" });
      const text = await answer.text();
      shown = "";
      if (!swap(text, answer.redirected ? answer.url : "")) throw new Error(answer.status);
      scrollTo(0, 0);
      main().focus({ preventScroll: true });
    } catch {
      location.reload(); // what was done is on the page as it is now
    } finally {
      busy = false;
    }
  }

  function count() {
    const line = find("[data-until]");
    if (!line) return;
    const end = Date.now() + Number(line.dataset.until) * 1000;
    const tick = () => {
      if (!line.isConnected) return;
      const left = Math.ceil((end - Date.now()) / 1000);
      line.textContent = left > 0 ? line.dataset.left.replace("#", left) : line.dataset.going;
      if (left > 0) setTimeout(tick, 500);
    };
    tick();
  }

  // Keys. 1, 2 and 3 only choose; the same key again or Enter sends. None while something is being written.
  function quiet() {
    try {
      return localStorage.getItem(QUIET) === "off";
    } catch {
      return false;
    }
  }

  function hint() {
    document.querySelectorAll(".keys").forEach((one) => (one.hidden = quiet()));
    document.querySelectorAll("button[data-key]").forEach((one) => {
      if (quiet()) delete one.dataset.hint;
      else one.dataset.hint = one.dataset.key.toUpperCase();
    });
    const toggle = find("[data-keys]");
    if (!toggle) return;
    toggle.parentElement.hidden = false;
    toggle.textContent = toggle.dataset.keys.split("|")[quiet() ? 0 : 1];
  }

  function press(event) {
    touched = Date.now();
    const writing = event.target.closest?.("input, select, textarea, [contenteditable]");
    if (event.key === "Escape") find("details.account")?.removeAttribute("open");
    if (quiet() || writing || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "/") {
      event.preventDefault();
      return find("#q") ? find("#q").focus() : location.assign("/search");
    }
    const chosen = find(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!chosen) return;
    event.preventDefault();
    if ("123".includes(event.key) && document.activeElement !== chosen) chosen.focus();
    else chosen.click();
  }

  document.addEventListener("submit", send);
  document.addEventListener("keydown", press);
  document.addEventListener("pointerdown", (event) => {
    touched = Date.now();
    const menu = find("details.account[open]");
    if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keys]")) return;
    try {
      localStorage.setItem(QUIET, quiet() ? "on" : "off");
    } catch {
      return; // the browser keeps nothing for us: the keys stay as they are
    }
    hint();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && main().dataset.refresh) refresh();
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  begin();
})();
