import { attribute, el } from "../dom.ts";
import type { FixPart } from "../fix/load.ts";
import type { Item } from "../session/item.ts";
import type { Words } from "../words.ts";
import { CardButtons } from "./buttons.ts";
import { CardFooter } from "./footer.ts";
import { CardHeader } from "./header.ts";
import { metLimits } from "./limits.ts";
import { assetLine, problemLine } from "./outcome.ts";
import { CardProgress } from "./progress.ts";
import { blockingList } from "./reasons.ts";
import { stateOf } from "./state.ts";

/** What a card needs of the element. */
export interface CardHost {
  words: Words;
  /** Whether there is anywhere to send to. */
  sends: boolean;
  send(item: Item): void;
  retryCheck(item: Item): void;
  cancel(item: Item): void;
  remove(item: Item): void;
  /** Seconds until this file has been sent; null if that is unknown. */
  secondsLeft(item: Item): number | null;
  /** What makes files fit; null until it is loaded, when failing files are drawn again. */
  fixes(): FixPart | null;
}

/** One file: what it is, what is wrong with it, what to do, and how far it has been sent. */
export class Card {
  readonly #item: Item;
  readonly #host: CardHost;
  readonly #header: CardHeader;
  readonly #buttons: CardButtons;
  readonly #progress: CardProgress;
  readonly #footer: CardFooter;
  readonly #reasons = el("ul", { class: "findings", part: "findings", role: "list" });
  readonly #outcome = el("div", { class: "below" });
  readonly #limits = el("div", { class: "limits-box" });
  #drawnFindings: Item["findings"] | null = null;
  #drawnOutcome: unknown = null;

  constructor(root: HTMLElement, item: Item, host: CardHost) {
    this.#item = item;
    this.#host = host;
    this.#header = new CardHeader(item, host.words);
    this.#buttons = new CardButtons(item, host);
    this.#progress = new CardProgress(item, host);
    this.#footer = new CardFooter(item, host);
    root.replaceChildren(
      this.#header.thumbnail,
      this.#header.what,
      this.#header.verdict,
      this.#buttons.root,
      this.#header.stage,
      this.#reasons,
      this.#progress.root,
      this.#outcome,
      this.#footer.root,
      this.#limits,
    );
    this.update();
  }

  /** Shows where the item is now. */
  update(): void {
    const item = this.#item;
    this.#header.update();
    this.#buttons.update();
    attribute(this.#progress.root, "hidden", item.stage !== "sending" && item.stage !== "processing");
    this.#progress.update();
    if (this.#drawnFindings !== item.findings) {
      this.#drawnFindings = item.findings;
      this.#reasons.replaceChildren(...blockingList(item, this.#host.words));
      this.#limits.replaceChildren(metLimits(item, this.#host.words) ?? "");
    }
    const outcome = item.problem ?? (stateOf(item) === "sent" ? item.asset : null);
    if (this.#drawnOutcome !== outcome) {
      this.#drawnOutcome = outcome;
      this.#outcome.replaceChildren(
        item.problem
          ? problemLine(item.problem, this.#host.words)
          : outcome
            ? assetLine(item, this.#host.words)
            : "",
      );
    }
    this.#footer.update();
  }

  /** A picture of the file, if the browser can make one. */
  showPreview(): void {
    this.#header.showPreview();
  }

  end(): void {
    this.#header.end();
    this.#footer.end();
  }
}
