import { showOffer } from "../offers.ts";
import { type Item, isUploading, needsFixing } from "../session/item.ts";
import type { Session } from "../session/session.ts";
import type { View } from "../view.ts";
import type { Words } from "../words.ts";
import type { ListHost } from "./file-list.ts";

type UserActions = Pick<
  ListHost,
  | "send"
  | "retryCheck"
  | "cancel"
  | "remove"
  | "sendAll"
  | "retryAll"
  | "cancelAll"
  | "removeFailing"
  | "clear"
>;

/** What the buttons of files and of the summary do. What a user removes at once can be put back. */
export function userActions(session: Session, view: View, { say, number }: Words): UserActions {
  const sendWhere = (stage: Item["stage"]): void => {
    for (const item of session.items) if (item.stage === stage) session.send(item);
  };
  const removeAll = (items: readonly Item[]): void => {
    session.remove(items);
    view.focusRow(0);
    const text = say("say.cleared", { n: number(items.length) });
    view.announce(text);
    void showOffer(view, "undo", text, [
      { id: "undo", text: say("undo"), run: () => session.restore(items) },
    ]);
  };
  return {
    send: (item) => session.send(item),
    retryCheck: (item) => session.retryChecks([item]),
    cancel: (item) => session.cancel(item),
    remove(item) {
      const at = session.items.indexOf(item);
      session.remove([item]);
      view.focusRow(at);
      view.announce(say("say.removed", { name: item.file.name }));
    },
    sendAll: () => sendWhere("checked"),
    retryAll() {
      session.retryChecks();
      sendWhere("stopped");
    },
    cancelAll() {
      for (const item of session.items.filter(isUploading)) session.cancel(item);
    },
    removeFailing: () => removeAll(session.items.filter(needsFixing)),
    clear: () => removeAll(session.items),
  };
}
