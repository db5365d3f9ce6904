/**
 * A number as people read it: thousands separated, at most `digits` decimals, no trailing zeros. Not Intl: loading
 * its data costs more than judging a file.
 */
export function number(value: number, digits = 3): string {
  if (Number.isInteger(value) && Math.abs(value) < 1000) return String(value);
  if (!Number.isFinite(value)) return String(value);
  const text = Math.abs(value).toFixed(Number.isInteger(value) ? 0 : digits);
  const [whole = "", rest = ""] = text.split(".");
  let grouped = whole.slice(-3);
  for (let at = whole.length - 3; at > 0; at -= 3)
    grouped = `${whole.slice(Math.max(0, at - 3), at)},${grouped}`;
  let end = rest.length;
  while (end > 0 && rest[end - 1] === "0") end--;
  const sign = value < 0 && (grouped !== "0" || end > 0) ? "-" : "";
  return sign + grouped + (end > 0 ? `.${rest.slice(0, end)}` : "");
}

/** Rounded up to `digits` decimals, so that what is asked for suffices. */
export function roundUp(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.ceil(value * scale - 1e-6) / scale;
}

/** Bytes as people say them: "30.6 MB", in millions. */
export function megabytes(bytes: number): string {
  return bytes < 1e4 ? `${number(bytes, 0)} B` : `${number(bytes / 1e6, bytes < 1e6 ? 3 : 2)} MB`;
}
