import type { Item } from "../session/item.ts";
import css from "../style/fix.css";
import { BatchView } from "./batch-view.ts";
import type { FixHost } from "./fix-host.ts";
import { FixView } from "./fix-view.ts";
import { Fixes } from "./fixes.ts";

/* All that makes failing files fit, in one part that is loaded with the first of them. */

export const fixCss: string = css;

/** What cards and the summary use of it. */
export interface FixPart {
  readonly fixes: Fixes;
  card(root: HTMLElement, item: Item): FixView;
  batch(): BatchView;
}

export function createFixPart(host: FixHost): FixPart {
  const fixes = new Fixes(host);
  return {
    fixes,
    card: (root, item) => new FixView(root, item, fixes),
    batch: () => new BatchView(fixes),
  };
}
