import type { Asset } from "../../atlas/types.ts";
import type { Kind } from "../../facts/formats.ts";
import type { ServerClientOptions } from "../../pipeline/by-server/options.ts";
import type { PreflightOptions } from "../../pipeline/preflight.ts";
import { type Say, teller } from "../../report/describe.ts";
import type { Messages } from "../../report/messages/en.ts";
import { describeFinding } from "../../report/render.ts";
import type { Report } from "../../report/report.ts";
import { english } from "../locales/en.ts";
import { Board, countOf } from "./board.ts";
import { takeFiles } from "./intake.ts";
import type { Item } from "./item.ts";
import { Session } from "./session.ts";
import { sheets } from "./style.ts";
import { type ElementLocale, loadLocale } from "./text.ts";
import { checkFile, type Judging, type Watch } from "./work.ts";

/** On a server, where pages are only written, there is nothing to extend. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

const attributes = [
  "type",
  "rules",
  "limits",
  "strict",
  "accept-unsure",
  "witness",
  "wasm-url",
  "worker-url",
  "endpoint",
  "locale",
  "max-files",
  "name",
] as const;
const judging: ReadonlySet<string> = new Set(attributes.slice(0, 6));
const looks: ReadonlySet<string> = new Set(["type", "locale", "endpoint", "max-files"]);
const mostByDefault = 1000;
const ignored = (): void => undefined;
/** Milliseconds in which verdicts are gathered into one announcement. */
const gathering = 300;

/**
 * A drop zone that checks files on the page and, where `endpoint` names a server handler, sends those that pass.
 *
 * Events, all of which bubble: `media-preflight:report` {file, report}; `media-preflight:asset` {file, asset, report};
 * `media-preflight:problem` {file, code, message}; `media-preflight:change`, after any of them and after files come
 * and go. In a form it has a value under its `name`: the addresses of what was sent or, without an endpoint, the
 * files that may be.
 */
export class MediaPreflightElement extends Base {
  static readonly formAssociated = true;
  static readonly observedAttributes: readonly string[] = attributes;

  /** Sent with every request to the endpoint, for instance a session's token. */
  headers: ServerClientOptions["headers"];
  #rules: object | null = null;
  #locale: ElementLocale = { texts: english, messages: undefined as unknown as Messages };
  #ready: Promise<void> | null = null;
  #board: Board | null = null;
  #ends: (() => void)[] = [];
  #told: Item[] = [];
  readonly #internals: ElementInternals | null = this.attachInternals?.() ?? null;
  readonly #session: Session = new Session({
    check: async (file, signal) => {
      await this.#ready;
      return checkFile(file, this.#options(), signal);
    },
    send: (file, watch) => this.#send(file, watch),
    acceptUnsure: () => this.#acceptUnsure(),
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
    const hover = (hovering: boolean): void => this.#board?.hover(hovering);
    this.#ends.push(takeFiles(this, (files) => this.add(files), hover));
    // The first sign of somebody who is about to use it.
    for (const sign of ["pointerenter", "focusin", "dragenter"])
      this.addEventListener(
        sign,
        () => import("./load-ahead.ts").then(({ loadAhead }) => loadAhead(), ignored),
        {
          once: true,
        },
      );
    const leave = (event: BeforeUnloadEvent): void => {
      if (this.#session.items.some((item) => item.stage === "sending")) event.preventDefault();
    };
    window.addEventListener("beforeunload", leave);
    this.#ends.push(() => window.removeEventListener("beforeunload", leave));
  }

  disconnectedCallback(): void {
    for (const end of this.#ends.splice(0)) end();
    this.#board?.end();
    this.#board = null;
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (looks.has(name) && this.isConnected) this.#speak();
    if (judging.has(name)) this.#session.again();
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

  readonly #say: Say = (key, values) => teller(this.#locale.texts)(key, values);

  #draw(): void {
    this.#board?.end();
    const { messages } = this.#locale;
    const board = new Board({
      say: this.#say,
      property: teller(messages),
      message: (finding) => describeFinding(finding, messages).message,
      hint: (finding) => describeFinding(finding, messages).hint,
      items: () => this.#session.items,
      kind: () => this.#kind() ?? null,
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

  /** A hundred verdicts are one sentence. */
  #gather(item: Item): void {
    if (this.#told.push(item) > 1) return;
    setTimeout(() => {
      const told = this.#told.splice(0);
      const [only] = told;
      const word = ({ stage, report }: Item): string =>
        this.#say(stage === "checked" ? (report?.verdict ?? stage) : stage);
      if (told.length === 1 && only)
        this.#board?.announce(this.#say("say.verdict", { name: only.file.name, verdict: word(only) }));
      else {
        const counts = Object.entries(countOf(told)).filter(([, n]) => n > 0);
        const summary = counts.map(([key, n]) => this.#say(`count.${key}`, { n })).join(", ");
        this.#board?.announce(this.#say("say.verdicts", { summary }));
      }
    }, gathering);
  }

  #tell(what: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(`media-preflight:${what}`, { detail, bubbles: true, composed: true }));
  }

  #setValue(): void {
    const name = this.getAttribute("name");
    if (!name || !this.#internals) return;
    const value = new FormData();
    for (const { asset, open, file } of this.#session.items)
      if (this.hasAttribute("endpoint")) asset?.uri && value.append(name, asset.uri);
      else if (open) value.append(name, file);
    this.#internals.setFormValue(value);
  }

  #kind(): Kind | undefined {
    const type = this.getAttribute("type");
    return type === "image" || type === "video" || type === "audio" ? type : undefined;
  }

  #acceptUnsure(): boolean | readonly string[] {
    const given = this.getAttribute("accept-unsure");
    return given === null ? false : given === "" || given.split(/[\s,]+/);
  }

  #options(): Judging {
    const attribute = (name: string): string | undefined => this.getAttribute(name) || undefined;
    const [wasmUrl, workerUrl] = [attribute("wasm-url"), attribute("worker-url")];
    return {
      type: this.#kind(),
      rules: this.rules ?? undefined,
      limits: attribute("limits") === "observed" ? "observed" : "documented",
      strict: this.hasAttribute("strict"),
      acceptUnsure: this.#acceptUnsure(),
      witness: attribute("witness") as PreflightOptions["witness"],
      witnessOptions: wasmUrl || workerUrl ? { wasmUrl, workerUrl } : undefined,
      locale: this.#locale.messages,
    };
  }

  async #send(file: File, watch: Watch): Promise<Asset> {
    const endpoint = this.getAttribute("endpoint") ?? "";
    // What sending takes is loaded only now.
    const { sendFile } = await import("./send-file.ts");
    return sendFile(file, { endpoint, headers: this.headers }, this.#options(), watch);
  }
}
