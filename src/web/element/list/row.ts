import { Card, type CardHost } from "../card/card.ts";
import { stateOf } from "../card/state.ts";
import { attribute, el } from "../dom.ts";
import type { Item } from "../session/item.ts";

/**
 * One file's place in the list. Until it comes near the viewport it holds only the name and the state: a thousand of
 * those are quick to make, and can be searched and read aloud.
 */
export class Row {
  readonly root: HTMLLIElement;
  readonly item: Item;
  readonly #host: CardHost;
  readonly #state = el("span");
  #card: Card | null = null;

  constructor(item: Item, host: CardHost) {
    this.item = item;
    this.#host = host;
    this.root = el("li", { class: "file" }, el("bdi", { class: "name" }, item.file.name), this.#state);
    this.update();
  }

  update(): void {
    const state = stateOf(this.item);
    attribute(this.root, "data-state", state);
    attribute(this.root, "part", `file file-${state}`);
    if (this.#card) this.#card.update();
    else this.#state.textContent = this.#host.words.say(state);
  }

  /** Builds the whole card. */
  build(): void {
    this.#card ??= new Card(this.root, this.item, this.#host);
  }

  get built(): boolean {
    return this.#card !== null;
  }

  /** Focuses what can be done with the file; until there is anything, the whole file, from which the focus moves on. */
  focus(): void {
    this.build();
    this.root.tabIndex = -1;
    (this.root.querySelector<HTMLElement>(".acts button") ?? this.root).focus();
  }

  showPreview(): void {
    this.#card?.showPreview();
  }

  remove(): void {
    this.#card?.end();
    this.root.remove();
  }
}
