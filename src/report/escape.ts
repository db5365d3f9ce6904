/**
 * Control characters, bidirectional overrides, line separators, noncharacters and lone surrogates as `\u001b`: text
 * from a file, a name or a server must not move a cursor, break a line or reorder what follows. Applied twice it
 * changes nothing.
 */
export function escapeControls(text: string): string {
  return suspicious.test(text) ? text.replace(every, code) : text;
}

// Surrogates by their range: with the flag u it means lone ones, as \p{Cs} does, which loads Unicode's tables.
const suspicious =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
  /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]/u;
const every = new RegExp(suspicious.source, "gu");

function code(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** The same for a JSON text: the data stay what they are, since `\u001b` is that character in JSON. */
export function escapeInJson(json: string): string {
  // A line break between tokens is no data; inside strings there is none.
  return json.split("\n").map(escapeControls).join("\n");
}

/** For XML 1.0 text and attributes. */
export function escapeInXml(text: string): string {
  return escapeControls(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
