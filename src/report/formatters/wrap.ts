/** Lines of at most `width` cells. They break at spaces, and inside a word only if it is wider than a line. */
export function wrap(text: string, width: number): string[] {
  // Output to a file or a pipe is not wrapped.
  if (width === Number.POSITIVE_INFINITY) return text.split("\n").map((line) => line.replace(/^ +/, ""));
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (let word of paragraph.split(" ")) {
      if (line && cells(line) + 1 + cells(word) > width) {
        lines.push(line);
        line = "";
      }
      while (cells(word) > width && width > 1) {
        const [head, tail] = cut(word, width - (line ? cells(line) + 1 : 0));
        lines.push(line ? `${line} ${head}` : head);
        line = "";
        word = tail;
      }
      line = line ? `${line} ${word}` : word;
    }
    lines.push(line);
  }
  return lines;
}

function cut(word: string, width: number): [string, string] {
  let at = 0;
  let used = 0;
  for (const character of word) {
    used += cells(character);
    if (used > width && at > 0) break;
    at += character.length;
  }
  return [word.slice(0, at), word.slice(at)];
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const zero = /\p{Mark}/u;
/** Latin, dashes and arrows: one cell each. */
const plain = /^[ -\u02ff\u2010-\u2027\u2190-\u21ff]*$/;

/** Columns that a terminal uses for the text (Unicode Standard Annex 11, wide and fullwidth). */
export function cells(text: string): number {
  if (plain.test(text)) return text.length;
  let out = 0;
  for (const character of text) out += wide.test(character) ? 2 : zero.test(character) ? 0 : 1;
  return out;
}
