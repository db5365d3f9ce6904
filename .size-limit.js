/*
 * `npm run build && npm run size`: what each entry costs a page, minified and compressed. A page's first load is the
 * entry and what it imports at once; what is loaded with the first file of a kind, or not at all, is not in it.
 */
import { readdirSync, readFileSync } from "node:fs";

const folder = "dist/browser";

/** A bundle and what it imports statically, down to the last. */
function atOnce(...entries) {
  const seen = new Set();
  const follow = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    const text = readFileSync(`${folder}/${name}`, "utf8");
    for (const [, next] of text.matchAll(/(?:^|[;}])(?:import|export)(?:[\w*{}\s,$]*from)?"\.\/([^"]+)"/g))
      follow(next);
  };
  for (const name of entries) follow(name);
  return [...seen].map((name) => `${folder}/${name}`);
}

const chunk = (name) =>
  readdirSync(folder).find((file) => file.startsWith(`${name}-`) && file.endsWith(".js"));
const parsers = ["still", "tiff", "heif", "mp4", "wav", "mp3", "other-formats"].map(chunk).filter(Boolean);
const entry = (name, path, limit) => ({ name, path, limit, gzip: true });

export default [
  entry("media-preflight: first load", atOnce("index.js"), "22 kB"),
  // Loaded one by one, with the first file of a format. Checks of what decoders require took them from 50 to 55 kB.
  entry("media-preflight: with every parser loaded", atOnce("index.js", ...parsers), "55 kB"),
  entry("media-preflight/element: first load", atOnce("element.js"), "28.5 kB"),
  entry("media-preflight/uppy", atOnce("uppy.js"), "16.5 kB"),
  entry("media-preflight/react-dropzone", atOnce("react-dropzone.js"), "16.3 kB"),
  entry("media-preflight/cross-check-worker: first load", atOnce("worker.js"), "2.3 kB"),
  entry("media-preflight/fix-worker: first load", atOnce("fix-worker.js"), "11 kB"),
  entry("media-preflight/mediainfo.wasm", [`${folder}/MediaInfoModule.wasm`], "1 MB"),
];
