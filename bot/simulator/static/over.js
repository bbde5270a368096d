// A sheet or drawer over the page: everything else goes inert, Esc closes, the focus returns to what opened it.

/** Opens `box`; returns the function that closes it (harmless when it is closed already). */
export function openOver(box, { veil = null, close, opener }) {
  const rest = [];
  for (let node = box; node !== document.body; node = node.parentElement) {
    for (const other of node.parentElement.children) {
      if (other !== node && other !== veil && !other.inert && other.tagName !== "SCRIPT") rest.push(other);
    }
  }
  const ends = new AbortController();
  let open = true;

  function shut() {
    if (!open) return;
    open = false;
    ends.abort();
    for (const node of rest) node.inert = false;
    box.classList.remove("open");
    if (box.matches("[role=dialog]")) box.hidden = true;
    if (veil) veil.hidden = true;
    opener?.focus({ preventScroll: true });
  }

  for (const node of rest) node.inert = true;
  box.hidden = false;
  box.classList.add("open");
  if (veil) veil.hidden = false;
  const { signal } = ends;
  close.addEventListener("click", shut, { signal });
  veil?.addEventListener("click", shut, { signal });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      shut();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const items = [...box.querySelectorAll("li button")];
      const at = items.indexOf(document.activeElement);
      if (at < 0) return;
      event.preventDefault();
      items.at((at + (event.key === "ArrowDown" ? 1 : -1)) % items.length).focus();
    }
  }, { signal });
  close.focus({ preventScroll: true });
  return shut;
}
