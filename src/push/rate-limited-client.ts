import { rateLimit } from "../async/rate-limit.ts";
import type { AtlasClient } from "../atlas/types.ts";

/** The same client, whose uploads together send at most so many bytes per second. */
export function withRateLimit(client: AtlasClient, bytesPerSecond: number): AtlasClient {
  const shared = rateLimit(bytesPerSecond);
  const uploadMedia: AtlasClient["uploadMedia"] = (file, options) =>
    client.uploadMedia(file, { ...options, rateLimit: shared });
  return new Proxy(client, {
    get(target, name) {
      if (name === "uploadMedia") return uploadMedia;
      const value: unknown = Reflect.get(target, name);
      // A client may be a class with private fields: its methods need their own `this`.
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
