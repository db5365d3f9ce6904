import { TransferRate } from "../session/transfer-rate.ts";
import compactRowCss from "../style/compact-row.css";
import css from "../style/list.css";
import longListCss from "../style/long-list.css";
import type { View, ViewHost } from "../view.ts";
import { FileList } from "./file-list.ts";
import { userActions } from "./user-actions.ts";

/* All that shows files, in one part that is loaded with the first of them. */

export { offer } from "./offer.ts";
export const listCss: string = css + longListCss + compactRowCss;

export function createList(host: ViewHost, view: View): FileList {
  const { session, words, sends, fixes } = host;
  session.rate ??= new TransferRate(session.sendsAtOnce);
  const { rate } = session;
  return new FileList(
    {
      ...userActions(session, view, words),
      words,
      sends,
      fixes,
      rate,
      items: () => session.items,
      secondsLeft: ({ transfer }) => transfer && rate.secondsFor(transfer.total - transfer.loaded),
    },
    (text) => view.announce(text),
  );
}
