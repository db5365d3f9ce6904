import { rateLimit } from "../async/rate-limit.ts";
import type { AtlasClient } from "../atlas/types.ts";
import type { Storage } from "../storage/storage.ts";

/** Where files are uploaded to. */
interface Destinations {
  atlas: AtlasClient;
  storage?: Storage | undefined;
}

/** The same client and bucket, whose uploads together send at most `bytesPerSecond`. */
export function withRateLimit({ atlas, storage }: Destinations, bytesPerSecond: number): Destinations {
  const shared = rateLimit(bytesPerSecond);
  const uploadMedia: AtlasClient["uploadMedia"] = (file, options) =>
    atlas.uploadMedia(file, { ...options, rateLimit: shared });
  const put: Storage["put"] = (source, options) =>
    (storage as Storage).put(source, { ...options, rateLimit: shared });
  return {
    atlas: replacing(atlas, { uploadMedia }),
    storage: storage && replacing(storage, { put }),
  };
}

/** The same object with other methods. It may be a class with private fields: its own need their own `this`. */
function replacing<T extends object>(object: T, methods: Partial<T>): T {
  return new Proxy(object, {
    get(target, name) {
      if (Object.hasOwn(methods, name)) return methods[name as keyof T];
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
