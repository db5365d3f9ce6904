type Value = string | number | boolean | null | undefined | ((event: Event) => void);
type Child = Node | string | null | undefined | false;

/** An element with its attributes, listeners (`onclick`) and children. Text is text, never markup. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Value>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else attribute(node, name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Sets an attribute, or removes it: null, undefined and false. */
export function attribute(node: Element, name: string, value: Exclude<Value, () => void>): void {
  const text = value === true ? "" : String(value);
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

/** A button with its text; `name` is what assistive technology calls it, if that is more than the text. */
export function button(
  text: string,
  part: string,
  onclick: () => void,
  { look = "", name }: { look?: string; name?: string } = {},
): HTMLButtonElement {
  return el(
    "button",
    { type: "button", class: look, part: `button ${part}`, "aria-label": name, onclick },
    text,
  );
}
