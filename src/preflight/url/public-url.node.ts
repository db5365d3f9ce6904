import { type NodeGetOptions, nodeGet } from "../../bytes/url/pinned-get.node.ts";
import { type CheckUrlOptions, checkUrlBy, type UrlCheck } from "./public-url.ts";

/** checkUrl for Node.js: every redirect and every connection is checked by its IP address. */
export function checkUrl(
  address: string | URL,
  options: CheckUrlOptions & NodeGetOptions = {},
): Promise<UrlCheck> {
  return checkUrlBy(nodeGet(options), address, options);
}
