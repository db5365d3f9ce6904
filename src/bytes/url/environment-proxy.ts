import { environment } from "./runtime.ts";

/** The proxy that the environment names for an address. */
export interface EnvironmentProxy {
  /** The variable as it is set: HTTPS_PROXY, http_proxy, … */
  variable: string;
  url: URL;
}

/** The proxy for an address by HTTPS_PROXY or HTTP_PROXY, unless NO_PROXY exempts it; null for none. */
export function environmentProxy(address: URL): EnvironmentProxy | null {
  if (exempt(address)) return null;
  const name = address.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  for (const variable of [name.toLowerCase(), name]) {
    const value = environment(variable);
    if (value !== undefined && URL.canParse(value)) return { variable, url: new URL(value) };
  }
  return null;
}

/** NO_PROXY: hosts separated by commas, each with or without a leading dot, `*` and a port. */
function exempt({ hostname, port, protocol }: URL): boolean {
  const rules = (environment("no_proxy") ?? environment("NO_PROXY") ?? "").toLowerCase().split(/[\s,]+/);
  const ownPort = port || (protocol === "https:" ? "443" : "80");
  return rules.some((rule) => {
    if (rule === "*") return true;
    const [, host = "", rulePort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(rule) ?? [];
    if (host === "" || (rulePort !== undefined && rulePort !== ownPort)) return false;
    return hostname === host || hostname.endsWith(`.${host}`);
  });
}
