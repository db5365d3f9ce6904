import type { Kind } from "../../facts/formats.ts";
import type { Accepted } from "./accepted.ts";
import { attribute, button, el } from "./dom.ts";
import { icon } from "./icons.ts";
import type { Words } from "./words.ts";

/** What the drop zone needs of the element. */
export interface ZoneHost {
  words: Words;
  /** The kind that is wanted, or null for any. */
  kind: Kind | null;
  multiple: boolean;
  add(files: readonly File[]): void;
}

/** Where files are dropped or chosen, and what may be. */
export class Zone {
  readonly root: HTMLElement;
  readonly choose: HTMLButtonElement;
  readonly #words: Words;
  readonly #idle: string;
  readonly #title = el("p", { class: "title", id: "title" });
  readonly #accepted = el("ul", { class: "accepted", part: "accepted", role: "list" });
  readonly #notice = el("p", { class: "notice", part: "notice", hidden: true });

  constructor({ words, kind, multiple, add }: ZoneHost) {
    const { say } = words;
    this.#words = words;
    this.#idle = say(kind ? `drop.${kind}` : "drop");
    this.#title.textContent = this.#idle;
    const input = el("input", {
      type: "file",
      hidden: true,
      multiple,
      accept: kind ? dialogTypes[kind] : Object.values(dialogTypes).join(),
      onchange: () => {
        add([...(input.files ?? [])]);
        input.value = "";
      },
    });
    this.choose = button(say("choose"), "choose", () => input.click(), { look: "strong" });
    this.root = el(
      "div",
      { class: "zone-box", part: "zone", role: "group", "aria-labelledby": "title" },
      el("div", { class: "badge" }, icon("upload")),
      el("div", { class: "lines" }, this.#title, el("p", { class: "or" }, say("or"))),
      this.choose,
      this.#accepted,
      el("p", { class: "promise" }, say("promise")),
      this.#notice,
      input,
    );
  }

  /** Says what is accepted. */
  accepts(all: readonly Accepted[]): void {
    const several = all.length > 1;
    this.#accepted.replaceChildren(
      ...all.map(({ kind, limits }) => {
        const label = several && el("span", { class: "kind" }, this.#words.say(`kind.${kind}`));
        // Each limit stays in one line; where there is little room, the bullets are left out.
        const text = limits.map((limit, i) => el("span", {}, limit, limits[i + 1] && el("i", {}, " ·")));
        return el("li", {}, label, ...text.flatMap((part) => [" ", part]));
      }),
    );
  }

  hover(hovering: boolean): void {
    this.root.classList.toggle("over", hovering);
    this.#title.textContent = hovering ? this.#words.say("drop.now") : this.#idle;
  }

  /** Shows what went wrong with the element itself; null takes it away. */
  notice(text: string | null): void {
    attribute(this.#notice, "hidden", text === null);
    this.#notice.textContent = text ?? "";
  }
}

/** For the file dialog. Not every system knows the newer types by their names. */
const dialogTypes: Readonly<Record<Kind, string>> = {
  image: "image/*,.heic,.heif,.tif,.tiff",
  video: "video/*,.mov",
  audio: "audio/*",
};
