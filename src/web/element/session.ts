import { isAccepted } from "../../report/blocking.ts";
import type { Report } from "../../report/report.ts";
import type { Check, Send } from "./check-file.ts";
import { turns } from "./check-queue.ts";
import { type Item, newItem, problemOf, sameFile } from "./item.ts";

/** What the session does its work with, and whom it tells. */
export interface SessionHost {
  check: Check;
  send: Send;
  acceptUnsure(): boolean | readonly string[];
  /** An item was added, moved on or was removed. */
  changed(item: Item): void;
  /** A report is there. */
  reported(item: Item, report: Report): void;
}

const checksAtOnce = 3;
const sendsAtOnce = 2;

/** The files on a page and what is being done with them; it knows nothing of how they are shown. */
export class Session {
  items: Item[] = [];
  readonly #host: SessionHost;
  readonly #checks = turns(checksAtOnce);
  readonly #sends = turns(sendsAtOnce);

  constructor(host: SessionHost) {
    this.#host = host;
  }

  /**
   * Takes files in. One that is there already is left out; a new version of one that did not pass takes its place.
   * Says how many were taken, and how many were one too many.
   */
  add(files: readonly File[], most: number): { taken: Item[]; surplus: number } {
    const taken: Item[] = [];
    let surplus = 0;
    for (const file of files) {
      if (this.items.some((item) => sameFile(item.file, file))) continue;
      const replaced = this.items.findIndex(
        (item) => item.file.name === file.name && item.stage === "checked" && !item.open,
      );
      const one = most === 1 && this.items.length === 1 ? 0 : -1;
      const at = replaced >= 0 ? replaced : one;
      if (at < 0 && this.items.length >= most) {
        surplus++;
        continue;
      }
      const item = newItem(file);
      const former = this.items[at];
      if (former) {
        former.abort?.abort();
        this.items[at] = item;
        this.#host.changed(former);
      } else this.items.push(item);
      taken.push(item);
      this.#host.changed(item);
      this.#check(item);
    }
    return { taken, surplus };
  }

  /** Takes a file out; what is being done with it stops. */
  remove(item: Item): void {
    const at = this.items.indexOf(item);
    if (at < 0) return;
    this.items.splice(at, 1);
    item.abort?.abort();
    this.#host.changed(item);
  }

  /** Judges again what has not been sent, by other rules. */
  again(): void {
    for (const item of this.items)
      if (item.stage === "checked" || item.stage === "unreadable") {
        item.stage = "waiting";
        this.#check(item);
      }
  }

  send(item: Item): void {
    if (!item.open || !["checked", "stopped"].includes(item.stage)) return;
    const abort = new AbortController();
    this.#move(item, { stage: "sending", problem: null, progress: null, abort });
    void this.#sends(async () => {
      if (abort.signal.aborted) return;
      try {
        const asset = await this.#host.send(item.file, {
          onProgress: (progress) => this.#move(item, { progress }),
          signal: abort.signal,
        });
        this.#move(item, { stage: "sent", asset, abort: null });
      } catch (error) {
        if (!abort.signal.aborted)
          this.#move(item, { stage: "stopped", problem: problemOf(error), abort: null });
      }
    });
  }

  /** Stops sending; it can be sent again. */
  cancel(item: Item): void {
    if (item.stage !== "sending") return;
    item.abort?.abort();
    this.#move(item, { stage: "checked", progress: null, abort: null });
  }

  #check(item: Item): void {
    void this.#checks(async () => {
      if (!this.items.includes(item) || item.stage !== "waiting") return;
      const abort = new AbortController();
      this.#move(item, { stage: "checking", abort });
      try {
        const { findings: all, ...rest } = await this.#host.check(item.file, abort.signal);
        if (abort.signal.aborted) return;
        // The same objects, so that they can be said again in another language.
        const report = { ...rest, findings: all.filter((finding) => finding.verdict !== "pass") };
        const open = isAccepted(report, this.#host.acceptUnsure());
        this.#move(item, { stage: "checked", report, all, open, problem: null, abort: null });
        this.#host.reported(item, report);
      } catch (error) {
        if (!abort.signal.aborted)
          this.#move(item, { stage: "unreadable", report: null, problem: problemOf(error), abort: null });
      }
    });
  }

  #move(item: Item, to: Partial<Item>): void {
    Object.assign(item, to);
    this.#host.changed(item);
  }
}
