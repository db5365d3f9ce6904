/**
 * When a presigned URL expires, in milliseconds since 1970, or null if it does not say. The forms:
 * AWS, Google, Volcengine TOS, Aliyun OSS, Huawei OBS and Baidu BOS (a date and seconds: AWS Signature Version 4,
 * "Authenticating Requests: Using Query Parameters", and its variants), Azure (`se`, service SAS), Tencent COS
 * (`q-sign-time`), CloudFront, OSS v1 and the rest (`Expires`, seconds since 1970), Discord (`ex`, hexadecimal).
 */
export function expiryOf(url: URL): number | null {
  const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const ends: (number | null)[] = [];
  for (const [name, value] of query) {
    const vendor = /^x-(amz|goog|tos|oss|obs|bce)-expires$/.exec(name)?.[1];
    const from = vendor ? compactDate(query.get(`x-${vendor}-date`)) : null;
    if (from !== null && /^\d{1,9}$/.test(value)) ends.push(from + Number(value) * 1000);
  }
  if (query.has("sig") || query.has("sv")) ends.push(isoDate(query.get("se")));
  ends.push(epoch(query.get("q-sign-time")?.split(";")[1]));
  for (const name of ["expires", "x-expires", "expire", "exp", "expiry"]) ends.push(epoch(query.get(name)));
  if (query.has("hm")) ends.push(epoch(query.get("ex"), 16));
  const stated = ends.filter((end) => end !== null);
  return stated.length > 0 ? Math.min(...stated) : null;
}

/** "20261122T093000Z" */
function compactDate(text: string | undefined): number | null {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? "");
  return found ? isoDate(`${found[1]}-${found[2]}-${found[3]}T${found[4]}:${found[5]}:${found[6]}Z`) : null;
}

function isoDate(text: string | undefined): number | null {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? null : time;
}

/** Seconds since 1970, between 2001 and 2096: another number called "expires" means something else. */
function epoch(text = "", radix: 10 | 16 = 10): number | null {
  if (!(radix === 10 ? /^\d{10}$/ : /^[\da-f]{8}$/i).test(text)) return null;
  const seconds = Number.parseInt(text, radix);
  return seconds >= 1e9 && seconds < 4e9 ? seconds * 1000 : null;
}
