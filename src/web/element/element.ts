import { loadModule } from "../../async/load-module.ts";
import type { Asset } from "../../atlas/types.ts";
import type { Report } from "../../report/report.ts";
import { loadTable } from "../../rules/load.ts";
import type { ServerClientOptions } from "../../server-client/options.ts";
import { acceptedBy } from "./accepted.ts";
import { Announcer } from "./announcer.ts";
import {
  acceptUnsureOf,
  attributes,
  checkAttributes,
  checkOptionsOf,
  kindOf,
  viewAttributes,
} from "./attributes.ts";
import type { FailureAction } from "./card/footer.ts";
import { Continuation } from "./continuation.ts";
import { dispatch } from "./events.ts";
import { takeFiles } from "./intake.ts";
import { type ElementLocale, loadLocale } from "./locale.ts";
import { showOffer } from "./offers.ts";
import { checkFile } from "./session/check-file.ts";
import { type Item, isInFlight, isUploading, needsFixing } from "./session/item.ts";
import type { SendWatcher } from "./session/send-file.ts";
import { Session } from "./session/session.ts";
import { rememberUnfinished } from "./session/unfinished.ts";
import { addStyle } from "./style/sheets.ts";
import { View, type ViewHost } from "./view.ts";
import { type Words, wordsOf } from "./words.ts";

/** On a server, where pages are only rendered, there is nothing to extend. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

const defaultMaxFiles = 1000;

/**
 * A drop zone that checks files in the page and, where `endpoint` names a server handler, sends those that pass. Its
 * events are those of MediaPreflightEventMap. In a form its value, under its `name`, is the addresses of the assets
 * that were sent or, without an endpoint, the files that passed.
 */
export class MediaPreflightElement extends Base {
  static readonly formAssociated = true;
  static readonly observedAttributes = attributes;

