import ipaddr from "ipaddr.js";

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
 * Why a URL's host is not public, by its spelling alone; null if it may be public. A name has to be
 * checked again at the address that it resolves to. Takes a parsed URL's `hostname`, in which decimal, octal and short IPv4
 * forms are dotted already (WHATWG URL, host parsing).
 */
export function checkHost(hostname: string): NotPublic | null {
  const host = hostname.replace(/\.$/, "").toLowerCase();
  if (host.startsWith("[")) return checkAddress(host.slice(1, -1));
  if (ipaddr.IPv4.isValidFourPartDecimal(host)) return checkAddress(host);
  if (host === "localhost" || host.endsWith(".localhost")) return "loopback";
  // No dot: a name of the local network. The rest: special-use and customary private suffixes
  // (RFC 6761, RFC 6762, RFC 8375, ICANN's "internal").
  const local = /^[^.]*$|\.(?:local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa|onion)$/;
  return local.test(host) ? "local-name" : null;
}

/** Why an IP address is not public; null if it is. What is not an IP address is `reserved`. */
export function checkAddress(address: string): NotPublic | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return checkIpv4(ipaddr.IPv4.parse(address));
  const plain = address.replace(/%.*$/, "");
  // ipaddr.js 2.5 takes an IPv4-compatible address in dotted form for an IPv4-mapped one.
  const compatible = /^::(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (compatible !== undefined) return checkAddress(compatible) ?? "reserved";
  return ipaddr.IPv6.isValid(plain) ? checkIpv6(ipaddr.IPv6.parse(plain)) : "reserved";
}

/** Azure's virtual public address of the host: it serves keys to virtual machines (Microsoft, read 2026-11). */
const azureHost = "168.63.129.16";

/** The ranges of ipaddr.js (IANA's special-purpose registries); null: globally reachable according to IANA. */
const reasons: Readonly<Record<string, NotPublic | null>> = {
  unicast: null,
  as112: null,
  as112v6: null,
  amt: null,
  droneRemoteIdProtocolEntityTags: null,
  loopback: "loopback",
  private: "private",
  uniqueLocal: "private",
  deprecatedSiteLocal: "private",
  linkLocal: "link-local",
  carrierGradeNat: "shared",
  unspecified: "unspecified",
  multicast: "multicast",
};

function checkIpv4(address: ipaddr.IPv4): NotPublic | null {
  if (address.toString() === azureHost) return "private";
  return reasonFor(address.range());
}

function reasonFor(range: string): NotPublic | null {
  const reason = reasons[range];
  return reason === undefined ? "reserved" : reason;
}

/** Only 2000::/3 is allocated as global unicast. */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");
/** IPv4-compatible addresses, deprecated. */
const ipv4Compatible = ipaddr.IPv6.parseCIDR("::/96");
/** NAT64 with a locally chosen translation (RFC 8215). */
const localNat64 = ipaddr.IPv6.parseCIDR("64:ff9b:1::/48");

/** Addresses that carry an IPv4 address are checked by it. */
function checkIpv6(address: ipaddr.IPv6): NotPublic | null {
  const bytes = address.toByteArray();
  const inner = (offset: number): NotPublic | null =>
    checkIpv4(new ipaddr.IPv4(bytes.slice(offset, offset + 4)));
  const range = address.range();
  switch (range) {
    case "ipv4Mapped":
    case "rfc6145":
      return inner(12);
    case "rfc6052":
      return address.match(localNat64) ? "private" : inner(12);
    case "6to4":
      return inner(2);
    case "unspecified":
    case "loopback":
      return range;
  }
  if (address.match(ipv4Compatible)) return inner(12) ?? "reserved";
  return range === "unicast" && !address.match(globalUnicast) ? "reserved" : reasonFor(range);
}
