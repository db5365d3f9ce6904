import { button, el } from "../dom.ts";

/** A line that offers something, with buttons: to undo, or to continue after a reload. */
export function offer(
  part: string,
  text: string,
  actions: readonly { id: string; text: string; run(): void }[],
): HTMLElement {
  return el(
    "div",
    { class: "offer", part },
    el("p", {}, text),
    ...actions.map(({ id, text: label, run }, i) => button(label, id, run, { look: i === 0 ? "soft" : "" })),
  );
}
