import { attribute, el } from "../dom.ts";
import type { Item, Transfer } from "../session/item.ts";
import type { Words } from "../words.ts";
import type { CardHost } from "./card.ts";

/** How far a file has been sent: a bar, the bytes and the time left. */
export class CardProgress {
  readonly root: HTMLElement = el("div", { class: "progress-box", hidden: true });
  readonly #item: Item;
  readonly #host: CardHost;
  readonly #text = el("p", { class: "progress-text", part: "progress-text" });
  readonly #bar: HTMLElement;

  constructor(item: Item, host: CardHost) {
    this.#item = item;
    this.#host = host;
    this.#bar = progressBar(host.words.say("progress", { name: item.file.name }));
    this.root.append(this.#text, this.#bar);
  }

  update(): void {
    if (this.root.hidden) return;
    const { words } = this.#host;
    const { state, bytes } = stepOf(this.#item);
    const left = state === "sending" && bytes ? this.#host.secondsLeft(this.#item) : null;
    const parts = [
      words.say(state),
      bytes && bytesOf(bytes.loaded, bytes.total, words),
      left !== null && timeLeft(left, words),
    ];
    this.#text.textContent = parts.filter(Boolean).join(" · ");
    const share = bytes ? bytes.loaded / bytes.total : state === "offline" ? 0 : null;
    setProgress(this.#bar, share, this.#text.textContent);
  }
}

/** What is being done with a file that is sent, as the key of its text, and how many bytes of it are done. */
function stepOf({ stage, transfer, hashed, offline }: Item): { state: string; bytes: Transfer | null } {
  const bytes = stage === "sending" && transfer && transfer.loaded < transfer.total ? transfer : null;
  if (offline) return { state: "offline", bytes };
  if (stage === "processing") return { state: "processing.long", bytes };
  if (hashed !== null && transfer)
    return { state: "preparing", bytes: { loaded: hashed * transfer.total, total: transfer.total } };
  return { state: transfer && !bytes ? "registering" : "sending", bytes };
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
