import { loadModule } from "../../async/load-module.ts";
import { loadTable } from "../../rules/load.ts";
import { acceptedBy } from "./accepted.ts";
import { kindOf } from "./attributes.ts";
import type { Continuation } from "./continuation.ts";
import { type ElementLocale, loadLocale } from "./locale.ts";
import type { Item } from "./session/item.ts";
import { View, type ViewHost } from "./view.ts";
import { type Words, wordsOf } from "./words.ts";

/** What the display needs of the element, besides its attributes. */
export interface DisplayHost extends Pick<ViewHost, "session" | "fixes" | "add"> {
  rules(): object | string | null;
}

/** What the element shows, in the page's language: drawn when that is loaded, and again when it changes. */
export class Display {
  view: View | undefined;
  words: Words | undefined;
  /** How reports are worded. */
  messages: ElementLocale["messages"] | undefined;
  /** Resolves when the texts of the current language are there. */
  ready: Promise<void> | null = null;
  #continuation: Continuation | undefined;
  readonly #element: HTMLElement;
  readonly #host: DisplayHost;

  constructor(element: HTMLElement, host: DisplayHost) {
    this.#element = element;
    this.#host = host;
  }

  /** Loads the texts of the page's language, then draws everything. */
  load(): void {
    const element = this.#element;
    const tag = element.getAttribute("locale") ?? element.closest("[lang]")?.getAttribute("lang") ?? "en";
    const loading = loadLocale(tag).then((locale) => {
      if (this.ready !== loading) return;
      this.messages = locale.messages;
      this.words = wordsOf(locale);
      if (element.isConnected && element.shadowRoot) this.#draw(element.shadowRoot, this.words);
    });
    this.ready = loading;
    // Without a network nothing can be shown: as soon as it is back.
    loading.catch(() => {
      globalThis.addEventListener("online", () => element.isConnected && this.load(), { once: true });
    });
  }

  end(): void {
    this.view?.end();
    this.view = undefined;
  }

  /** Says what the rule table accepts. */
  async showAccepted(): Promise<void> {
    const { view, words } = this;
    try {
      const table = await loadTable(this.#host.rules());
      if (view && words && view === this.view)
        view.accepts(acceptedBy(table, kindOf(this.#element) ?? null, words));
    } catch {
      // An invalid table is reported with each file.
      view?.accepts([]);
    }
  }

  /** Offers to continue with the files that were being sent when the page was reloaded. */
  async offerToContinue(endpoint: string): Promise<void> {
    const { Continuation } = await loadModule(() => import("./continuation.ts"));
    this.#continuation = new Continuation(endpoint);
    if (this.view && this.words) this.#continuation.offer(this.view, this.words);
  }

  /** If the file is one of those, it is sent as soon as it has passed. */
  resume(item: Item): void {
    this.#continuation?.resume(item, this.view);
  }

  #draw(shadow: ShadowRoot, words: Words): void {
    const element = this.#element;
    this.view?.end();
    this.view = new View(shadow, {
      session: this.#host.session,
      fixes: () => this.#host.fixes(),
      add: (files) => this.#host.add(files),
      words,
      kind: kindOf(element) ?? null,
      multiple: element.getAttribute("max-files") !== "1",
      sends: element.hasAttribute("endpoint"),
    });
    element.setAttribute("data-ready", "");
    void this.showAccepted();
    this.#host.session.retryChecks();
    this.#continuation?.offer(this.view, words);
  }
}
