import { loadModule } from "../../../async/load-module.ts";
import { attribute, el } from "../dom.ts";
import { icon } from "../icons.ts";
import { type Item, isInFlight } from "../session/item.ts";
import type { Words } from "../words.ts";
import { iconOf, kindIconOf, stateOf } from "./state.ts";

/** The top of a card: picture, name, facts and verdict; and the place where the file is played. */
export class CardHeader {
  readonly thumbnail: HTMLElement = el("div", { class: "thumb", part: "thumbnail" });
  readonly what: HTMLElement;
  readonly verdict: HTMLElement = el("p", { class: "verdict", part: "verdict" });
  readonly stage: HTMLElement = el("div", { class: "stage", part: "preview", hidden: true });
  readonly #item: Item;
  readonly #words: Words;
  readonly #facts = el("p", { class: "facts", part: "facts" });
  #pictured: unknown;
  #close: (() => void) | null = null;

  constructor(item: Item, words: Words) {
    this.#item = item;
    this.#words = words;
    const { name, webkitRelativePath } = item.file;
    this.what = el(
      "div",
      { class: "what" },
      el("p", { class: "name", part: "name", title: webkitRelativePath || name }, el("bdi", {}, name)),
      this.#facts,
    );
  }

  update(): void {
    const item = this.#item;
    const { say, number, bytes } = this.#words;
    const { width, height, duration, format } = item.report?.facts ?? {};
    // Where a row is narrow, the end is cut off.
    const facts = [
      bytes(item.file.size),
      format?.toUpperCase(),
      width && height && `${number(width)}×${number(height)}`.replaceAll(",", ""),
      duration && `${number(duration, 2)} ${say("unit.s")}`,
    ];
    // A number and its unit stay in one line.
    const line = facts.filter(Boolean).join(" · ");
    this.#facts.textContent = this.#words.isolate(line).replace(/(?<=\d\u2069?) /g, "\u00a0");
    this.verdict.replaceChildren(icon(iconOf(item)), say(stateOf(item)));
    attribute(this.verdict, "hidden", isInFlight(item) && item.stage !== "queued");
    if (!this.#pictured) this.thumbnail.replaceChildren(icon(kindIconOf(item)));
  }

  showPreview(): void {
    const { report, file } = this.#item;
    if (!report || this.#pictured === report) return;
    this.#pictured = report;
    loadModule(() => import("./preview.ts"))
      .then(async ({ previewOf, isPlayable }) => {
        const canvas = await previewOf(file, report.facts);
        if (this.#item.report !== report) return;
        const picture = canvas ?? icon(kindIconOf(this.#item));
        const playable = canvas !== null || isPlayable(report.facts);
        this.thumbnail.replaceChildren(playable ? this.#opener(picture) : picture);
      })
      // Without a picture the card is as useful.
      .catch(() => undefined);
  }

  #opener(picture: Node): HTMLElement {
    const isPicture = this.#item.report?.facts.mime?.startsWith("image/") === true;
    const action = isPicture ? "enlarge" : "play";
    return el(
      "button",
      {
        type: "button",
        class: "opener",
        part: "button preview-button",
        "aria-expanded": "false",
        "aria-label": this.#words.say("of.name", {
          action: this.#words.say(action),
          name: this.#item.file.name,
        }),
        onclick: () => void this.#toggle(),
      },
      picture,
      el("span", { class: "glyph" }, icon(isPicture ? "zoom" : "play")),
    );
  }

  async #toggle(): Promise<void> {
    const opener = this.thumbnail.querySelector("button");
    if (this.#close) this.end();
    else {
      const facts = this.#item.report?.facts;
      const { openPreview } = await loadModule(() => import("./player.ts"));
      if (!facts || this.#close) return;
      const { name } = this.#item.file;
      this.#close = openPreview(this.#item.file, facts, this.stage, this.#words.say("preview", { name }));
    }
    attribute(this.stage, "hidden", !this.#close);
    if (opener) attribute(opener, "aria-expanded", String(this.#close !== null));
  }

  /** Closes what is being played. */
  end(): void {
    this.#close?.();
    this.#close = null;
  }
}
