import { AtlasError } from "../../atlas/error.ts";
import type { Asset } from "../../atlas/types.ts";
import { MediaPreflightError } from "../../errors.ts";
import { ExpiringMap } from "../expiring-map.ts";
import { outcomeUnknown } from "../http/problem.ts";

/** An upload's registration, and the error of a request whose response was lost while no asset has been found. */
interface Registration {
  asset: Promise<Asset>;
  lost: { error: unknown } | null;
}

/**
 * Registers each upload at most once in this process: a page whose response was lost can repeat its request and gets the
 * same asset. If the service's response was lost and the asset was not found, a repeated request searches again.
 */
export class RegisterOnce {
  readonly #results = new ExpiringMap<Registration>();
  readonly #lifetime: number;

  /** @param lifetime milliseconds for which an upload can be registered */
  constructor(lifetime: number) {
    this.#lifetime = lifetime;
  }

  /** @param find searches for a registration whose response was lost */
  async run(
    upload: string,
    register: () => Promise<Asset>,
    find: () => Promise<Asset | null>,
  ): Promise<{ asset: Asset; reused: boolean }> {
    const earlier = this.#results.get(upload);
    if (earlier && !earlier.lost) return { asset: await earlier.asset, reused: true };
    const search = async (error: unknown): Promise<Asset> => {
      const found = await find();
      if (found) return found;
      registration.lost = { error };
      throw new MediaPreflightError("outcome-unknown", outcomeUnknown.message, { cause: error });
    };
    const send = async (): Promise<Asset> => {
      try {
        return await register();
      } catch (error) {
        if (!(error instanceof AtlasError && error.outcome === "none")) return await search(error);
        this.#results.delete(upload);
        throw error;
      }
    };
    const asset = earlier?.lost ? search(earlier.lost.error) : send();
    const registration: Registration = { asset, lost: null };
    this.#results.set(upload, registration, Date.now() + this.#lifetime);
    return { asset: await asset, reused: earlier !== undefined };
  }
}
