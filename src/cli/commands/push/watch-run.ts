import { join, relative, resolve } from "node:path";
import { afterGrace, graceInMilliseconds } from "../../../async/grace.ts";
import { realPath } from "../../../bytes/real-path.node.ts";
import { MediaPreflightError } from "../../../errors.ts";
import { preflight, push } from "../../../index.ts";
import { ledgerFile } from "../../../ledger/file/file-ledger.node.ts";
import type { NodeInput } from "../../../preflight/inputs/open-input.node.ts";
import type { PushEvent, PushFile, PushSummary } from "../../../push/options.ts";
import type { PushTotals } from "../../../push/progress.ts";
import { moveFile } from "../../../push/watch/move-file.node.ts";
import { looksUnfinished, outcomeOf } from "../../../push/watch/outcome.ts";
import { damagedDelay } from "../../../push/watch/retry.ts";
import { type WatchedFolder, watchFolder } from "../../../push/watch/watch-folder.node.ts";
import type { DueFile } from "../../../push/watch/watch-list.ts";
import { formatCount } from "../../../report/units.ts";
import { ledgerAddress } from "../../args/ledger.ts";
import type { Parsed } from "../../args/parse.ts";
import { preflightOptionsFor } from "../../config/preflight-options.ts";
import { isCandidate } from "../../files/media-files.ts";
import { statusLine } from "../../io/stderr-line.ts";
import type { ExitCode, Terminal } from "../../io/terminal.ts";
import type { PushPrinter } from "./printer.ts";
import { type PushSetUp, printerFor } from "./set-up.ts";

/** Where handled files go: absolute real paths. */
export interface Targets {
  done: string | null;
  failed: string | null;
}

/** One run of `push --watch`: what arrives in the folder is pushed, then moved by its result. */
export class WatchRun {
  readonly #directory: string;
  readonly #targets: Targets;
  readonly #args: Parsed;
  readonly #terminal: Terminal;
  readonly #setUp: PushSetUp;
  /** Files being pushed, by the name in events. */
  readonly #inProgress = new Map<string, DueFile>();
  /** Names of files that did not pass, or that the service set to Failed. */
  readonly #failed = new Set<string>();
  /** Names of files that ended in an error. */
  readonly #errors = new Set<string>();
  /** Moves that have not ended. */
  readonly #moves = new Set<Promise<void>>();
  /** No further file is taken. */
  readonly #stop = new AbortController();
  readonly #stopped: AbortSignal;
  #active = 0;
  #folder!: WatchedFolder;
  #printer!: PushPrinter;

  constructor(directory: string, targets: Targets, args: Parsed, terminal: Terminal, setUp: PushSetUp) {
    this.#directory = directory;
    this.#targets = targets;
    this.#args = args;
    this.#terminal = terminal;
    this.#setUp = setUp;
    this.#stopped = AbortSignal.any([terminal.signal, this.#stop.signal]);
  }

