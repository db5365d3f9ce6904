/**
 * Names of this machine, its IPv4 block, and the IPv6 addresses that mean it or contain an address of that block: mapped,
 * translated, compatible, by NAT64 or 6to4. As the WHATWG URL parser writes them: lower case, IPv4 dotted, IPv6 short.
 */
const loopback =
  /^(?:(?:.*\.)?localhost|127(?:\.\d+){3})\.?$|^\[(?:::1|(?:64:ff9b:|::ffff(?::0)?|:):7f[\da-f]{2}:[\da-f]+|2002:7f[\da-f]{2}:.*)\]$/i;

/**
 * Whether the host is this machine, by its spelling: such base URLs may be plain http. Takes a parsed URL's
 * `hostname`. It agrees with `checkHost`; it is separate so that a page does not load the tables of IP ranges.
 */
export function isLoopbackHost(hostname: string): boolean {
  return loopback.test(hostname);
}
