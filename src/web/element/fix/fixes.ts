import { limit } from "../../../async/limit.ts";
import { isMediaPreflightError } from "../../../errors.ts";
import { fix, previewFix } from "../../../fix/fix.browser.ts";
import type { FixChoices } from "../../../fix/plan/types.ts";
import { type Item, needsFixing, newItem } from "../session/item.ts";
import { ConversionCount, type ConversionProgress } from "./conversion-count.ts";
import type { FixHost } from "./fix-host.ts";
import { type FixedCopy, type FixFailure, type FixState, isBusy } from "./fix-state.ts";
import { FixStates } from "./fix-states.ts";
import type { FixWords } from "./fix-words.ts";
import { FixWordsLoader } from "./fix-words-loader.ts";
import { choicesFor, needsAsking } from "./suggestion.ts";

/** Encoders use all cores already. */
const copiesAtOnce = 1;

/** The files of one element that fail, and what is being done to make them fit. It knows nothing of how it is shown. */
export class Fixes {
  readonly #host: FixHost;
  readonly #states: FixStates;
  readonly #words: FixWordsLoader;
  readonly #copies = new WeakMap<Item, FixedCopy>();
  /** Files that are opened or converted. */
  readonly #busy = new Set<Item>();
  readonly #convert = limit(copiesAtOnce);
  readonly #count = new ConversionCount();

