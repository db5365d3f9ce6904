import { loadModule } from "../../async/load-module.ts";
import type { Asset } from "../../atlas/types.ts";
import type { Report } from "../../report/report.ts";
import { loadTable } from "../../rules/load.ts";
import type { ServerClientOptions } from "../../server-client/options.ts";
import { acceptUnsureOf, attributes, checkAttributes, checkOptionsOf, viewAttributes } from "./attributes.ts";
import { Display } from "./display.ts";
import { dispatch } from "./events.ts";
import { FixLoader } from "./fix-loader.ts";
import { takeFiles } from "./intake.ts";
import { type CheckOptions, checkFile } from "./session/check-file.ts";
import { type Item, isInFlight } from "./session/item.ts";
import type { SendWatcher } from "./session/send-file.ts";
import { Session } from "./session/session.ts";
import { hasUnfinished, rememberUnfinished } from "./session/unfinished.ts";
import { addStyle } from "./style/sheets.ts";

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
  #disconnected: AbortController | undefined;
  readonly #internals: ElementInternals | undefined = this.attachInternals?.();
  readonly #session: Session = new Session({
    check: async (file, signal) => {
      await this.#display.ready;
      return checkFile(file, this.#checkOptions, signal);
    },
    send: (item, watcher) => this.#send(item, watcher),
    maySend: ({ file, report }) =>
      report !== null && dispatch(this, "media-preflight-send", { file, report }),
    acceptUnsure: () => acceptUnsureOf(this),
    changed: (item, news) => this.#changed(item, news),
    reported: ({ file }, report) => dispatch(this, "media-preflight-report", { file, report }),
  });

  readonly #fixes: FixLoader = new FixLoader(
    {
      items: () => this.#session.items,
      words: () => this.#display.words,
      options: () => ({ ...this.#checkOptions, workerUrl: this.getAttribute("fix-worker-url") ?? undefined }),
      table: () => loadTable(this.rules),
      draw: (item) => this.#display.view?.mark(item),
      replace: (former, item) => {
        this.#session.replace(former, item);
        const { file, original } = item;
        if (original) dispatch(this, "media-preflight-fix", { file, original: original.file });
      },
      announce: (text) => this.#display.view?.announce(text),
      failed: ({ file }, { code, detail }) =>
        dispatch(this, "media-preflight-problem", { file, code, message: detail ?? code, hint: null }),
    },
    () => this.shadowRoot,
  );

  readonly #display: Display = new Display(this, {
    session: this.#session,
    fixes: () => this.#fixes.get(),
    add: (files) => this.add(files),
    rules: () => this.rules,
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
      void this.#display.showAccepted();
    }
  }

  /** Adds files, as if they had been dropped. */
  add(files: Iterable<File>): void {
    const all = [...files];
    if (all.length === 0 || !dispatch(this, "media-preflight-add", { files: all })) return;
    const most = Number(this.getAttribute("max-files")) || defaultMaxFiles;
    const { added, surplus } = this.#session.add(all, most);
    for (const item of added) this.#display.resume(item);
    const say = this.#display.words?.say ?? String;
    const said = [
      added.length > 0 && say("say.added", { n: added.length }),
      surplus > 0 && say("say.surplus", { most, n: surplus }),
    ];
    this.#display.view?.announce(said.filter(Boolean).join(" "));
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
    this.#display.load();
    if (hasUnfinished(this.#endpoint)) this.#display.offerToContinue(this.#endpoint).catch(() => undefined);
    this.#disconnected = new AbortController();
    const { signal } = this.#disconnected;
    takeFiles(
      this,
      (files) => this.add(files),
      (hovering) => this.#display.view?.hover(hovering),
      signal,
    );
    const ahead = (): unknown =>
      import("./load-ahead.ts").then(({ loadAhead }) => loadAhead()).catch(() => undefined);
    // The first signs of a user who is about to use it.
    for (const sign of ["pointerenter", "focusin", "dragenter"])
      this.addEventListener(sign, ahead, { once: true, signal });
    const leave = (event: BeforeUnloadEvent): void => {
      if (this.#fixes.part?.fixes.working || this.#session.items.some(isInFlight)) event.preventDefault();
    };
    globalThis.addEventListener("beforeunload", leave, { signal });
    const remember = (): void => rememberUnfinished(this.#endpoint, this.#session.items);
    globalThis.addEventListener("pagehide", remember, { signal });
    globalThis.addEventListener("online", () => this.#session.retryChecks(), { signal });
  }

  disconnectedCallback(): void {
    this.#disconnected?.abort();
    this.#display.end();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (viewAttributes.includes(name) && this.isConnected) this.#display.load();
    if (checkAttributes.includes(name)) this.#session.checkAgain();
  }

  formResetCallback(): void {
    this.clear();
  }

  get #endpoint(): string {
    return this.getAttribute("endpoint") ?? "";
  }

  get #checkOptions(): CheckOptions {
    return checkOptionsOf(this, this.rules, this.#display.messages);
  }

  /** @param news what came of it, if anything: only that is told to listeners. */
  #changed(item: Item, news?: Partial<Item>): void {
    this.#display.view?.mark(item);
    this.#fixes.part?.fixes.changed(item);
    if (item.stage === "sending" && item.transfer) return;
    this.#setFormValue();
    const { file, report } = item;
    const { asset, problem } = news ?? {};
    if (problem) dispatch(this, "media-preflight-problem", { file, ...problem });
    if (asset && report) dispatch(this, "media-preflight-asset", { file, asset, report });
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
    return sendFile(file, assetId, server, this.#checkOptions, watcher);
  }
}