  async untilStopped(): Promise<ExitCode> {
    const { ledger, options } = this.#setUp;
    const { signal } = this.#terminal;
    const named = ledgerAddress(this.#args, this.#terminal.env) ?? ledgerFile;
    const exclude = [realPath(resolve(named)), this.#targets.done, this.#targets.failed];
    this.#printer = await printerFor(this.#args, this.#terminal, () => this.#status());
    this.#folder = await watchFolder(this.#directory, {
      exclude: exclude.filter((path) => path !== null),
      signal: this.#stopped,
    });
    const redraw = setInterval(() => this.#printer.redraw(), 500);
    signal.addEventListener("abort", () => this.#announceStop(), { once: true });
    this.#printer.begin();
    this.#printer.extra(
      { event: "watching", directory: this.#directory },
      `watching ${this.#directory}; Ctrl-C ends it`,
    );
    let summary: PushSummary;
    try {
      summary = await push(this.#files(), {
        ...options,
        signal: afterGrace(signal) ?? undefined,
        onEvent: (event, totals) => this.#onEvent(event, totals),
        onPause: this.#printer.pause,
      });
      await Promise.all(this.#moves);
    } finally {
      clearInterval(redraw);
      await this.#folder.close();
      await ledger.close();
    }
    this.#printer.end({
      ...summary,
      errors: this.#errors.size,
      stopped: false,
      hint: summary.fatal ? summary.hint : null,
    });
    if (this.#errors.size > 0 || summary.fatal) return 2;
    return this.#failed.size > 0 ? 1 : 0;
  }

  /** What arrives in the folder, as files to push. */
  async *#files(): AsyncGenerator<PushFile<NodeInput>> {
    const { policy, located } = this.#setUp;
    for await (const due of this.#dueFiles()) {
      const file = join(this.#directory, relative(this.#folder.root, due.path));
      const filePolicy = policy.forPath(file);
      const isMedia = await isCandidate({ path: due.path, bytes: null, leavesRepository: false });
      if (filePolicy === null || !isMedia) {
        await this.#folder.finished(due.path, due.state);
        continue;
      }
      const checkOptions = preflightOptionsFor(this.#args, filePolicy, located);
      if (await this.#mayBeUnfinished(due, file, checkOptions)) continue;
      this.#inProgress.set(file, due);
      const { type, rules, limits, strict } = checkOptions;
      yield { input: due.path, file, type, rules, limits, strict };
    }
  }

  /** Ends where the folder can no longer be watched: what is under way is still finished. */
  async *#dueFiles(): AsyncGenerator<DueFile> {
    try {
      yield* this.#folder.files();
    } catch (error) {
      if (!(error instanceof MediaPreflightError)) throw error;
      this.#errors.add(this.#directory);
      this.#printer.error(error, this.#directory);
    }
  }

  /** A file that looks damaged may still be being written: it is looked at again when it has not changed for a minute. */
  async #mayBeUnfinished(
    due: DueFile,
    file: string,
    checkOptions: ReturnType<typeof preflightOptionsFor>,
  ): Promise<boolean> {
    const left = damagedDelay - due.unchangedFor;
    if (left <= 0) return false;
    const report = await preflight(due.path, {
      ...checkOptions,
      crossCheck: "never",
      signal: this.#stopped,
    }).catch(() => null);
    if (report === null || !looksUnfinished(report)) return false;
    const seconds = Math.ceil(left / 1000);
    this.#printer.extra(
      { event: "incomplete", file, checkedAgainIn: seconds },
      `incomplete or damaged; checked again in ${seconds} s`,
      file,
    );
    this.#folder.postpone(due.path, left);
    return true;
  }

  #onEvent(event: PushEvent, totals: PushTotals): void {
    const due = this.#inProgress.get(event.file);
    const outcome = outcomeOf(event, due ? this.#folder.attempts(due.path) : 1);
    this.#printer.event(event, totals);
    if (!due || !outcome) return;
    this.#inProgress.delete(event.file);
    this.#failed.delete(event.file);
    this.#errors.delete(event.file);
    switch (outcome.kind) {
      case "done":
        this.#active++;
        this.#finish(event.file, due, this.#targets.done);
        break;
      case "failed":
        this.#failed.add(event.file);
        this.#finish(event.file, due, this.#targets.failed);
        break;
      case "retry":
        this.#errors.add(event.file);
        this.#printer.extra(
          { event: "retry", file: event.file, after: outcome.after / 1000 },
          `tried again in ${outcome.after / 1000} s`,
          event.file,
        );
        this.#folder.postpone(due.path, outcome.after);
        break;
      case "stop":
        this.#errors.add(event.file);
        this.#stop.abort();
        break;
      case "left":
        if (!this.#stopped.aborted) this.#errors.add(event.file);
        this.#finish(event.file, due, null);
    }
  }

  /** The file is handled; it is moved where there is a folder for it. */
  #finish(file: string, due: DueFile, target: string | null): void {
    const finished = (async () => {
      if (target !== null) await this.#move(file, due, target);
      await this.#folder.finished(due.path, due.state);
    })();
    this.#moves.add(finished);
    void finished.finally(() => this.#moves.delete(finished));
  }

  async #move(file: string, due: DueFile, target: string): Promise<void> {
    try {
      const to = await moveFile(due.path, target, relative(this.#folder.root, due.path), due.state);
      const shown = relative(process.cwd(), to);
      this.#printer.extra({ event: "moved", file, to: shown }, `moved to ${shown}`, file);
    } catch (error) {
      if (!(error instanceof MediaPreflightError)) throw error;
      if (error.code !== "changed") this.#errors.add(file);
      this.#printer.error(error, file);
    }
  }

  #status(): string {
    const counts = [
      `${this.#folder.waiting} waiting`,
      `${this.#inProgress.size} in progress`,
      `${this.#active} Active`,
      this.#failed.size > 0 && `${this.#failed.size} failed`,
      this.#errors.size > 0 && `${this.#errors.size} not done`,
    ];
    return `watching ${this.#directory}: ${counts.filter((count) => count !== false).join(", ")}`;
  }

  #announceStop(): void {
    if (this.#inProgress.size === 0) return;
    const files = formatCount(this.#inProgress.size, "file");
    const seconds = graceInMilliseconds / 1000;
    this.#terminal.err(
      statusLine(`stopping: ${files} may end within ${seconds} s; Ctrl-C again ends it now`),
    );
  }
}
