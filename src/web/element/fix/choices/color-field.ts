import { el } from "../../dom.ts";

/** A labelled color. */
export function colorField(label: string, value: string, changed: (color: string) => void): HTMLLabelElement {
  const input = el("input", { type: "color", value, oninput: () => changed(input.value) });
  return el("label", { class: "fix-color" }, input, el("span", {}, label));
}
