import { attribute, el } from "../dom.ts";
import type { Item } from "../session/item.ts";
import type { Words } from "../words.ts";
import type { CardHost } from "./card.ts";

/** How far a file has been sent: a bar, the bytes and the time left. */
export class CardProgress {
  readonly root: HTMLElement = el("div", { class: "way", hidden: true });
  readonly #item: Item;
  readonly #host: CardHost;
  readonly #text = el("p", { class: "way-text", part: "progress-text" });
  readonly #bar: HTMLElement;

  constructor(item: Item, host: CardHost) {
    this.#item = item;
    this.#host = host;
    this.#bar = progressBar(host.words.say("progress", { name: item.file.name }));
    this.root.append(this.#text, this.#bar);
  }

  update(): void {
    if (this.root.hidden) return;
    const { stage, transfer } = this.#item;
    const { words } = this.#host;
    const uploading = stage === "sending" && transfer !== null && transfer.loaded < transfer.total;
    const registering = stage === "sending" && transfer !== null && !uploading;
    const left = uploading ? this.#host.secondsLeft(this.#item) : null;
    const parts = [
      words.say(stage === "processing" ? "processing.long" : registering ? "registering" : "sending"),
      uploading && bytesOf(transfer.loaded, transfer.total, words),
      left !== null && timeLeft(left, words),
    ];
    this.#text.textContent = parts.filter(Boolean).join(" · ");
    setProgress(this.#bar, uploading ? transfer.loaded / transfer.total : null, this.#text.textContent);
  }
}

export function progressBar(label: string): HTMLElement {
  return el(
    "div",
    {
      class: "progress",
      role: "progressbar",
      part: "progress",
      "aria-label": label,
      "aria-valuemin": 0,
      "aria-valuemax": 100,
    },
    el("span", { part: "progress-value" }),
  );
}

/** @param share 0 to 1, or null where it is not known */
export function setProgress(bar: HTMLElement, share: number | null, text: string): void {
  const percent = share === null ? null : Math.min(100, Math.floor(share * 100));
  attribute(bar, "aria-valuenow", percent);
  attribute(bar, "aria-valuetext", text);
  // Through the object model: a strict policy forbids style attributes, not this.
  bar.style.setProperty("--at", String(percent ?? 100));
}

export const bytesOf = (loaded: number, total: number, { say, bytes }: Words): string =>
  say("bytes.of", { loaded: bytes(loaded), total: bytes(total) });

/** "12 s left", "about 3 min left". */
export function timeLeft(seconds: number, { say, number }: Words): string {
  if (seconds < 60) return say("left.seconds", { n: number(Math.max(1, Math.ceil(seconds))) });
  if (seconds < 5400) return say("left.minutes", { n: number(Math.round(seconds / 60)) });
  return say("left.hours", { n: number(seconds / 3600, 1) });
}
