import { attribute, button, el } from "../dom.ts";
import { type Item, needsFixing } from "../session/item.ts";
import type { CardHost } from "./card.ts";

/** Something that a user can do about a file that failed. */
export interface FailureAction {
  /** Also the suffix of the button's part: `button-<id>`. */
  id: string;
  text: string;
  run(item: Item): void;
}

/** The bottom of a failing card: what can be done about it. Hidden as long as there is nothing. */
export class CardFooter {
  readonly root: HTMLElement = el("div", { class: "footer", part: "footer", hidden: true });
  readonly #item: Item;
  readonly #host: CardHost;
  #shown = "";

  constructor(item: Item, host: CardHost) {
    this.#item = item;
    this.#host = host;
  }

  update(): void {
    const item = this.#item;
    const actions = needsFixing(item) ? this.#host.failureActions(item) : [];
    const key = actions.map(({ id, text }) => `${id} ${text}`).join();
    if (key === this.#shown) return;
    this.#shown = key;
    attribute(this.root, "hidden", actions.length === 0);
    const { say } = this.#host.words;
    this.root.replaceChildren(
      ...actions.map(({ id, text, run }) => {
        const name = say("of.name", { action: text, name: item.file.name });
        return button(text, `button-${id}`, () => run(item), { look: "soft", name });
      }),
    );
  }
}
