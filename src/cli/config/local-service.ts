import { isLoopbackHost } from "../../bytes/url/loopback.ts";

/**
 * If the environment names a service on this machine, loopback addresses are allowed, since that service can fetch them.
 * Other private addresses, such as a cloud's metadata service, are not.
 */
export function allowedByLocalService(env: NodeJS.ProcessEnv): ((url: URL) => boolean) | undefined {
  const bases = [env.ATLASCLOUD_API_BASE_URL, env.ATLASCLOUD_CONSOLE_BASE_URL];
  const local = bases.some((base) => base && URL.canParse(base) && isLoopbackHost(new URL(base).hostname));
  return local ? (url) => isLoopbackHost(url.hostname) : undefined;
}
