import { AtlasError } from "../atlas/error.ts";
import type { Asset } from "../atlas/types.ts";
import { MediaPreflightError } from "../errors.ts";
import { outcomeUnknown } from "./problem.ts";

/**
 * Registers each upload at most once in this process: a page whose response was lost may ask again and gets the same
 * asset. If the service's response was lost and the asset cannot be found, asking again says so and sends nothing.
 */
export class RegisterOnce {
  readonly #results = new Map<string, { asset: Promise<Asset>; until: number }>();
  readonly #lifetime: number;

  /** @param lifetime milliseconds for which an upload can be registered */
  constructor(lifetime: number) {
    this.#lifetime = lifetime;
  }

  /** @param find looks for a registration whose response was lost */
  async run(
    upload: string,
    register: () => Promise<Asset>,
    find: () => Promise<Asset | null>,
  ): Promise<{ asset: Asset; reused: boolean }> {
    this.#forgetExpired();
    const earlier = this.#results.get(upload);
    if (earlier) return { asset: await earlier.asset, reused: true };
    const asset = register().catch(async (error: unknown) => {
      if (error instanceof AtlasError && error.outcome === "none") {
        this.#results.delete(upload);
        throw error;
      }
      const found = await find();
      if (found) return found;
      throw new MediaPreflightError("outcome-unknown", outcomeUnknown.message, { cause: error });
    });
    this.#results.set(upload, { asset, until: Date.now() + this.#lifetime });
    return { asset: await asset, reused: false };
  }

  #forgetExpired(): void {
    const now = Date.now();
    // Insertion order is the order of expiry.
    for (const [upload, { until }] of this.#results) {
      if (until > now) break;
      this.#results.delete(upload);
    }
  }
}
