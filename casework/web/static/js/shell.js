// The frame: search key, menus, preferences without a reload, walking through tables.
// Everything here adds to pages that already work without it.
"use strict";

(() => {
  const root = document.documentElement;
  const isTyping = (target) =>
    target.closest("input, textarea, select, [contenteditable]") !== null;

  // "/" opens the search
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    const search = document.querySelector("[data-search]");
    if (!search || isTyping(event.target)) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  // menus close on Escape and when one goes elsewhere
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (location.hash === "#menu") {
      history.back();
    }
  });

  // theme and size of text change at once; the server keeps them; nothing typed is lost to a reload
  const applyTheme = (theme) => {
    root.dataset.theme = theme;
    const media = { dark: "screen", light: "not all" };
    document.querySelector("link[data-dark]").media =
      media[theme] ?? "screen and (prefers-color-scheme: dark)";
    document.dispatchEvent(new CustomEvent("casework:theme"));
  };
  const appliers = {
    theme: applyTheme,
    text_size: (size) => {
      root.dataset.textSize = size;
    },
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const apply = appliers[form.dataset.preference];
    const button = event.submitter;
    if (!apply || !button) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    body.set(button.name, button.value);
    apply(button.value);
    for (const other of form.querySelectorAll("[aria-pressed]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      if (answer.type !== "opaqueredirect" && !answer.ok) throw new Error(String(answer.status));
    } catch {
      // the choice holds on this page; the next press sends it again
      button.setAttribute("aria-pressed", "mixed");
    }
  });

  // up, down, home and end walk through the rows of a table; enter follows the link that has the focus
  const moves = {
    ArrowDown: (at) => at + 1,
    ArrowUp: (at) => at - 1,
    Home: () => 0,
    End: (_at, count) => count - 1,
  };
  document.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    const table = event.target.closest?.("[data-rows-nav]");
    if (!move || !table || isTyping(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
    const links = [...table.querySelectorAll(".row-link")];
    const row = event.target.closest("tbody tr");
    const at = row ? links.findIndex((link) => row.contains(link)) : -1;
    const next = links[move(at, links.length)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  document.addEventListener("keydown", (event) => {
    // from the page itself, the first arrow enters the table
    if (event.key !== "ArrowDown" || event.target !== document.activeElement) return;
    if (!event.target.matches("[data-search], [role=region]:has([data-rows-nav])")) return;
    const first = document.querySelector("[data-rows-nav] .row-link");
    if (first) {
      event.preventDefault();
      first.focus();
    }
  });

  // a press anywhere on a row follows its link, unless one selects text or aims at something else
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-rows-nav] tbody tr");
    if (!row || event.target.closest("a, button, input, label, summary")) return;
    if (String(getSelection())) return;
    row.querySelector(".row-link")?.click();
  });
})();
