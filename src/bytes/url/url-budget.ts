import { OutOfReach } from "../source.ts";
import type { UrlAnswer, UrlGet } from "./get.ts";

/** Limits for all reads of one URL together. */
export interface UrlBudget {
  /** Requests, redirects included. */
  requests: number;
  bytes: number;
  milliseconds: number;
}

/**
 * The index of ten hours of video takes a few dozen requests; a server that answers with single bytes would cause tens
 * of thousands.
 */
export const defaultUrlBudget: Readonly<UrlBudget> = {
  requests: 512,
  bytes: 64 * 1024 * 1024,
  milliseconds: 90_000,
};

/** Thrown when the budget is used up: facts that are not read yet are unread, and the file is unsure. */
export class UrlBudgetSpent extends OutOfReach {}

/** The same GET, which throws UrlBudgetSpent once the budget is spent. The time starts now. */
export function withUrlBudget(get: UrlGet, budget: UrlBudget): UrlGet {
  const end = performance.now() + budget.milliseconds;
  let requests = 0;
  let bytes = 0;

  const limited: UrlGet = async (url, headers, signal, method) => {
    const left = end - performance.now();
    if (++requests > budget.requests || bytes >= budget.bytes || left <= 0) throw new UrlBudgetSpent();
    const limit = AbortSignal.timeout(Math.ceil(left));
    const stopIfSpent = (): void => {
      if (bytes > budget.bytes || limit.aborted) throw new UrlBudgetSpent();
    };
    try {
      const answer = await get(url, headers, AbortSignal.any([signal, limit]), method);
      requests += answer.hops.length;
      return { ...answer, body: counted(answer, limit) };
    } catch (error) {
      stopIfSpent();
      throw error;
    }

    async function* counted(answer: UrlAnswer, limit: AbortSignal): AsyncIterable<Uint8Array> {
      try {
        for await (const chunk of answer.body) {
          bytes += chunk.byteLength;
          stopIfSpent();
          yield chunk;
        }
      } catch (error) {
        if (limit.aborted) throw new UrlBudgetSpent();
        throw error;
      }
    }
  };
  limited.close = () => get.close?.();
  return limited;
}
