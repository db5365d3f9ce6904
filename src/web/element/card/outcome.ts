import { attribute, button, el } from "../dom.ts";
import { icon } from "../icons.ts";
import type { Item, Problem } from "../session/item.ts";
import type { Words } from "../words.ts";

/** What could not be done: the element's own words for the error's code, else the error's. */
export function problemLine({ code, message, hint }: Problem, { say }: Words): HTMLElement {
  const key = `error.${code}`;
  const known = say(key) === key ? null : say(key);
  // What the server found in the file is worth more than that it refused it.
  const detail = known && code !== "refused" ? null : [message, hint].filter(Boolean).join(" · ");
  return el(
    "p",
    { class: "problem", part: "problem" },
    icon("fail"),
    el("span", {}, el("strong", {}, known ?? detail ?? ""), known && detail && el("span", {}, detail)),
  );
}

/** The asset's address and a button that copies it. */
export function assetLine({ asset, file }: Item, { say }: Words): HTMLElement {
  const address = asset?.uri ?? asset?.id ?? "";
  const code = el("code", { part: "address", dir: "ltr" }, address);
  const named = (action: string): string => say("of.name", { action: say(action), name: file.name });
  const copy = button(
    say("copy"),
    "copy",
    () => void copyText(address, code, copy, (action) => ({ text: say(action), name: named(action) })),
    { name: named("copy") },
  );
  return el("p", { class: "asset", part: "asset" }, code, copy);
}

/**
 * Copies text and says so on the button for two seconds. Where copying is not allowed, `shown` is selected.
 * @returns whether it was copied
 */
export async function copyText(
  text: string,
  shown: Node | null,
  copy: HTMLButtonElement,
  label: (action: "copy" | "copied") => { text: string; name?: string },
): Promise<boolean> {
  const show = (action: "copy" | "copied"): void => {
    const { text: said, name } = label(action);
    copy.textContent = said;
    attribute(copy, "aria-label", name);
  };
  try {
    await writeClipboard(text);
    show("copied");
    setTimeout(show, 2000, "copy");
    return true;
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown);
    return false;
  }
}

async function writeClipboard(text: string): Promise<void> {
  const { clipboard } = navigator as Partial<Navigator>;
  if (clipboard) return clipboard.writeText(text);
  // Pages without TLS have no clipboard object.
  const put = (event: ClipboardEvent): void => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", put, { once: true });
  const copied = document.execCommand("copy");
  document.removeEventListener("copy", put);
  if (!copied) throw new Error("copying is not allowed");
}
