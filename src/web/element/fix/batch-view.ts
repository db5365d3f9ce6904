import { progressBar, setProgress } from "../card/progress.ts";
import { attribute, button, el } from "../dom.ts";
import type { ConversionProgress } from "./conversion-count.ts";
import type { FixWords } from "./fix-words.ts";
import type { Fixes } from "./fixes.ts";
import { saveFiles } from "./save-files.ts";

/** Makes all files fit that can be, with the progress of all; and saves all copies. */
export class BatchView {
  /** Its buttons. */
  readonly root: HTMLElement = el("div", { class: "contents" });
  readonly progressBox: HTMLElement = el("div", { class: "progress-box", hidden: true });
  readonly #fixes: Fixes;
  readonly #start: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #download: HTMLButtonElement;
  readonly #text = el("p", { class: "progress-text", part: "progress-text" });
  #bar: HTMLElement | null = null;

  constructor(fixes: Fixes) {
    this.#fixes = fixes;
    this.#start = button("", "fix-all", () => fixes.startAll(), { look: "soft" });
    this.#stop = button("", "stop-fixing", () => fixes.cancelAll());
    this.#download = button("", "download-all", () => void this.#saveAll());
    this.root.append(this.#start, this.#stop, this.#download);
  }

  update(): void {
    const words = this.#fixes.words();
    attribute(this.root, "hidden", words === null);
    if (!words) return;
    const { say, number } = words;
    const startable = this.#fixes.startable().length;
    const copies = this.#fixes.copies().length;
    const progress = this.#fixes.progress();
    const several = progress !== null && progress.total > 1;
    const focused = this.root.matches(":focus-within");
    attribute(this.#start, "hidden", startable < 2 || several);
    attribute(this.#stop, "hidden", !several);
    attribute(this.#download, "hidden", copies < 2 || several);
    this.#start.textContent = say("fix.all", { n: number(startable) });
    this.#stop.textContent = say("fix.stop");
    this.#download.textContent = say("fix.download.all", { n: number(copies) });
    if (focused && several) this.#stop.focus();
    else if (focused && !this.root.matches(":focus-within"))
      (this.#start.hidden ? this.#download : this.#start).focus();
    attribute(this.progressBox, "hidden", !several);
    if (several) this.#showProgress(progress, words);
  }

  #showProgress({ ended, total, share }: ConversionProgress, words: FixWords): void {
    const { say, number } = words;
    if (!this.#bar) {
      this.#bar = progressBar(say("fix.progress.all"));
      this.progressBox.append(this.#text, this.#bar);
    }
    const parts = [
      say("fix.working"),
      say("fix.files", { done: number(ended), total: number(total) }),
      say("fix.percent", { n: number(Math.floor(share * 100)) }),
    ];
    this.#text.textContent = parts.join(" · ");
    setProgress(this.#bar, share, this.#text.textContent);
  }

  async #saveAll(): Promise<void> {
    this.#download.disabled = true;
    try {
      await saveFiles(this.#fixes.copies().map(({ file }) => file));
    } finally {
      this.#download.disabled = false;
    }
  }
}
