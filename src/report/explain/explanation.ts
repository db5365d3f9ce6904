/** What a code means, where it comes from, what to do. Each a sentence or two. */
export interface Explanation {
  meaning: string;
  cause: string;
  cure: string;
}

/** What a code of the service means, and which local rule should have caught it. */
export interface UpstreamExplanation extends Explanation {
  /** Second half of a local rule id, or null where nothing local can know. */
  rule: string | null;
}
