/** What running one case of the corpus gave. */
export interface CaseResult {
  readonly passed: boolean;
  /** Why it did not pass, or what is to be known of how it did. */
  readonly reason: string;
}
