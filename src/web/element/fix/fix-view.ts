import { progressBar, setProgress, timeLeft } from "../card/progress.ts";
import { attribute, button, el } from "../dom.ts";
import type { Item } from "../session/item.ts";
import { changeTable } from "./changes.ts";
import { Choices } from "./choices/choices.ts";
import { type CommandButton, commandButton } from "./command.ts";
import { failureText, mayBeTriedAgain } from "./failure-text.ts";
import { commandOf, type FixState, isConversion } from "./fix-state.ts";
import type { FixWords } from "./fix-words.ts";
import type { Fixes } from "./fixes.ts";
import { areHints } from "./hinted-steps.ts";
import { saveFile } from "./save-files.ts";

/** A copy that is shown instead of its original, or a file that fails: what can be done about it, and how far that is. */
export class FixView {
  readonly #root: HTMLElement;
  readonly #item: Item;
  readonly #fixes: Fixes;
  #shown: unknown = null;
  #bar: { root: HTMLElement; text: HTMLElement } | null = null;
  #choices: Choices | null = null;

  /** @param root where it is drawn; hidden as long as there is nothing to show */
  constructor(root: HTMLElement, item: Item, fixes: Fixes) {
    this.#root = root;
    this.#item = item;
    this.#fixes = fixes;
  }

  update(): void {
    const words = this.#fixes.words();
    const copy = this.#fixes.copyOf(this.#item);
    const state = copy ? null : this.#fixes.stateOf(this.#item);
    if (!words) return;
    const shown = copy ? `copy ${this.#item.stage}` : state && state.phase + state.failure?.code;
    if (shown !== this.#shown) {
      this.#shown = shown;
      const focused = this.#root.matches(":focus-within");
      this.end();
      const content = copy ? this.#copy(words) : state ? this.#content(state, words) : [];
      this.#root.replaceChildren(...content);
      attribute(this.#root, "hidden", content.length === 0);
      if (focused) this.#root.querySelector<HTMLElement>("[data-first], button")?.focus();
    }
    if (state) this.#showProgress(state, words);
  }

  /** Stops what plays. */
  end(): void {
    this.#choices?.end();
    this.#choices = null;
    this.#bar = null;
  }

  #content(state: FixState, words: FixWords): Node[] {
    switch (state.phase) {
      case "offered":
        return this.#offer(state, words);
      case "choosing":
        return this.#choose(state, words);
      case "looking":
      case "queued":
      case "working":
        return this.#progress(words);
      case "failed":
        return this.#failed(state, words);
      default:
        return [];
    }
  }

  #button(key: string, part: string, run: () => void, words: FixWords, look = ""): HTMLButtonElement {
    const text = words.say(key);
    const name = words.say("of.name", { action: text, name: this.#item.file.name });
    return button(text, part, run, { look, name });
  }

  /** One line that says what would be done and lost. */
  #offer(state: FixState, words: FixWords): Node[] {
    const { say } = words;
    const { suggestion } = state;
    if (!suggestion) return [];
    const { plan, here } = suggestion;
    const losses = plan ? words.losses(plan) : "";
    const steps = plan ? words.steps(plan) : say("fix.convert");
    const lines = [
      here ? (plan && areHints(plan.steps, state.report) ? "" : steps) : say("fix.no-engine"),
      losses && say("fix.lost", { losses }),
    ];
    // What this page may find in the file makes a better command.
    const command = here && !plan ? null : this.#command(state, words, !here);
    const start = this.#button("fix", "fix", () => void this.#fixes.open(this.#item), words, "soft");
    return [
      el(
        "div",
        { class: "fix-offer" },
        lines.some(Boolean) && el("p", { class: "fix-summary", part: "fix-summary" }, ...joined(lines)),
        el("div", { class: "fix-actions" }, here ? start : null, command?.button),
      ),
      ...(command ? [command.text] : []),
    ];
  }

  #choose(state: FixState, words: FixWords): Node[] {
    const item = this.#item;
    this.#choices = new Choices(item, state, this.#fixes, words);
    const command = this.#command(state, words, false);
    const start = this.#button("fix", "fix", () => void this.#fixes.start(item), words, "strong");
    const cancel = this.#button("cancel", "cancel-fix", () => this.#fixes.cancel(item), words);
    return [
      this.#choices.root,
      el("div", { class: "fix-actions" }, start, cancel, command?.button),
      ...(command ? [command.text] : []),
    ];
  }

  #progress(words: FixWords): Node[] {
    const text = el("p", { class: "progress-text", part: "progress-text" });
    const root = progressBar(words.say("fix.progress", { name: this.#item.file.name }));
    this.#bar = { root, text };
    const cancel = this.#button("cancel", "cancel-fix", () => this.#fixes.cancel(this.#item), words);
    return [el("div", { class: "fix-progress" }, el("div", { class: "progress-box" }, text, root), cancel)];
  }

  #showProgress({ phase, done, since }: FixState, words: FixWords): void {
    if (!this.#bar) return;
    const { say, number } = words;
    const share = phase === "working" && done > 0 ? done : null;
    const elapsed = (performance.now() - since) / 1000;
    const parts = [
      say(phase === "looking" ? "fix.looking" : phase === "queued" ? "fix.queued" : "fix.working"),
      share && say("fix.percent", { n: number(Math.floor(share * 100)) }),
      share && share < 1 && elapsed > 2 && timeLeft((elapsed * (1 - share)) / share, words),
    ];
    this.#bar.text.textContent = parts.filter(Boolean).join(" · ");
    attribute(this.#bar.root, "hidden", phase === "queued");
    setProgress(this.#bar.root, share, this.#bar.text.textContent);
  }

  #failed(state: FixState, words: FixWords): Node[] {
    const { failure, report } = state;
    if (!failure) return [];
    const command = this.#command(state, words, true);
    const again = this.#button("retry", "fix", () => void this.#fixes.open(this.#item), words, "soft");
    return [
      el("p", { class: "fix-failure", part: "fix-failure" }, failureText(failure, report, words)),
      ...(command ? [command.text] : []),
      el("div", { class: "fix-actions" }, mayBeTriedAgain(failure) ? again : null, command?.button),
    ];
  }

  /** What changed, and what can be done with the copy. */
  #copy(words: FixWords): Node[] {
    const item = this.#item;
    const plan = this.#fixes.copyOf(item)?.plan;
    if (!plan) return [];
    const download = this.#button("fix.download", "download", () => saveFile(item.file), words, "soft");
    const undo = this.#button("fix.undo", "undo-fix", () => this.#fixes.undo(item), words);
    const replaceable = item.stage === "checked" || item.stage === "stopped";
    return [
      changeTable(item, plan, words),
      el("div", { class: "fix-actions" }, download, replaceable ? undo : null),
    ];
  }

  #command(state: FixState, words: FixWords, shown: boolean): CommandButton | null {
    if (commandOf(state) === null) return null;
    const about = isConversion(state) ? "fix.command.convert" : "fix.command.about";
    return commandButton(() => commandOf(state) ?? "", this.#item, words, { shown, about });
  }
}

/** Sentences in one paragraph, the second one in a muted color. */
const joined = (lines: readonly (string | undefined)[]): Node[] =>
  lines.filter(Boolean).map((line, i) => el("span", { class: i ? "fix-note" : "fix-said" }, line));
