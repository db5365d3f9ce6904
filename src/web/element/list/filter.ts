import { attribute, el } from "../dom.ts";
import { type Item, needsFixing } from "../session/item.ts";
import type { Words } from "../words.ts";

/** Above this number of files, those that need attention are hard to find. */
const longList = 12;

const needsAttention = (item: Item): boolean =>
  needsFixing(item) || item.stage === "stopped" || item.stage === "unchecked";

/** Two buttons that show all files of a list, or only those that need attention. */
export class Filter {
  readonly root: HTMLElement;
  readonly #list: HTMLElement;
  readonly #words: Words;
  readonly #buttons: Record<"all" | "failing", HTMLButtonElement>;

  constructor(list: HTMLElement, words: Words) {
    this.#list = list;
    this.#words = words;
    const choice = (show: "all" | "failing"): HTMLButtonElement =>
      el("button", { type: "button", part: `button filter-${show}`, onclick: () => this.#show(show) });
    this.#buttons = { all: choice("all"), failing: choice("failing") };
    this.root = el(
      "div",
      { class: "filter", part: "filter", role: "group", "aria-label": words.say("filter"), hidden: true },
      this.#buttons.all,
      this.#buttons.failing,
    );
    this.#show("all");
  }

  update(items: readonly Item[]): void {
    const failing = items.filter(needsAttention).length;
    const useful = items.length > longList && failing > 0;
    attribute(this.root, "hidden", !useful);
    if (!useful && this.#list.dataset.show !== "all") this.#show("all");
    const texts = { all: items.length, failing };
    for (const [show, n] of Object.entries(texts))
      this.#buttons[show as keyof typeof texts].textContent = this.#words.say(`filter.${show}`, {
        n: this.#words.number(n),
      });
  }

  #show(show: "all" | "failing"): void {
    this.#list.dataset.show = show;
    for (const [name, choice] of Object.entries(this.#buttons))
      attribute(choice, "aria-pressed", String(name === show));
  }
}
