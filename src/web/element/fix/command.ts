import { copyText } from "../card/outcome.ts";
import { button, el } from "../dom.ts";
import type { Item } from "../session/item.ts";
import type { FixWords } from "./fix-words.ts";

export interface CommandButton {
  button: HTMLButtonElement;
  text: HTMLElement;
}

/**
 * A button that copies an ffmpeg command, and the command, which is shown where copying is not allowed.
 * @param command the command by the choices of the moment
 */
export function commandButton(
  command: () => string,
  { file }: Item,
  { say }: FixWords,
  { shown = false, about = "fix.command.about" } = {},
): CommandButton {
  const code = el("code", { part: "command", dir: "ltr" }, command());
  const text = el(
    "div",
    { class: "fix-command", hidden: !shown },
    el("p", { class: "fix-note" }, say(about)),
    code,
  );
  const label = (action: "copy" | "copied"): { text: string; name: string } => {
    const said = say(action === "copy" ? "fix.command" : action);
    return { text: said, name: say("of.name", { action: said, name: file.name }) };
  };
  const { text: said, name } = label("copy");
  const copy = button(
    said,
    "copy-command",
    async () => {
      code.textContent = command();
      if (await copyText(command(), null, copy, label)) return;
      text.hidden = false;
      // Also where a long list would leave it out.
      text.classList.add("wanted");
      getSelection()?.selectAllChildren(code);
    },
    { look: shown ? "soft" : "", name },
  );
  return { button: copy, text };
}
