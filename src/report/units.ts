/**
 * A number as people read it: thousands separated, at most `digits` decimals, no trailing zeros. Not Intl: loading
 * its data costs more than judging a file.
 */
export function number(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return String(value);
  const [whole = "0", rest = ""] = Math.abs(value).toFixed(digits).split(".");
  const decimals = rest.replace(/0+$/, "");
  const sign = value < 0 && (Number(whole) > 0 || decimals) ? "-" : "";
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (decimals ? `.${decimals}` : "");
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
