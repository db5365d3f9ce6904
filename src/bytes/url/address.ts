/** Why an address is not a public one. */
export type NotPublic =
  | "loopback"
  | "private"
  | "link-local"
  | "shared" // carrier-grade NAT
  | "unspecified"
  | "multicast"
  | "reserved"
  | "local-name";

/**
 * What keeps a URL's host from being public, by its letters alone; null where nothing does. A name must be judged
 * again at the address it resolves to. Give it a parsed URL's `hostname`: decimal, octal and short IPv4 forms are
 * dotted there already (WHATWG URL, host parsing).
 */
export function judgeHost(hostname: string): NotPublic | null {
  const host = hostname.replace(/\.$/, "").toLowerCase();
  if (host.startsWith("[")) return judgeAddress(host.slice(1, -1));
  if (ipv4(host)) return judgeAddress(host);
  if (host === "localhost" || host.endsWith(".localhost")) return "loopback";
  // No dot: a name of the local network. The rest: special-use and customary private suffixes
  // (RFC 6761, RFC 6762, RFC 8375, ICANN's "internal").
  const local = /^[^.]*$|\.(?:local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa|onion)$/;
  return local.test(host) ? "local-name" : null;
}

/** What keeps an IP address from being public; null where nothing does. Not an IP address: `reserved`. */
export function judgeAddress(address: string): NotPublic | null {
  const v4 = ipv4(address);
  if (v4) return judge4(v4);
  const v6 = ipv6(address.replace(/%.*$/, ""));
  return v6 ? judge6(v6) : "reserved";
}

/** IANA IPv4 Special-Purpose Address Registry, read 2026-11: first address, prefix length, why. */
const special4: readonly (readonly [number, number, NotPublic])[] = [
  [0x00000000, 8, "unspecified"],
  [0x0a000000, 8, "private"],
  [0x64400000, 10, "shared"],
  [0x7f000000, 8, "loopback"],
  [0xa9fe0000, 16, "link-local"], // where cloud metadata services live
  [0xac100000, 12, "private"],
  [0xc0000000, 24, "reserved"],
  [0xc0000200, 24, "reserved"],
  [0xc0586300, 24, "reserved"],
  [0xc0a80000, 16, "private"],
  [0xc6120000, 15, "reserved"],
  [0xc6336400, 24, "reserved"],
  [0xcb007100, 24, "reserved"],
  [0xe0000000, 4, "multicast"],
  [0xf0000000, 4, "reserved"],
];

function judge4(bytes: readonly number[]): NotPublic | null {
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  for (const [first, bits, why] of special4) {
    const size = 2 ** (32 - bits);
    if (value >= first && value < first + size) return why;
  }
  return null;
}

/** IANA IPv6 Special-Purpose Address Registry, read 2026-11. Addresses that carry an IPv4 one are judged by it. */
function judge6(words: readonly number[]): NotPublic | null {
  const [a = 0, b = 0] = words;
  const inner = (at: number): NotPublic | null => {
    const [high = 0, low = 0] = words.slice(at, at + 2);
    return judge4([high >> 8, high & 255, low >> 8, low & 255]);
  };
  const leadingZeros = words.findIndex((word) => word !== 0);
  if (leadingZeros === -1) return "unspecified";
  if (leadingZeros === 7 && words[7] === 1) return "loopback";
  if (leadingZeros >= 6) return inner(6) ?? "reserved"; // IPv4-compatible, long deprecated
  if (leadingZeros === 5 && words[5] === 0xffff) return inner(6); // IPv4-mapped
  if (leadingZeros === 4 && words[4] === 0xffff && words[5] === 0) return inner(6); // IPv4-translated
  if (a === 0x64 && b === 0xff9b) return words.slice(2, 6).every((word) => word === 0) ? inner(6) : "private";
  if (a === 0x2002) return inner(1); // 6to4
  if (a === 0x2001 && (b === 0 || b === 0xdb8 || (b & 0xfff0) === 0x10 || (b & 0xfff0) === 0x20))
    return "reserved";
  if (a >> 9 === 0xfc >> 1) return "private";
  if (a >> 6 === 0xfe80 >> 6) return "link-local";
  if (a >> 6 === 0xfec0 >> 6) return "private";
  if (a >> 8 === 0xff) return "multicast";
  // Only 2000::/3 is given out as global unicast.
  return a >> 13 === 1 ? null : "reserved";
}

function ipv4(text: string): number[] | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  return parts?.every((part) => part < 256) ? parts : null;
}

function ipv6(text: string): number[] | null {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const v4 = tail?.[2] ? ipv4(tail[2]) : null;
  if (tail && !v4) return null;
  const [p = 0, q = 0, r = 0, s = 0] = v4 ?? [];
  const plain = tail ? `${tail[1]}${(p * 256 + q).toString(16)}:${(r * 256 + s).toString(16)}` : text;
  const halves = plain.split("::");
  if (halves.length > 2) return null;
  const words = halves.map((half) => (half === "" ? [] : half.split(":")));
  const [left = [], right = []] = words;
  const gap = 8 - left.length - right.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return null;
  const all = [...left, ...Array<string>(Math.max(0, gap)).fill("0"), ...right];
  return all.every((word) => /^[\da-f]{1,4}$/i.test(word))
    ? all.map((word) => Number.parseInt(word, 16))
    : null;
}
