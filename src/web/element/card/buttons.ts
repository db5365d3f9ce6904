import { button, el } from "../dom.ts";
import { icon } from "../icons.ts";
import { canBeSent, type Item, isUploading } from "../session/item.ts";
import type { CardHost } from "./card.ts";

type Action = "send" | "retry" | "retryCheck" | "cancel";

/** What can be done with a file right now, and the button that removes it. */
export class CardButtons {
  readonly root: HTMLElement;
  readonly #actions = el("div", { class: "acts" });
  readonly #item: Item;
  readonly #host: CardHost;
  readonly #remove: HTMLButtonElement;
  #shown: Action | null = null;

  constructor(item: Item, host: CardHost) {
    this.#item = item;
    this.#host = host;
    this.#remove = button("", "remove", () => host.remove(item), {
      look: "bare",
      name: this.#named("remove"),
    });
    this.#remove.append(icon("fail"));
    this.root = el("div", { class: "buttons" }, this.#actions, this.#remove);
  }

  update(): void {
    const action = this.#action();
    if (action === this.#shown) return;
    this.#shown = action;
    const row = this.root.closest<HTMLElement>(".file");
    const focused = this.#actions.matches(":focus-within") || (action && row?.matches(":focus"));
    this.#actions.replaceChildren(...(action ? [this.#button(action)] : []));
    if (!focused) return;
    // After "Send" is pressed, "Cancel" is under the same key; until there is something to do, the whole file, for the
    // same key must not remove it.
    if (row) row.tabIndex = -1;
    (this.#actions.querySelector("button") ?? row)?.focus();
  }

  #action(): Action | null {
    if (isUploading(this.#item)) return "cancel";
    if (this.#item.stage === "unchecked") return "retryCheck";
    if (!canBeSent(this.#item) || !this.#host.sends) return null;
    return this.#item.stage === "stopped" ? "retry" : "send";
  }

  #button(action: Action): HTMLButtonElement {
    const item = this.#item;
    const method = action === "retry" ? "send" : action;
    const label = action === "retryCheck" ? "retry" : action;
    const look = action === "cancel" ? "" : "soft";
    return button(this.#host.words.say(label), label, () => this.#host[method](item), {
      look,
      name: this.#named(label),
    });
  }

  #named(action: string): string {
    const { say } = this.#host.words;
    return say("of.name", { action: say(action), name: this.#item.file.name });
  }
}
