import { usage } from "./parse.ts";

const factors: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Bytes per second from a flag: "500k", "2M", "1.5M", as curl's --limit-rate. @throws MediaPreflightError `usage` */
export function byteRate(text: string | undefined, flag: string, command: string): number | undefined {
  if (text === undefined) return undefined;
  const [, digits = "", suffix = ""] = /^(\d{1,12}(?:\.\d{1,3})?)([kmg]?)$/i.exec(text) ?? [];
  const rate = Math.floor(Number(digits) * (factors[suffix.toLowerCase()] ?? 0));
  if (digits === "" || rate < 1)
    throw usage(`--${flag} is bytes per second, such as 500k or 2M, not "${text}"`, command);
  return rate;
}
