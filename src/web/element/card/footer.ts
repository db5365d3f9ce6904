import { el } from "../dom.ts";
import type { FixView } from "../fix/fix-view.ts";
import { type Item, needsFixing } from "../session/item.ts";
import type { CardHost } from "./card.ts";

/** The bottom of a card: how a file that fails is made to fit, or what changed in its copy. Hidden without either. */
export class CardFooter {
  readonly root: HTMLElement = el("div", { class: "footer", part: "footer", hidden: true });
  readonly #item: Item;
  readonly #host: CardHost;
  #view: FixView | null = null;

  constructor(item: Item, host: CardHost) {
    this.#item = item;
    this.#host = host;
  }

  update(): void {
    const item = this.#item;
    if (needsFixing(item) || item.original) this.#view ??= this.#host.fixes()?.card(this.root, item) ?? null;
    this.#view?.update();
  }

  end(): void {
    this.#view?.end();
  }
}
