import { type Item, isInFlight } from "../session/item.ts";

/** How far a batch is. */
export interface BatchTotals {
  files: { sent: number; total: number };
  bytes: { loaded: number; total: number };
}

/** What has been sent since nothing was: files that have arrived still count, so that progress never goes back. */
export class BatchProgress {
  readonly #batch = new Set<Item>();

  /** @param items all files of the element. @returns null while nothing is being sent */
  of(items: readonly Item[]): BatchTotals | null {
    for (const item of items) if (isInFlight(item)) this.#batch.add(item);
    if (!items.some(isInFlight)) this.#batch.clear();
    // Without files that were stopped or cancelled.
    const counted = items.filter(
      (item) => this.#batch.has(item) && (isInFlight(item) || item.stage === "sent"),
    );
    if (counted.length === 0) return null;
    const sum = (of: (item: Item) => number): number => counted.reduce((all, item) => all + of(item), 0);
    return {
      files: { sent: sum(({ stage }) => (stage === "sent" ? 1 : 0)), total: counted.length },
      bytes: { loaded: sum(loadedOf), total: sum(sizeOf) },
    };
  }
}

const sizeOf = ({ file, transfer }: Item): number => transfer?.total ?? file.size;

const loadedOf = (item: Item): number =>
  item.stage === "processing" || item.stage === "sent" ? sizeOf(item) : (item.transfer?.loaded ?? 0);
