import { type Counts, countKeys, countOf } from "./counts.ts";
import type { Item } from "./session/item.ts";
import type { Words } from "./words.ts";

/** Milliseconds in which changes are gathered into one announcement. */
const gathering = 400;

/** Tells a screen reader what became of files: a hundred verdicts, or a hundred sent files, are one sentence. */
export class Announcer {
  #told = new Set<Item>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #words: () => Words | undefined;
  readonly #items: () => readonly Item[];
  readonly #announce: (text: string) => void;

  constructor(
    words: () => Words | undefined,
    items: () => readonly Item[],
    announce: (text: string) => void,
  ) {
    this.#words = words;
    this.#items = items;
    this.#announce = announce;
  }

  /** A file got its verdict, started to be sent, or was sent or not. */
  tell(item: Item): void {
    this.#told.add(item);
    this.#timer ??= setTimeout(() => this.#say(), gathering);
  }

  #say(): void {
    this.#timer = undefined;
    const items = [...this.#told];
    this.#told.clear();
    const words = this.#words();
    const [only] = items;
    if (!words || !only) return;
    const { say } = words;
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
