import { attribute, el, icon } from "./dom.ts";
import type { Item } from "./item.ts";
import { createRow, type Row, type RowHost } from "./row.ts";

/** What the board needs of the element. */
export interface BoardHost extends RowHost {
  items(): readonly Item[];
  /** The kinds that are wanted, for the file dialog. */
  kind(): string | null;
  many(): boolean;
  take(files: readonly File[]): void;
  sendAll(): void;
  clear(): void;
}

/** So many are a list that people follow row by row. */
const few = 11;
/** Milliseconds in which most files have their verdict: a row that said "Checking…" would only be in its way. */
const patience = 40;
/** Milliseconds of drawing between two frames; what the browser makes of it takes several times as long. */
const slice = 3;

/** All that the element shows: the drop zone, the files, and how many of them stand how. */
export class Board {
  readonly root: HTMLElement;
  readonly #host: BoardHost;
  readonly #rows = new Map<Item, Row>();
  readonly #dirty = new Set<Item>();
  readonly #seen: IntersectionObserver;
  readonly #list: HTMLUListElement;
  readonly #counts = el("p", { class: "counts", part: "counts" });
  readonly #bar: HTMLElement;
  readonly #sendAll: HTMLButtonElement;
  readonly #choose: HTMLButtonElement;
  readonly #title: HTMLElement;
  /** What it says while no file hovers. */
  readonly #idle: string;
  readonly #live = el("p", { class: "unseen", role: "status" });
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: BoardHost) {
    this.#host = host;
    const { say } = host;
    const kind = host.kind();
    const input = el("input", {
      type: "file",
      hidden: true,
      multiple: host.many(),
      accept: kind ? accepted[kind] : Object.values(accepted).join(),
      onchange: () => {
        host.take([...(input.files ?? [])]);
        input.value = "";
      },
    });
    this.#idle = say(kind ? `drop.${kind}` : "drop");
    this.#title = el("p", { class: "title", id: "title" }, this.#idle);
    this.#choose = el(
      "button",
      { type: "button", class: "strong", part: "button choose", onclick: () => input.click() },
      say("choose"),
    );
    const zone = el(
      "div",
      { class: "zone-box", part: "zone", role: "group", "aria-labelledby": "title" },
      el("div", { class: "badge" }, icon("upload")),
      el("div", { class: "lines" }, this.#title, el("p", { class: "promise" }, say("promise"))),
      this.#choose,
      el("p", { class: "or" }, say("or")),
      input,
    );
    this.#list = el("ul", { class: "files", part: "list", role: "list", "aria-label": say("list") });
    this.#sendAll = el("button", {
      type: "button",
      class: "strong",
      part: "button send-all",
      onclick: () => host.sendAll(),
    });
    this.#bar = el(
      "div",
      { class: "bar", part: "summary", hidden: true },
      this.#counts,
      this.#sendAll,
      el("button", { type: "button", part: "button clear", onclick: () => host.clear() }, say("clear")),
    );
    this.root = el("div", { class: "board" }, zone, this.#bar, this.#list, this.#live);
    this.#seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.#preview(target);
    });
  }

  /** An item was added, moved on or went. Drawing waits for the next frame; for the verdict of a few, a little longer. */
  mark(item: Item): void {
    this.#dirty.add(item);
    const draw = (): void => {
      this.#frame ||= requestAnimationFrame(() => this.#draw());
    };
    clearTimeout(this.#timer);
    if (item.report || item.problem || this.#host.items().length > few) draw();
    else this.#timer = setTimeout(draw, patience);
  }

  hover(hovering: boolean): void {
    this.root.classList.toggle("over", hovering);
    this.#title.textContent = hovering ? this.#host.say("drop.now") : this.#idle;
  }

  /** Says something to who cannot see it. */
  announce(text: string): void {
    this.#live.textContent = text;
  }

  /** After a file was removed: to the one that took its place, else to the button. */
  focusAfter(at: number): void {
    cancelAnimationFrame(this.#frame);
    this.#draw(Number.POSITIVE_INFINITY);
    const rows = this.#list.children;
    const row = rows[Math.min(at, rows.length - 1)];
    (row?.querySelector<HTMLElement>(".bare") ?? this.#choose).focus();
  }

  end(): void {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#seen.disconnect();
  }

  #draw(most = slice): void {
    this.#frame = 0;
    const until = performance.now() + most;
    // What is shown already is brought up to date before more is shown.
    const shown = (item: Item): number => Number(this.#rows.has(item));
    for (const item of [...this.#dirty].sort((a, b) => shown(b) - shown(a))) {
      this.#dirty.delete(item);
      this.#drawOne(item);
      if (performance.now() > until) break;
    }
    this.#summary();
    if (this.#dirty.size > 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #drawOne(item: Item): void {
    const items = this.#host.items();
    const at = items.indexOf(item);
    const row = this.#rows.get(item);
    if (at < 0) {
      if (row) this.#seen.unobserve(row.thumbnail);
      row?.root.remove();
      this.#rows.delete(item);
    } else if (row) row.update();
    else {
      const made = createRow(item, this.#host);
      this.#rows.set(item, made);
      const next = items.slice(at + 1).find((later) => this.#rows.has(later));
      this.#list.insertBefore(made.root, (next && this.#rows.get(next)?.root) ?? null);
    }
    const shown = this.#rows.get(item);
    // Observed anew once it has been read: only now can there be a picture.
    if (shown && item.report && !shown.thumbnail.dataset.asked) {
      this.#seen.unobserve(shown.thumbnail);
      this.#seen.observe(shown.thumbnail);
    }
  }

  #preview(target: Element): void {
    const item = [...this.#rows].find(([, row]) => row.thumbnail === target)?.[0];
    if (!item?.report) return;
    this.#seen.unobserve(target);
    (target as HTMLElement).dataset.asked = "1";
    const { facts } = item.report;
    void import("./preview.ts")
      .then(({ previewOf }) => previewOf(item.file, facts))
      .then(
        (canvas) => canvas && this.#rows.has(item) && target.replaceChildren(canvas),
        // Without a picture it is as good.
        () => undefined,
      );
  }

  #summary(): void {
    const { say } = this.#host;
    const items = this.#host.items();
    this.root.classList.toggle("full", items.length > 0);
    this.root.classList.toggle("few", items.length <= few);
    attribute(this.#bar, "hidden", items.length < 2);
    const count = countOf(items);
    const parts = (["pass", "unsure", "fail", "sent"] as const).filter((key) => count[key] > 0);
    const key = parts.map((part) => part + count[part]).join();
    if (this.#counts.dataset.key !== key) {
      this.#counts.dataset.key = key;
      this.#counts.replaceChildren(
        ...parts.map((part) =>
          el(
            "span",
            { "data-verdict": part === "sent" ? "pass" : part },
            icon(part === "sent" ? "upload" : part),
            say(`count.${part}`, { n: count[part] }),
          ),
        ),
      );
    }
    const ready = items.filter(
      ({ open, stage }) => open && (stage === "checked" || stage === "stopped"),
    ).length;
    attribute(this.#sendAll, "hidden", ready === 0 || !this.#host.sends());
    const text = say("send.all", { n: ready });
    if (this.#sendAll.textContent !== text) this.#sendAll.textContent = text;
  }
}

/** How many files stand how. */
export function countOf(items: readonly Item[]): {
  pass: number;
  unsure: number;
  fail: number;
  sent: number;
} {
  const count = { pass: 0, unsure: 0, fail: 0, sent: 0 };
  for (const { stage, report } of items) {
    if (stage === "sent") count.sent++;
    else if (stage === "unreadable") count.fail++;
    else if (report) count[report.verdict]++;
  }
  return count;
}

/** Not every system knows the newer types by their names. */
const accepted: Readonly<Record<string, string>> = {
  image: "image/*,.heic,.heif,.tif,.tiff",
  video: "video/*,.mov",
  audio: "audio/*",
};
