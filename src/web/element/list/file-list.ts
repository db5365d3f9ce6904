import type { CardHost } from "../card/card.ts";
import { el } from "../dom.ts";
import type { Item } from "../session/item.ts";
import { Announcer } from "./announcer.ts";
import { Filter } from "./filter.ts";
import { Row } from "./row.ts";
import { Summary, type SummaryHost } from "./summary.ts";

/** What the list needs of the element. */
export interface ListHost extends CardHost, SummaryHost {
  items(): readonly Item[];
}

/** Up to this number of files, each is drawn whole at once. */
const shortList = 12;
/** Milliseconds in which most files have their verdict: a row that says "Checking…" for that long would only flicker. */
const firstDrawDelay = 40;
/** Milliseconds of drawing in a frame. Layout and paint take several times as long. */
const drawBudget = 4;
/** Milliseconds from one drawing of a long list to the next: a frame takes as much time as dozens of checks. */
const drawInterval = 200;
/** How near to the viewport a row is when its card is built. */
const margin = "600px";

/** The files and how many of them are in which state. Drawn in slices, so that a thousand files never block the page. */
export class FileList {
  readonly root: HTMLElement;
  readonly #host: ListHost;
  readonly #summary: Summary;
  readonly #filter: Filter;
  readonly #list: HTMLUListElement;
  readonly #rows = new Map<Item, Row>();
  readonly #byRoot = new WeakMap<Element, Row>();
  readonly #dirty = new Set<Item>();
  readonly #near: IntersectionObserver;
  readonly #announcer: Announcer;
  #frame = 0;
  /** `performance.now()` of the last drawing. */
  #drawn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ListHost, announce: (text: string) => void) {
    this.#host = host;
    this.#announcer = new Announcer(host.words, host.items, announce);
    this.#summary = new Summary(host);
    this.#list = el("ul", {
      class: "files",
      part: "list",
      role: "list",
      "aria-label": host.words.say("list"),
    });
    this.#filter = new Filter(this.#list, host.words);
    this.root = el("div", { class: "list-box" }, this.#summary.root, this.#filter.root, this.#list);
    this.#near = new IntersectionObserver((entries) => this.#nearViewport(entries), { rootMargin: margin });
    for (const item of host.items()) this.mark(item);
    this.#drawSummary();
  }

  /** An item was added, changed or removed: it is drawn with the next frame, a few unchecked ones a little later. */
  mark(item: Item): void {
    this.#announcer.see(item);
    this.#dirty.add(item);
    const draw = (): void => {
      this.#timer = undefined;
      this.#frame ||= requestAnimationFrame(() => this.#draw());
    };
    if (this.#host.items().length > shortList) {
      const wait = this.#drawn + drawInterval - performance.now();
      if (wait > 0) this.#timer ??= setTimeout(draw, wait);
      else draw();
      return;
    }
    clearTimeout(this.#timer);
    if (item.report || item.problem) draw();
    else this.#timer = setTimeout(draw, firstDrawDelay);
  }

  /** Draws everything that waits, then focuses the row at this place; false where there is none. */
  focusRow(at: number): boolean {
    cancelAnimationFrame(this.#frame);
    this.#draw(Number.POSITIVE_INFINITY);
    const row = this.#rows.get(this.#host.items()[Math.min(at, this.#host.items().length - 1)] as Item);
    row?.build();
    row?.root.querySelector<HTMLElement>(".bare")?.focus();
    return row !== undefined;
  }

  end(): void {
    this.#announcer.end();
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#near.disconnect();
    for (const row of this.#rows.values()) row.remove();
  }

  #draw(budget = drawBudget): void {
    this.#frame = 0;
    this.#drawn = performance.now();
    const until = performance.now() + budget;
    const present = new Set(this.#host.items());
    for (const item of this.#dirty) {
      this.#dirty.delete(item);
      this.#drawOne(item, present);
      if (performance.now() > until) break;
    }
    this.#drawSummary();
    if (this.#dirty.size > 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #drawOne(item: Item, present: ReadonlySet<Item>): void {
    const row = this.#rows.get(item);
    if (!present.has(item)) {
      if (row) this.#near.unobserve(row.root);
      const focused = row?.root.matches(":focus-within");
      row?.remove();
      this.#rows.delete(item);
      if (focused) this.#focusReplacement(item, present);
    } else if (row) {
      row.update();
      if (item.report && row.built) this.#observeAgain(row);
    } else this.#insert(item);
  }

  /** A copy took the place of its original, or the original is back: the focus stays there. */
  #focusReplacement(former: Item, present: ReadonlySet<Item>): void {
    for (const item of present) {
      if (item.original !== former && former.original !== item) continue;
      this.#dirty.delete(item);
      if (!this.#rows.has(item)) this.#insert(item);
      this.#rows.get(item)?.focus();
    }
  }

  #insert(item: Item): void {
    const row = new Row(item, this.#host);
    this.#rows.set(item, row);
    this.#byRoot.set(row.root, row);
    const items = this.#host.items();
    const at = items.indexOf(item);
    // Usually the last one; a new version of a file takes the place of the old one.
    const next =
      at + 1 < items.length ? items.slice(at + 1).find((later) => this.#rows.has(later)) : undefined;
    this.#list.insertBefore(row.root, (next && this.#rows.get(next)?.root) ?? null);
    if (items.length <= shortList) row.build();
    this.#near.observe(row.root);
  }

  /** An observer reports a row again only after it is observed again: only now can there be a picture. */
  #observeAgain(row: Row): void {
    this.#near.unobserve(row.root);
    this.#near.observe(row.root);
  }

  #nearViewport(entries: readonly IntersectionObserverEntry[]): void {
    const until = performance.now() + 2 * drawBudget;
    for (const { isIntersecting, target } of entries) {
      const row = this.#byRoot.get(target);
      if (!row || !isIntersecting) continue;
      if (!row.built && performance.now() > until) {
        // Reported again with a later frame.
        this.#observeAgain(row);
        continue;
      }
      row.build();
      if (!row.item.report) continue;
      row.showPreview();
      this.#near.unobserve(target);
    }
  }

  #drawSummary(): void {
    const items = this.#host.items();
    this.root.classList.toggle("few", items.length <= shortList);
    this.#summary.update(items);
    this.#filter.update(items);
  }
}
