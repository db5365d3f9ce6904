import { limit } from "../../../async/limit.ts";
import type { Asset, Progress } from "../../../atlas/types.ts";
import { isAccepted } from "../../../report/blocking.ts";
import type { Report } from "../../../report/report.ts";
import { nextTask } from "../next-task.ts";
import type { Check } from "./check-file.ts";
import { canBeSent, fileKey, type Item, isUploading, needsFixing, newItem, problemOf } from "./item.ts";
import type { SendWatcher } from "./send-file.ts";
import type { TransferRate } from "./transfer-rate.ts";

/** What the session needs of the element, and what it reports to it. */
export interface SessionHost {
  check: Check;
  send(item: Item, watcher: SendWatcher): Promise<Asset>;
  acceptUnsure(): boolean | readonly string[];
  /** Called before a file is sent; false prevents it. */
  maySend(item: Item): boolean;
  /** An item was added, was removed or changed: then with what changed. */
  changed(item: Item, news?: Partial<Item>): void;
  reported(item: Item, report: Report): unknown;
}

const checksAtOnce = 3;
const sendsAtOnce = 2;

/** The files of one element and what is being done with them. It knows nothing of how they are shown. */
export class Session {
  items: Item[] = [];
  readonly sendsAtOnce: number = sendsAtOnce;
  /** Where sending is measured, once there is a list that shows it. */
  rate: TransferRate | null = null;
  readonly #keys = new Set<string>();
  readonly #host: SessionHost;
  readonly #checks = limit(checksAtOnce);
  readonly #sends = limit(sendsAtOnce);

  constructor(host: SessionHost) {
    this.#host = host;
  }

  /**
   * Adds files, at most `most` altogether. One that is there already is left out, or checked again if it is unchecked; a
   * new version of one that did not pass replaces it. Returns the items that were added, and how many files were too many.
   */
  add(files: readonly File[], most: number): { added: Item[]; surplus: number } {
    const added: Item[] = [];
    let surplus = 0;
    for (const file of files) {
      if (this.#keys.has(fileKey(file))) {
        this.retryChecks();
        continue;
      }
      const at = this.#replacedBy(file, most);
      if (at < 0 && this.items.length >= most) {
        surplus++;
        continue;
      }
      const item = newItem(file);
      const former = this.items[at];
      if (former) {
        this.items[at] = item;
        this.#forget(former);
      } else this.items.push(item);
      this.#keys.add(fileKey(file));
      added.push(item);
      this.#host.changed(item);
      void this.#check(item);
    }
    return { added, surplus };
  }

  /** Puts an item in the place of another one: a copy, or its original again. */
  replace(former: Item, item: Item): void {
    const at = this.items.indexOf(former);
    if (at < 0) return;
    this.items[at] = item;
    this.#forget(former);
    this.#keys.add(fileKey(item.file));
    this.#host.changed(item);
    void this.#check(item);
  }

  /** Removes files; what is being done with them stops. */
  remove(items: readonly Item[]): void {
    const gone = new Set(items);
    this.items = this.items.filter((item) => !gone.has(item));
    for (const item of items) this.#forget(item);
  }

  /** Puts removed files back, in front of what was added since. What was stopped midway starts again. */
  restore(items: readonly Item[]): void {
    const back = items.filter((item) => !this.#keys.has(fileKey(item.file)));
    this.items = [...back, ...this.items];
    for (const item of back) {
      this.#keys.add(fileKey(item.file));
      if (item.stage === "checking") item.stage = "waiting";
      if (isUploading(item) || item.stage === "processing") item.stage = "checked";
      this.#host.changed(item);
      if (item.stage === "waiting") void this.#check(item);
    }
  }

  /** Checks again what has not been sent, by other rules. */
  checkAgain(): void {
    for (const item of this.items)
      if (item.stage === "checked" || item.stage === "unreadable") {
        item.stage = "waiting";
        void this.#check(item);
      }
    this.retryChecks();
  }

  /** Checks again what could not be checked without the network. */
  retryChecks(items: readonly Item[] = this.items): void {
    for (const item of items)
      if (item.stage === "unchecked") {
        this.#change(item, { stage: "waiting", problem: null });
        void this.#check(item);
      }
  }

  send(item: Item): void {
    if (!canBeSent(item) || !this.#host.maySend(item)) return;
    const abort = new AbortController();
    this.#change(item, {
      stage: "queued",
      problem: null,
      transfer: null,
      hashed: null,
      continues: false,
      abort,
    });
    void this.#sends(() => this.#upload(item, abort.signal));
  }

