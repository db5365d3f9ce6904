import type { FixChoices } from "../../../../fix/plan/types.ts";
import { el } from "../../dom.ts";
import type { Item } from "../../session/item.ts";
import type { FixState } from "../fix-state.ts";
import type { FixWords } from "../fix-words.ts";
import type { Fixes } from "../fixes.ts";
import { colorField } from "./color-field.ts";
import { ShapeChoice } from "./shape-choice.ts";
import { TrimChoice } from "./trim-choice.ts";

/** What a person decides about a copy: the part to keep, the shape, colors; and what will be lost. */
export class Choices {
  readonly root: HTMLElement;
  readonly #summary = el("p", { class: "fix-summary", part: "fix-summary", "aria-live": "polite" });
  readonly #state: FixState;
  readonly #words: FixWords;
  #trim: TrimChoice | null = null;

  constructor(item: Item, state: FixState, fixes: Fixes, words: FixWords) {
    this.#state = state;
    this.#words = words;
    const choose = (choices: FixChoices): void => {
      fixes.choose(item, choices);
      this.#summarise();
    };
    const { plan, look, choices } = state;
    const parts: Node[] = [];
    const trim = plan?.steps.find((step) => step.kind === "trim");
    if (trim) {
      this.#trim = new TrimChoice(item.file, look?.report ?? state.report, trim, words, (start) =>
        choose({ trim: start }),
      );
      parts.push(this.#trim.root);
    }
    if (plan?.steps.some(({ kind }) => kind === "pad" || kind === "crop")) {
      const planFor = (fit: "pad" | "crop") => look?.plan({ ...state.choices, fit }) ?? null;
      parts.push(new ShapeChoice(item, state, planFor, words, choose).root);
    }
    if (choices.background)
      parts.push(
        colorField(words.say("fix.background"), choices.background, (background) => choose({ background })),
      );
    this.root = el("div", { class: "fix-choices", part: "fix-choices" }, ...parts, this.#summary);
    this.#summarise();
  }

  end(): void {
    this.#trim?.end();
  }

  #summarise(): void {
    const { plan } = this.#state;
    const { say } = this.#words;
    const losses = plan ? this.#words.losses(plan) : "";
    this.#summary.replaceChildren(
      el("span", { class: "fix-said" }, plan ? this.#words.steps(plan) : ""),
      losses ? el("span", { class: "fix-note" }, say("fix.lost", { losses })) : "",
      plan?.lossless ? el("span", { class: "fix-note" }, say("fix.lossless")) : "",
    );
  }
}
