import { attribute } from "./dom.ts";

const drawings = {
  pass: "M4.5 12.5l5 5 10-11",
  unsure: "M8.6 8.6a3.5 3.5 0 1 1 5 3.2c-1 .5-1.6 1.2-1.6 2.2v.6M12 18.2v.1",
  fail: "M6 6l12 12M18 6L6 18",
  note: "M12 10.5v6.5M12 7v.1",
  upload: "M12 16V4.5M7 9l5-5 5 5M4 15v3.5A1.5 1.5 0 0 0 5.5 20h13a1.5 1.5 0 0 0 1.5-1.5V15",
  image: "M4 5.5h16v13H4zM4 16l4.5-5 4 4.5 2.5-2.5 5 5M15.5 9.2v.1",
  video: "M3.5 6h11.5v12H3.5zM15 10.5l5.5-3v9L15 13.5",
  audio: "M4 10v4M8 7v10M12 4.5v15M16 8v8M20 10.5v3",
  file: "M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5V8.5h5",
  wait: "M12 3.5a8.5 8.5 0 1 0 .1 0M12 8v4.5l3 2",
  play: "M8.5 5.5v13l10-6.5z",
  zoom: "M10.5 4a6.5 6.5 0 1 0 .1 0M15.5 15.5L20 20M10.5 7.5v6M7.5 10.5h6",
} as const;

export type Icon = keyof typeof drawings;

const svgNamespace = "http://www.w3.org/2000/svg";

/** A decoration: the words beside it say the same. */
export function icon(name: Icon): SVGSVGElement {
  const svg = document.createElementNS(svgNamespace, "svg");
  const path = document.createElementNS(svgNamespace, "path");
  attribute(svg, "viewBox", "0 0 24 24");
  attribute(svg, "aria-hidden", "true");
  attribute(path, "d", drawings[name]);
  svg.append(path);
  return svg;
}
