/** Where an attachment stands, for the person in front of it. */
export type Phase =
  | { name: 'closed' }
  | { name: 'connecting' }
  | { name: 'attached' }
  /** Lost; the next try is at `retryAt` (milliseconds since 1970). */
  | { name: 'waiting'; retryAt: number }
  | { name: 'taken_over'; by: string | null; at: string | null }
  /** The program ended. `code` and `signal` are null when the server did not say. */
  | { name: 'ended'; code: number | null; signal: string | null }
  | { name: 'busy' }
  | { name: 'signed_out' }
  | { name: 'gone' }
  | { name: 'not_permitted' }
  | { name: 'refused'; code: number; reason: string };
