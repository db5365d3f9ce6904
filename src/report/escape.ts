/**
 * Control characters, bidirectional overrides, line separators, noncharacters and lone surrogates as `\u001b`: text
 * from a file, a name or a server must not move a cursor, break a line or reorder what follows. Applied twice it
 * changes nothing.
 */
export function escapeControls(text: string): string {
  return unsafeCharacter.test(text) ? text.replace(unsafeCharacters, code) : text;
}

// With the flag u, the surrogate range matches lone surrogates, like \p{Cs}, but without loading Unicode tables.
const unsafeCharacter =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern matches control characters
  /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]/u;
const unsafeCharacters = new RegExp(unsafeCharacter.source, "gu");

function code(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Escapes a JSON text. The data does not change, since `\u001b` means the same character in JSON. */
export function escapeInJson(json: string): string {
  // Line breaks occur only between tokens, never inside strings.
  return json.split("\n").map(escapeControls).join("\n");
}

/** Escapes text and attribute values of XML 1.0. */
export function escapeInXml(text: string): string {
  return escapeControls(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
