/** What a code means, its usual cause, and what to do: one or two sentences each. */
export interface Explanation {
  meaning: string;
  cause: string;
  cure: string;
}

/** The explanation of a code of the service, and the local rule that should have caught it. */
export interface UpstreamExplanation extends Explanation {
  /** Second half of a local rule id, or null if no local check can predict the code. */
  rule: string | null;
}