  /** Stops sending; the file can be sent again. */
  cancel(item: Item): void {
    if (!isUploading(item)) return;
    item.abort?.abort();
    this.#change(item, { stage: "checked", transfer: null, abort: null });
  }

  /** The place of the item that a new file replaces, or -1. */
  #replacedBy(file: File, most: number): number {
    if (most === 1 && this.items.length === 1) return 0;
    return this.items.findIndex((item) => item.file.name === file.name && needsFixing(item));
  }

  #forget(item: Item): void {
    this.#keys.delete(fileKey(item.file));
    item.abort?.abort();
    this.#host.changed(item);
  }

  #check(item: Item): Promise<void> {
    return this.#checks(async () => {
      if (item.stage !== "waiting" || !this.#keys.has(fileKey(item.file))) return;
      const abort = new AbortController();
      this.#change(item, { stage: "checking", abort });
      try {
        const { findings, ...rest } = await this.#host.check(item.file, abort.signal);
        if (abort.signal.aborted) return;
        // The same objects, so that they can be described again in another language.
        const report = { ...rest, findings: findings.filter((finding) => finding.verdict !== "pass") };
        const sendable = isAccepted(report, this.#host.acceptUnsure());
        this.#change(item, { stage: "checked", report, findings, sendable, problem: null, abort: null });
        this.#host.reported(item, report);
        if (item.continues) this.send(item);
      } catch (error) {
        if (abort.signal.aborted) return;
        const problem = problemOf(error);
        const stage = problem.code === "network" ? "unchecked" : "unreadable";
        this.#change(item, { stage, report: null, sendable: false, problem, abort: null });
      }
      // The page's other tasks run first.
      await nextTask();
    });
  }

  /** Resolves when the next file may be sent: once the service has this one, even if it is still processing it. */
  #upload(item: Item, signal: AbortSignal): Promise<void> {
    return new Promise((free) => {
      if (signal.aborted) return free();
      this.#change(item, { stage: "sending" });
      let since = performance.now();
      const lap = (): number => {
        const before = since;
        since = performance.now();
        return since - before;
      };
      let arrived = false;
      const arrive = (): void => {
        if (!arrived && item.transfer) this.rate?.arrived(lap());
        arrived = true;
        free();
      };
      const watcher: SendWatcher = {
        signal,
        onOutage: (offline) => {
          if (item.offline) lap();
          this.#change(item, { offline });
        },
        onRegistered: (id) => {
          item.assetId = id;
        },
        onProgress: (progress) => {
          if (signal.aborted) return;
          this.#progress(item, progress, lap);
          if (item.stage === "processing") arrive();
        },
      };
      this.#host
        .send(item, watcher)
        .then(
          (asset) => {
            arrive();
            this.#change(item, { stage: "sent", asset, abort: null });
          },
          (error: unknown) => {
            if (signal.aborted) return;
            this.#change(item, { stage: "stopped", problem: problemOf(error), transfer: null, abort: null });
          },
        )
        .finally(free);
    });
  }

  /** @param lap milliseconds since it was last called */
  #progress(item: Item, { phase, loaded, total }: Progress, lap: () => number): void {
    if (phase === "check" && total) {
      lap();
      this.#change(item, { hashed: loaded / total });
    } else if (phase === "upload" && total !== null) {
      const milliseconds = lap();
      // After an outage it begins again.
      const more = Math.max(0, loaded - (item.transfer?.loaded ?? 0));
      if (loaded > 0) this.rate?.loaded(more, milliseconds);
      this.#change(item, { transfer: { loaded, total }, hashed: null, offline: false });
    } else if (phase === "wait" && item.stage !== "processing") this.#change(item, { stage: "processing" });
  }

  #change(item: Item, to: Partial<Item>): void {
    Object.assign(item, to);
    this.#host.changed(item, to);
  }
}
