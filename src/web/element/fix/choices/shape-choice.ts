import { loadModule } from "../../../../async/load-module.ts";
import type { FixChoices, FixPlan } from "../../../../fix/plan/types.ts";
import { attribute, el } from "../../dom.ts";
import type { Item } from "../../session/item.ts";
import type { FixState } from "../fix-state.ts";
import type { FixWords } from "../fix-words.ts";
import { colorField } from "./color-field.ts";

type Fit = "pad" | "crop";
const fits: readonly Fit[] = ["pad", "crop"];
let groups = 0;

/** Borders or cut edges, each with a picture of what comes out. */
export class ShapeChoice {
  readonly root: HTMLElement;
  readonly #color: HTMLElement;
  readonly #frames: Record<Fit, HTMLElement>;

  /** @param planFor the plan by each choice, for the size that it states */
  constructor(
    { file }: Item,
    { choices, look, report }: FixState,
    planFor: (fit: Fit) => FixPlan | null,
    words: FixWords,
    choose: (choices: FixChoices) => void,
  ) {
    const { say, isolate } = words;
    const color = choices.padColor ?? "#000000";
    const chosen = choices.fit ?? "pad";
    const group = `fix-shape-${++groups}`;
    const frame = (fit: Fit): HTMLElement => {
      const { width = 1, height = 1 } = planFor(fit)?.target ?? {};
      const box = el("span", { class: `fix-frame fix-${fit}` });
      box.style.setProperty("--shape", String((width ?? 1) / (height ?? 1)));
      return box;
    };
    this.#frames = { pad: frame("pad"), crop: frame("crop") };
    this.#paint(color);
    this.#color = colorField(say("fix.pad.color"), color, (padColor) => {
      this.#paint(padColor);
      choose({ padColor });
    });
    const option = (fit: Fit): HTMLElement => {
      const { width, height } = planFor(fit)?.target ?? {};
      const input = el("input", {
        type: "radio",
        name: group,
        value: fit,
        checked: fit === chosen,
        "data-first": fit === chosen,
        onchange: () => {
          attribute(this.#color, "hidden", fit !== "pad");
          choose({ fit });
        },
      });
      return el(
        "label",
        { class: "fix-option" },
        this.#frames[fit],
        el("span", { class: "fix-option-text" }, input, el("span", {}, say(`fix.${fit}`))),
        el("span", { class: "fix-note" }, isolate(`${width}×${height}`)),
      );
    };
    attribute(this.#color, "hidden", chosen !== "pad");
    this.root = el(
      "fieldset",
      { class: "fix-group" },
      el("legend", {}, say("fix.shape")),
      el("div", { class: "fix-options" }, ...fits.map(option)),
      this.#color,
    );
    void this.#picture(file, look?.report.facts ?? report.facts);
  }

  #paint(color: string): void {
    this.#frames.pad.style.setProperty("--border-color", color);
  }

  /** The same picture in both frames; without one they show the shape alone. */
  async #picture(file: File, facts: FixState["report"]["facts"]): Promise<void> {
    try {
      const { previewOf } = await loadModule(() => import("../../card/preview.ts"));
      const whole = await previewOf(file, facts);
      if (!whole) return;
      const again = el("canvas");
      again.width = whole.width;
      again.height = whole.height;
      again.getContext("2d")?.drawImage(whole, 0, 0);
      this.#frames.pad.append(whole);
      this.#frames.crop.append(again);
    } catch {
      // The frames are enough.
    }
  }
}
