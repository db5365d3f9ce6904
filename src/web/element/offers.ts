import { loadModule } from "../../async/load-module.ts";
import type { View } from "./view.ts";

/** A button of an offer; `id` is also the suffix of its part. */
export interface OfferAction {
  id: string;
  text: string;
  run(): void;
}

/** Shows a line with buttons above the files. Each button closes it; a new offer replaces the one before. */
export async function showOffer(
  view: View | undefined,
  part: string,
  text: string,
  actions: readonly OfferAction[],
): Promise<void> {
  const { offer, listCss } = await loadModule(() => import("./list/load.ts"));
  const closing = actions.map((action) => ({
    ...action,
    run: () => {
      view?.offer(null);
      action.run();
    },
  }));
  view?.offer(offer(part, text, closing), listCss);
}
