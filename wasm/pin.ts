/**
 * The one MediaInfo WebAssembly that is ever instantiated: the file `MediaInfoModule.wasm` of the npm package named
 * here, byte for byte. Moving to another: README.md beside this.
 */
export const pin = {
  package: "mediainfo.js",
  packageVersion: "0.3.8",
  /** MediaInfoLib inside it, as its own reports state it. */
  libraryVersion: "26.05",
  file: "MediaInfoModule.wasm",
  bytes: 2_599_419,
  sha256: "1ee6839916d4928e09651805038b17439d98379d3dbd32f5a8bc642a2bc458e6",
} as const;

/** The same hash as `integrity` attributes and fetch options state it (W3C Subresource Integrity). */
export const integrity: string = `sha256-${btoa(
  String.fromCharCode(...(pin.sha256.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))),
)}`;
