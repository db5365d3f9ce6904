/** Locales that write 1,234.5. They do not need Intl, whose data takes Node 30 ms to load. */
const commaGrouped = /^(en|zh)/;

/**
 * A number for people: digits grouped, at most `digits` decimals, no trailing zeros.
 * @param locale BCP 47 tag; default "en"
 */
export function formatNumber(value: number, digits = 3, locale = "en"): string {
  if (!commaGrouped.test(locale))
    return value.toLocaleString(locale, { maximumFractionDigits: digits, signDisplay: "negative" });
  const [whole = "", fraction] = String(+value.toFixed(digits)).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction ? `${grouped}.${fraction}` : grouped;
}

const byteUnits = ["B", "kB", "MB", "GB", "TB"] as const;

/**
 * A number of bytes for people, with at most one decimal: "512 B", "15 kB", "30.6 MB", "2.1 GB". Units are decimal
 * (1 kB = 1,000 bytes). Where exact bytes matter, print the bytes.
 * @param locale BCP 47 tag; default "en"
 */
export function formatBytes(bytes: number, locale = "en"): string {
  let amount = bytes;
  let unit = 0;
  // 999,950 bytes round to 1 MB, not to 1,000 kB.
  while (Math.round(Math.abs(amount) * 10) / 10 >= 1000 && unit < byteUnits.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${formatNumber(amount, 1, locale)} ${byteUnits[unit]}`;
}

/** A number of things in English: "1 file", "2,000 files". @param plural default: the word with an s */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatNumber(count)} ${count === 1 ? singular : plural}`;
}

/** Rounded up to `digits` decimals. */
export function roundUp(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.ceil(value * scale - 1e-6) / scale;
}

/** Rounded down to `digits` decimals. */
export function roundDown(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.floor(value * scale + 1e-6) / scale;
}
