import type { Asset } from "../../atlas/types.ts";
import type { Messages } from "../../report/messages/en.ts";
import { describeFinding } from "../../report/render.ts";
import type { Report } from "../../report/report.ts";
import { type Say, teller } from "../../report/text.ts";
import type { ServerClientOptions } from "../../server-client/options.ts";
import { english } from "../locales/en.ts";
import { announcer } from "./announcer.ts";
import { acceptUnsureOf, attributes, judgingAttributes, judgingOf, kindOf, looks } from "./attributes.ts";
import { Board } from "./board.ts";
import { type CheckOptions, checkFile, type Watch } from "./check-file.ts";
import { takeFiles } from "./intake.ts";
import type { Item } from "./item.ts";
import { Session } from "./session.ts";
import { sheets } from "./style.ts";
import { type ElementLocale, loadLocale } from "./text.ts";

/** On a server, where pages are only written, there is nothing to extend. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

const mostByDefault = 1000;
const ignored = (): void => undefined;

/**
 * A drop zone that checks files on the page and, where `endpoint` names a server handler, sends those that pass.
 *
 * Events, all of which bubble: `media-preflight-report` {file, report}; `media-preflight-asset` {file, asset, report};
 * `media-preflight-problem` {file, code, message}; `media-preflight-change`, after any of them and after files come
 * and go. In a form it has a value under its `name`: the addresses of what was sent or, without an endpoint, the
 * files that may be.
 */
export class MediaPreflightElement extends Base {
  static readonly formAssociated = true;
  static readonly observedAttributes = attributes;

  /** Sent with every request to the endpoint, for instance a session's token. */
  headers: ServerClientOptions["headers"];
  #rules: object | null = null;
  #locale: ElementLocale = { texts: english, messages: undefined as unknown as Messages };
  #ready: Promise<void> | null = null;
  #board: Board | undefined;
  #ended: AbortController | undefined;
  readonly #say: Say = (key, values) => teller(this.#locale.texts)(key, values);
  readonly #gather: (item: Item) => void = announcer(this.#say, (text) => this.#board?.announce(text));
  readonly #internals: ElementInternals | undefined = this.attachInternals?.();
  readonly #session: Session = new Session({
    check: async (file, signal) => {
      await this.#ready;
      return checkFile(file, this.#judging(), signal);
    },
    send: (file, watch) => this.#send(file, watch),
    acceptUnsure: () => acceptUnsureOf(this),
    changed: (item) => this.#changed(item),
    reported: (item, report) => {
      this.#tell("report", { file: item.file, report });
      this.#gather(item);
    },
  });

  /** The files on it. */
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
    else this.#session.again();
  }

  /** Takes files in, as if they had been dropped. */
  add(files: Iterable<File>): void {
    const most = Number(this.getAttribute("max-files")) || mostByDefault;
    const { taken, surplus } = this.#session.add([...files], most);
    const said = [
      taken.length > 0 && this.#say("say.added", { n: taken.length }),
      surplus > 0 && this.#say("say.surplus", { most, n: surplus }),
    ];
    this.#board?.announce(said.filter(Boolean).join(" "));
  }

  /** Sends what may be sent: all of it, or one file. */
  send(file?: File): void {
    for (const item of this.#session.items) if (!file || item.file === file) this.#session.send(item);
  }

  /** Takes files out, all of them or one; what is being done with them stops. */
  clear(file?: File): void {
    for (const item of [...this.#session.items]) if (!file || item.file === file) this.#session.remove(item);
  }

  connectedCallback(): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = sheets();
    this.#speak();
    this.#ended = new AbortController();
    const { signal } = this.#ended;
    takeFiles(
      this,
      (files) => this.add(files),
      (hovering) => this.#board?.hover(hovering),
      signal,
    );
    const ahead = (): unknown => import("./load-ahead.ts").then(({ loadAhead }) => loadAhead(), ignored);
    // The first sign of somebody who is about to use it.
    for (const sign of ["pointerenter", "focusin", "dragenter"])
      this.addEventListener(sign, ahead, { once: true, signal });
    const leave = (event: BeforeUnloadEvent): void => {
      if (this.#session.items.some((item) => item.stage === "sending")) event.preventDefault();
    };
    window.addEventListener("beforeunload", leave, { signal });
  }

  disconnectedCallback(): void {
    this.#ended?.abort();
    this.#board?.end();
    this.#board = undefined;
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (looks.includes(name) && this.isConnected) this.#speak();
    if (judgingAttributes.includes(name)) this.#session.again();
  }

  formResetCallback(): void {
    this.clear();
  }

  /** Draws everything in the page's language, now and when another one has been loaded. */
  #speak(): void {
    const tag = this.getAttribute("locale") ?? this.closest("[lang]")?.getAttribute("lang") ?? "en";
    const loading = loadLocale(tag).then((locale) => {
      if (this.#ready !== loading) return;
      this.#locale = locale;
      if (this.isConnected) this.#draw();
    });
    this.#ready = loading;
  }

  #draw(): void {
    this.#board?.end();
    const { messages } = this.#locale;
    const board = new Board({
      say: this.#say,
      property: teller(messages),
      message: (finding) => describeFinding(finding, messages).message,
      hint: (finding) => describeFinding(finding, messages).hint,
      items: () => this.#session.items,
      kind: () => kindOf(this) ?? null,
      many: () => this.getAttribute("max-files") !== "1",
      sends: () => this.hasAttribute("endpoint"),
      roomy: (verdict) => this.#session.items.length < (verdict === "pass" ? 4 : 12),
      take: (files) => this.add(files),
      send: (item) => this.#session.send(item),
      cancel: (item) => this.#session.cancel(item),
      remove: (item) => {
        const at = this.#session.items.indexOf(item);
        this.#session.remove(item);
        board.focusAfter(at);
        board.announce(this.#say("say.removed", { name: item.file.name }));
      },
      sendAll: () => this.send(),
      clear: () => {
        this.clear();
        board.focusAfter(0);
      },
    });
    this.#board = board;
    this.shadowRoot?.replaceChildren(board.root);
    this.shadowRoot?.host.setAttribute("data-ready", "");
    for (const item of this.#session.items) board.mark(item);
  }

  #changed(item: Item): void {
    this.#board?.mark(item);
    if (item.stage === "sending" && item.progress) return;
    this.#setValue();
    if (item.problem) this.#tell("problem", { file: item.file, ...item.problem });
    if (item.stage === "sent")
      this.#tell("asset", { file: item.file, asset: item.asset, report: item.report });
    if (item.stage === "sent" || item.problem) this.#gather(item);
    this.#tell("change", {});
  }

  #tell(what: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(`media-preflight-${what}`, { detail, bubbles: true, composed: true }));
  }

  #setValue(): void {
    const name = this.getAttribute("name");
    if (!name) return;
    const value = new FormData();
    for (const { asset, open, file } of this.#session.items)
      if (this.hasAttribute("endpoint")) asset?.uri && value.append(name, asset.uri);
      else if (open) value.append(name, file);
    this.#internals?.setFormValue(value);
  }

  async #send(file: File, watch: Watch): Promise<Asset> {
    const endpoint = this.getAttribute("endpoint") ?? "";
    // What sending takes is loaded only now.
    const { sendFile } = await import("./send-file.ts");
    return sendFile(file, { endpoint, headers: this.headers }, this.#judging(), watch);
  }

  #judging(): CheckOptions {
    return judgingOf(this, this.rules, this.#locale.messages);
  }
}
