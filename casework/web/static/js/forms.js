// Forms: drafts that survive, a question before what is unsaved is left, lists of fields that grow.
//
// A draft lives in this tab only (sessionStorage), under the user and the address to which its form is
// sent. It goes when the form is saved, when it is dropped by hand, and at sign-out, in every tab. A form
// that was saved is shown afresh to who comes back to it; who takes it back at once finds what was written
// there again.
"use strict";

(() => {
  const PREFIX = "casework:draft:";
  const SENT = "casework:sent";
  const KEPT = "casework:kept:";
  const user = document.documentElement.dataset.user;
  const UNDOABLE = `${PREFIX}${user}:undoable`;
  const UNDONE = `${PREFIX}${user}:undone`;
  const words = document.body.dataset;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("casework") : null;

  // ---- storage -------------------------------------------------------------------------------

  const draftKeys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  const dropDrafts = (keep = () => false) => {
    for (const key of draftKeys()) if (!keep(key)) sessionStorage.removeItem(key);
  };
  const keyOf = (form) => {
    // where it is sent, not where it stands: a page that refuses it may have another address than the one it was sent from
    const target = (other) => new URL(other.getAttribute("action") || location.href, location.href).pathname;
    const path = target(form);
    const nth = [...document.querySelectorAll("form[data-draft]")].filter((other) => target(other) === path).indexOf(form);
    return `${PREFIX}${user}:${form.id ? "" : path}${form.id || nth ? `#${form.id || nth}` : ""}`;
  };
  const isKept = (field) =>
    field.name && field.name !== "csrf_token" && !["hidden", "password", "file", "submit", "button", "reset"].includes(field.type);
  const valuesOf = (form) => {
    const values = {};
    for (const field of form.elements) {
      if (!isKept(field)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        (values[field.name] ??= []).push(...(field.checked ? [field.value] : []));
      } else if (field.type === "select-multiple") {
        values[field.name] = [...field.selectedOptions].map((option) => option.value);
      } else {
        (values[field.name] ??= []).push(field.value);
      }
    }
    return values;
  };
  const fill = (form, values) => {
    const seen = {};
    for (const field of form.elements) {
      const kept = isKept(field) && values[field.name];
      if (!kept) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = kept.includes(field.value);
      } else if (field.type === "select-multiple") {
        for (const option of field.options) option.selected = kept.includes(option.value);
      } else {
        const nth = (seen[field.name] = (seen[field.name] ?? -1) + 1);
        if (kept[nth] !== undefined) field.value = kept[nth];
      }
    }
  };

  // ---- lists of fields -----------------------------------------------------------------------

  const nextIndex = (list) => {
    const pattern = new RegExp(`^${list.dataset.rows}-(\\d+)(-|$)`);
    const used = [...list.querySelectorAll("[name]")]
      .map((field) => pattern.exec(field.name))
      .filter(Boolean)
      .map((match) => Number(match[1]));
    return used.length ? Math.max(...used) + 1 : 0;
  };
  const addRow = (list) => {
    const template = list.querySelector("template[data-row-template]");
    if (!template) return null;
    const index = String(nextIndex(list));
    const fragment = template.content.cloneNode(true);
    for (const element of fragment.querySelectorAll("*")) {
      for (const attribute of element.attributes) {
        if (attribute.value.includes("__index__")) {
          attribute.value = attribute.value.replaceAll("__index__", index);
        }
      }
    }
    const row = fragment.querySelector("[data-row]");
    list.querySelector("[data-rows-list]").append(fragment);
    showRowButtons(list);
    return row;
  };
  const showRowButtons = (list) => {
    for (const button of list.querySelectorAll("[data-row-add], [data-row-remove]")) button.hidden = false;
  };
  const growFor = (form, values) => {
    for (const list of form.querySelectorAll("[data-rows]")) {
      const pattern = new RegExp(`^${list.dataset.rows}-(\\d+)(-|$)`);
      const wanted = Math.max(-1, ...Object.keys(values).map((name) => Number(pattern.exec(name)?.[1] ?? -1)));
      while (nextIndex(list) <= wanted && addRow(list));
    }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row-add], [data-row-remove]");
    const list = button?.closest("[data-rows]");
    if (!list || (button.hasAttribute("data-row-add") && !list.querySelector("template[data-row-template]"))) return;
    event.preventDefault(); // the page would do the same, and come anew
    const form = button.form ?? button.closest("form");
    if (button.hasAttribute("data-row-add")) {
      addRow(list)?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    } else {
      button.closest("[data-row]").remove();
      list.querySelector("[data-row-add]")?.focus();
    }
    form?.dispatchEvent(new Event("input", { bubbles: true }));
  });
  for (const list of document.querySelectorAll("[data-rows]")) showRowButtons(list);

  // what a page carries along without having kept it
  const UNKEPT = "[data-error-summary], [data-unkept]";

  // ---- drafts --------------------------------------------------------------------------------

  // what the record says, to which a draft is compared; after a refused submit the page shows what was sent instead
  const blank = new WeakMap();
  const dirty = new Set();
  // drafts that were offered, and neither taken nor dropped: whatever is typed meanwhile is kept beside them
  const asides = new Map();

  const put = (form, draft) => {
    if (!draft) {
      sessionStorage.removeItem(keyOf(form));
      return;
    }
    try {
      sessionStorage.setItem(keyOf(form), JSON.stringify(draft));
    } catch {
      // storage full or refused: the question before leaving still protects the text
    }
  };
  const stored = (key) => JSON.parse(sessionStorage.getItem(key) ?? "null");

  const notice = (form, text, buttons) => {
    form.querySelector(".draft-notice")?.remove();
    const box = document.createElement("div");
    box.className = "draft-notice";
    box.setAttribute("role", "status");
    const line = document.createElement("p");
    box.append(line);
    for (const [label, act] of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-quiet";
      button.textContent = label;
      button.addEventListener("click", act);
      box.append(button);
    }
    form.prepend(box);
    // set after insertion, so that the live region is there when its words arrive
    requestAnimationFrame(() => {
      line.textContent = text;
    });
    return box;
  };
  const drop = (form) => {
    put(form, asides.get(form));
    dirty.clear();
    location.reload();
  };
  const take = (form, draft) => {
    // what was typed meanwhile changes places with it
    const typed = dirty.has(form) && { from: blank.get(form), values: valuesOf(form), aside: draft.aside };
    growFor(form, draft.values);
    fill(form, draft.values);
    asides.set(form, typed || draft.aside);
    dirty.add(form);
    notice(form, words.draftRestored, [[words.draftDrop, () => drop(form)]]);
  };
  const offer = (form, draft) => {
    asides.set(form, draft);
    notice(form, words.draftOlder, [
      [words.draftTake, () => (take(form, draft), save(form))],
      [words.draftDrop, () => dropAside(form)],
    ]);
  };
  const dropAside = (form) => {
    const next = asides.get(form).aside;
    asides.delete(form);
    form.querySelector(".draft-notice").remove();
    if (next) offer(form, next);
    save(form);
  };
  const restore = (form, draft) => {
    if (!draft) return;
    const present = blank.get(form);
    if ([present, draft.from].includes(JSON.stringify(draft.values))) {
      put(form, draft.aside);
      restore(form, draft.aside);
    } else if (draft.from !== present) {
      offer(form, draft);
    } else {
      take(form, draft);
      if (draft.aside) offer(form, draft.aside);
    }
  };
  const save = (form) => {
    const values = valuesOf(form);
    const from = blank.get(form);
    const aside = asides.get(form);
    if (!document.querySelector("[data-unkept]")) sessionStorage.removeItem(SENT);
    sessionStorage.removeItem(KEPT + keyOf(form));
    const isTyped = JSON.stringify(values) !== from;
    if (isTyped) dirty.add(form);
    else dirty.delete(form);
    put(form, isTyped || aside ? { from, values, aside } : null);
  };

  // only the server knows whether what was sent has been kept: the page that follows carries the key of the form
  const settleSent = () => {
    const sent = stored(SENT);
    const keys = [...document.querySelectorAll("[data-kept-form]")].map((mark) => mark.dataset.keptForm);
    if (!sent || !keys.includes(sent.formKey)) return;
    sessionStorage.removeItem(SENT);
    if (document.querySelector("form[data-undo]")) {
      const [key] = sent.drafts;
      sessionStorage.setItem(UNDOABLE, JSON.stringify({ key, place: sent.place, draft: stored(key) }));
    }
    for (const draft of sent.drafts) {
      const aside = stored(draft)?.aside;
      if (aside) sessionStorage.setItem(draft, JSON.stringify(aside));
      else sessionStorage.removeItem(draft);
      sessionStorage.setItem(KEPT + draft, "yes");
    }
  };
  // what was kept stays at hand while its page offers to take it back, and no longer
  const settleUndone = () => {
    const undone = stored(UNDONE);
    const told = document.querySelector("#messages .callout.settled > div");
    for (const key of [UNDONE, UNDOABLE]) sessionStorage.removeItem(key);
    if (!undone?.draft || !told) return;
    const { values, from } = undone.draft;
    sessionStorage.setItem(undone.key, JSON.stringify({ values, from, aside: stored(undone.key) ?? undefined }));
    sessionStorage.removeItem(KEPT + undone.key);
    const link = document.createElement("a");
    link.href = undone.place;
    link.textContent = words.draftBack;
    told.append(" ", link);
  };
  // a page that shows what was sent before it is kept carries its draft along, to the form that keeps it
  const draftsSent = (form) => {
    const before = document.querySelector("[data-unkept]") ? stored(SENT) : null;
    return [...new Set([keyOf(form), ...(before?.drafts ?? [])])];
  };
  const sentBy = (form) => ({
    drafts: draftsSent(form),
    formKey: form.elements.form_key?.value,
    place: location.pathname + location.search,
  });
  const cameBack = () => performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  // the browser fills a form again when one comes back to it: what was kept must not be sent a second time
  const emptyKept = () => {
    for (const form of document.querySelectorAll("form[data-draft]")) {
      const key = KEPT + keyOf(form);
      if (!sessionStorage.getItem(key) || form.querySelector(UNKEPT)) continue;
      if (cameBack()) {
        form.reset();
        dirty.delete(form);
        notice(form, words.formKept, []);
      } else {
        sessionStorage.removeItem(key);
      }
    }
  };

  if (user) {
    settleUndone();
    settleSent();
    dropDrafts((key) => key.startsWith(`${PREFIX}${user}:`));
    for (const form of document.querySelectorAll("form[data-draft]")) {
      const draft = stored(keyOf(form));
      if (form.querySelector(UNKEPT)) {
        blank.set(form, draft?.from ?? JSON.stringify(valuesOf(form)));
        asides.set(form, draft?.aside);
        dirty.add(form);
      } else {
        blank.set(form, JSON.stringify(valuesOf(form)));
        restore(form, draft);
      }
    }
  }
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.closest?.("form[data-draft]");
      if (form && blank.has(form)) save(form);
    });
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-sign-out]")) {
      dirty.clear();
      sessionStorage.clear();
      channel?.postMessage("signed-out");
    } else if (form.matches("[data-undo]")) {
      const undoable = sessionStorage.getItem(UNDOABLE);
      if (undoable) sessionStorage.setItem(UNDONE, undoable);
    } else if (form.matches("[data-draft]")) {
      if (form.getAttribute("aria-busy") === "true") {
        event.preventDefault();
        return;
      }
      if (dirty.has(form) || asides.get(form)) save(form);
      sessionStorage.setItem(SENT, JSON.stringify(sentBy(form)));
      dirty.delete(form);
      form.setAttribute("aria-busy", "true");
    }
  });
  channel?.addEventListener("message", (event) => {
    if (event.data === "signed-out") dropDrafts();
  });
  // "leave without saving" means it: no question, no draft
  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-leave]")?.closest("form[data-draft]");
    if (!form) return;
    put(form, asides.get(form));
    dirty.delete(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty.size) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => {
    if (user) emptyKept();
    if (event.persisted) for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
  });

  // errors are read first
  const summary = document.querySelector("[data-error-summary]");
  summary?.focus();
  summary?.addEventListener("click", (event) => {
    const target = document.querySelector(event.target.closest("a")?.getAttribute("href") ?? "body");
    if (target === document.body || !target) return;
    event.preventDefault();
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.focus();
    target.scrollIntoView({ block: "center" });
  });
})();
