import { loadModule } from "../../async/load-module.ts";
import type { Accepted } from "./accepted.ts";
import { el } from "./dom.ts";
import type { FixPart } from "./fix/load.ts";
import type { FileList } from "./list/file-list.ts";
import type { Item } from "./session/item.ts";
import type { Session } from "./session/session.ts";
import { addStyle } from "./style/sheets.ts";
import { Zone, type ZoneHost } from "./zone.ts";

/** What the view needs of the element. */
export interface ViewHost extends ZoneHost {
  session: Session;
  /** Whether there is anywhere to send to. */
  sends: boolean;
  /** What makes files fit; null until it is loaded, when failing files are drawn again. */
  fixes(): FixPart | null;
}

/** All that the element shows: the drop zone and, loaded with the first file, the list of files. */
export class View {
  readonly root: HTMLElement;
  readonly #host: ViewHost;
  readonly #shadow: ShadowRoot;
  readonly #zone: Zone;
  readonly #offer = el("div");
  readonly #place = el("div");
  readonly #live = el("p", { class: "unseen", role: "status" });
  #list: FileList | null = null;
  #loading = false;
  #ended = false;

  constructor(shadow: ShadowRoot, host: ViewHost) {
    this.#host = host;
    this.#shadow = shadow;
    this.#zone = new Zone(host);
    const { tag, direction } = host.words;
    this.root = el(
      "div",
      { class: "board", lang: tag, dir: direction },
      this.#zone.root,
      this.#offer,
      this.#place,
      this.#live,
    );
    shadow.replaceChildren(this.root);
    if (host.session.items.length > 0) void this.#showList();
  }

  mark(item: Item): void {
    if (this.#list) this.#list.mark(item);
    else void this.#showList();
    this.root.classList.toggle("full", this.#host.session.items.length > 0);
  }

  accepts(all: readonly Accepted[]): void {
    this.#zone.accepts(all);
  }

  hover(hovering: boolean): void {
    this.#zone.hover(hovering);
  }

  /** Says something to users who cannot see it. */
  announce(text: string): void {
    this.#live.textContent = text;
  }

  chooseFiles(): void {
    this.#zone.choose.click();
  }

  /** After a file was removed: to the one that took its place, else to the button. */
  focusRow(at: number): void {
    if (!this.#list?.focusRow(at)) this.#zone.choose.focus();
  }

  /** Shows a line with an offer instead of the one before; null takes it away. */
  offer(line: HTMLElement | null, css?: string): void {
    if (css) addStyle(this.#shadow, css);
    this.#offer.replaceChildren(line ?? "");
  }

  end(): void {
    this.#ended = true;
    this.#list?.end();
  }

  /** What shows files is loaded with the first one; without a network, when the next one is added or it is back. */
  async #showList(): Promise<void> {
    if (this.#loading || this.#list) return;
    this.#loading = true;
    try {
      const { createList, listCss } = await loadModule(() => import("./list/load.ts"));
      if (this.#ended) return;
      addStyle(this.#shadow, listCss);
      this.#list = createList(this.#host, this);
      this.#place.replaceChildren(this.#list.root);
      this.root.classList.toggle("full", this.#host.session.items.length > 0);
      this.#zone.notice(null);
    } catch {
      const text = this.#host.words.say("error.network");
      this.#zone.notice(text);
      this.announce(text);
      globalThis.addEventListener("online", () => void this.#showList(), { once: true });
    } finally {
      this.#loading = false;
    }
  }
}
