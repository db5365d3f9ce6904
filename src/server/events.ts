import { callSafely } from "../async/call-safely.ts";
import type { HandlerEvent } from "./options.ts";
import { type Problem, problemOf } from "./problem.ts";

/** Tells the server's own log what happened. Nothing that the callback does can disturb the handler. */
export interface Events {
  emit(event: HandlerEvent): void;
  /** Tells of an error, and gives what the page may know of it. */
  tellError(error: unknown, label: string | null): Problem;
}

export function createEvents(onEvent: ((event: HandlerEvent) => void) | undefined): Events {
  const emit = (event: HandlerEvent): void => callSafely(onEvent, event);
  return {
    emit,
    tellError(error, label) {
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
