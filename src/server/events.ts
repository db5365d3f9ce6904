import { callSafely } from "../async/call-safely.ts";
import { type Problem, problemOf } from "./http/problem.ts";
import type { HandlerEvent } from "./options.ts";

/** Reports events to the server's own log. An error in the callback does not affect the handler. */
export interface Events {
  emit(event: HandlerEvent): void;
  /** Reports an error to `onEvent`, and returns what the page may see of it. */
  reportError(error: unknown, label: string | null): Problem;
}

export function createEvents(onEvent: ((event: HandlerEvent) => void) | undefined): Events {
  const emit = (event: HandlerEvent): void => callSafely(onEvent, event);
  return {
    emit,
    reportError(error, label) {
      const problem = problemOf(error);
      const { status, code } = problem;
      // A refusal was already reported with its findings.
      if (problem.report) return problem;
      const own = problem === error || code === "aborted";
      emit(own ? { type: "rejected", status, code, label } : { type: "error", error, label });
      return problem;
    },
  };
}
