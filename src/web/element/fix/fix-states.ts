import { limit } from "../../../async/limit.ts";
import { type Format, formats } from "../../../facts/formats.ts";
import { kindsOfDefaultWorker } from "../../../fix/browser/default-worker.ts";
import type { Report } from "../../../report/report.ts";
import { nextTask } from "../next-task.ts";
import { type Item, needsFixing } from "../session/item.ts";
import type { FixHost } from "./fix-host.ts";
import { type FixState, newFixState } from "./fix-state.ts";
import { suggest } from "./suggestion.ts";

/** The states of failing files. Each gets a plan when it is first asked for, one file at a time. */
export class FixStates {
  readonly #states = new WeakMap<Item, FixState>();
  readonly #plan = limit(1);
  readonly #host: FixHost;

  constructor(host: FixHost) {
    this.#host = host;
  }

  /** What is known of a failing file's fix. Null for any other file. */
  of(item: Item): FixState | null {
    const { report } = item;
    const known = this.#states.get(item);
    if (known && known.report === report) return known;
    if (!report || !needsFixing(item)) return null;
    const state = newFixState(report);
    this.#states.set(item, state);
    void this.#plan(() => this.#suggest(item, state));
    return state;
  }

  /** The state as it is, also of a file that no longer fails. */
  known(item: Item): FixState | undefined {
    return this.#states.get(item);
  }

  forget(item: Item): void {
    this.#states.delete(item);
  }

  async #suggest(item: Item, state: FixState): Promise<void> {
    await nextTask();
    // Removed or checked again while it waited.
    if (this.#states.get(item) !== state || state.report !== item.report) return;
    try {
      const table = await this.#host.table();
      state.suggestion = suggest(state.report, table);
      if (state.suggestion?.here && !(await this.#converts(state.report)))
        state.suggestion = suggest(state.report, table, false);
    } catch {
      // An invalid table is reported with each file.
    }
    state.phase = state.suggestion ? "offered" : "none";
    if (state.suggestion) this.#host.draw(item);
  }

  /** Whether there is a Worker for such files. Where the page names one, trying it shows what is wrong with it. */
  async #converts({ facts }: Report): Promise<boolean> {
    if (this.#host.options().workerUrl) return true;
    const kind = facts.format && formats[facts.format as Format].kind;
    return !kind || (await kindsOfDefaultWorker()).has(kind);
  }
}
