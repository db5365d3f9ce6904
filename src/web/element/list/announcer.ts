import type { Item } from "../session/item.ts";
import type { Words } from "../words.ts";
import { type Counts, countKeys, countOf } from "./counts.ts";

/** Milliseconds in which changes are combined into one announcement. */
const announceDelay = 400;

/** Stages that a user waits for; the others are not announced. */
const announcedStages: ReadonlySet<Item["stage"]> = new Set([
  "checked",
  "unreadable",
  "unchecked",
  "queued",
  "stopped",
  "sent",
]);

/** Of each file, the stage and the report that were announced last. */
const lastAnnounced = new WeakMap<Item, { stage: Item["stage"]; report: Item["report"] }>();

/** Tells a screen reader what became of files: a hundred verdicts, or a hundred sent files, are one sentence. */
export class Announcer {
  #pending = new Set<Item>();
  /** Files that wait for the network. */
  readonly #offline = new Set<Item>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #words: Words;
  readonly #items: () => readonly Item[];
  readonly #announce: (text: string) => void;

  constructor(words: Words, items: () => readonly Item[], announce: (text: string) => void) {
    this.#words = words;
    this.#items = items;
    this.#announce = announce;
  }

  /** A file was added or changed: a verdict, or that it is sent or is not, is announced once; so is an outage. */
  see(item: Item): void {
    this.#seeOutage(item);
    const { stage, report } = item;
    if (!announcedStages.has(stage)) return;
    const last = lastAnnounced.get(item);
    lastAnnounced.set(item, { stage, report });
    // A file that was cancelled has its old verdict.
    if (last?.stage === stage && last.report === report) return;
    if (stage === "checked" && last?.report === report) return;
    this.#pending.add(item);
    this.#timer ??= setTimeout(() => this.#say(), announceDelay);
  }

  #seeOutage(item: Item): void {
    if (!item.offline) {
      this.#offline.delete(item);
      return;
    }
    if (this.#offline.size === 0) this.#announce(this.#words.say("offline"));
    this.#offline.add(item);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #say(): void {
    this.#timer = undefined;
    const present = new Set(this.#items());
    const items = [...this.#pending].filter((item) => present.has(item));
    this.#pending.clear();
    const [only] = items;
    if (!only) return;
    const { say } = this.#words;
    const list = (counts: Counts): string =>
      countKeys
        .flatMap((key) => (counts[key] > 0 ? [say(`count.${key}`, { n: counts[key] })] : []))
        .join(", ");
    if (items.length === 1) {
      const state = only.stage === "checked" ? (only.report?.verdict ?? only.stage) : only.stage;
      this.#announce(say("say.file", { name: only.file.name, state: say(state) }));
    } else this.#announce(say("say.files", { summary: list(countOf(this.#items())) }));
  }
}
