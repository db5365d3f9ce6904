import type { Words } from "../words.ts";
import { type FixWords, loadFixWords } from "./fix-words.ts";

/** Loads the words about fixing files, and again when the element's language changes. */
export class FixWordsLoader {
  #words: { of: Words; loaded: FixWords | null } | null = null;
  readonly #current: () => Words | undefined;
  readonly #onLoad: () => void;

  /** @param current the words of the element's language */
  constructor(current: () => Words | undefined, onLoad: () => void) {
    this.#current = current;
    this.#onLoad = onLoad;
  }

  /** Null until they are loaded. Without a network they are requested again with the next call. */
  get(): FixWords | null {
    const of = this.#current();
    if (of && this.#words?.of !== of) {
      const loading = { of, loaded: null as FixWords | null };
      this.#words = loading;
      loadFixWords(of).then(
        (words) => {
          loading.loaded = words;
          this.#onLoad();
        },
        () => {
          this.#words = null;
        },
      );
    }
    return this.#words?.loaded ?? null;
  }
}
