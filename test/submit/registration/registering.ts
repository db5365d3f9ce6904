import type { Asset } from "../../../src/atlas/types.ts";
import { preflight } from "../../../src/index.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { createNodeSubmitAndPush } from "../../../src/push/submit-and-push.node.ts";
import type { SubmitOptions, SubmittedAsset } from "../../../src/submit/options.ts";
import { asset, type ServiceInMemory, serviceInMemory } from "../client-in-memory.ts";
import { wav } from "../crash/wav.ts";

export const { submit } = createNodeSubmitAndPush(preflight);
export const validFile = new File([wav(2.5, 1)], "rain.wav");

/** The pending registration; it may resolve or reject. */
export const sending = (
  service: ServiceInMemory,
  ledger: Ledger | undefined,
  more: Partial<SubmitOptions> = {},
): Promise<SubmittedAsset> => {
  const sent = submit(validFile, { atlas: service.client, crossCheck: "never", ledger, ...more });
  sent.catch(() => {});
  return sent;
};

/** A service whose first registrations fail with `errors`: before they took effect, or after it if the error says so. */
export const failing = (...errors: (Error & { after?: boolean })[]): ServiceInMemory =>
  serviceInMemory((_, usual) => ({
    async registerAsset(given, options) {
      const error = errors.shift();
      if (error && !error.after) throw error;
      const made = await usual.registerAsset(given, options);
      if (error) throw error;
      return made;
    },
  }));
export const after = { after: true };

export const registrations = ({ calls }: ServiceInMemory): number =>
  calls.filter((name) => name === "registerAsset").length;
export const listings = ({ calls }: ServiceInMemory): number =>
  calls.filter((name) => name === "listAssets").length;

/** Another asset of the account, by which a list is seen to show names. */
export const otherAsset: Asset = asset({ id: "3", name: "other" });
