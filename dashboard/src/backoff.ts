/** First and longest pause before the next try. A person notices 15 s; a daemon does not notice one try in 15 s. */
const firstMilliseconds = 250;
const longestMilliseconds = 15_000;

/**
 * The pause before try number `attempt` (0 is the first): doubling, with up to half of it taken away by `random` (0..1),
 * so that the clients of a devbox that comes back do not all arrive at once.
 */
export function backoffDelay(attempt: number, random: number): number {
  const full = Math.min(longestMilliseconds, firstMilliseconds * 2 ** Math.min(attempt, 16));
  return Math.round(full * (1 - random / 2));
}
