import { AtlasError } from "../atlas/error.ts";
import type { Asset } from "../atlas/types.ts";
import { MediaPreflightError } from "../errors.ts";
import { outcomeUnknown } from "./problem.ts";

/**
 * Each upload is registered at most once by this process: a page whose answer was lost may ask again and gets the
 * same asset. Where the service's answer was lost and the asset cannot be found, asking again says so and sends nothing.
 */
export class Registrations {
  readonly #running = new Map<string, { asset: Promise<Asset>; until: number }>();
  readonly #lifetime: number;

  /** @param lifetime milliseconds that an upload can be registered */
  constructor(lifetime: number) {
    this.#lifetime = lifetime;
  }

  /** @param lookFor what finds a registration whose answer was lost */
  async once(
    upload: string,
    register: () => Promise<Asset>,
    lookFor: () => Promise<Asset | null>,
  ): Promise<Asset> {
    this.#forget();
    const running = this.#running.get(upload);
    if (running) return running.asset;
    const asset = register().catch(async (error: unknown) => {
      if (error instanceof AtlasError && error.outcome === "none") {
        this.#running.delete(upload);
        throw error;
      }
      const found = await lookFor();
      if (found) return found;
      throw new MediaPreflightError("outcome-unknown", outcomeUnknown.message, { cause: error });
    });
    this.#running.set(upload, { asset, until: Date.now() + this.#lifetime });
    return asset;
  }

  #forget(): void {
    const now = Date.now();
    // In the order of insertion, hence of expiry.
    for (const [upload, { until }] of this.#running) {
      if (until > now) break;
      this.#running.delete(upload);
    }
  }
}
