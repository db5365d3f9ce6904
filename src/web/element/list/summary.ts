import { copyText } from "../card/outcome.ts";
import { bytesOf, progressBar, setProgress, timeLeft } from "../card/progress.ts";
import { attribute, button, el } from "../dom.ts";
import type { BatchView } from "../fix/batch-view.ts";
import type { FixPart } from "../fix/load.ts";
import { type Icon, icon } from "../icons.ts";
import { canBeSent, type Item, isUploading, needsFixing } from "../session/item.ts";
import type { TransferRate } from "../session/transfer-rate.ts";
import type { Words } from "../words.ts";
import { BatchProgress } from "./batch-progress.ts";
import { type Counts, countKeys, countOf } from "./counts.ts";

/** What can be done with all files. */
export interface SummaryHost {
  words: Words;
  sends: boolean;
  rate: TransferRate;
  sendAll(): void;
  retryAll(): void;
  cancelAll(): void;
  removeFailing(): void;
  clear(): void;
  fixes(): FixPart | null;
}

const verdicts: Readonly<Partial<Record<keyof Counts, string>>> = {
  sent: "pass",
  stopped: "unsure",
  unchecked: "unsure",
};
const icons: Readonly<Partial<Record<keyof Counts, Icon>>> = {
  queued: "wait",
  processing: "wait",
  sending: "upload",
  stopped: "unsure",
  unchecked: "unsure",
  sent: "upload",
};

/** How many files are in which state, what can be done with all of them, and how far sending is. */
export class Summary {
  readonly root: HTMLElement;
  readonly #host: SummaryHost;
  readonly #counts = el("p", { class: "counts", part: "counts" });
  readonly #bar: HTMLElement;
  readonly #text = el("p", { class: "progress-text", part: "progress-text" });
  readonly #progressBox: HTMLElement;
  readonly #buttons: Record<
    "sendAll" | "retryAll" | "cancelAll" | "removeFailing" | "copyAll" | "clear",
    HTMLButtonElement
  >;
  readonly #fixing = el("div", { class: "contents" });
  readonly #progress = new BatchProgress();
  #batch: BatchView | null = null;
  #uris: string[] = [];

  constructor(host: SummaryHost) {
    this.#host = host;
    const { say } = host.words;
    this.#bar = progressBar(say("progress.all"));
    this.#progressBox = el("div", { class: "progress-box", hidden: true }, this.#text, this.#bar);
    this.#buttons = {
      sendAll: button("", "send-all", () => host.sendAll(), { look: "strong" }),
      retryAll: button("", "retry-all", () => host.retryAll(), { look: "soft" }),
      cancelAll: button(say("cancel.all"), "cancel-all", () => host.cancelAll()),
      removeFailing: button("", "remove-failing", () => host.removeFailing()),
      copyAll: button("", "copy-all", () => this.#copyAll()),
      clear: button(say("clear"), "clear", () => host.clear()),
    };
    this.root = el(
      "div",
      { class: "bar", part: "summary", hidden: true },
      this.#counts,
      el(
        "div",
        { class: "bar-buttons" },
        this.#buttons.sendAll,
        this.#fixing,
        ...Object.values(this.#buttons).slice(1),
      ),
      this.#progressBox,
    );
  }

  update(items: readonly Item[]): void {
    attribute(this.root, "hidden", items.length < 2);
    if (items.length < 2) return;
    this.#showCounts(countOf(items));
    const ready = items.filter((item) => canBeSent(item) && item.stage === "checked").length;
    const stopped = items.filter((item) => canBeSent(item) && item.stage === "stopped").length;
    const unchecked = items.filter((item) => item.stage === "unchecked").length;
    this.#uris = items.flatMap(({ asset }) => asset?.uri ?? []);
    const { sends } = this.#host;
    this.#show("sendAll", sends ? ready : 0);
    this.#show("retryAll", (sends ? stopped : 0) + unchecked);
    const uploading = items.filter(isUploading).length;
    this.#show("cancelAll", uploading);
    // What is for before or after sending is left out meanwhile; a single address has a button of its own.
    this.#show("removeFailing", uploading > 0 ? 0 : items.filter(needsFixing).length);
    this.#show("copyAll", uploading > 0 || this.#uris.length < 2 ? 0 : this.#uris.length);
    this.#showProgress(items, uploading);
    if (!this.#batch && items.some(needsFixing)) this.#showBatch();
    this.#batch?.update();
  }

  #showBatch(): void {
    const batch = this.#host.fixes()?.batch();
    if (!batch) return;
    this.#batch = batch;
    this.#fixing.append(batch.root);
    this.root.append(batch.progressBox);
  }

  #show(name: keyof typeof labels | "cancelAll", n: number): void {
    const shown = this.#buttons[name];
    const focused = n === 0 && shown.matches(":focus");
    attribute(shown, "hidden", n === 0);
    if (focused) this.#buttons.clear.focus();
    if (name === "cancelAll" || n === 0) return;
    const text = this.#host.words.say(labels[name], { n: this.#host.words.number(n) });
    if (shown.textContent !== text) shown.textContent = text;
  }

  #showCounts(counts: Counts): void {
    const shown = countKeys.filter((key) => counts[key] > 0);
    const key = shown.map((name) => name + counts[name]).join();
    if (this.#counts.dataset.key === key) return;
    this.#counts.dataset.key = key;
    const { say, number } = this.#host.words;
    this.#counts.replaceChildren(
      ...shown.map((name) =>
        el(
          "span",
          { "data-verdict": verdicts[name] ?? name },
          icon(icons[name] ?? (name as Icon)),
          say(`count.${name}`, { n: number(counts[name]) }),
        ),
      ),
    );
  }

  #showProgress(items: readonly Item[], uploading: number): void {
    const totals = this.#progress.of(items);
    attribute(this.#progressBox, "hidden", totals === null);
    if (totals === null) return;
    const { files, bytes } = totals;
    const { words, rate } = this.#host;
    const { say, number } = words;
    const offline = items.some((item) => item.offline);
    const left = bytes.total - bytes.loaded;
    const seconds = uploading > 0 && !offline ? rate.secondsFor(left, uploading) : null;
    const parts = [
      offline && say("offline"),
      files.total > 1 && say("files.of", { done: number(files.sent), total: number(files.total) }),
      bytesOf(bytes.loaded, bytes.total, words),
      seconds !== null && timeLeft(seconds, words),
    ];
    this.#text.textContent = parts.filter(Boolean).join(" · ");
    setProgress(this.#bar, bytes.total ? bytes.loaded / bytes.total : null, this.#text.textContent);
  }

  #copyAll(): void {
    const n = this.#uris.length;
    const { say, number } = this.#host.words;
    void copyText(this.#uris.join("\n"), null, this.#buttons.copyAll, (action) => ({
      text: action === "copied" ? say("copied") : say("copy.all", { n: number(n) }),
    }));
  }
}

const labels = {
  sendAll: "send.all",
  retryAll: "retry.all",
  removeFailing: "remove.failing",
  copyAll: "copy.all",
} as const;