  /** Sent with every request to the endpoint, for instance a session's token. */
  headers: ServerClientOptions["headers"];
  #rules: object | null = null;
  #locale: ElementLocale | undefined;
  #words: Words | undefined;
  /** Resolves when the texts of the current language are there. */
  #ready: Promise<void> | null = null;
  #view: View | undefined;
  #disconnected: AbortController | undefined;
  readonly #continuation: Continuation = new Continuation();
  readonly #internals: ElementInternals | undefined = this.attachInternals?.();
  readonly #announcer: Announcer = new Announcer(
    () => this.#words,
    () => this.#session.items,
    (text) => this.#view?.announce(text),
  );
  readonly #session: Session = new Session({
    check: async (file, signal) => {
      await this.#ready;
      return checkFile(file, checkOptionsOf(this, this.rules, this.#locale?.messages), signal);
    },
    send: (item, watcher) => this.#send(item, watcher),
    maySend: ({ file, report }) =>
      report !== null && dispatch(this, "media-preflight-send", { file, report }),
    acceptUnsure: () => acceptUnsureOf(this),
    changed: (item) => this.#changed(item),
    reported: (item, report) => {
      dispatch(this, "media-preflight-report", { file: item.file, report });
      this.#announcer.tell(item);
    },
  });

  /** The files in it. */
  get files(): File[] {
    return this.#session.items.map((item) => item.file);
  }
  /** The reports of those that have been checked, in their order. */
  get reports(): Report[] {
    return this.#session.items.flatMap((item) => item.report ?? []);
  }
  /** What was sent and is ready for use. */
  get assets(): Asset[] {
    return this.#session.items.flatMap((item) => item.asset ?? []);
  }
  /** The rule table: an object, or the id that the attribute names. */
  get rules(): object | string | null {
    return this.#rules ?? this.getAttribute("rules");
  }
  set rules(rules: object | string | null) {
    this.#rules = typeof rules === "object" ? rules : null;
    if (typeof rules === "string") this.setAttribute("rules", rules);
    else {
      this.#session.checkAgain();
      void this.#showAccepted();
    }
  }

  /** Adds files, as if they had been dropped. */
  add(files: Iterable<File>): void {
    const all = [...files];
    if (all.length === 0 || !dispatch(this, "media-preflight-add", { files: all })) return;
    const most = Number(this.getAttribute("max-files")) || defaultMaxFiles;
    const { added, surplus } = this.#session.add(all, most);
    for (const item of added) this.#continuation.resume(item, this.#view);
    const say = this.#words?.say ?? String;
    const said = [
      added.length > 0 && say("say.added", { n: added.length }),
      surplus > 0 && say("say.surplus", { most, n: surplus }),
    ];
    this.#view?.announce(said.filter(Boolean).join(" "));
  }

  /** Sends what may be sent: all of it, or one file. */
  send(file?: File): void {
    for (const item of this.#session.items) if (!file || item.file === file) this.#session.send(item);
  }

  /** Removes files, all of them or one; what is being done with them stops. */
  clear(file?: File): void {
    this.#session.remove(this.#session.items.filter((item) => !file || item.file === file));
  }

  connectedCallback(): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    addStyle(shadow);
    this.#loadTexts();
    this.#continuation.recall(this.#endpoint);
    this.#disconnected = new AbortController();
    const { signal } = this.#disconnected;
    takeFiles(
      this,
      (files) => this.add(files),
      (hovering) => this.#view?.hover(hovering),
      signal,
    );
    const ahead = (): unknown =>
      import("./load-ahead.ts").then(({ loadAhead }) => loadAhead()).catch(() => undefined);
    // The first signs of a user who is about to use it.
    for (const sign of ["pointerenter", "focusin", "dragenter"])
      this.addEventListener(sign, ahead, { once: true, signal });
    const leave = (event: BeforeUnloadEvent): void => {
      if (this.#session.items.some(isInFlight)) event.preventDefault();
    };
    globalThis.addEventListener("beforeunload", leave, { signal });
    const remember = (): void => rememberUnfinished(this.#endpoint, this.#session.items);
    globalThis.addEventListener("pagehide", remember, { signal });
  }

  disconnectedCallback(): void {
    this.#disconnected?.abort();
    this.#view?.end();
    this.#view = undefined;
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (viewAttributes.includes(name) && this.isConnected) this.#loadTexts();
    if (checkAttributes.includes(name)) this.#session.checkAgain();
  }

  formResetCallback(): void {
    this.clear();
  }

  get #endpoint(): string {
    return this.getAttribute("endpoint") ?? "";
  }

  /** Draws everything in the page's language, as soon as its texts are loaded. */
  #loadTexts(): void {
    const tag = this.getAttribute("locale") ?? this.closest("[lang]")?.getAttribute("lang") ?? "en";
    const loading = loadLocale(tag).then((locale) => {
      if (this.#ready !== loading) return;
      this.#locale = locale;
      this.#words = wordsOf(locale);
      if (this.isConnected && this.shadowRoot) this.#draw(this.shadowRoot, this.#words);
    });
    this.#ready = loading;
    // Without a network nothing can be shown: as soon as it is back.
    loading.catch(() => {
      globalThis.addEventListener("online", () => this.isConnected && this.#loadTexts(), { once: true });
    });
  }

  #draw(shadow: ShadowRoot, words: Words): void {
    this.#view?.end();
    this.#view = new View(shadow, this.#viewHost(words));
    this.setAttribute("data-ready", "");
    void this.#showAccepted();
    this.#continuation.offer(this.#view, words);
  }

  #viewHost(words: Words): ViewHost {
    const session = this.#session;
    return {
      words,
      rate: session.rate,
      items: () => session.items,
      kind: kindOf(this) ?? null,
      multiple: this.getAttribute("max-files") !== "1",
      sends: this.hasAttribute("endpoint"),
      add: (files) => this.add(files),
      send: (item) => session.send(item),
      cancel: (item) => session.cancel(item),
      remove: (item) => {
        const at = session.items.indexOf(item);
        session.remove([item]);
        this.#view?.focusRow(at);
        this.#view?.announce(words.say("say.removed", { name: item.file.name }));
      },
      secondsLeft: ({ transfer }) =>
        transfer && session.rate.secondsFor(transfer.total - transfer.loaded, performance.now()),
      failureActions: (): readonly FailureAction[] => [],
      sendAll: () => this.#sendWhere("checked"),
      retryAll: () => this.#sendWhere("stopped"),
      cancelAll: () => {
        for (const item of session.items.filter(isUploading)) session.cancel(item);
      },
      removeFailing: () => this.#removeWithUndo(session.items.filter(needsFixing)),
      clear: () => this.#removeWithUndo(session.items),
    };
  }

  #sendWhere(stage: Item["stage"]): void {
    for (const item of this.#session.items) if (item.stage === stage) this.#session.send(item);
  }

  #removeWithUndo(items: readonly Item[]): void {
    const words = this.#words;
    this.#session.remove(items);
    this.#view?.focusRow(0);
    if (!words || !this.#view) return;
    const text = words.say("say.cleared", { n: words.number(items.length) });
    this.#view.announce(text);
    void showOffer(this.#view, "undo", text, [
      { id: "undo", text: words.say("undo"), run: () => this.#session.restore(items) },
    ]);
  }

  async #showAccepted(): Promise<void> {
    const { view, words } = { view: this.#view, words: this.#words };
    try {
      const table = await loadTable(this.rules);
      if (view && words && view === this.#view) view.accepts(acceptedBy(table, kindOf(this) ?? null, words));
    } catch {
      // An invalid table is reported with each file.
      view?.accepts([]);
    }
  }

  #changed(item: Item): void {
    this.#view?.mark(item);
    if (item.stage === "sending" && item.transfer) return;
    this.#setFormValue();
    const { file, report, asset, problem, stage } = item;
    if (problem) dispatch(this, "media-preflight-problem", { file, ...problem });
    if (stage === "sent" && asset && report) dispatch(this, "media-preflight-asset", { file, asset, report });
    if (stage === "sent" || stage === "queued" || problem) this.#announcer.tell(item);
    dispatch(this, "media-preflight-change", null);
  }

  #setFormValue(): void {
    const name = this.getAttribute("name");
    if (!name) return;
    const value = new FormData();
    for (const { asset, sendable, file } of this.#session.items)
      if (this.hasAttribute("endpoint")) asset?.uri && value.append(name, asset.uri);
      else if (sendable) value.append(name, file);
    this.#internals?.setFormValue(value);
  }

  async #send({ file, assetId }: Item, watcher: SendWatcher): Promise<Asset> {
    const server = { endpoint: this.#endpoint, headers: this.headers };
    const { sendFile } = await loadModule(() => import("./session/send-file.ts"));
    return sendFile(file, assetId, server, checkOptionsOf(this, this.rules, this.#locale?.messages), watcher);
  }
}