  constructor(host: FixHost) {
    this.#host = host;
    this.#states = new FixStates(host);
    this.#words = new FixWordsLoader(
      () => host.words(),
      () => {
        for (const item of host.items()) if (needsFixing(item) || item.original) host.draw(item);
      },
    );
  }

  /** The words of the element's language; null until they are loaded, when all files are drawn again. */
  words(): FixWords | null {
    return this.#words.get();
  }

  /** What is known of a failing file's fix; its plan is made when it is first asked for. Null for any other file. */
  stateOf(item: Item): FixState | null {
    return this.#states.of(item);
  }

  copyOf(item: Item): FixedCopy | null {
    return this.#copies.get(item) ?? null;
  }

  /** All copies that are there. */
  copies(): Item[] {
    return this.#host.items().filter((item) => this.#copies.has(item));
  }

  /** A file was changed, checked again or removed: a fix that no longer concerns it stops. */
  changed(item: Item): void {
    if (!this.#busy.has(item)) return;
    const state = this.#states.known(item);
    if (this.#host.items().includes(item) && state?.report === item.report && needsFixing(item)) return;
    state?.abort?.abort();
    this.#states.forget(item);
  }

  /** Whether leaving the page would lose work. */
  get working(): boolean {
    return this.#busy.size > 0;
  }

  /** Opens the file. If there is nothing to choose and nothing is lost, its copy is made at once. */
  async open(item: Item): Promise<void> {
    const state = this.stateOf(item);
    if (!state || isBusy(state)) return;
    const options = { ...this.#host.options(), ...state.choices };
    await this.#run(item, state, "looking", async (signal) => {
      const look = await previewFix(item.file, { ...options, signal });
      signal.throwIfAborted();
      state.look = look;
      state.choices = { ...state.suggestion?.forced, ...state.choices };
      this.#planAgain(state);
      if (state.plan?.outcome !== "fix") return state.plan?.reason ?? unknownFailure;
      state.phase = "choosing";
      return null;
    });
    if (state.phase !== "choosing") return;
    if (needsAsking(state.plan, state.choices)) this.#say("say.fix.choose", item);
    else void this.start(item);
  }

  /** Changes choices; the plan follows. */
  choose(item: Item, choices: FixChoices): void {
    const state = this.stateOf(item);
    if (!state?.look) return;
    state.choices = { ...state.choices, ...choices };
    this.#planAgain(state);
  }

  /** Makes the copy, which then takes the place of the original. */
  async start(item: Item): Promise<void> {
    this.#say("say.fix", item);
    await this.#start(item);
  }

  async #start(item: Item): Promise<void> {
    const state = this.stateOf(item);
    if (!state || isBusy(state)) return;
    this.#count.start();
    const succeeded = await this.#run(item, state, "queued", (signal) =>
      this.#convert(() => this.#replaceByCopy(item, state, signal)),
    );
    const all = this.#count.end(succeeded);
    if (all && all.total > 1) this.#host.announce(this.words()?.say("say.fix.done", { ...all }) ?? "");
    this.#host.draw(item);
  }

  /** Makes copies of all files whose plan loses nothing that has to be asked for. */
  startAll(): void {
    const items = this.startable();
    this.#host.announce(this.words()?.say("say.fix.all", { n: items.length }) ?? "");
    for (const item of items) void this.#start(item);
  }

  /** What `startAll` would start. */
  startable(): Item[] {
    return this.#host.items().filter((item) => {
      const state = this.stateOf(item);
      const { suggestion, phase } = state ?? {};
      return (
        suggestion?.here === true &&
        (phase === "offered" || phase === "choosing") &&
        Object.keys(suggestion.forced).length === 0
      );
    });
  }

  /** Stops what is being done with a file, and leaves it as it was. */
  cancel(item: Item): void {
    const state = this.#states.known(item);
    if (!state) return;
    state.abort?.abort();
    Object.assign(state, { phase: "offered", abort: null, failure: null });
    this.#host.draw(item);
    this.#say("say.fix.cancelled", item);
  }

  cancelAll(): void {
    for (const item of [...this.#busy]) this.cancel(item);
  }

  /** Puts the original back. */
  undo(copy: Item): void {
    const { original } = copy;
    if (!original) return;
    this.#states.forget(original);
    original.stage = "waiting";
    this.#host.replace(copy, original);
    this.#say("say.fix.undo", original);
  }

  /** How far the copies are that are being made together; null while there are none. */
  progress(): ConversionProgress | null {
    return this.#count.progress([...this.#busy].flatMap((item) => this.#states.known(item) ?? []));
  }

  #planAgain(state: FixState): void {
    const plan = state.look?.plan(state.choices) ?? null;
    const forced = plan && choicesFor(plan);
    if (forced) state.choices = { ...state.choices, ...forced };
    state.plan = forced ? (state.look?.plan(state.choices) ?? null) : plan;
  }

  /** Converts the file and puts the copy in its place; the failure if there is none. */
  async #replaceByCopy(item: Item, state: FixState, signal: AbortSignal): Promise<FixFailure | null> {
    signal.throwIfAborted();
    Object.assign(state, { phase: "working", done: 0, since: performance.now() });
    this.#host.draw(item);
    const onProgress = (done: number): void => {
      state.done = done;
      if (!signal.aborted) this.#host.draw(item);
    };
    const options = { ...this.#host.options(), ...state.choices, signal, onProgress };
    const { output, plan, reason } = await fix(item.file, options);
    signal.throwIfAborted();
    if (!output) {
      state.plan = plan;
      return reason ?? unknownFailure;
    }
    const copy = newItem(output, item);
    this.#copies.set(copy, { plan });
    this.#states.forget(item);
    this.#host.replace(item, copy);
    return null;
  }

  /** Runs one step of a file's fix, and shows how it ends. @returns whether it succeeded */
  async #run(
    item: Item,
    state: FixState,
    phase: "looking" | "queued",
    act: (signal: AbortSignal) => Promise<FixFailure | null>,
  ): Promise<boolean> {
    const abort = new AbortController();
    Object.assign(state, { phase, abort, failure: null, done: 0 });
    this.#busy.add(item);
    this.#host.draw(item);
    const failure = await act(abort.signal).catch(failureOf);
    if (failure && !abort.signal.aborted) {
      Object.assign(state, { phase: "failed", failure });
      this.#host.failed(item, failure);
    }
    // A cancelled file may have been started again.
    if (state.abort === abort || state.abort === null) this.#busy.delete(item);
    if (state.abort === abort) state.abort = null;
    this.#host.draw(item);
    return failure === null;
  }

  #say(key: string, { file }: Item): void {
    this.#host.announce(this.words()?.say(key, { name: file.name }) ?? "");
  }
}

const unknownFailure: FixFailure = { code: "failed", detail: null };

function failureOf(error: unknown): FixFailure {
  if (isMediaPreflightError(error)) return { code: error.code, detail: error.message };
  return { ...unknownFailure, detail: String(error) };
}
