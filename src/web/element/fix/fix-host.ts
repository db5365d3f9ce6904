import type { BrowserFixOptions } from "../../../fix/fix.browser.ts";
import type { Table } from "../../../rules/schema.ts";
import type { Item } from "../session/item.ts";
import type { Words } from "../words.ts";
import type { FixFailure } from "./fix-state.ts";

/** What fixing files needs of the element. */
export interface FixHost {
  items(): readonly Item[];
  words(): Words | undefined;
  /** How files are checked, and where the Worker's script is. */
  options(): BrowserFixOptions;
  table(): Table | Promise<Table>;
  /** Draws a file again. */
  draw(item: Item): void;
  /** Puts a copy in the place of its original, or the original back. */
  replace(former: Item, item: Item): void;
  announce(text: string): void;
  /** No copy of a file could be made: for the page's developers. */
  failed(item: Item, error: FixFailure): void;
}
