import { showOffer } from "./offers.ts";
import { fileKey, type Item } from "./session/item.ts";
import { recallUnfinished } from "./session/recall-unfinished.ts";
import type { UnfinishedFile } from "./session/unfinished.ts";
import type { View } from "./view.ts";
import type { Words } from "./words.ts";

/**
 * Files that were being sent when the page was reloaded. A page cannot keep files over a reload: the user is asked to
 * choose them again.
 */
export class Continuation {
  /** Reads what the page before the reload remembered. */
  #unfinished: UnfinishedFile[];

  constructor(endpoint: string) {
    this.#unfinished = recallUnfinished(endpoint);
  }

  /** Asks the user to choose the files again, if there are any. */
  offer(view: View, { say, number }: Words): void {
    const n = this.#unfinished.length;
    if (n === 0) return;
    const forget = (): void => {
      this.#unfinished = [];
    };
    void showOffer(view, "continue", say("continue", { n: number(n), name: this.#unfinished[0]?.name }), [
      { id: "continue", text: say("choose"), run: () => view.chooseFiles() },
      { id: "dismiss", text: say("dismiss"), run: forget },
    ]);
  }

  /** If this is one of the files, it is sent as soon as it has passed again. The offer closes with the last of them. */
  resume(item: Item, view: View | undefined): void {
    const key = fileKey(item.file);
    const known = this.#unfinished.find((unfinished) => unfinished.key === key);
    if (!known) return;
    this.#unfinished = this.#unfinished.filter((unfinished) => unfinished !== known);
    item.continues = true;
    item.assetId = known.assetId;
    if (this.#unfinished.length === 0) view?.offer(null);
  }
}
