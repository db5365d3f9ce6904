import { describeFinding } from "../../report/render.ts";
import type { Finding } from "../../report/report.ts";
import { createTranslate, type Translate } from "../../report/text.ts";
import { formatBytes, formatNumber } from "../../report/units.ts";
import type { ElementLocale } from "./locale.ts";

/** Everything the element says, in one language. */
export interface Words {
  /** BCP 47 tag of the texts, which need not be the page's. */
  tag: string;
  direction: "ltr" | "rtl";
  /** The element's own texts. */
  say: Translate;
  /** The texts of reports. */
  report: Translate;
  describe(finding: Finding): { message: string; hint: string | null };
  number(value: number, digits?: number): string;
  bytes(value: number): string;
  /** Keeps rows of numbers, and texts in a left-to-right language, in their order where the others run right to left. */
  isolate(text: string): string;
  /** Given texts about fixing files, for what is loaded with the first file that fails. */
  fix: ElementLocale["fix"];
}

const rightToLeft = /^(ar|arc|ckb|dv|fa|he|ks|nqo|ps|sd|ug|ur|yi)\b/i;
/** Letters that are written from right to left (Unicode blocks Hebrew to Arabic Extended-A, presentation forms). */
const rightToLeftLetters = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
/** Numbers with what joins them: "1920×1080 = 2,073,600". */
const numbers = /\d[\d.,]*(?:\s*[×:=–/-]\s*\d[\d.,]*)*/g;

export function wordsOf({ tag, texts, messages, fix }: ElementLocale): Words {
  const direction = rightToLeft.test(tag) ? "rtl" : "ltr";
  // In right-to-left text, a row of numbers keeps its order only when it is isolated (U+2066 … U+2069); so does a
  // whole text that the language lacks, which is in English.
  const isolate = (text: string): string => {
    if (direction === "ltr" || text === "") return text;
    return rightToLeftLetters.test(text) ? text.replace(numbers, "\u2066$&\u2069") : `\u2066${text}\u2069`;
  };
  const isolated =
    (say: Translate): Translate =>
    (key, values) => {
      const text = say(key, values);
      // A key without a text is for the caller to notice.
      return text === key ? text : isolate(text);
    };
  return {
    tag,
    direction,
    say: isolated(createTranslate(texts)),
    report: isolated(createTranslate(messages)),
    describe(finding) {
      const { message, hint } = describeFinding(finding, messages);
      return { message: isolate(message), hint: hint && isolate(hint) };
    },
    number: (value, digits) => isolate(formatNumber(value, digits, tag)),
    bytes: (value) => isolate(formatBytes(value, tag)),
    isolate,
    fix,
  };
}
