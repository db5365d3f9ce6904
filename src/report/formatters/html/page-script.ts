/*
 * The script of the page: sorts, searches, and draws the limits that are met when they are opened. It makes nodes and
 * text, never markup. Without it the page is complete except for these; filtering is done by the style sheet.
 * The page gets the source text of the functions exported here: they refer to nothing else.
 */

/** A limit that is met, as bar.ts writes it. */
type MetLimit = [
  label: string,
  value: string,
  bar?: [from: number, to: number, at: number[], low: string, high: string],
];

/** The parts of the page that searching and sorting need. */
interface Controls {
  tools: HTMLFormElement;
  sheet: HTMLElement;
  search: HTMLInputElement;
  sort: HTMLSelectElement;
  nothing: HTMLElement;
  status: HTMLElement;
  cards: HTMLElement[];
}

export function runPage(): void {
  offerLimits();
  const controls = findControls();
  if (!controls) return;
  const show = searching(controls);
  const arrange = sorting(controls);
  listen(controls, show, arrange);
  // A reloaded page may keep what was chosen before.
  show();
  arrange();
}

export function byId<T extends Element>(id: string): T | null {
  return document.getElementById(id) as unknown as T | null;
}

/** Makes an HTML element. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** Makes an SVG element. */
export function shape(tag: string, attributes: Record<string, string>, text = ""): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

export function drawBar([from, to, at, low, high]: NonNullable<MetLimit[2]>): SVGElement {
  const svg = shape("svg", { class: "bar", "aria-hidden": "true" });
  svg.append(
    shape("rect", { class: "track" }),
    shape("rect", { class: "zone", x: `${from}%`, width: `${to - from}%` }),
    ...at.map((x, i) => shape("circle", { class: i ? "other" : "", cx: `${x}%` })).reverse(),
  );
  if (low) svg.append(shape("text", { x: `${from}%` }, low));
  if (high) svg.append(shape("text", { x: `${to}%` }, high));
  return svg;
}

export function drawLimits(details: HTMLDetailsElement): void {
  const limits = JSON.parse(details.dataset.met ?? "[]") as MetLimit[];
  const rows = limits.map(([label, value, limit]) =>
    limit
      ? element(
          "li",
          "limit",
          element("span", "label", label),
          drawBar(limit),
          element("span", "value", value),
        )
      : element("li", "limit plain", element("span", "label", label), element("span", "value", value)),
  );
  const list = element("ul", "", ...rows);
  list.setAttribute("role", "list");
  details.append(list);
}

/** Shows each card's limits that are met as a list to be opened, which is drawn when it is. */
export function offerLimits(): void {
  for (const details of document.querySelectorAll<HTMLDetailsElement>("details[data-met]")) {
    details.hidden = false;
    details.addEventListener("toggle", () => {
      if (details.open && details.childElementCount === 1) drawLimits(details);
    });
  }
}

/** Shows the controls and returns them; null on a page with a single file. */
export function findControls(): Controls | null {
  const tools = byId<HTMLFormElement>("tools");
  const sheet = byId<HTMLElement>("sheet");
  const search = byId<HTMLInputElement>("search");
  const sort = byId<HTMLSelectElement>("sort");
  const nothing = byId<HTMLElement>("nothing");
  const status = byId<HTMLElement>("status");
  const find = byId<HTMLElement>("find");
  if (!tools || !sheet || !search || !sort || !nothing || !status || !find) return null;
  find.hidden = false;
  return { tools, sheet, search, sort, nothing, status, cards: [...sheet.children] as HTMLElement[] };
}

/** Returns the function that hides the cards which do not contain the words searched for, and counts the others. */
export function searching({ tools, search, nothing, status, cards }: Controls): () => void {
  const texts: string[] = [];
  const textOf = (i: number): string => {
    texts[i] ??= cards[i]?.textContent?.toLowerCase() ?? "";
    return texts[i];
  };
  return () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = (tools.elements.namedItem("filter") as RadioNodeList | null)?.value ?? "all";
    let shown = 0;
    for (const [i, card] of cards.entries()) {
      const found = words.every((word) => textOf(i).includes(word));
      card.hidden = !found;
      if (found && (chosen === "all" || card.dataset.state === chosen)) shown++;
    }
    nothing.hidden = shown > 0;
    const template = JSON.parse(document.documentElement.dataset.shown ?? '""') as string;
    const number = (n: number): string => n.toLocaleString(document.documentElement.lang);
    const text = template.replace("{n}", number(shown)).replace("{total}", number(cards.length));
    if (status.textContent !== text) status.textContent = text;
  };
}

/** Returns the function that puts the cards into the chosen order. */
export function sorting({ sheet, sort, cards }: Controls): () => void {
  const names = cards.map((card) => card.querySelector("h2")?.textContent ?? "");
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
  const orders: Record<string, (a: number, b: number) => number> = {
    verdict: (a, b) => a - b,
    name: (a, b) => collator.compare(names[a] ?? "", names[b] ?? ""),
    size: (a, b) => Number(cards[b]?.dataset.size) - Number(cards[a]?.dataset.size),
  };
  return () => {
    const order = orders[sort.value] ?? orders.verdict;
    const indexes = cards.map((_, i) => i).sort((a, b) => order?.(a, b) || a - b);
    sheet.append(...indexes.map((i) => cards[i] as HTMLElement));
  };
}

export function listen({ tools, search, sort }: Controls, show: () => void, arrange: () => void): void {
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("change", show);
  search.addEventListener("input", show);
  sort.addEventListener("change", arrange);
  byId("reset")?.addEventListener("click", () => {
    tools.reset();
    arrange();
    show();
    search.focus();
  });
  document.addEventListener("keydown", (event) => {
    const typing =
      event.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "/" && plain && (!typing || (event.target as HTMLInputElement).type === "radio")) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.key === "Escape" && event.target === search && search.value !== "") {
      search.value = "";
      show();
    }
  });
}
