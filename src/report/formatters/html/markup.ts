import { escapeInXml } from "../../escape.ts";

/* Markup as text. Everything that is no literal of ours passes through `escaped` or `attribute`. */

/** Text for HTML content or an attribute value; control and bidirectional characters are shown as \u202e. */
export const escaped = escapeInXml;

/** JSON for a double-quoted attribute value. */
export function jsonAttribute(value: unknown): string {
  return escapeInXml(JSON.stringify(value));
}

/** An icon by its name: a decoration, since the words beside it say the same. */
export function icon(name: IconName): string {
  return `<svg class="icon" aria-hidden="true"><use href="#i-${name}"/></svg>`;
}

const icons = {
  pass: "M4.5 12.5l5 5 10-11",
  unsure: "M8.6 8.6a3.5 3.5 0 1 1 5 3.2c-1 .5-1.6 1.2-1.6 2.2v.6M12 18.2v.1",
  fail: "M6 6l12 12M18 6L6 18",
  note: "M12 10.5v6.5M12 7v.1",
  error: "M12 5v9M12 18.2v.1",
  image: "M4 5.5h16v13H4zM4 16l4.5-5 4 4.5 2.5-2.5 5 5M15.5 9.2v.1",
  video: "M3.5 6h11.5v12H3.5zM15 10.5l5.5-3v9L15 13.5",
  audio: "M4 10v4M8 7v10M12 4.5v15M16 8v8M20 10.5v3",
  file: "M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5V8.5h5",
  search: "M10.5 4a6.5 6.5 0 1 0 .1 0M15.5 15.5L20 20",
} as const;

export type IconName = keyof typeof icons;

/** The icons that `icon` refers to, once per page. */
export function iconSymbols(): string {
  const symbols = Object.entries(icons).map(
    ([name, path]) => `<symbol id="i-${name}" viewBox="0 0 24 24"><path d="${path}"/></symbol>`,
  );
  return `<svg hidden>${symbols.join("")}</svg>`;
}
