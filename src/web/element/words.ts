import { describeFinding } from "../../report/render.ts";
import type { Finding } from "../../report/report.ts";
import { type Say, teller } from "../../report/text.ts";
import { formatBytes, formatNumber } from "../../report/units.ts";
import type { ElementLocale } from "./locale.ts";

/** Everything the element says, in one language. */
export interface Words {
  /** BCP 47 tag of the texts, which need not be the page's. */
  tag: string;
  direction: "ltr" | "rtl";
  /** The element's own texts. */
  say: Say;
  /** The texts of reports. */
  report: Say;
  describe(finding: Finding): { message: string; hint: string | null };
  number(value: number, digits?: number): string;
  bytes(value: number): string;
}

const rightToLeft = /^(ar|arc|ckb|dv|fa|he|ks|nqo|ps|sd|ug|ur|yi)\b/i;
/** Numbers with what joins them: "1920×1080 = 2,073,600". */
const numbers = /\d[\d.,]*(?:\s*[×:=–/-]\s*\d[\d.,]*)*/g;

export function wordsOf({ tag, texts, messages }: ElementLocale): Words {
  const direction = rightToLeft.test(tag) ? "rtl" : "ltr";
  // In right-to-left text, a row of numbers keeps its order only when it is isolated (U+2066 … U+2069).
  const isolate = (text: string): string =>
    direction === "rtl" ? text.replace(numbers, "\u2066$&\u2069") : text;
  const isolated =
    (say: Say): Say =>
    (key, values) =>
      isolate(say(key, values));
  return {
    tag,
    direction,
    say: isolated(teller(texts)),
    report: isolated(teller(messages)),
    describe(finding) {
      const { message, hint } = describeFinding(finding, messages);
      return { message: isolate(message), hint: hint && isolate(hint) };
    },
    number: (value, digits) => isolate(formatNumber(value, digits, tag)),
    bytes: (value) => isolate(formatBytes(value, tag)),
  };
}
