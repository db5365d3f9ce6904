import { isLoopbackHost } from "../../bytes/url/loopback.ts";

/**
 * Where the environment points at a service on this machine, addresses on this machine are public enough for it.
 * Other private addresses, such as a cloud's metadata, stay closed.
 */
export function allowedByLocalService(env: NodeJS.ProcessEnv): ((url: URL) => boolean) | undefined {
  const bases = [env.ATLASCLOUD_API_BASE_URL, env.ATLASCLOUD_CONSOLE_BASE_URL];
  const local = bases.some((base) => base && URL.canParse(base) && isLoopbackHost(new URL(base).hostname));
  return local ? (url) => isLoopbackHost(url.hostname) : undefined;
}
