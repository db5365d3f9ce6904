import zoneCss from "./zone.css";

const sheets = new Map<string, CSSStyleSheet>();

/** Adds a style sheet to an element, once. All elements of a page share it; no content policy forbids it. */
export function addStyle(shadow: ShadowRoot, css: string = zoneCss): void {
  const sheet = sheets.get(css) ?? new CSSStyleSheet();
  if (!sheets.has(css)) {
    sheet.replaceSync(css);
    sheets.set(css, sheet);
  }
  if (!shadow.adoptedStyleSheets.includes(sheet)) shadow.adoptedStyleSheets.push(sheet);
}
